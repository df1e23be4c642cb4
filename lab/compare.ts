import type { Expectation, ExpectedImage } from './scenario.js';

/** As much of the report (`cuda-image-check/report@1`) as the lab looks at. */
export interface SeenReport {
  passed?: boolean;
  images?: SeenImage[];
}

interface SeenImage {
  reference?: string;
  verdict?: string;
  primary?: string | null;
  blame?: string | null;
  findings?: {
    id?: string;
    severity?: string;
    title?: string;
    why?: string;
    fixes?: string[];
    evidence?: { what?: string; value?: string; from?: string }[];
  }[];
  unchecked?: { what?: string; why?: string }[];
  facts?: unknown;
}

/** The value at a JSON pointer (`/probe/gpus/0/uuid`), or undefined. */
export const at = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[key]
          : undefined,
      document,
    );

const same = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

const compareImage = (expected: ExpectedImage, seen: SeenImage, name: string): string[] => {
  const ids = (seen.findings ?? []).map((finding) => finding.id);
  const stage = at(seen.facts, '/failure/stage');
  return [
    ...(seen.verdict === expected.verdict
      ? []
      : [`${name}: verdict ${show(seen.verdict)}, expected ${show(expected.verdict)}`]),
    ...(expected.primary === undefined || (seen.primary ?? null) === expected.primary
      ? []
      : [`${name}: primary finding ${show(seen.primary)}, expected ${show(expected.primary)}`]),
    ...(expected.findings ?? [])
      .filter((id) => !ids.includes(id))
      .map((id) => `${name}: finding ${id} is missing, seen: ${ids.join(', ')}`),
    ...(expected.stage === undefined || stage === expected.stage
      ? []
      : [`${name}: failed at stage ${show(stage)}, expected ${show(expected.stage)}`]),
    ...Object.entries(expected.facts ?? {})
      .filter(([pointer, value]) => !same(at(seen.facts, pointer), value))
      .map(
        ([pointer, value]) =>
          `${name}: fact ${pointer} is ${show(at(seen.facts, pointer))}, expected ${show(value)}`,
      ),
  ];
};

/** What a run did otherwise than its scenario expects, one line each; empty when all is as expected. */
export const compare = (
  expect: Expectation,
  exitCode: number,
  report: SeenReport | null,
): string[] => {
  const problems =
    exitCode === expect.exitCode ? [] : [`exit code ${exitCode}, expected ${expect.exitCode}`];
  if (expect.passed !== undefined && report?.passed !== expect.passed) {
    problems.push(`passed is ${show(report?.passed)}, expected ${expect.passed}`);
  }
  if (expect.images === undefined) {
    return problems;
  }
  if (report === null) {
    return [...problems, 'there is no report'];
  }
  const seen = report.images ?? [];
  if (seen.length !== expect.images.length) {
    problems.push(`the report has ${seen.length} images, expected ${expect.images.length}`);
  }
  return [
    ...problems,
    ...expect.images.flatMap((expected, index) => {
      const image = seen[index];
      return image === undefined ? [] : compareImage(expected, image, `image ${index + 1}`);
    }),
  ];
};

import type { Facts } from './core/facts.js';
import { decide, type FailOn } from './core/policy.js';
import type { Files } from './platform/ports.js';
import { REPORT_SCHEMA, type Report } from './report/report.js';
import { counted } from './report/waived.js';
import { type WaiverFile, withWaivers } from './waiver-file.js';

export interface Prediction {
  readonly report: Report;
  readonly exitCode: 0 | 1 | 2;
  /** Files that could not be read as facts, a line for each problem; the report has the others. */
  readonly problems: readonly string[];
}

/**
 * Judges facts that were recorded before: no network, no engine. The report has the images of all files in the order of the
 * arguments; a file that cannot be read does not lose the others.
 */
export async function predict(
  paths: readonly string[],
  { failOn, waiverFile }: { readonly failOn: FailOn; readonly waiverFile?: WaiverFile | undefined },
  files: Files,
): Promise<Prediction> {
  const [{ parseFacts, assess }, texts] = await Promise.all([
    import(/* webpackIgnore: true */ './work.js'),
    Promise.all(paths.map((path) => files.readText(path))),
  ]);
  const problems: string[] = [];
  const documents: Facts[] = paths.flatMap((path, index) => {
    const text = texts[index];
    if (text === undefined) {
      problems.push(
        `${path}: the file does not exist or cannot be read. Give a facts or report file`,
      );
      return [];
    }
    const parsed = parseFacts(text, path);
    if (parsed.ok) return parsed.facts;
    problems.push(...parsed.problems);
    return [];
  });
  const images = documents.map((facts) => assess(facts, 'prediction'));
  const judged = await withWaivers(images, waiverFile);
  const decision = decide(judged.images.map(counted), failOn);
  return {
    report: {
      schema: REPORT_SCHEMA,
      passed: decision.passed && problems.length === 0,
      ...judged,
    },
    exitCode: decision.exitCode,
    problems,
  };
}

import { FACTS_SCHEMA, type Facts } from '../core/facts.js';
import { factsSchema } from './facts-schema.js';
import { parseJson } from './json.js';
import { describe, jsonPath, problemLines } from './problems.js';
import { REPORT_SCHEMA } from './report.js';

/** In characters. Facts of an image with thousands of libraries are under 2 MB; a report of a large fleet is tens of them. */
export const MAX_FACTS_CHARACTERS = 67_108_864;

export type ParsedFacts =
  | { readonly ok: true; readonly facts: Facts[] }
  | { readonly ok: false; readonly problems: string[] };

/**
 * Reads a facts document (`cuda-image-check/facts@1`: one entry) or a report (`cuda-image-check/report@1`: the facts of each of
 * its images, in its order). `name` is what the problems call the file. Each problem is one line with the JSON path, what was
 * found, what was expected and what to do. Never throws. A field that is null counts as absent (unknown), except where null
 * has a meaning of its own: a framework built for the CPU, no limit of locked memory, no error.
 */
export function parseFacts(text: string, name: string): ParsedFacts {
  if (text.length > MAX_FACTS_CHARACTERS)
    return problem(
      `${name}: (document): found ${text.length.toLocaleString('en-US')} characters, expected at most ${MAX_FACTS_CHARACTERS.toLocaleString('en-US')}. Give the facts of fewer images in one file`,
    );
  const json = parseJson(text);
  if (!json.ok)
    return problem(
      `${name}: line ${json.line}, column ${json.column}: not JSON: ${json.why}, expected a facts document. ${WHERE_FROM}`,
    );
  return parseDocument(json.value, name);
}

const WHERE_FROM = `Give a "${FACTS_SCHEMA}" or a "${REPORT_SCHEMA}" file, as --json=FILE writes it`;

const problem = (line: string): ParsedFacts => ({ ok: false, problems: [line] });

function parseDocument(document: unknown, name: string): ParsedFacts {
  if (!isObject(document))
    return problem(
      `${name}: (document): found ${describe(document)}, expected an object. ${WHERE_FROM}`,
    );
  const schema = document['schema'];
  if (schema === FACTS_SCHEMA) return parseEach([{ value: document, path: [] }], name);
  if (schema === REPORT_SCHEMA) return parseReport(document, name);
  return problem(`${name}: schema: found ${describe(schema)}, expected ${advice(schema)}`);
}

function advice(schema: unknown): string {
  const expected = `"${FACTS_SCHEMA}" or "${REPORT_SCHEMA}"`;
  if (schema === undefined) return `${expected}. Add "schema": "${FACTS_SCHEMA}"`;
  if (typeof schema === 'string' && /^cuda-image-check\/(facts|report)@\d+$/.test(schema))
    return `${expected}. Use the release of cuda-image-check that wrote the file`;
  if (typeof schema === 'string' && schema.startsWith('cuda-image-check/explanation@'))
    return `${expected}: an explanation holds no facts. Give the file that predict, scan or check wrote`;
  return `${expected}. ${WHERE_FROM}`;
}

function parseReport(report: Record<string, unknown>, name: string): ParsedFacts {
  const images = report['images'];
  if (!Array.isArray(images) || images.length === 0)
    return problem(
      `${name}: images: found ${describe(images)}, expected a list with at least one image. ${WHERE_FROM}`,
    );
  const documents: Located[] = images.map((image: unknown, position) => ({
    // The report's version settles the version of the facts inside it.
    value: withSchema(isObject(image) ? image['facts'] : undefined),
    path: ['images', position, 'facts'],
  }));
  return parseEach(documents, name);
}

const withSchema = (facts: unknown): unknown =>
  isObject(facts) && facts['schema'] === undefined ? { ...facts, schema: FACTS_SCHEMA } : facts;

interface Located {
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
}

function parseEach(documents: readonly Located[], name: string): ParsedFacts {
  const facts: Facts[] = [];
  const problems: string[] = [];
  for (const { value, path } of documents) {
    const document = withoutUnknowns(value, '');
    const result = factsSchema.safeParse(document);
    if (result.success) facts.push(result.data);
    else {
      const where = path.length === 0 ? name : `${name}: ${jsonPath(path)}`;
      problems.push(...problemLines(where, document, result.error.issues));
    }
  }
  return problems.length === 0 ? { ok: true, facts } : { ok: false, problems };
}

/** Where null is a value: no CUDA in the build, no limit, no error. */
const NULL_HAS_MEANING = new Set([
  'image.frameworks[].cuda',
  'probe.frameworks[].cuda',
  'probe.frameworks[].error',
  'probe.frameworks[].devices[].error',
  'probe.frameworks[].nccl.error',
  'probe.limits.memlockBytes',
]);

const STAGES = new Set<unknown>(['pull', 'create', 'start', 'run']);

/** No path of the schema is longer; what lies deeper is an unknown key's and not looked at. */
const DEEPEST = 60;

/** The document without what says nothing: nulls, and a stage of failure that this release does not know. */
function withoutUnknowns(value: unknown, path: string): unknown {
  if (path.length > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((entry) => withoutUnknowns(entry, `${path}[]`));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, entry]): [string, unknown][] => {
    const inner = path === '' ? key : `${path}.${key}`;
    if (entry === null && !NULL_HAS_MEANING.has(inner)) return [];
    if (inner === 'failure.stage' && typeof entry === 'string' && !STAGES.has(entry)) return [];
    return [[key, withoutUnknowns(entry, inner)]];
  });
  return Object.fromEntries(kept);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

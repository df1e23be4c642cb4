import { type Document, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../core/near.js';
import type { RunnerProfile } from '../core/profile.js';
import { FLEET_SCHEMA, fleetSchema } from './fleet-schema.js';
import { problemLines } from './problems.js';

export type ParsedFleet =
  | { readonly ok: true; readonly profiles: readonly RunnerProfile[] }
  /** One line for each mistake: `FILE:LINE:COLUMN: PATH: found …, expected …`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What is wrong with a GPU's name, as `problemLines` words it, or undefined. */
export type GpuNameProblem = (name: string) => string | undefined;

/** A fleet of hundreds of profiles is some tens of KB. */
const MAX_CHARACTERS = 1_048_576;

/**
 * Reads a fleet file (YAML or JSON), with every mistake at once and where it stands. Pure; never throws.
 * @param file what the problems call it
 */
export function parseFleet(text: string, file: string, gpuProblem: GpuNameProblem): ParsedFleet {
  if (text.length > MAX_CHARACTERS) {
    return problem(
      `${file}: found ${text.length} characters, expected at most ${MAX_CHARACTERS}. Split it`,
    );
  }
  if (deepest(text) > MAX_DEPTH) {
    return problem(`${file}: it is nested more than ${MAX_DEPTH} deep. Write it flat`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map(
        ({ pos, message }) =>
          `${place(pos[0])}: not YAML: ${message.split('\n')[0]}. Mend it first`,
      ),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return problem(`${file}: ${error instanceof Error ? error.message : error}. Write it out`);
  }
  const result = fleetSchema.safeParse(value);
  const issues = result.success
    ? namesOf(result.data.profiles, gpuProblem)
    : result.error.issues.flatMap(eachKey);
  if (issues.length > 0) {
    const placed = issues.map((issue) => ({ issue, offset: offsetOf(document, issue.path) }));
    return {
      ok: false,
      problems: placed
        .sort((a, b) => a.offset - b.offset)
        .flatMap(({ issue, offset }) => problemLines(place(offset), value, [issue])),
    };
  }
  return result.success ? { ok: true, profiles: result.data.profiles } : problem(file);
}

const MAX_DEPTH = 100;

/** How deep brackets are nested at most, also those in texts: the composer of `yaml` recurses, and some thousands end the process. */
function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    most = Math.max(most, depth);
  }
  return most;
}

const problem = (line: string): ParsedFleet => ({ ok: false, problems: [line] });

type Issue = z.core.$ZodIssue;

const custom = (path: PropertyKey[], input: unknown, message: string): Issue => ({
  code: 'custom',
  path,
  input,
  message,
});

function namesOf(profiles: readonly RunnerProfile[], gpuProblem: GpuNameProblem): Issue[] {
  return profiles.flatMap(({ gpus = [] }, at) =>
    gpus.flatMap(({ name, computeCapability }, index) => {
      if (name === undefined || computeCapability !== undefined) return [];
      const message = gpuProblem(name);
      return message === undefined
        ? []
        : [custom(['profiles', at, 'gpus', index, 'name'], name, message)];
    }),
  );
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(fleetSchema.shape),
  profiles: [
    'name',
    'labels',
    'platform',
    'driver',
    'driverCuda',
    'kernelModule',
    'gpus',
    'engine',
    'containerToolkit',
  ],
  gpus: ['name', 'computeCapability', 'count', 'memoryMiB', 'mig'],
  engine: ['name', 'version', 'gpuMode', 'rootless'],
  containerToolkit: ['version'],
};

/** An unknown key is told where it stands, with what was probably meant. */
function eachKey(issue: Issue): Issue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  const inside = issue.path.findLast((key) => typeof key === 'string') ?? '';
  const known = KEYS[String(inside)] ?? [];
  return issue.keys.map((key) => {
    const [near] = nearest(key, known, 1);
    const advice = near === undefined ? 'Leave it out' : `Did you mean ${near}?`;
    return custom([...issue.path, key], undefined, `one of ${known.join(', ')}. ${advice}`);
  });
}

/** Where a path stands in the text; where it is missing, what it is missing in. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const inner = path.slice(0, length).map(String);
    const parent = length === 0 ? undefined : document.getIn(inner.slice(0, -1), true);
    // A key stands before its value, which may be on another line.
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => String(isNode(key) ? key.toJSON() : key) === inner.at(-1))
      : undefined;
    const node = document.getIn(inner, true);
    const whole = path.length === length && isNode(node) && !isMap(node) && !isSeq(node);
    const found = whole ? node : (pair?.key ?? node);
    if (isNode(found) && found.range != null) return found.range[0];
  }
  return 0;
}

const HEADER = `# The GPU runners that images of this repository are judged against.
# yaml-language-server: $schema=https://raw.githubusercontent.com/cuda-image-check/cuda-image-check/main/schema/gpu-fleet@1.json
`;

/**
 * A fleet file with one profile added or brought up to date. Comments, order and the fields that the profile does not have stay as
 * they are; the GPUs are those of the profile. Pure.
 * @param text of the file, or undefined where there is none; it must be one that `parseFleet` reads
 */
export function withProfile(text: string | undefined, profile: RunnerProfile): string {
  const empty = text === undefined || text.trim() === '';
  const document = parseDocument(
    empty ? `${HEADER}schema: ${FLEET_SCHEMA}\nprofiles: []\n` : (text ?? ''),
  );
  const profiles = document.get('profiles');
  if (!isSeq(profiles)) throw new Error('a fleet file has profiles');
  profiles.flow = false;
  const at = profiles.items.findIndex((one) => isMap(one) && one.get('name') === profile.name);
  if (at === -1) profiles.add(document.createNode(profile));
  else update(document, ['profiles', at], profile as unknown as Record<string, unknown>);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function update(
  document: Document,
  path: readonly (string | number)[],
  values: Readonly<Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(values)) {
    const inner = [...path, key];
    const node = document.getIn(inner, true);
    const before: unknown = isNode(node) ? node.toJSON() : node;
    if (JSON.stringify(before) === JSON.stringify(value)) continue;
    if (isMap(node) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      update(document, inner, value as Record<string, unknown>);
    } else if (Array.isArray(value) && isSeq(node) && node.items.length === value.length) {
      // The same number of kinds of GPU: each keeps its comments.
      for (const [at, one] of value.entries()) {
        update(document, [...inner, at], one as Record<string, unknown>);
        forget(document, [...inner, at], one as Record<string, unknown>);
      }
    } else document.setIn(inner, document.createNode(value));
  }
}

/** Takes out what is recorded of a GPU and no longer so. */
function forget(
  document: Document,
  path: readonly (string | number)[],
  values: Readonly<Record<string, unknown>>,
): void {
  const node = document.getIn(path, true);
  if (!isMap(node)) return;
  for (const { key } of [...node.items]) {
    const name = String(isNode(key) ? key.toJSON() : key);
    if (!(name in values) && !(name === 'count' && values['count'] === undefined)) node.delete(key);
  }
}

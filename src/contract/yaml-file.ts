import { Document, isMap, isNode, isScalar, isSeq, visit } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../core/near.js';
import { composeYaml, MAX_ALIASES, MAX_NESTING } from '../syntax/yaml.js';
import { problemLines } from './problems.js';

/** A place in a text: line and column from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type YamlFile<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Where the value at a path stands; where it is missing, what it is missing in. */
      readonly placeOf: (path: readonly PropertyKey[]) => Place;
    }
  /** One line for each mistake: `FILE:LINE:COLUMN: PATH: found …, expected …`. */
  | { readonly ok: false; readonly problems: readonly string[] };

type Issue = z.core.$ZodIssue;

export interface YamlOptions<T> {
  readonly schema: z.ZodType<T>;
  /** The keys that there are, by the key of what holds them (`''`: the document), to guess what a mistyped one was meant to be. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** How a key is written, and an entry of a list (`gpus[]`), for whoever wrote something of another kind. */
  readonly examples?: Readonly<Record<string, string>>;
  /** What else is wrong with a value that the schema takes. */
  readonly check?: (value: T) => readonly Issue[];
}

/** A file of hundreds of entries is some tens of KB. */
const MAX_CHARACTERS = 1_048_576;

/**
 * Reads a file that people write (YAML or JSON), with every mistake at once and where it stands. Pure; never throws.
 * @param file what the problems call it
 */
export function readYamlFile<T>(
  text: string,
  file: string,
  { schema, keys, examples = {}, check }: YamlOptions<T>,
): YamlFile<T> {
  if (text.length > MAX_CHARACTERS) {
    return problem(
      `${file}: found ${text.length} characters, expected at most ${MAX_CHARACTERS}. Split it`,
    );
  }
  const { documents, tooDeep, counter } = composeYaml(text);
  if (tooDeep) {
    return problem(`${file}: it is nested more than ${MAX_NESTING} deep. Write it flat`);
  }
  const [document = new Document(null), second] = documents;
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
  const named = ({ line, column }: Place) => `${file}:${line}:${column}`;
  const faults = faultsOf(document, second);
  if (faults.length > 0) {
    return {
      ok: false,
      problems: faults.map(
        ({ offset, why }) => `${named(placeAt(offset))}: not YAML: ${why}. Mend it first`,
      ),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return problem(`${file}: ${error instanceof Error ? error.message : error}. Write it out`);
  }
  const result = schema.safeParse(value);
  const issues = result.success
    ? (check?.(result.data) ?? [])
    : result.error.issues.flatMap((issue) => eachKey(issue, keys));
  if (issues.length > 0) {
    const placed = issues.slice(0, MOST_FAULTS).map((issue) => ({
      issue: inWords(issue, document, examples),
      offset: offsetOf(document, issue.path),
    }));
    const rest = issues.length - placed.length;
    return {
      ok: false,
      problems: [
        ...placed
          .sort((a, b) => a.offset - b.offset)
          .flatMap(({ issue, offset }) => problemLines(named(placeAt(offset)), value, [issue])),
        ...(rest > 0 ? [`${file}: ${rest} more of this kind. Mend those above first`] : []),
      ],
    };
  }
  if (!result.success) return problem(file);
  return { ok: true, value: result.data, placeOf: (path) => placeAt(offsetOf(document, path)) };
}

/** The first mistakes are those to mend; the others are often of the same kind, and finding their places is work for each. */
const MOST_FAULTS = 50;

interface Fault {
  readonly offset: number;
  readonly why: string;
}

/** What makes a text no YAML of one document; a key that comes twice would hide the first one's value. */
function faultsOf(document: Document, second: Document.Parsed | undefined): Fault[] {
  const faults: Fault[] = document.errors.map(({ pos, message }) => ({
    offset: pos[0],
    why: message.split('\n')[0] ?? '',
  }));
  if (second !== undefined) {
    faults.push({ offset: second.range[0], why: 'it holds several documents' });
  }
  visit(document, {
    Map: (_, { items }) => {
      const known = new Set<string>();
      for (const { key } of items) {
        const name = nameOf(key);
        if (name === undefined) continue;
        if (known.has(name)) {
          const offset = (isNode(key) && key.range?.[0]) || 0;
          faults.push({ offset, why: `the key ${JSON.stringify(name.slice(0, 80))} comes twice` });
        }
        known.add(name);
        if (faults.length > MOST_FAULTS) return visit.BREAK;
      }
      return undefined;
    },
  });
  return faults.slice(0, MOST_FAULTS);
}

const problem = (line: string): { ok: false; problems: readonly string[] } => ({
  ok: false,
  problems: [line],
});

/** A mistake of ours to word: what was expected and what to do. */
export const customIssue = (
  path: PropertyKey[],
  input: unknown,
  message: string,
  params?: { readonly found: string },
): Issue => ({
  code: 'custom',
  path,
  input,
  message,
  ...(params === undefined ? {} : { params }),
});

/** An unknown key is told where it stands, with what was probably meant. */
function eachKey(issue: Issue, keys: YamlOptions<unknown>['keys']): Issue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  const inside = issue.path.findLast((key) => typeof key === 'string') ?? '';
  const known = keys[String(inside)] ?? [];
  return issue.keys.map((key) => {
    const [near] = nearest(key, known, 1);
    const advice = near === undefined ? 'Leave it out' : `Did you mean ${near}?`;
    return customIssue([...issue.path, key], undefined, `one of ${known.join(', ')}. ${advice}`);
  });
}

/** A key as a text; a list or map as a key has no name. */
const nameOf = (key: unknown): string | undefined =>
  isScalar(key) ? String(key.value) : undefined;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
};

/** A value of the wrong kind with an example of the right one, and a number in place of text as it is written: YAML reads `535.10` as 535.1. */
function inWords(
  issue: Issue,
  document: Document,
  examples: Readonly<Record<string, string>>,
): Issue {
  const kind = issue.code === 'invalid_type' ? KINDS[issue.expected] : undefined;
  const empty = issue.code === 'too_small' && issue.origin === 'array';
  if (kind === undefined && !empty) return issue;
  const node = document.getIn(issue.path.map(String), true);
  if (kind === 'text' && isScalar(node) && typeof node.value === 'number') {
    const written = node.source ?? String(node.value);
    const message = `text. Put it in quotes ("${written}"): as a number, 12.10 would read as 12.1`;
    return customIssue(issue.path, node.value, message, { found: `the number ${written}` });
  }
  const last = issue.path.at(-1) ?? '';
  const key = typeof last === 'number' ? `${String(issue.path.at(-2))}[]` : String(last);
  const example = examples[key];
  if (example === undefined) return issue;
  const wanted = empty ? 'at least one entry' : kind;
  return customIssue(issue.path, issue.input, `${wanted}. For example: ${example}`);
}

/** Where a path stands in the text; where it is missing, what it is missing in. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const inner = path.slice(0, length).map(String);
    const parent = length === 0 ? undefined : document.getIn(inner.slice(0, -1), true);
    // A key stands before its value, which may be on another line.
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => nameOf(key) === inner.at(-1))
      : undefined;
    const node = document.getIn(inner, true);
    const whole = path.length === length && isNode(node) && !isMap(node) && !isSeq(node);
    const found = whole ? node : (pair?.key ?? node);
    if (isNode(found) && found.range != null) return found.range[0];
  }
  return 0;
}

import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const MOST_PROBLEMS = 20;
const MOST_CHARACTERS = 80;

/** One line for each issue: file, JSON path, what was found, what was expected and what to do. */
export function problemLines(name: string, document: unknown, issues: readonly Issue[]): string[] {
  const lines = issues.map((issue) => problemLine(name, document, issue));
  if (lines.length <= MOST_PROBLEMS) return lines;
  const rest = lines.length - MOST_PROBLEMS;
  return [
    ...lines.slice(0, MOST_PROBLEMS),
    `${name}: ${rest} more ${rest === 1 ? 'problem' : 'problems'} of this kind. Mend those above first`,
  ];
}

function problemLine(name: string, document: unknown, issue: Issue): string {
  const value = at(document, issue.path);
  const found = foundIn(issue) ?? describe(value);
  return `${name}: ${jsonPath(issue.path)}: found ${found}, expected ${expected(issue, value)}`;
}

function foundIn(issue: Issue): string | undefined {
  const found: unknown = issue.code === 'custom' ? issue.params?.['found'] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function expected(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${kind(issue.expected)}. ${advice(issue.expected, value)}`;
    case 'invalid_value':
      // A schema that has words of its own for it keeps them.
      if (!/^Invalid (?:input|option)\b/.test(issue.message)) return issue.message;
      return `${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((one) => describe(one)).join(', ')}. Correct it or leave the field out`;
    case 'too_small':
      return `${kind(issue.origin)} of at least ${issue.minimum}. Correct it or leave the field out`;
    case 'too_big':
      if (issue.origin === 'string') {
        return `at most ${issue.maximum.toLocaleString('en-US')} characters. Shorten it`;
      }
      return issue.origin === 'array'
        ? `at most ${issue.maximum} entries. Split the document`
        : `${kind(issue.origin)} of at most ${issue.maximum}. Correct it or leave the field out`;
    default:
      return issue.message;
  }
}

function kind(expected: string): string {
  switch (expected) {
    case 'string':
      return 'text';
    case 'int':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    default:
      return 'an object';
  }
}

function advice(expected: string, value: unknown): string {
  if (value === undefined) return 'Add it, or leave out the object that it belongs to';
  if (expected === 'string' && typeof value === 'number')
    return `Put it in quotes ("${value}"): as a number, 12.10 would read as 12.1`;
  if (expected === 'string') return 'Write it in quotes';
  if (expected === 'array') return 'Put the entries into [ ]';
  if ((expected === 'number' || expected === 'int') && typeof value === 'string')
    return 'Write the number without quotes';
  return 'Correct it or leave the field out';
}

/** The value at a path, or undefined where the document has none. */
function at(document: unknown, path: Path): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** `host.gpus[0].name`, `image.env["A B"]`; the document itself is `(document)`. */
export function jsonPath(path: Path): string {
  if (path.length === 0) return '(document)';
  return path
    .map((key, position) => {
      if (typeof key === 'number') return `[${key}]`;
      const name = String(key);
      if (!/^[A-Za-z_][A-Za-z0-9_]{0,59}$/.test(name)) return `[${quoted(name)}]`;
      return position === 0 ? name : `.${name}`;
    })
    .join('');
}

/** A value in a few words, never longer than a line. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'object') return 'an object';
  return typeof value === 'number' ? `the number ${value}` : String(value);
}

function quoted(value: string): string {
  return value.length <= MOST_CHARACTERS
    ? JSON.stringify(value)
    : `${JSON.stringify(value.slice(0, MOST_CHARACTERS))}… (${value.length} characters)`;
}

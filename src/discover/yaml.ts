import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { composeYaml, MAX_NESTING } from '../syntax/yaml.js';
import type { FileProblem } from './found.js';
import { createLines, type Lines, type Range } from './lines.js';

/** Nodes looked at in one file, counted each time that an alias leads to them again ("billion laughs"). */
const MAX_VISITS = 500_000;

/** What stands for a value, aliases followed. */
export type Value = Scalar | YAMLMap | YAMLSeq;

export interface Entry {
  readonly key: string;
  readonly value: Value | undefined;
}

/** A parsed YAML file with the places of its texts. */
export interface YamlFile {
  readonly text: string;
  readonly lines: Lines;
  /** The documents' contents, without the empty ones. */
  readonly documents: readonly Value[];
  /** Syntax errors; the documents hold what could be read beside them. */
  readonly problems: readonly FileProblem[];
  /** The entries of a map with those that `<<` merges in, which lose against its own; of a repeated key the last. Nothing of anything else. @throws TooMuch */
  entries(value: Value | undefined): readonly Entry[];
  /** The value of one key. @throws TooMuch */
  get(value: Value | undefined, ...keys: readonly string[]): Value | undefined;
  /** The items of a list. @throws TooMuch */
  items(value: Value | undefined): readonly (Value | undefined)[];
}

/** A file that leads to more work than any file of a person does. The message is the reason, as a clause. */
export class TooMuch extends Error {}

/** Parses YAML of one or several documents. Errors are in the answer; nothing is thrown for what the text holds. */
export function parseYaml(text: string): YamlFile {
  const lines = createLines(text);
  const { documents: parsed, tooDeep } = composeYaml(text);
  const problems: FileProblem[] = parsed.flatMap(({ errors }) =>
    errors.map((error) => ({
      ...lines.position(error.pos[0]),
      why: error.message,
    })),
  );
  if (tooDeep) {
    problems.push({ line: 1, column: 1, why: `it nests deeper than ${MAX_NESTING} levels` });
  }
  const targets = new WeakMap<Alias, Node>();
  for (const document of parsed) linkAliases(document, targets);
  let visits = 0;
  const follow = (node: unknown): Value | undefined => {
    visits += 1;
    if (visits > MAX_VISITS)
      throw new TooMuch(`its aliases lead to more than ${MAX_VISITS} values`);
    const target = isAlias(node) ? targets.get(node) : node;
    return isScalar(target) || isMap(target) || isSeq(target) ? (target as Value) : undefined;
  };
  const entries = (value: Value | undefined, depth = 0): readonly Entry[] => {
    if (!isMap(value)) return [];
    const found = new Map<string, Entry>();
    const merged: Entry[] = [];
    for (const { key, value: node } of value.items) {
      const name = isScalar(key) ? textOf(key) : undefined;
      if (name === undefined) continue;
      const target = follow(node);
      if (name === '<<' && depth < MAX_NESTING) {
        const sources = isSeq(target) ? target.items.map(follow) : [target];
        for (const source of sources) merged.push(...entries(source, depth + 1));
      } else {
        found.set(name, { key: name, value: target });
      }
    }
    for (const entry of merged) if (!found.has(entry.key)) found.set(entry.key, entry);
    return [...found.values()];
  };
  return {
    text,
    lines,
    problems,
    documents: parsed.flatMap((document) => follow(document.contents) ?? []),
    entries: (value) => entries(value),
    get: (value, ...keys) =>
      keys.reduce<Value | undefined>(
        (inner, key) => entries(inner).find((entry) => entry.key === key)?.value,
        value,
      ),
    items: (value) => (isSeq(value) ? value.items.map(follow) : []),
  };
}

/** Which node each alias means: the last one before it with that anchor. */
function linkAliases(document: Document.Parsed, targets: WeakMap<Alias, Node>): void {
  const anchors = new Map<string, Node>();
  const walk = (node: unknown): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isPair(node)) {
      walk(node.key);
      walk(node.value);
    } else if (isScalar(node) || isMap(node) || isSeq(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node as Node);
      if (isMap(node) || isSeq(node)) for (const item of node.items) walk(item);
    }
  };
  walk(document.contents);
}

/** A scalar's text as written: `12.10` stays that although it is a number. Undefined for a map, a list and null. */
export function textOf(value: Value | undefined): string | undefined {
  if (!isScalar(value) || value.value === null) return undefined;
  if (typeof value.value === 'string') return value.value;
  return value.source ?? String(value.value);
}

/** Whether a program that reads the scalar gets another text than was written: `12.10` becomes `12.1`, `0x10` becomes `16`. */
export function isRewritten(value: Value | undefined): boolean {
  return (
    isScalar(value) &&
    typeof value.value !== 'string' &&
    value.value !== null &&
    String(value.value) !== value.source
  );
}

/** Where a scalar's text stands, without its quotes. */
export function rangeOf(value: Value, { text, lines }: Pick<YamlFile, 'text' | 'lines'>): Range {
  const [start, end] = offsetsOf(value, text);
  return lines.range(start, end);
}

function offsetsOf(value: Value, text: string): [number, number] {
  const [start = 0, end = 0] = value.range ?? [];
  const quoted = /["']/.test(text.charAt(start)) && text.charAt(end - 1) === text.charAt(start);
  return quoted && end - start >= 2 ? [start + 1, end - 1] : [start, end];
}

/**
 * From offsets in a scalar's text to offsets in the file. Exact where the text stands in the file as it is: in a plain or quoted scalar
 * of one line and in a literal block. Elsewhere undefined.
 */
export function locate(value: Value, { text }: YamlFile): (at: number) => number | undefined {
  const content = textOf(value);
  if (content === undefined || !isScalar(value)) return () => undefined;
  const [start, end] = offsetsOf(value, text);
  if (end - start === content.length && text.startsWith(content, start)) return (at) => start + at;
  if (value.type !== 'BLOCK_LITERAL') return () => undefined;
  const inside = createLines(content);
  const header = createLines(text.slice(start, end));
  const lengthFrom = (whole: string, from: number): number => {
    const stop = whole.indexOf('\n', from);
    return whole.slice(from, stop === -1 ? whole.length : stop).replace(/\r$/, '').length;
  };
  /** By line of the content: offset in the file of the line's first character, after the indentation. */
  const firsts = new Map<number, number>();
  return (at) => {
    const { line, column } = inside.position(at);
    let first = firsts.get(line);
    if (first === undefined) {
      const from = start + header.offset(line);
      first = from + lengthFrom(text, from) - lengthFrom(content, inside.offset(line - 1));
      firsts.set(line, first);
    }
    return first + column - 1;
  };
}

export { isMap, isScalar, isSeq };

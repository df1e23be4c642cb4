import fc from 'fast-check';
import { documentOf, type TreeChange, treeChange } from './documents.js';
import type { Parser } from './parser.js';

/** What any reader may meet: names that JavaScript gives a meaning, ends of lines, halves of characters, far too large numbers. */
const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u2028',
  '\r',
  '\r\n',
  '\n',
  '\n\n',
  '\t',
  ' ',
  '\0',
  '\ufeff',
  '\u00ff',
  '\ud800',
  'é',
  '漢',
  '\u001b[31m',
  '::error::x',
  '<!--',
  '"',
  "'",
  '`',
  '\\',
  '$',
  '${',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '<',
  '>',
  '&',
  '#',
  ':',
  ';',
  ',',
  '.',
  '-',
  '=',
  '/',
  '0',
  '-1',
  '1e999',
  '99999999999999999999999999',
  'null',
  'true',
  'a'.repeat(300),
] as const;

/** Not the library's `binary`, which takes a second to be made. */
const anyCharacter = fc.integer({ min: 0, max: 0x10_ffff }).map((one) => String.fromCodePoint(one));

interface TextChange {
  readonly kind: 'delete' | 'repeat' | 'insert' | 'replace' | 'borrow' | 'character' | 'cut';
  /** Shares of 65,536 of the text. */
  readonly at: number;
  readonly from: number;
  readonly length: number;
  readonly piece: string;
}

const SHARE = 65_536;
const MOST_CHARACTERS = 20_000;

function changed(text: string, other: string, change: TextChange): string {
  const { kind, length, piece } = change;
  const at = Math.floor((change.at / SHARE) * (text.length + 1));
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (kind) {
    case 'delete':
      return before + after.slice(length);
    case 'repeat':
      return before + after.slice(0, length).repeat(3) + after;
    case 'insert':
      return before + piece + after;
    case 'replace':
      return before + piece + after.slice(length);
    case 'borrow': {
      const from = Math.floor((change.from / SHARE) * other.length);
      return before + other.slice(from, from + length) + after;
    }
    case 'character':
      return before + String.fromCharCode((length * 37) & 0xff) + after.slice(1);
    case 'cut':
      return length % 2 === 0 ? before : after;
  }
}

/** Samples with some changes, words of the grammar in any order, and anything. Shrinks to few changes of one sample. */
export function anyText(parser: Parser): fc.Arbitrary<string> {
  const sample = fc.constantFrom(...parser.samples);
  const piece = fc.constantFrom(...parser.pieces, ...parser.pieces, ...HOSTILE);
  const change = fc.record<TextChange>({
    kind: fc.constantFrom(
      'insert',
      'delete',
      'repeat',
      'replace',
      'borrow',
      'character',
      'insert',
      'cut',
    ),
    at: fc.nat(SHARE - 1),
    from: fc.nat(SHARE - 1),
    length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 })),
    piece,
  });
  const changes = fc.array(change, { maxLength: 6 });
  const apply = (text: string, other: string, all: readonly TextChange[]): string =>
    all.reduce((whole, one) => changed(whole, other, one), text).slice(0, MOST_CHARACTERS);
  const mutated = fc
    .tuple(sample, sample, changes)
    .map(([one, other, all]) => apply(one, other, all));
  const glued = fc
    .array(
      fc.oneof({ arbitrary: piece, weight: 5 }, fc.string({ unit: anyCharacter, maxLength: 3 })),
      {
        maxLength: 40,
      },
    )
    .map((pieces) => pieces.join(''));
  const tree = fc
    .tuple(sample, fc.array(treeChange, { minLength: 1, maxLength: 5 }), changes, fc.nat(3))
    .map(([one, trees, all, also]) => {
      const text = documentOf(one, trees as readonly TreeChange[]);
      return also === 0 ? apply(text, one, all) : text;
    });
  return fc.oneof(
    { arbitrary: mutated, weight: 6 },
    { arbitrary: glued, weight: 3 },
    { arbitrary: fc.string({ unit: anyCharacter, maxLength: 200 }), weight: 1 },
    ...(parser.json ? [{ arbitrary: tree, weight: 10 }] : []),
  );
}

/** A text of any length that says the same again and again between a beginning and an end: where quadratic readers show. */
export interface Pumped {
  readonly start: string;
  readonly unit: string;
  readonly end: string;
}

export const pumpedText = ({ start, unit, end }: Pumped, characters: number): string =>
  start + unit.repeat(Math.ceil(characters / unit.length)) + end;

export function anyPumped(parser: Parser): fc.Arbitrary<Pumped> {
  const piece = fc.constantFrom(...parser.pieces, ...parser.pieces, ...HOSTILE);
  const glue = (minLength: number, maxLength: number) =>
    fc.array(piece, { minLength, maxLength }).map((pieces) => pieces.join(''));
  const beginning = fc
    .tuple(fc.constantFrom('', ...parser.samples), fc.nat(SHARE - 1))
    .map(([sample, share]) => sample.slice(0, Math.floor((share / SHARE) * (sample.length + 1))));
  return fc.record({
    start: fc.oneof(glue(0, 2), beginning),
    unit: fc.oneof(
      glue(1, 3),
      fc
        .tuple(
          fc.constantFrom(...parser.samples),
          fc.nat(SHARE - 1),
          fc.integer({ min: 1, max: 60 }),
        )
        .map(([sample, share, length]) => {
          const at = Math.floor((share / SHARE) * sample.length);
          return sample.slice(at, at + length) || 'x';
        }),
    ),
    end: glue(0, 2),
  });
}

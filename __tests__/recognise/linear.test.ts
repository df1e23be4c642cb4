import { describe, expect, it } from '@jest/globals';
import { checkSync } from 'recheck';
import { LONGEST_LINE } from '../../src/recognise/lines.js';
import { ENTRIES } from '../../src/recognise/tables/index.js';

/** Quantifiers without an upper bound, outside character classes. */
function unbounded(source: string): string[] {
  const plain = source.replace(/\\./g, '_').replace(/\[(?:[^\]])*\]/g, '_');
  return plain.match(/.[*+]|.\{\d+,\}/g) ?? [];
}

/**
 * The same expression with every long bound cut to two: nesting and overlap, which make matching super-linear, stay as they are,
 * and the checker's automaton stays small enough to be decided.
 */
const withShortBounds = (source: string): string =>
  source.replace(/\{(\d+),(\d+)\}/g, (whole, least: string, most: string) =>
    Number(most) > 3 ? `{${Math.min(Number(least), 1)},2}` : whole,
  );

/** Lines that begin to match again and again and never do, or match everywhere. */
function hostile(says: string, needles: readonly string[]): string[] {
  const fill = (part: string) =>
    part.repeat(Math.ceil(LONGEST_LINE / part.length)).slice(0, LONGEST_LINE);
  return [
    ...[0.25, 0.5, 0.75, 0.9].map((share) => fill(`${says.slice(0, says.length * share)} `)),
    fill(`${needles.join(' ')} `),
    fill(`${needles[0]}`),
    `${says.slice(0, says.length / 2)}${fill('/a')}`,
    `${says.slice(0, says.length / 2)}${fill('0')}`,
    `${says.slice(0, says.length / 2)}${fill(' ')}`,
  ];
}

/** A line of the greatest length, on a machine that is busy with other tests; a super-linear expression takes minutes. */
const MOST_MS = 1_500;

describe('expressions are linear', () => {
  it.each(ENTRIES.map((entry) => [entry.id, entry] as const))('%s', (_id, entry) => {
    expect(unbounded(entry.pattern.source)).toEqual([]);
    const verdict = checkSync(withShortBounds(entry.pattern.source), 'i', { timeout: 30_000 });
    expect(verdict.status).toBe('safe');
    for (const line of hostile(entry.says, entry.needles)) {
      const start = performance.now();
      entry.pattern.test(line);
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    }
  });
});

it('tells a super-linear expression from a linear one', () => {
  expect(unbounded('(?:a+)b*[x*]')).toEqual(['a+', 'b*']);
  expect(checkSync('(a|aa){1,2}(a|aa)+$', 'i').status).toBe('vulnerable');
});

import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../src/core/catalogue.js';
import { ENTRIES } from '../../src/recognise/tables/index.js';

/** The alternatives of an expression at its top level, as source text. */
function alternatives(source: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let inClass = false;
  let start = 0;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    if (character === '\\') at += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) {
      parts.push(source.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, source.slice(start)];
}

/** Reads an alternative as loosely as a person would: escapes undone, optional marks and groups' heads dropped. */
const loosely = (source: string): string =>
  source
    .replace(/\(\?(?:<\w+>|:|!|=)/g, '(')
    .replace(/\\([./"'[\](){}-])/g, '$1')
    .replace(/\\b/g, '')
    .toLowerCase();

describe('every entry', () => {
  it('has a name of its own', () => {
    const ids = ENTRIES.map((entry) => entry.id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it.each(ENTRIES.map((entry) => [entry.id, entry] as const))(
    '%s recognises what it says',
    (_id, entry) => {
      expect(entry.pattern.test(entry.says.replace(/\s+/g, ' '))).toBe(true);
      expect(
        entry.needles.every((needle) => needle === needle.toLowerCase() && needle.length > 1),
      ).toBe(true);
      expect(entry.needles.some((needle) => entry.says.toLowerCase().includes(needle))).toBe(true);
      expect(entry.pattern.flags).toBe('i');
      expect(entry.source).toMatch(/^https:\/\//);
      if (entry.finding !== null) expect(Object.keys(CATALOGUE)).toContain(entry.finding);
    },
  );

  it('lists a needle for each alternative of its expression', () => {
    const bare = ENTRIES.flatMap((entry) =>
      alternatives(entry.pattern.source)
        .filter((part) => !entry.needles.some((needle) => covers(loosely(part), needle)))
        .map((part) => `${entry.id}: ${part}`),
    );
    expect(bare).toEqual([]);
  });
});

/** Letters and digits of the needle follow one another in the source, with only syntax between them. */
function covers(part: string, needle: string): boolean {
  if (part.includes(needle)) return true;
  const letters = needle.replace(/[^a-z0-9]/g, '');
  return part.replace(/[^a-z0-9|]/g, '').includes(letters);
}

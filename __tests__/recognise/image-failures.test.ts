import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, type FindingId } from '../../src/core/catalogue.js';
import { explainText } from '../../src/explain.js';
import { createTables } from '../../src/recognise/recogniser.js';
import { type Case, factsOf, readCases } from './corpus.js';

/*
 * A third corpus, of what images and the frameworks in them print. First runs, unseen: 74 of 96 (77.1 %), then 24 of 36 (66.7 %) of
 * rarer programs, then 31 of 31 (mostly of well-known ones); 2 false alarms in 26 ordinary texts. What is measured here is the state
 * after mending.
 */
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../recorded/${name}`, import.meta.url), 'utf8')) as T;

const CASES = read<{ cases: Case[] }>('image-failures.json').cases;
const ORDINARY = Object.entries(
  read<{ texts: Record<string, string> }>('image-ordinary.json').texts,
);
const TABLES = createTables();

async function found(given: Pick<Case, 'output'>, facts?: Case): Promise<string[]> {
  const text = new TextEncoder().encode(given.output);
  const explanation = await explainText(
    [text],
    facts === undefined ? undefined : factsOf(facts),
    TABLES,
  );
  return explanation.findings.map((finding) => finding.id);
}

describe('the corpus of image failures', () => {
  it('names reports of its own, with labels of the catalogue', () => {
    const others = [...readCases(), ...read<{ cases: Case[] }>('more-failures.json').cases];
    const known = new Set(others.map((given) => given.source));
    expect(CASES.filter((given) => known.has(given.source))).toEqual([]);
    expect(new Set(CASES.map((given) => given.id)).size).toBe(CASES.length);
    expect(
      CASES.filter(({ expect: { finding, blame, verdict } }) => {
        const entry = CATALOGUE[finding as FindingId];
        return entry.blame !== blame || entry.verdict !== verdict;
      }),
    ).toEqual([]);
  });

  it.each(CASES.map((given) => [given.id, given] as const))('explains %s', async (_id, given) => {
    const { finding, also_right, decidable_from } = given.expect;
    const ids = await found(given, decidable_from === 'facts' ? given : undefined);
    expect([finding, ...also_right]).toContain(ids[0]);
  });

  it.each(ORDINARY)('finds nothing in %s', async (_name, output) => {
    expect(await found({ output })).toEqual(['unrecognised']);
  });
});

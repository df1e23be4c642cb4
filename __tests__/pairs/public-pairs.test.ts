import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assess } from '../../src/assess.js';
import { parseFacts } from '../../src/contract/facts.js';
import { CATALOGUE } from '../../src/core/catalogue.js';
import { FACTS_SCHEMA, type Facts } from '../../src/core/facts.js';

interface PublicPair {
  id: string;
  source: string;
  says: string;
  host: NonNullable<Facts['host']>;
  image: NonNullable<Facts['image']>;
  expect: { verdict: string; finding: string | null; also_right: string[] };
}

const { pairs } = JSON.parse(readFileSync('__tests__/recorded/facts-pairs.json', 'utf8')) as {
  pairs: PublicPair[];
};

/** The verdict and the leading finding of what `predict --facts` reads. */
function judged({ id, host, image }: PublicPair) {
  const read = parseFacts(JSON.stringify({ schema: FACTS_SCHEMA, host, image }), `${id}.json`);
  if (!read.ok) throw new Error(`${id}: ${JSON.stringify(read)}`);
  const [facts] = read.facts;
  if (facts === undefined) throw new Error(`${id}: no facts`);
  return assess(facts, 'prediction');
}

describe('pairs from public threads', () => {
  it('are many, a third of them work, and each has its thread', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(75);
    expect(pairs.filter((one) => one.expect.verdict === 'works').length).toBeGreaterThanOrEqual(
      pairs.length / 3,
    );
    expect(new Set(pairs.map(({ id }) => id)).size).toBe(pairs.length);
    for (const { source } of pairs) expect(source).toMatch(/^https:\/\/github\.com\/[\w./-]+$/);
  });

  it.each(pairs.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const { verdict, primary, findings } = judged(one);
    expect([verdict, primary]).toEqual([
      one.expect.verdict,
      one.expect.also_right.find((id) => id === primary) ?? one.expect.finding,
    ]);
    const leading = findings.find(({ id }) => id === primary);
    expect(leading?.blame).toBe(primary === null ? undefined : CATALOGUE[primary].blame);
  });
});

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
  expect: {
    verdict: string;
    finding: string | null;
    also_right: string[];
    /** Why this pair is judged wrongly: named here until a rule tells it. */
    missed?: string;
  };
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
    const { also_right, finding, missed } = one.expect;
    const expected = [
      one.expect.verdict,
      also_right.find((id) => id === primary) ?? finding,
    ] as const;
    if (missed !== undefined) {
      expect([verdict, primary]).not.toEqual(expected);
      return;
    }
    expect([verdict, primary]).toEqual(expected);
    const leading = findings.find(({ id }) => id === primary);
    expect(leading?.blame).toBe(primary === null ? undefined : CATALOGUE[primary].blame);
  });

  it('are judged wrongly in few cases', () => {
    expect(pairs.filter(({ expect: { missed } }) => missed !== undefined).length).toBeLessThan(3);
  });
});

import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import { generate, random, toFacts } from './generate.js';
import { answer } from './oracle.js';

const PAIRS = 20_000;

describe('the engine against a plain re-statement of the documented rules', () => {
  const next = random(20261123);
  const counts = new Map<string, number>();
  /** One example of each kind of difference, and how many there are. */
  const differences = new Map<string, { count: number; example: string }>();
  const note = (kind: string, example: string): void => {
    const known = differences.get(kind);
    if (known === undefined) differences.set(kind, { count: 1, example });
    else known.count += 1;
  };
  let judged = 0;
  let open = 0;
  while (judged < PAIRS) {
    const pair = generate(next);
    const expected = answer(pair);
    if (expected === undefined) {
      open += 1;
      continue;
    }
    judged += 1;
    const key = `${expected.verdict} ${expected.primary}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const facts = toFacts(pair);
    const got = diagnose(facts, []);
    if (got.verdict !== expected.verdict || got.primary !== expected.primary)
      note(
        `expected ${key}, got ${got.verdict} ${got.primary}`,
        JSON.stringify({ host: facts.host, image: facts.image }),
      );
  }

  it(`agrees on all of ${PAIRS} pairs`, () => {
    expect(Object.fromEntries(differences)).toEqual({});
  });

  it('was asked about every outcome, and most pairs were settled by the documents', () => {
    const outcomes = [
      'works null',
      'works minor-version-compatibility',
      'works forward-compatibility-in-use',
      'works requirement-too-strict',
      'works ptx-compiled-at-first-use',
      'works binary-compatible-kernels',
      'fails platform-mismatch',
      'fails requirement-unmet',
      'fails driver-capabilities-missing',
      'fails driver-too-old',
      'fails forward-compatibility-unsupported',
      'fails compat-library-shadows-driver',
      'fails gpu-architecture-dropped',
      'fails no-kernel-for-gpu',
      'fails ptx-too-new',
      'fails gpu-partly-covered',
      'fails libc-incompatible',
      'unknown gpu-unsupported-by-driver',
      'unknown open-kernel-module-required',
    ];
    expect([...counts.keys()].sort()).toEqual([...outcomes].sort());
    for (const outcome of outcomes)
      expect([outcome, counts.get(outcome)]).not.toEqual([outcome, 0]);
    expect(Math.min(...counts.values())).toBeGreaterThan(30);
    expect(open).toBeLessThan(PAIRS / 3);
  });
});

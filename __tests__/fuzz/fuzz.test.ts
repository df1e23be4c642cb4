import { randomInt } from 'node:crypto';
import { describe, it } from '@jest/globals';
import { FOUND } from './found.js';
import { holds } from './parser.js';
import { PARSERS } from './parsers/index.js';
import { fuzzRepeated, fuzzTexts, keeps, type Outcome, repeatedRuns, staysLinear } from './rows.js';
import { pumpedText } from './texts.js';

/** How many texts each parser reads in any run of the tests; `nightly.ts` reads 100,000 without Jest, which makes everything slower. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);
const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const HOURS = 3_600_000;

const kept = ({ failed, words }: Outcome): void => holds(!failed, words ?? '');

describe.each(PARSERS.map((parser) => [parser.name, parser] as const))('%s', (_name, parser) => {
  for (const { what, text } of FOUND.filter((one) => one.parser === parser.name)) {
    it(`keeps its promises for what was found before: ${what}`, async () => {
      await keeps(parser, typeof text === 'string' ? text : pumpedText(text, 6_000));
      if (typeof text !== 'string') await staysLinear(parser, text);
    });
  }

  it('reads its samples', async () => {
    for (const sample of parser.samples) await keeps(parser, sample);
  });

  it(
    'keeps its promises whatever comes',
    async () => kept(await fuzzTexts(parser, RUNS, SEED)),
    3 * HOURS,
  );

  it(
    'takes time in step with the text',
    async () => kept(await fuzzRepeated(parser, repeatedRuns(RUNS), SEED)),
    3 * HOURS,
  );
});

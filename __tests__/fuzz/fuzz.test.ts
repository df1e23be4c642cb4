import { appendFileSync } from 'node:fs';
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { FOUND } from './found.js';
import { holds, type Parser } from './parser.js';
import { PARSERS } from './parsers/index.js';
import { whyNotInTime, whyNotLinear, whyNotPlain, whyPolluted } from './promises.js';
import { anyPumped, anyText, pumpedText } from './texts.js';

/** How many texts each parser reads: some in any run of the tests, 100,000 in the nightly one (`npm run fuzz`). */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);
/** Texts that repeat themselves are long, and one in twenty is enough. */
const PUMPED_RUNS = Math.max(20, Math.floor(RUNS / 20));
const SEED =
  process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) };
/** A line of JSON for each row that was run, for whoever counts. */
const RECORD = process.env['FUZZ_RECORD'];
const HOURS = 3_600_000;

const GROWTH = { factor: 8, beside: 1_000 };

/** Everything that every reader promises about one text. */
async function keeps(parser: Parser, text: string): Promise<void> {
  const start = performance.now();
  const answer = await parser.read(text);
  const ms = performance.now() - start;
  const why =
    whyNotPlain(answer, text, parser.growth ?? GROWTH) ??
    whyPolluted() ??
    (ms < 50 ? undefined : await whyNotInTime(parser, text));
  holds(why === undefined, `${why}`);
}

async function linear(parser: Parser, pumped: { start: string; unit: string; end: string }) {
  const why = await whyNotLinear(parser, pumped);
  holds(why === undefined, `time in step with the text: ${why}`);
}

function record<Text>(
  parser: Parser,
  what: string,
  details: fc.RunDetails<[Text]>,
  ms: number,
): void {
  if (RECORD === undefined) return;
  const { numRuns, seed, failed, counterexamplePath } = details;
  appendFileSync(
    RECORD,
    `${JSON.stringify({ parser: parser.name, what, runs: numRuns, seed, failed, path: counterexamplePath, seconds: Math.round(ms / 100) / 10 })}\n`,
  );
}

describe.each(PARSERS.map((parser) => [parser.name, parser] as const))('%s', (_name, parser) => {
  for (const { what, text } of FOUND.filter((one) => one.parser === parser.name)) {
    it(`keeps its promises for what was found before: ${what}`, async () => {
      await keeps(parser, typeof text === 'string' ? text : pumpedText(text, 6_000));
      if (typeof text !== 'string') await linear(parser, text);
    });
  }

  it('reads its samples', async () => {
    for (const sample of parser.samples) await keeps(parser, sample);
  });

  it(
    'keeps its promises whatever comes',
    async () => {
      const start = performance.now();
      const property = fc.asyncProperty(anyText(parser), (text) => keeps(parser, text));
      const details = await fc.check(property, {
        numRuns: RUNS,
        includeErrorInReport: true,
        ...SEED,
      });
      record(parser, 'texts', details, performance.now() - start);
      holds(!details.failed, fc.defaultReportMessage(details) ?? '');
    },
    3 * HOURS,
  );

  it(
    'takes time in step with the text',
    async () => {
      const start = performance.now();
      const property = fc.asyncProperty(anyPumped(parser), (pumped) => linear(parser, pumped));
      const details = await fc.check(property, {
        numRuns: PUMPED_RUNS,
        includeErrorInReport: true,
        ...SEED,
      });
      record(parser, 'repeated texts', details, performance.now() - start);
      holds(!details.failed, fc.defaultReportMessage(details) ?? '');
    },
    3 * HOURS,
  );
});

import fc from 'fast-check';
import { holds, type Parser } from './parser.js';
import {
  warningsOfProcess,
  whyNotInTime,
  whyNotLinear,
  whyNotPlain,
  whyPolluted,
  whyWarned,
} from './promises.js';
import { anyPumped, anyText, type Pumped } from './texts.js';

const warnings = warningsOfProcess();

const GROWTH = { factor: 8, beside: 1_000 };

/** What reads longer is timed again, by processor time; in milliseconds of the clock, which is cheap to ask. */
const LOOK_CLOSER_MS = 50;

/** Everything that every reader promises about one text. */
export async function keeps(parser: Parser, text: string): Promise<void> {
  const start = performance.now();
  const answer = await parser.read(text);
  const ms = performance.now() - start;
  const why =
    whyNotPlain(answer, text, parser.growth ?? GROWTH) ??
    whyPolluted() ??
    whyWarned(warnings) ??
    (ms < LOOK_CLOSER_MS ? undefined : await whyNotInTime(parser, text));
  holds(why === undefined, `${why}`);
}

/** Throws where the time that the reader takes grows faster than the text. */
export async function staysLinear(parser: Parser, pumped: Pumped): Promise<void> {
  const why = await whyNotLinear(parser, pumped);
  holds(why === undefined, `time in step with the text: ${why}`);
}

/** What came of one kind of texts for one row. */
export interface Outcome {
  readonly parser: string;
  readonly what: 'texts' | 'repeated texts';
  readonly runs: number;
  readonly seed: number;
  readonly failed: boolean;
  /** Processor time, in seconds. */
  readonly seconds: number;
  /** The text that broke a promise, shortened, and which. */
  readonly words?: string;
}

/** Texts that repeat themselves are long, and one in twenty is enough. */
export const repeatedRuns = (runs: number): number => Math.max(20, Math.floor(runs / 20));

/** Reads so many hostile texts, the same for the same seed. */
export const fuzzTexts = (parser: Parser, runs: number, seed: number): Promise<Outcome> =>
  outcomeOf(parser, 'texts', { numRuns: runs, seed }, anyText(parser), keeps);

/** Reads so many texts that repeat themselves, each in several lengths. */
export const fuzzRepeated = (parser: Parser, runs: number, seed: number): Promise<Outcome> =>
  outcomeOf(parser, 'repeated texts', { numRuns: runs, seed }, anyPumped(parser), staysLinear);

async function outcomeOf<Text>(
  parser: Parser,
  what: Outcome['what'],
  parameters: { readonly numRuns: number; readonly seed: number },
  texts: fc.Arbitrary<Text>,
  promise: (parser: Parser, text: Text) => Promise<void>,
): Promise<Outcome> {
  const start = process.cpuUsage();
  const property = fc.asyncProperty(texts, (text) => promise(parser, text));
  const details = await fc.check(property, { ...parameters, includeErrorInReport: true });
  const { user, system } = process.cpuUsage(start);
  return {
    parser: parser.name,
    what,
    runs: details.numRuns,
    seed: details.seed,
    failed: details.failed,
    seconds: Math.round((user + system) / 1e5) / 10,
    ...(details.failed ? { words: fc.defaultReportMessage(details) ?? '' } : {}),
  };
}

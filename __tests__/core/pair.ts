import { diagnose } from '../../src/core/diagnose.js';
import { FACTS_SCHEMA, type Facts, type HostFacts, type ImageFacts } from '../../src/core/facts.js';

/** Facts of one pair, as short as a test may write them. */
export const facts = (host: HostFacts, image: ImageFacts, rest: Partial<Facts> = {}): Facts => ({
  schema: FACTS_SCHEMA,
  host,
  image,
  ...rest,
});

/** A Linux host with a driver and GPUs by name. */
export const host = (
  driver: string,
  gpus?: readonly string[],
  rest: HostFacts = {},
): HostFacts => ({
  driver: { version: driver },
  ...(gpus === undefined ? {} : { gpus: gpus.map((name, index) => ({ index, name })) }),
  ...rest,
});

/** `works minor-version-compatibility`, `unknown -`: what a table of cases compares. */
export function verdict(given: Facts): string {
  const { verdict: word, primary } = diagnose(given, []);
  return `${word} ${primary ?? '-'}`;
}

import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import type { HostGpu } from '../../src/core/facts.js';
import { type Pair, pair, type Sketch } from './pair.js';

/** GPUs known by the names that people use for them, without a compute capability. */
export const named = (...names: string[]): HostGpu[] =>
  names.map((name, index) => ({ index, name }));

/** A row of a table of edges, named by what it holds. */
export const edge = (
  sketch: Sketch,
  verdict: Verdict,
  primary: FindingId | null,
  source: string,
  why = '',
): Pair => pair(title(sketch, why), sketch, verdict, primary, source);

function title(sketch: Sketch, why: string): string {
  const { gpus, ...rest } = sketch;
  const names = gpus?.map(({ name, computeCapability }) => name ?? computeCapability);
  const words = Object.entries({ ...(names === undefined ? {} : { gpu: names }), ...rest }).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? short(value) : JSON.stringify(value)}`,
  );
  return [words.join(', '), why].filter((part) => part !== '').join(': ');
}

/** NVIDIA's own requirements are long lists of branches. */
const short = (text: string): string =>
  text.length > 90 ? `${text.slice(0, 60)}… (${text.split(' ').length} terms)` : text;

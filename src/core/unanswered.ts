import type { ProbeFacts, ProbeGpu, ProbeStep } from './facts.js';
import { isScan } from './scan.js';

/**
 * What a probe that came to its end has no answer about, in words; empty when every step that could be made has one. A step
 * without an answer proved nothing, so that the tables' word alone must not stand for it: its process could not be started, it
 * left by itself, or a library lacks a function. Steps that hung or crashed are facts with a name of their own and not listed.
 */
export function unanswered(probe: ProbeFacts): readonly string[] {
  const { init } = probe;
  if (init === undefined) return withoutInit(probe);
  if (!isAnswered(init)) return [`cuInit: ${init.error ?? NO_WORDS}`];
  if (init.code !== 0) return [];
  const gpus = probe.gpus ?? [];
  if (gpus.length === 0) return ['cuInit succeeded, and no GPU was tested'];
  return [...gpus.filter((gpu) => !isTested(gpu)).map(wordsOf), ...withoutRuntime(probe)];
}

/** A libcudart that is there and gives no answer fails every program of the image that is linked to it. */
function withoutRuntime({ runtime }: ProbeFacts): readonly string[] {
  return runtime === undefined || isAnswered(runtime)
    ? []
    : [`libcudart: ${runtime.error ?? NO_WORDS}`];
}

/** The same as one text; undefined when every step has an answer. */
export function untested(probe: ProbeFacts): string | undefined {
  if (isScan(probe)) return undefined;
  const open = unanswered(probe);
  return open.length === 0 ? undefined : `the probe could not test everything:\n${open.join('\n')}`;
}

const NO_WORDS = 'no answer';

/** A libcuda that is not there, or is no driver, is judged as such; one that looks right and does not come up is not. */
function withoutInit({ libcuda }: ProbeFacts): readonly string[] {
  const isJudged = libcuda?.origin !== undefined && NO_DRIVER.includes(libcuda.origin);
  return isJudged ? [] : [`libcuda: ${libcuda?.error ?? NO_WORDS}`];
}

const NO_DRIVER: readonly string[] = ['absent', 'empty', 'stub', 'image'];

const isAnswered = ({ code, timedOut, signal }: ProbeStep): boolean =>
  code !== undefined || timedOut === true || signal !== undefined;

/** A kernel that ended well must also have been compared. */
const isTested = ({ kernel }: ProbeGpu): boolean =>
  kernel !== undefined && isAnswered(kernel) && (kernel.code !== 0 || kernel.correct !== undefined);

function wordsOf({ index, kernel }: ProbeGpu): string {
  const call = kernel?.call === undefined ? '' : `${kernel.call}: `;
  return `GPU ${index}: ${call}${kernel?.error ?? 'it was not tested'}`;
}

import { CATALOGUE, type FindingId, type Verdict } from './catalogue.js';

/**
 * From the leading finding to the verdict. Without one that stands in the way, a pair works when the driver version and the
 * image's CUDA version are known; else nothing can be said.
 */
export function verdictOf(blocking: FindingId | undefined, bothKnown: boolean): Verdict {
  if (blocking !== undefined) return CATALOGUE[blocking].verdict;
  return bothKnown ? 'works' : 'unknown';
}

import type { FindingId, Severity, Verdict } from './catalogue.js';
import type { Facts } from './facts.js';

/** What is compared of two judgements on the same machine. */
export interface Judged {
  readonly verdict: Verdict;
  readonly primary: FindingId | null;
  readonly findings: readonly { readonly id: FindingId; readonly severity: Severity }[];
  /** Nothing that is known of the image has to do with CUDA, see `hasNoCuda`. */
  readonly noCuda?: boolean;
}

export type Outcome = 'worse' | 'new' | 'same' | 'better';

export interface Comparison {
  readonly outcome: Outcome;
  /**
   * Of the same verdict: it has another cause now, or a warning that was not there. Or it has nothing to do with CUDA, and had not
   * before, so that an unknown verdict says nothing about it.
   */
  readonly note?: 'other-cause' | 'new-warning' | 'no-cuda';
}

const WORTH: Readonly<Record<Verdict, number>> = { fails: 0, unknown: 1, works: 2 };

/**
 * Whether a change of image is for the better on one machine. The verdict decides: `works` is better than `unknown`, which is better than
 * `fails`. Two verdicts of the same kind are the same whatever they rest on; that the cause is another one, or that a warning came, is a note. Pure.
 * @param before undefined where the place named no image before, or none that could be told.
 */
export function compare(before: Judged | undefined, after: Judged): Comparison {
  const noCuda = after.noCuda === true && after.verdict === 'unknown' && after.primary === null;
  const note = noCuda && before?.verdict !== 'works' ? ({ note: 'no-cuda' } as const) : undefined;
  if (before === undefined) return { outcome: 'new', ...note };
  const gain = WORTH[after.verdict] - WORTH[before.verdict];
  if (gain !== 0) return { outcome: gain > 0 ? 'better' : 'worse', ...note };
  if (note !== undefined) return { outcome: 'same', ...note };
  if (after.verdict !== 'works' && before.primary !== after.primary) {
    return { outcome: 'same', note: 'other-cause' };
  }
  const warned = new Set(before.findings.filter(isWarning).map(({ id }) => id));
  return after.findings.filter(isWarning).some(({ id }) => !warned.has(id))
    ? { outcome: 'same', note: 'new-warning' }
    : { outcome: 'same' };
}

/**
 * Whether all that is known of an image (at least its configuration) and its name do not mention CUDA or NVIDIA: a database, a web server. Pure.
 */
export function hasNoCuda({ image }: Facts): boolean {
  if (image?.env === undefined) return false;
  const { reference, env, cuda, labels = {}, frameworks = [], deviceCode = [] } = image;
  const words = [reference ?? '', ...Object.entries(env).flat(), ...Object.entries(labels).flat()];
  return (
    cuda === undefined &&
    frameworks.length + deviceCode.length + (image.libraries?.length ?? 0) === 0 &&
    !words.some((word) => /cuda|nvidia|nvcr/i.test(word))
  );
}

const isWarning = ({ severity }: { readonly severity: Severity }): boolean => severity !== 'notice';

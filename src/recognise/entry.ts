import type { FindingId } from '../core/catalogue.js';
import type { FindingData } from '../core/finding.js';
import type { DecisionName } from './decisions.js';

/**
 * How much a matched text says about the cause. The explanation is ordered by it: root cause before consequence.
 * `named` the text names the cause itself; `cause` one cause in practice; `usual` the most frequent cause of an ambiguous text;
 * `consequence` follows from something else and leads only when nothing else was seen; `hint` never becomes a finding, it helps to decide.
 */
export type Rank = 'named' | 'cause' | 'usual' | 'consequence' | 'hint';

export const RANK_ORDER: readonly Rank[] = ['named', 'cause', 'usual', 'consequence', 'hint'];

/** One text that some program prints, and what it means. */
export interface Entry {
  /** `source/what`, unique in all tables. */
  readonly id: string;
  readonly finding: FindingId | null;
  readonly rank: Rank;
  /** Lower-case words; a line without any of them is never tried. At least one is in every text that the pattern matches. */
  readonly needles: readonly string[];
  /** Where given, one of these must be on the line too: for needles that are common, such as a number. */
  readonly beside?: readonly string[];
  /**
   * Matched against one normalised line (`normalise.ts`), without regard to case. Repetitions are bounded, so it is linear.
   * Named groups become data (`extract.ts`).
   */
  readonly pattern: RegExp;
  /** A real text of this kind, for `docs/symptoms.md`; the pattern matches it. */
  readonly says: string;
  readonly data?: FindingData;
  /** Named decision that chooses the finding where the text leaves it open. */
  readonly decide?: DecisionName;
  /** Public place where the text, or the code that prints it, can be read. */
  readonly source: string;
}

export const hint = (
  id: string,
  needles: readonly string[],
  pattern: RegExp,
  says: string,
  source: string,
): Entry => ({ id, finding: null, rank: 'hint', needles, pattern, says, source });

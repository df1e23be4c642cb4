import type { FindingId } from '../../../src/core/catalogue.js';

/** One failure in one program's words. */
export interface Phrasing {
  /** Findings that are right when they come first, the best one first. */
  readonly ids: readonly FindingId[];
  readonly text: string;
  /** Who prints it. */
  readonly why: string;
}

/** Several texts of one meaning, as `[program, text]`. */
export const means = (
  ids: FindingId | readonly FindingId[],
  texts: readonly (readonly [why: string, text: string])[],
): readonly Phrasing[] =>
  texts.map(([why, text]) => ({ ids: typeof ids === 'string' ? [ids] : ids, text, why }));

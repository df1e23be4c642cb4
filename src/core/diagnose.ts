import type { Facts } from './facts.js';
import type { Finding, Judgement } from './finding.js';

/**
 * Judges one image on one runner from facts alone: pure, no clock, no IO.
 * @param recognised what was recognised in the texts of these facts (`src/recognise`), most likely first.
 */
export function diagnose(_facts: Facts, recognised: readonly Finding[]): Judgement {
  return { verdict: 'unknown', primary: null, findings: recognised, unchecked: [] };
}

import type { Verdict } from './catalogue.js';

/** The verdicts that fail a run: `fail-on: fails,unknown` is the default, `never` reports only. */
export type FailOn = readonly Verdict[];

export interface PolicyResult {
  readonly passed: boolean;
  /** 0 the policy passes, 1 something fails, 2 something could not be told. */
  readonly exitCode: 0 | 1 | 2;
}

/** Decided here and nowhere else. A verdict that `failOn` does not name passes; `fails` outweighs `unknown`. */
export function decide(verdicts: readonly Verdict[], failOn: FailOn): PolicyResult {
  const named = verdicts.filter((verdict) => failOn.includes(verdict));
  if (named.length === 0) return { passed: true, exitCode: 0 };
  return { passed: false, exitCode: named.every((verdict) => verdict === 'unknown') ? 2 : 1 };
}

import type { Verdict } from './catalogue.js';

/** The verdicts that fail a run: `fail-on: fails,unknown` is the default, `never` reports only. */
export type FailOn = readonly Verdict[];

export const DEFAULT_FAIL_ON: FailOn = ['fails', 'unknown'];

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

/** `fails,unknown`, `fails`, `never`; the wrong words otherwise. */
export function parseFailOn(
  text: string,
): { ok: true; failOn: FailOn } | { ok: false; wrong: readonly string[] } {
  const words = text
    .split(/[,\s]+/)
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  if (words.length === 1 && words[0] === 'never') return { ok: true, failOn: [] };
  const wrong = words.filter((word) => word !== 'fails' && word !== 'unknown');
  if (wrong.length > 0 || words.length === 0) return { ok: false, wrong };
  return {
    ok: true,
    failOn: words.filter((word): word is Verdict => word === 'fails' || word === 'unknown'),
  };
}

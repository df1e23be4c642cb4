import type { Verdict } from './catalogue.js';

/** What the gate makes of the verdicts. The exit codes are public: 0 passes, 1 an image fails, 2 could not tell. */
export interface Decision {
  readonly passed: boolean;
  readonly exitCode: 0 | 1 | 2;
}

/**
 * The gate's policy, apart from what was found: the step fails on the verdicts that `failOn` names, and on nothing else.
 * `fails` outranks `unknown`, since it is certain.
 */
export function decide(verdicts: readonly Verdict[], failOn: readonly Verdict[]): Decision {
  const counted = verdicts.filter((verdict) => failOn.includes(verdict));
  if (counted.includes('fails')) return { passed: false, exitCode: 1 };
  if (counted.length > 0) return { passed: false, exitCode: 2 };
  return { passed: true, exitCode: 0 };
}

import type { FindingId, Severity } from './catalogue.js';
import type { Evidence, FindingData } from './finding.js';
import type { GpuView } from './host-view.js';
import type { Known } from './known.js';
import type { Situation } from './situation.js';

/** What a rule found, as data. */
export interface Hit {
  readonly data: FindingData;
  readonly evidence: readonly Evidence[];
  /** The GPUs concerned; absent when it does not depend on the GPU. */
  readonly gpus?: readonly GpuView[];
  /** What was seen and outranks this table's "no": the hit is then a note. */
  readonly overruledBy?: string;
}

/** The facts that a rule reads; one that is unknown keeps the rule silent and is listed as unchecked. */
export type Needs = Readonly<Record<string, Known<unknown>>>;

export type Outcome =
  | { readonly kind: 'hit'; readonly hit: Hit }
  | { readonly kind: 'clear' }
  /** Facts that the rule needs are not known. */
  | { readonly kind: 'unchecked'; readonly reasons: readonly string[] };

export interface Rule {
  readonly id: FindingId;
  readonly severity: Severity;
  /** What the rule checks, as `unchecked` names it. */
  readonly checks: string;
  run(situation: Situation): Outcome;
}

type Values<N extends Needs> = { readonly [K in keyof N]: N[K] extends Known<infer T> ? T : never };

interface Definition<N extends Needs> {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly checks: string;
  readonly needs: (situation: Situation) => N;
  /** Called only when all needs are known. */
  readonly test: (values: Values<N>, situation: Situation) => Hit | undefined;
}

const CLEAR: Outcome = { kind: 'clear' };

/** Makes a rule of its definition: the test sees plain values, since it is only asked when all of them are known. */
export function defineRule<N extends Needs>(definition: Definition<N>): Rule {
  const { id, severity, checks, needs, test } = definition;
  return {
    id,
    severity,
    checks,
    run: (situation) => {
      const facts = needs(situation);
      const reasons = missing(facts);
      if (reasons !== undefined) return { kind: 'unchecked', reasons };
      const hit = test(valuesOf(facts), situation);
      return hit === undefined ? CLEAR : { kind: 'hit', hit };
    },
  };
}

/** Every reason, since each is another fact to find out; undefined when nothing is missing. */
function missing(needs: Needs): readonly string[] | undefined {
  let reasons: string[] | undefined;
  for (const name in needs) {
    const need = needs[name];
    if (need === undefined || need.known) continue;
    reasons ??= [];
    reasons.push(need.why);
  }
  return reasons;
}

function valuesOf<N extends Needs>(needs: N): Values<N> {
  const values: Record<string, unknown> = {};
  for (const name in needs) {
    const need = needs[name];
    if (need?.known === true) values[name] = need.value;
  }
  return values as Values<N>;
}

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
      const values: Record<string, unknown> = {};
      let reasons: string[] | undefined;
      for (const name in facts) {
        const fact = facts[name];
        if (fact === undefined) continue;
        if (fact.known) values[name] = fact.value;
        else {
          // Every reason, since each is another fact to find out.
          reasons ??= [];
          reasons.push(fact.why);
        }
      }
      if (reasons !== undefined) return { kind: 'unchecked', reasons };
      const hit = test(values as Values<N>, situation);
      return hit === undefined ? CLEAR : { kind: 'hit', hit };
    },
  };
}

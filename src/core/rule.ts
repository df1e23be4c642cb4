import type { FindingId, Severity } from './catalogue.js';
import type { Finding } from './finding.js';
import type { GpuView } from './host-view.js';
import type { ImageView } from './image-view.js';
import type { Known } from './known.js';
import type { Situation } from './situation.js';

/** What a rule found, as data. */
export interface Hit {
  /** What the finding tells. Asked for only where the finding is shown: many a hit is folded under its root cause. */
  readonly details: () => Details;
  /** The GPUs concerned; undefined when it does not depend on the GPU. */
  readonly gpus?: readonly GpuView[] | undefined;
  /** What was seen and outranks this table's "no": the hit is then a note. */
  readonly overruledBy?: string | undefined;
  /** Something beside the image's main purpose fails, or it is not sure to: told, without a say in the verdict. */
  readonly warning?: boolean | undefined;
}

export type Details = Pick<Finding, 'data' | 'evidence'>;

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

interface Definition<N extends Needs, S> {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly checks: string;
  readonly needs: (situation: S) => N;
  /** Called only when all needs are known. */
  readonly test: (values: Values<N>, situation: S) => Hit | undefined;
}

const CLEAR: Outcome = { kind: 'clear' };

/** Makes a rule of its definition: the test sees plain values, since it is only asked when all of them are known. */
export function defineRule<N extends Needs>(definition: Definition<N, Situation>): Rule {
  const { id, severity, checks, needs, test } = definition;
  return {
    id,
    severity,
    checks,
    run: (situation) => {
      const facts = needs(situation);
      // `needs` made this object for us: its facts give way to their values in place, since this runs for each rule of each pair.
      const values: Record<string, unknown> = facts;
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

/** What a rule about the image alone can look at: no fact of a host is among it. */
export type ImageSide = Pick<Situation, 'image' | 'cuda' | 'tables' | 'seen' | 'probe'>;

/** A rule that looks at nothing but the image, and is therefore asked once for each image, whatever hosts it meets. */
export function defineImageRule<N extends Needs>(definition: Definition<N, ImageSide>): Rule {
  const rule = defineRule(definition);
  const outcomes = new WeakMap<ImageView, Outcome>();
  return {
    ...rule,
    run: (situation) => {
      // What a probe saw belongs to one run of the image, and of several runtimes it takes a host to tell the one that counts.
      if (situation.probe !== undefined || situation.cuda !== situation.image.cuda)
        return rule.run(situation);
      const known = outcomes.get(situation.image);
      if (known !== undefined) return known;
      const outcome = rule.run(situation);
      outcomes.set(situation.image, outcome);
      return outcome;
    },
  };
}

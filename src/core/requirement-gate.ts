import type { ProbeFacts } from './facts.js';
import type { GpuView, HostView } from './host-view.js';
import type { ImageView } from './image-view.js';
import {
  evaluateRequirement,
  evaluateRequirementOnTegra,
  isTrueForGo,
  MOST_REQUIREMENTS,
  type Requirement,
  type Truth,
} from './requirement.js';

/** Whether the container stack would refuse to start the container over an unmet requirement. */
export type Enforcement = 'enforced' | 'not-enforced' | 'unknown';

export interface RequirementJudgement {
  readonly truth: Truth;
  readonly enforcement: Enforcement;
  readonly enforcementWhy: string;
  readonly variable?: string;
  readonly clause?: string;
  readonly raw?: string;
  readonly implied?: boolean;
  readonly invalid?: boolean;
  /** The GPU that fails it; absent when the GPU does not matter. */
  readonly gpu?: GpuView;
  /** Why the outcome is unknown. */
  readonly why?: string;
}

/** All requirements against every GPU: one that fails on one GPU refuses the container. */
export function judgeRequirements(
  host: HostView,
  image: ImageView,
  probe: ProbeFacts | undefined,
): RequirementJudgement {
  const enforcement = enforcementOf(host, image, probe);
  if (!image.requirements.known) {
    return { truth: 'unknown', ...enforcement, why: image.requirements.why };
  }
  const requirements = image.requirements.value;
  if (requirements.length > MOST_REQUIREMENTS) {
    const clause = `${requirements.length} requirements, of which at most ${MOST_REQUIREMENTS} are read`;
    return { truth: 'unmet', ...enforcement, variable: 'NVIDIA_REQUIRE_*', clause, invalid: true };
  }
  const evaluate =
    host.mode.known && host.mode.value === 'csv' ? evaluateRequirementOnTegra : evaluateRequirement;
  let open: Requirement | undefined;
  for (const requirement of requirements) {
    for (const { gpu, values } of host.measures) {
      const outcome = evaluate(requirement, values);
      if (outcome.truth === 'unknown') open = requirement;
      if (outcome.truth !== 'unmet') continue;
      // A driver newer than the tables serves at least that CUDA version: what it misses may still be there.
      if (host.cuda.known && host.cuda.value.atLeast) {
        open = requirement;
        continue;
      }
      return {
        truth: 'unmet',
        ...enforcement,
        variable: requirement.variable,
        clause: outcome.clause,
        raw: requirement.raw,
        implied: requirement.implied,
        invalid: outcome.invalid,
        ...(gpu === undefined ? {} : { gpu }),
      };
    }
  }
  if (open === undefined) return { truth: 'met', ...enforcement };
  const why = `${open.variable}="${open.raw}" depends on facts of the host that are not known`;
  return { truth: 'unknown', ...enforcement, variable: open.variable, raw: open.raw, why };
}

function enforcementOf(
  host: HostView,
  image: ImageView,
  probe: ProbeFacts | undefined,
): { enforcement: Enforcement; enforcementWhy: string } {
  if (probe?.started === true) {
    return { enforcement: 'not-enforced', enforcementWhy: 'the container started' };
  }
  const env = image.env.known ? image.env.value : {};
  if (isTrueForGo(env['NVIDIA_DISABLE_REQUIRE'] ?? '')) {
    return { enforcement: 'not-enforced', enforcementWhy: 'NVIDIA_DISABLE_REQUIRE is set' };
  }
  if (!host.mode.known) return { enforcement: 'unknown', enforcementWhy: host.mode.why };
  return host.mode.value === 'cdi'
    ? { enforcement: 'not-enforced', enforcementWhy: 'CDI evaluates no requirements' }
    : { enforcement: 'enforced', enforcementWhy: `${host.mode.value} mode evaluates requirements` };
}

import type { ProbeFacts } from './facts.js';
import type { GpuView, HostView } from './host-view.js';
import type { ImageView } from './image-view.js';
import {
  evaluateRequirement,
  isTrueForGo,
  MOST_REQUIREMENTS,
  type Requirement,
  type RequirementOutcome,
  type Truth,
} from './requirement.js';
import { evaluateRequirementOnTegra } from './requirement-tegra.js';

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

/** The container stack was seen to refuse the container over a requirement. */
export interface Refusal {
  /** What it named, as it prints it: `cuda>=12.8`, `driver < 385`. */
  readonly clause: string | undefined;
}

/**
 * All requirements against every GPU: one that fails on one GPU refuses the container.
 * @param refusal outranks what follows from the tables: a brand that no table has, a mode that no fact tells.
 */
export function judgeRequirements(
  host: HostView,
  image: ImageView,
  probe: ProbeFacts | undefined,
  refusal?: Refusal,
): RequirementJudgement {
  const enforcement = enforcementOf(host, image, probe, refusal);
  const judged = judgeDeclared(host, image);
  const overruled = refusal !== undefined && judged.truth !== 'unmet' && !hasStarted(probe);
  return { ...(overruled ? unmetAsSeen(image, refusal) : judged), ...enforcement };
}

/** A container that ran was not refused, whatever came out of it. */
export const hasStarted = (probe: ProbeFacts | undefined): boolean =>
  probe?.started === true || probe?.containerStarted === true;

type Judged = Omit<RequirementJudgement, 'enforcement' | 'enforcementWhy'>;

function judgeDeclared(host: HostView, image: ImageView): Judged {
  if (!image.requirements.known) return { truth: 'unknown', why: image.requirements.why };
  const requirements = image.requirements.value;
  if (requirements.length > MOST_REQUIREMENTS) {
    const clause = `${requirements.length} requirements, of which at most ${MOST_REQUIREMENTS} are read`;
    return { truth: 'unmet', variable: 'NVIDIA_REQUIRE_*', clause, invalid: true };
  }
  let open: Requirement | undefined;
  for (const requirement of requirements) {
    const { truth, outcome, gpu } = judgeOne(requirement, host);
    if (truth === 'unknown') open = requirement;
    if (truth !== 'unmet' || outcome === undefined) continue;
    return {
      truth,
      variable: requirement.variable,
      clause: outcome.clause,
      raw: requirement.raw,
      implied: requirement.implied,
      invalid: outcome.invalid,
      ...(gpu === undefined ? {} : { gpu }),
    };
  }
  if (open === undefined) return { truth: 'met' };
  const why = `${open.variable}="${open.raw}" depends on facts of the host that are not known`;
  return { truth: 'unknown', variable: open.variable, raw: open.raw, why };
}

interface One {
  readonly truth: Truth;
  readonly outcome?: RequirementOutcome;
  readonly gpu?: GpuView | undefined;
}

/** One requirement against every GPU of the host. */
export function judgeOne(requirement: Requirement, host: HostView): One {
  const evaluate =
    host.mode.known && host.mode.value === 'csv' ? evaluateRequirementOnTegra : evaluateRequirement;
  // A driver newer than the tables serves at least that CUDA version: what it misses may still be there.
  const mayServeMore = host.cuda.known && host.cuda.value.atLeast;
  let truth: Truth = 'met';
  for (const { gpu, values } of host.measures) {
    const outcome = evaluate(requirement, values);
    if (outcome.truth === 'unmet' && !mayServeMore) return { truth: 'unmet', outcome, gpu };
    if (outcome.truth !== 'met') truth = 'unknown';
  }
  return { truth };
}

function unmetAsSeen({ requirements }: ImageView, refusal: Refusal): Judged {
  const clause = refusal.clause?.replaceAll(' ', '');
  const declared = requirements.known ? requirements.value : [];
  const named = declared.find(({ raw }) => clause !== undefined && raw.includes(clause));
  return {
    truth: 'unmet',
    ...(clause === undefined ? {} : { clause }),
    ...(named === undefined
      ? {}
      : { variable: named.variable, raw: named.raw, implied: named.implied }),
  };
}

/** Why nothing on this host evaluates requirements, whatever the image; undefined where something does or may. */
function whyNotEvaluated(host: HostView): string | undefined {
  // Only the hook of the legacy mode reads that setting: csv, the mode of Tegra, does not, and CDI evaluates nothing.
  const csv = host.mode.known ? host.mode.value === 'csv' : host.family === 'jetson';
  if (host.disableRequire && !csv) {
    return 'disable-require is set in the config.toml of the container toolkit';
  }
  return host.mode.known && host.mode.value === 'cdi' ? 'CDI evaluates no requirements' : undefined;
}

/**
 * Whether another image with an unmet requirement might be refused here. That this one has none, meets it or switches it off says
 * nothing of another; that it started although it does not meet it does.
 */
export const mayRefuseOthers = (
  host: HostView,
  probe: ProbeFacts | undefined,
  own: RequirementJudgement,
): boolean => whyNotEvaluated(host) === undefined && !(own.truth === 'unmet' && hasStarted(probe));

function enforcementOf(
  host: HostView,
  image: ImageView,
  probe: ProbeFacts | undefined,
  refusal: Refusal | undefined,
): { enforcement: Enforcement; enforcementWhy: string } {
  if (hasStarted(probe)) {
    return { enforcement: 'not-enforced', enforcementWhy: 'the container started' };
  }
  if (refusal !== undefined) {
    return { enforcement: 'enforced', enforcementWhy: 'the container was refused over it' };
  }
  const env = image.env.known ? image.env.value : {};
  if (isTrueForGo(env['NVIDIA_DISABLE_REQUIRE'] ?? '')) {
    return { enforcement: 'not-enforced', enforcementWhy: 'NVIDIA_DISABLE_REQUIRE is set' };
  }
  const why = whyNotEvaluated(host);
  if (why !== undefined) return { enforcement: 'not-enforced', enforcementWhy: why };
  if (!host.mode.known) return { enforcement: 'unknown', enforcementWhy: host.mode.why };
  return {
    enforcement: 'enforced',
    enforcementWhy: `${host.mode.value} mode evaluates requirements`,
  };
}

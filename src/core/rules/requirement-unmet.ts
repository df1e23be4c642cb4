import { commonData, dataOf, hostEvidence, type LooseData, labels } from '../evidence.js';
import type { FindingData } from '../finding.js';
import { neededDriver, neededDrivers } from '../fixes.js';
import { answered } from '../host-view.js';
import { type Known, known, unknown } from '../known.js';
import type { RequirementJudgement } from '../requirement-gate.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';
import { fittingTags } from '../variants.js';
import { compareDotted, parseCudaVersion, parseDriverVersion } from '../version.js';

/**
 * A declared NVIDIA_REQUIRE_* clause is not met and the container stack evaluates it here (legacy and csv mode, not switched
 * off): the engine refuses to start the container, even if CUDA would run.
 * Source: https://github.com/NVIDIA/libnvidia-container src/cli/dsl.c and configure.c;
 * https://github.com/NVIDIA/nvidia-container-toolkit internal/config/image/cuda_image.go (legacy images, NVIDIA_DISABLE_REQUIRE)
 */
export const requirementUnmet = defineRule({
  id: 'requirement-unmet',
  severity: 'error',
  checks: 'declared requirements (NVIDIA_REQUIRE_*)',
  needs: (situation) => ({ judgement: enforceable(situation) }),
  test: ({ judgement }, situation) => {
    if (judgement.truth !== 'unmet' || judgement.enforcement !== 'enforced') return undefined;
    return {
      details: () => {
        const { cuda, driverOf, driver, driverCuda } = commonData(situation);
        return {
          data: dataOf(
            requirementData(judgement),
            { cuda, driverOf, driver, driverCuda },
            curingDriver(judgement.clause ?? '', situation),
            // No build of a framework changes what the image declares.
            { variants: fittingTags(situation) },
          ),
          evidence: [...hostEvidence(situation), ...requirementEvidence(judgement)],
        };
      },
    };
  },
});

function enforceable(situation: Situation): Known<RequirementJudgement> {
  const judgement = situation.requirements();
  if (judgement.truth === 'unknown') {
    return unknown(judgement.why ?? 'the requirements cannot be evaluated');
  }
  if (judgement.truth === 'unmet' && judgement.enforcement === 'unknown') {
    const why = `${judgement.variable} "${judgement.clause}" is not met, and ${judgement.enforcementWhy}`;
    return unknown(why);
  }
  return known(judgement, 'image environment');
}

/** The driver that meets the clause and, where the present one is too old for the image's CUDA as well, runs that too. */
function curingDriver(clause: string, situation: Situation): FindingData {
  const meeting = answered(situation.host.answers.clauses, clause, () =>
    meetingDriver(clause, situation),
  );
  const tooOld = situation.needs().find(({ service }) => service.kind === 'too-old');
  const needed = tooOld && neededDrivers(situation, tooOld.cuda);
  const lowest = needed?.needsDriverMinor ?? needed?.needsDriver;
  if (lowest === undefined) return meeting;
  const asked = parseDriverVersion(meeting.needsDriver);
  const floor = parseDriverVersion(lowest);
  const higher = asked && floor && compareDotted(floor.parts, asked.parts) > 0;
  return { ...meeting, cudaNeedsDriver: lowest, ...(higher ? { needsDriver: lowest } : {}) };
}

/** The driver that meets the clause, where the clause names a lowest CUDA or driver version and nothing else. */
function meetingDriver(clause: string, situation: Situation): FindingData {
  const [, key, value = ''] = /^(cuda|driver)>=([\d.]+)$/i.exec(clause) ?? [];
  if (key === undefined) return {};
  if (key.toLowerCase() === 'driver') return neededDriver(situation, value);
  const cuda = parseCudaVersion(value);
  const full = cuda && situation.tables.fullDriver(cuda, situation.host.family);
  return full === undefined ? {} : neededDriver(situation, full.raw);
}

export const requirementData = (judgement: RequirementJudgement): LooseData => ({
  variable: judgement.variable,
  clause: judgement.clause,
  text: judgement.raw,
  invalid: judgement.invalid === true ? true : undefined,
  gpus: judgement.gpu && labels([judgement.gpu]),
  enforcement: judgement.enforcement,
  enforcementWhy: judgement.enforcementWhy,
});

export const requirementEvidence = (judgement: RequirementJudgement) => [
  {
    what:
      judgement.implied === true
        ? 'requirement implied by CUDA_VERSION'
        : (judgement.variable ?? ''),
    value: judgement.raw ?? judgement.clause ?? '',
    from: 'image environment',
  },
];

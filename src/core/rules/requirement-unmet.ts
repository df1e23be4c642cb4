import { hostEvidence, labels } from '../evidence.js';
import type { FindingData } from '../finding.js';
import { type Known, known, unknown } from '../known.js';
import type { RequirementJudgement } from '../requirement-gate.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';
import { fittingVariants } from '../variants.js';

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
      data: {
        ...requirementData(judgement),
        ...hostData(situation),
        variants: fittingVariants(situation),
      },
      evidence: [...hostEvidence(situation), ...requirementEvidence(judgement)],
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

const hostData = ({ host }: Situation): FindingData => ({
  ...(host.driver.known ? { driver: host.driver.value.raw } : {}),
  ...(host.cuda.known ? { driverCuda: host.cuda.value.version.raw } : {}),
});

export function requirementData(judgement: RequirementJudgement): FindingData {
  return {
    ...(judgement.variable === undefined ? {} : { variable: judgement.variable }),
    ...(judgement.clause === undefined ? {} : { clause: judgement.clause }),
    ...(judgement.raw === undefined ? {} : { text: judgement.raw }),
    ...(judgement.invalid === true ? { invalid: true } : {}),
    ...(judgement.gpu === undefined ? {} : { gpus: labels([judgement.gpu]) }),
    enforcement: judgement.enforcement,
    enforcementWhy: judgement.enforcementWhy,
  };
}

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

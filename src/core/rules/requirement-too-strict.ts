import { commonData, dataOf, hostEvidence, imageEvidence } from '../evidence.js';
import { known, unknown } from '../known.js';
import { defineRule } from '../rule.js';
import { requirementData, requirementEvidence } from './requirement-unmet.js';

/**
 * A declared requirement is not met, nothing enforces it here (CDI, NVIDIA_DISABLE_REQUIRE, or the container was seen to start),
 * and CUDA itself works: seen, or sure by the driver's version. Below the floor it is `driver-too-old` instead.
 * Source: https://github.com/NVIDIA/nvidia-container-toolkit internal/modifier (requirements are checked in csv mode alone);
 * https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
 */
export const requirementTooStrict = defineRule({
  id: 'requirement-too-strict',
  severity: 'notice',
  checks: 'declared requirements (NVIDIA_REQUIRE_*)',
  needs: (situation) => {
    const judgement = situation.requirements();
    return {
      judgement:
        judgement.truth === 'unknown'
          ? unknown(judgement.why ?? 'the requirements cannot be evaluated')
          : known(judgement, 'image environment'),
    };
  },
  test: ({ judgement }, situation) => {
    if (judgement.truth !== 'unmet' || judgement.enforcement !== 'not-enforced') return undefined;
    const needs = situation.needs();
    const { seen } = situation;
    const isServed = needs.every(
      (need) =>
        need.service.kind === 'full' ||
        need.service.kind === 'minor-version' ||
        seen.acceptedFor(need) !== undefined,
    );
    if (!isServed || (needs.length === 0 && !seen.runtimeWorks)) return undefined;
    return {
      details: () => {
        const { driver, driverCuda, cuda } = commonData(situation);
        return {
          data: dataOf(requirementData(judgement), { driver, driverCuda, cuda }),
          evidence: [
            ...hostEvidence(situation),
            ...imageEvidence(situation),
            ...requirementEvidence(judgement),
          ],
        };
      },
    };
  },
});

import { hostService } from '../driver-support.js';
import { commonData, dataOf, hostEvidence } from '../evidence.js';
import type { FindingData } from '../finding.js';
import { neededDrivers } from '../fixes.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';
import { compatInUse } from './forward-compatibility-unsupported.js';

/**
 * The image's compat libcuda is what programs get, on a driver branch and GPUs that support it: the whole user-mode driver is
 * new, so the limits of minor-version compatibility do not apply.
 * Source: https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html
 */
export const forwardCompatibilityInUse = defineRule({
  id: 'forward-compatibility-in-use',
  severity: 'notice',
  checks: 'forward compatibility',
  needs: (situation) => ({ driver: situation.host.driver, compat: compatInUse(situation) }),
  test: ({ compat }, situation) => {
    const supported = situation.compat()?.kind === 'supported' || situation.seen.initialised;
    if (compat === null || !supported) return undefined;
    return {
      details: () => ({
        data: dataOf(commonData(situation), withoutIt(situation), { compatDriver: compat.raw }),
        evidence: [
          ...hostEvidence(situation),
          { what: 'compat library of the image', value: compat.raw, from: compat.from },
          { what: 'choice of libcuda', value: situation.libcuda().why, from: 'container toolkit' },
        ],
      }),
    };
  },
});

/** The driver that would do without the package, where the host's own does not. */
function withoutIt(situation: Situation): FindingData {
  const { cuda, host, tables } = situation;
  if (!cuda.known) return {};
  return hostService(host, cuda.value, tables).kind === 'full'
    ? { hostServes: true }
    : neededDrivers(situation, cuda.value);
}

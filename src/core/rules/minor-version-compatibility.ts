import { commonData, dataOf, hostEvidence, imageEvidence } from '../evidence.js';
import { neededDrivers } from '../fixes.js';
import { defineRule } from '../rule.js';

/**
 * The driver is older than the toolkit's own, but at or above the floor of its major (450.80.02, 525.60.13, 580): programs run,
 * except what needs the newer driver: PTX of the newer toolkit, and features that came later.
 * Source: https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
 */
export const minorVersionCompatibility = defineRule({
  id: 'minor-version-compatibility',
  severity: 'notice',
  checks: 'driver against the CUDA version',
  needs: ({ host, cuda }) => ({ driver: host.driver, cuda }),
  test: (_values, situation) => {
    const need = situation.needs().find(({ service }) => service.kind === 'minor-version');
    if (need?.service.kind !== 'minor-version') return undefined;
    const { cuda, owner, service } = need;
    return {
      details: () => ({
        data: dataOf(
          commonData(situation),
          { cuda: cuda.raw, owner },
          neededDrivers(situation, cuda),
          { beyondTables: service.beyondTables ? true : undefined },
        ),
        evidence: [...hostEvidence(situation), ...imageEvidence(situation)],
      }),
    };
  },
});

import { commonData, dataOf, hostEvidence } from '../evidence.js';
import { defineRule } from '../rule.js';
import { compatInUse } from './forward-compatibility-unsupported.js';

/**
 * The image's compat libcuda is found first (LD_LIBRARY_PATH) although the host's driver is of the same or a newer branch: kernel
 * and user-mode driver do not belong together, error 803.
 * Source: https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html ("the host libcuda must be found first")
 */
export const compatLibraryShadowsDriver = defineRule({
  id: 'compat-library-shadows-driver',
  severity: 'error',
  checks: 'forward compatibility',
  needs: (situation) => ({ driver: situation.host.driver, compat: compatInUse(situation) }),
  test: ({ compat }, situation) => {
    if (compat === null || situation.compat()?.kind !== 'host-newer') return undefined;
    return {
      overruledBy: situation.seen.initialised ? 'cuInit succeeded' : undefined,
      details: () => ({
        data: dataOf(commonData(situation), {
          compatDriver: compat.raw,
          code: 803,
          path: situation.image.facts.compatDriver?.path,
          variable: 'LD_LIBRARY_PATH',
        }),
        evidence: [
          ...hostEvidence(situation),
          { what: 'compat library of the image', value: compat.raw, from: compat.from },
          { what: 'choice of libcuda', value: situation.libcuda().why, from: 'image environment' },
        ],
      }),
    };
  },
});

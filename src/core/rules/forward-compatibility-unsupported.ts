import {
  commonData,
  dataOf,
  gpuEvidence,
  hostEvidence,
  imageEvidence,
  labels,
  sameCapabilityOf,
} from '../evidence.js';
import { compatHelp, neededDriver } from '../fixes.js';
import { known, unknown } from '../known.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';

/**
 * The compat libcuda would be loaded on a GPU or driver branch that it does not support: error 804 on boards that are not
 * data-center GPUs, 803 on a kernel driver branch outside NVIDIA's list, 100 on a GPU that the newer driver dropped. No container
 * runtime checks the class of the GPU.
 * Sources: https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html,
 * https://github.com/NVIDIA/nvidia-container-toolkit cmd/nvidia-cdi-hook/cudacompat
 */
export const forwardCompatibilityUnsupported = defineRule({
  id: 'forward-compatibility-unsupported',
  severity: 'error',
  checks: 'forward compatibility',
  needs: (situation) => ({ driver: situation.host.driver, compat: compatInUse(situation) }),
  test: ({ compat }, situation) => {
    const verdict = situation.compat();
    if (compat === null || verdict === null) return undefined;
    if (verdict.kind !== 'branch' && verdict.kind !== 'gpu' && verdict.kind !== 'gpu-dropped') {
      return undefined;
    }
    const gpus = verdict.kind === 'branch' ? undefined : verdict.gpus;
    const { seen, cuda } = situation;
    return {
      gpus,
      overruledBy: seen.initialised ? 'cuInit succeeded' : undefined,
      details: () => ({
        data: dataOf(
          commonData(situation),
          cuda.known ? compatHelp(situation, cuda.value) : {},
          // From its own branch on the host's driver is the newer one, and the compat library is left alone.
          neededDriver(situation, String(compat.branch)),
          {
            hostServes: hostServes(situation),
            compatDriver: compat.raw,
            code: CODES[verdict.kind],
            gpus: gpus && labels(gpus),
            computeCapability: gpus && sameCapabilityOf(gpus),
          },
        ),
        evidence: [
          ...hostEvidence(situation),
          ...imageEvidence(situation),
          { what: 'compat library of the image', value: compat.raw, from: compat.from },
          ...gpuEvidence(gpus ?? []),
        ],
      }),
    };
  },
});

/** What cuInit returns: no package for the branch, a board that is not entitled, a GPU that the newer driver dropped. */
const CODES = { branch: 803, gpu: 804, 'gpu-dropped': 100 } as const;

/** The host's own driver would do without any compat library. */
function hostServes(situation: Situation): boolean {
  const needs = situation.hostNeeds();
  const enough = needs.every(
    ({ service }) => service.kind === 'full' || service.kind === 'minor-version',
  );
  return needs.length > 0 && enough;
}

/** The compat library that programs would get; null when they get the host's. */
export function compatInUse(situation: Situation) {
  const choice = situation.libcuda();
  if (choice.from === 'compat') return known(choice.compat, choice.why);
  const { compat } = situation.image;
  return choice.seen || compat.known ? known(null, choice.why) : unknown(compat.why);
}

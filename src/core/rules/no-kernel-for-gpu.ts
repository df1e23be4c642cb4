import {
  commonData,
  dataOf,
  gpuEvidence,
  imageEvidence,
  labels,
  sameCapabilityOf,
} from '../evidence.js';
import type { CodeSet } from '../image-view.js';
import { defineRule, type Hit } from '../rule.js';
import { gpusWithCapability, type Situation } from '../situation.js';
import { fittingVariants } from '../variants.js';

/**
 * The image holds neither machine code that runs on the GPU nor PTX that can be compiled for it: error 209. Machine code runs
 * within its major from its minor number on, `a` code on its own GPU only, `f` code within its family; PTX goes forward only.
 * Sources: CUDA programming guide (binary and PTX compatibility), NVCC manual (`a` and `f` targets)
 */
export const noKernelForGpu = defineRule({
  id: 'no-kernel-for-gpu',
  severity: 'error',
  checks: 'device code against the GPU',
  needs: (situation) => ({ code: situation.image.code, gpus: gpusWithCapability(situation) }),
  test: (_values, situation) => codeHit(situation, 'none'),
});

/** The GPUs that some set of code fails in this way. */
export function codeHit(situation: Situation, kind: 'none' | 'ptx-too-new'): Hit | undefined {
  const failing = situation.coverages().filter((one) => one.coverage.kind === kind);
  const [first] = failing;
  if (first === undefined) return undefined;
  const { seen } = situation;
  const all = [...new Set(failing.map((one) => one.gpu))];
  // A computation on one GPU proves nothing about the next one.
  const open = all.filter((gpu) => !seen.computedOn(gpu));
  const gpus = open.length === 0 ? all : open;
  return {
    gpus,
    overruledBy: open.length === 0 ? 'a framework computed on the GPU' : undefined,
    details: () => {
      const { gpu, set } = first;
      const targets = targetsOf(set);
      return {
        data: dataOf(commonData(situation), {
          computeCapability: sameCapabilityOf(gpus),
          gpus: labels(gpus),
          owner: set.owner,
          targets,
          derivedFrom: set.derived ? set.from : undefined,
          architecture: gpu.architecture?.name,
          firstCuda: gpu.architecture?.firstToolkit,
          variants: fittingVariants(situation),
        }),
        evidence: [
          ...gpuEvidence(gpus),
          { what: `targets of ${set.owner}`, value: targets.join(' '), from: set.from },
          ...imageEvidence(situation),
        ],
      };
    },
  };
}

function targetsOf({ lowest, entries }: CodeSet): readonly string[] {
  if (lowest !== undefined) return [`${lowest.raw} and newer`];
  return [...new Set(entries.map((entry) => entry.target.raw))];
}

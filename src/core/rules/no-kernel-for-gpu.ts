import { capabilityData, commonData, gpuEvidence, imageEvidence, labels } from '../evidence.js';
import { defineRule } from '../rule.js';
import { type GpuCoverage, gpusWithCapability, type Situation } from '../situation.js';
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
export function codeHit(situation: Situation, kind: 'none' | 'ptx-too-new') {
  const failing = situation.coverages().filter((one) => one.coverage.kind === kind);
  const [first] = failing;
  if (first === undefined) return undefined;
  const { seen } = situation;
  const all = [...new Set(failing.map((one) => one.gpu))];
  // A computation on one GPU proves nothing about the next one.
  const open = all.filter((gpu) => !seen.computedOn(gpu));
  const gpus = open.length === 0 ? all : open;
  const architecture = first.gpu.architecture;
  return {
    gpus,
    data: {
      ...commonData(situation),
      ...capabilityData(gpus),
      gpus: labels(gpus),
      owner: first.set.owner,
      targets: targetsOf(first),
      ...(first.set.derived ? { derivedFrom: first.set.from } : {}),
      ...(architecture === undefined
        ? {}
        : { architecture: architecture.name, firstCuda: architecture.firstToolkit }),
      variants: fittingVariants(situation),
    },
    evidence: [
      ...gpuEvidence(gpus),
      {
        what: `targets of ${first.set.owner}`,
        value: targetsOf(first).join(' '),
        from: first.set.from,
      },
      ...imageEvidence(situation),
    ],
    ...(open.length === 0 ? { overruledBy: 'a framework computed on the GPU' } : {}),
  };
}

export function targetsOf(one: GpuCoverage): readonly string[] {
  if (one.set.lowest !== undefined) return [`${one.set.lowest.raw} and newer`];
  return [...new Set(one.set.entries.map((entry) => entry.target.raw))];
}

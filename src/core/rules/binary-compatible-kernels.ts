import { capabilityData, gpuEvidence, labels } from '../evidence.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability } from '../situation.js';

/**
 * No target of exactly this GPU, but machine code of the same major (or family) that runs on it.
 * Source: CUDA programming guide (binary compatibility), NVCC manual (family targets)
 */
export const binaryCompatibleKernels = defineRule({
  id: 'binary-compatible-kernels',
  severity: 'notice',
  checks: 'device code against the GPU',
  needs: (situation) => ({ code: situation.image.code, gpus: gpusWithCapability(situation) }),
  test: (_values, situation) => {
    const found = situation.coverages().filter((one) => one.coverage.kind === 'compatible');
    const [first] = found;
    if (first?.coverage.kind !== 'compatible') return undefined;
    const gpus = [...new Set(found.map((one) => one.gpu))];
    return {
      gpus,
      data: {
        gpus: labels(gpus),
        ...capabilityData(gpus),
        owner: first.set.owner,
        targets: first.coverage.targets,
        ...(first.set.derived ? { derivedFrom: first.set.from } : {}),
      },
      evidence: [
        ...gpuEvidence(gpus),
        {
          what: `machine code of ${first.set.owner}`,
          value: first.coverage.targets.join(' '),
          from: first.set.from,
        },
      ],
    };
  },
});

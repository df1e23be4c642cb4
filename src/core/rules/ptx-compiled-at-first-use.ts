import { capabilityData, gpuEvidence, labels } from '../evidence.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability } from '../situation.js';

/**
 * Only PTX fits the GPU, and the driver can compile it: the first start is slow, later ones use the cache.
 * Source: CUDA programming guide (just-in-time compilation, CUDA_CACHE_PATH)
 */
export const ptxCompiledAtFirstUse = defineRule({
  id: 'ptx-compiled-at-first-use',
  severity: 'notice',
  checks: 'device code against the GPU',
  needs: (situation) => ({ code: situation.image.code, gpus: gpusWithCapability(situation) }),
  test: (_values, situation) => {
    const found = situation.coverages().filter((one) => one.coverage.kind === 'ptx');
    const [first] = found;
    if (first?.coverage.kind !== 'ptx') return undefined;
    const gpus = [...new Set(found.map((one) => one.gpu))];
    return {
      gpus,
      data: {
        gpus: labels(gpus),
        ...capabilityData(gpus),
        owner: first.set.owner,
        targets: first.coverage.targets,
        ...(first.coverage.isa === undefined ? {} : { ptxIsa: first.coverage.isa }),
        ...(first.set.derived ? { derivedFrom: first.set.from } : {}),
      },
      evidence: [
        ...gpuEvidence(gpus),
        {
          what: `PTX of ${first.set.owner}`,
          value: first.coverage.targets.join(' '),
          from: first.set.from,
        },
      ],
    };
  },
});

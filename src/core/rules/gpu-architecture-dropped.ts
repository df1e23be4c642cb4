import { dataOf, gpuEvidence, imageEvidence, labels, rawOf } from '../evidence.js';
import type { GpuView } from '../host-view.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability, type Situation } from '../situation.js';
import { fittingVariants } from '../variants.js';
import type { CudaVersion } from '../version.js';

/**
 * The CUDA major of the image makes no code for the GPU any more: 11 dropped 3.0 and 3.2, 12 dropped Kepler, 13 dropped Maxwell,
 * Pascal and Volta, in compiler and libraries alike. A driver may still start it. Code that was read from the image and serves
 * the GPU outranks the table.
 * Source: CUDA Toolkit release notes (removed architectures), CUDA features archive
 */
export const gpuArchitectureDropped = defineRule({
  id: 'gpu-architecture-dropped',
  severity: 'error',
  checks: 'architectures of the CUDA version',
  needs: (situation) => ({ cuda: situation.cuda, gpus: gpusWithCapability(situation) }),
  test: ({ gpus }, situation) => {
    const versions = codeVersions(situation);
    const { seen, cuda } = situation;
    const all = gpus.filter(
      (gpu) => versions.some((one) => isDropped(gpu, one)) && !hasCode(gpu, situation),
    );
    const open = all.filter((gpu) => !seen.computedOn(gpu));
    const concerned = open.length === 0 ? all : open;
    const [first] = concerned;
    const architecture = first?.architecture;
    if (first === undefined || architecture === undefined) return undefined;
    return {
      gpus: concerned,
      overruledBy: open.length === 0 ? 'a framework computed on the GPU' : undefined,
      details: () => ({
        data: dataOf({
          cuda: rawOf(cuda),
          gpus: labels(concerned),
          computeCapability: architecture.cc,
          architecture: architecture.name,
          lastCuda: architecture.lastToolkit ?? undefined,
          variants: fittingVariants(situation),
        }),
        evidence: [...imageEvidence(situation), ...gpuEvidence(concerned)],
      }),
    };
  },
});

/** The frameworks' own CUDA where it is known, since their code is what runs; else the image's. */
function codeVersions({ image, cuda }: Situation): readonly CudaVersion[] {
  const own = image.frameworks.flatMap((framework) => framework.cuda ?? []);
  if (own.length > 0) return own;
  return cuda.known ? [cuda.value] : [];
}

const isDropped = ({ lastToolkit }: GpuView, cuda: CudaVersion): boolean =>
  lastToolkit !== undefined && cuda.major > lastToolkit.major;

function hasCode(gpu: GpuView, situation: Situation): boolean {
  const own = situation.coverages().filter((one) => one.gpu === gpu && !one.set.derived);
  return own.length > 0 && own.every((one) => one.coverage.kind !== 'none');
}

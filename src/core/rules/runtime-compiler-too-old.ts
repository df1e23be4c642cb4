import { dataOf, gpuEvidence, labels, sameCapabilityOf } from '../evidence.js';
import type { GpuView } from '../host-view.js';
import { known } from '../known.js';
import { defineRule, type ImageSide } from '../rule.js';
import { gpusWithCapability } from '../situation.js';
import { type CudaVersion, compareCudaMinor, parseCudaVersion } from '../version.js';

/**
 * NVRTC in the image is of a CUDA version whose compiler makes no code for the GPU yet. Only a warning: what was compiled before
 * runs, and many programs ask NVRTC for PTX of an older target instead. Of several copies the newest counts, unless one is known
 * to be loaded.
 * Sources: https://docs.nvidia.com/cuda/nvrtc/index.html (--gpu-architecture), CUDA Toolkit release notes (first toolkit of each
 * architecture, `knowledge/gpus.json`)
 */
export const runtimeCompilerTooOld = defineRule({
  id: 'runtime-compiler-too-old',
  severity: 'warning',
  checks: 'run-time compiler against the GPU',
  needs: (situation) => {
    const compiler = compilerOf(situation);
    // Most images that nobody read have none, which is said once, by the rule about missing libraries.
    const none = compiler === undefined;
    return {
      compiler: known(compiler, 'image files'),
      gpus: none ? known(NO_GPUS, 'image files') : gpusWithCapability(situation),
    };
  },
  test: ({ compiler, gpus }) => {
    if (compiler === undefined) return undefined;
    const concerned = gpus.filter((gpu) => predates(compiler.cuda, gpu));
    const [first] = concerned;
    if (first === undefined) return undefined;
    return {
      warning: true,
      gpus: concerned,
      details: () => ({
        data: dataOf({
          library: 'NVRTC',
          path: compiler.path,
          cuda: `${compiler.cuda.major}.${compiler.cuda.minor}`,
          gpus: labels(concerned),
          computeCapability: sameCapabilityOf(concerned),
          firstCuda: first.architecture?.firstToolkit,
        }),
        evidence: [
          ...gpuEvidence(concerned),
          { what: 'NVRTC of the image', value: compiler.cuda.raw, from: 'image files' },
        ],
      }),
    };
  },
});

const NO_GPUS: readonly GpuView[] = [];

interface Compiler {
  readonly cuda: CudaVersion;
  readonly path: string | undefined;
}

function compilerOf({ image }: Pick<ImageSide, 'image'>): Compiler | undefined {
  const all = (image.facts.libraries ?? []).filter(({ name }) => name === 'nvrtc');
  const loaded = all.filter((one) => one.loaded === true);
  const found = (loaded.length > 0 ? loaded : all).flatMap(({ version, path }): Compiler[] => {
    const cuda = parseCudaVersion(version);
    return cuda === undefined || cuda.parts.length < 2 ? [] : [{ cuda, path }];
  });
  return found.sort((a, b) => compareCudaMinor(b.cuda, a.cuda))[0];
}

function predates(cuda: CudaVersion, { architecture }: GpuView): boolean {
  const first = parseCudaVersion(architecture?.firstToolkit);
  return first !== undefined && compareCudaMinor(cuda, first) < 0;
}

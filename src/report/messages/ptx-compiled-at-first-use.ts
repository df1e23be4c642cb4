import { derived, Gpu, gpu, headline, lines, sentences, target, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const sm = target(data.computeCapability);
  return {
    title: headline(
      `${Gpu(data)} ${(data.gpus?.length ?? 1) > 1 ? 'run' : 'runs'} on PTX that the driver compiles at first use: a slow first start`,
    ),
    why: sentences(
      `The image has no machine code${sm === undefined ? '' : ` (${sm})`} for ${gpu(data)}, so the driver compiles the PTX when it is first loaded, for minutes in a large framework. The result is cached in ~/.nv/ComputeCache, which a fresh container does not have.`,
      whichGpus(data),
      derived(data),
    ),
    fixes: lines(
      'Keep the cache between runs: docker run -e CUDA_CACHE_PATH=/cache -e CUDA_CACHE_MAXSIZE=4294967296 -v cuda-cache:/cache …',
      `Use a build of the image with machine code for ${sm ?? 'this GPU'}`,
    ),
  };
};

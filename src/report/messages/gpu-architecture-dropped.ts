import {
  cuda,
  given,
  gpu,
  headline,
  lines,
  otherImage,
  sentences,
  short,
  whichGpus,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(`${cuda(data).replace(/^t/, 'T')} has no support for ${gpu(data)} any more`),
  why: sentences(
    "NVIDIA took this architecture out of the toolkit's compilers and libraries: the driver still sees the GPU, but the libraries of the image (cuBLAS, cuDNN, NCCL, the framework) have no code for it.",
    given(
      data.lastCuda,
      (v) => `CUDA ${short(v, 16)} was the last with ${data.architecture ?? 'it'}.`,
    ) ??
      'CUDA 11.0 dropped Kepler 3.0 and 3.2, CUDA 12.0 the rest of Kepler, CUDA 13.0 Maxwell, Pascal and Volta.',
    whichGpus(data),
  ),
  fixes: lines(
    (data.variants ?? []).length > 0 || data.lastCuda === undefined
      ? otherImage(data)
      : `Use an image for CUDA ${short(data.lastCuda, 16)} or older`,
    'For PyTorch on Maxwell, Pascal and Volta the cu126 builds are the last: pip install torch --index-url https://download.pytorch.org/whl/cu126',
    'Run the job on a runner with a newer GPU',
  ),
});

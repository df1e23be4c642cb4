import { given, gpu, headline, lines, sentences, short, target, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The run-time compiler${given(data.library, (l) => ` (${short(l, 40)})`) ?? ''} in the image is too old for ${gpu(data)}`,
  ),
  why: sentences(
    `Code that is generated at run time goes through the image's own ptxas, NVRTC or Triton, which ${target(data.computeCapability) === undefined ? 'does not know this GPU' : `does not know ${target(data.computeCapability)}`}.`,
    given(data.cuda, (v) => `The compiler is of CUDA ${short(v, 16)}.`),
    given(
      data.firstCuda,
      (v) => `Code for this GPU needs a compiler of CUDA ${short(v, 16)} or newer.`,
    ),
    whichGpus(data),
    'The rest of the image may run.',
  ),
  fixes: lines(
    'Update the compiler in the image with the framework: pip install -U torch triton',
    'Let Triton use a newer ptxas: ENV TRITON_PTXAS_PATH=/usr/local/cuda/bin/ptxas (of a CUDA toolkit that knows the GPU)',
    'To get going without it: TORCHDYNAMO_DISABLE=1',
  ),
});

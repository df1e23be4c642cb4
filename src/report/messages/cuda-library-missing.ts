import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const library = given(data.library ?? data.path, (l) => short(l, 60));
  const name = library?.replace(/^.*\//, '').replace(/\.so.*$/, '.so') ?? 'libcud';
  return {
    title: headline(`${library ?? 'A CUDA library'} cannot be opened in the image`),
    why: sentences(
      'The image either does not contain the library, or has it in a directory that the loader does not search.',
      'CUDA libraries belong to the image: only the driver (libcuda, libnvidia-*) comes from the runner.',
    ),
    fixes: lines(
      `See whether the image has it: docker run --rm --entrypoint sh IMAGE -c 'find / -name "${name}*" 2>/dev/null'`,
      'If it has, name its directory: ENV LD_LIBRARY_PATH=/usr/local/cuda/lib64:$LD_LIBRARY_PATH',
      'If it has not, base the image on the variant with the libraries: nvidia/cuda:…-runtime-… in place of …-base-… (…-cudnn-runtime-… for cuDNN)',
      'For a Python framework, install its CUDA libraries with it: pip install "tensorflow[and-cuda]", pip install "jax[cuda12]"',
    ),
  };
};

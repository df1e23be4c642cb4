import type { FindingData } from '../../core/finding.js';
import { given, headline, lines, listed, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => {
  const library = given(data.library ?? data.path, (l) => short(l, 60));
  const name = library?.replace(/^.*\//, '').replace(/\.so.*$/, '.so') ?? 'libcud';
  const isBeside = severity === 'warning';
  return {
    title: headline(
      isBeside
        ? `${library ?? 'A CUDA library'}, which ${given(data.owner, (o) => short(o, 40)) ?? 'a file of the image'} needs, is not found in the image`
        : `${library ?? 'A CUDA library'} cannot be opened in the image`,
    ),
    why: sentences(
      isBeside && 'What uses that file fails; the rest of the image does not need it.',
      given(data.path, (path) =>
        data.library === undefined || path === data.library
          ? undefined
          : `The image has it in ${short(path, 120)}, where nothing searches.`,
      ) ??
        'The image either does not contain the library, or has it in a directory that the loader does not search.',
      'CUDA libraries belong to the image: only the driver (libcuda, libnvidia-*) comes from the runner.',
      neededBy(data),
      (data.notes ?? []).length > 1 && `Missing: ${listed(data.notes ?? [], 8)}.`,
    ),
    fixes: lines(
      `See whether the image has it: docker run --rm --entrypoint sh IMAGE -c 'find / -name "${name}*" 2>/dev/null'`,
      'If it has, name its directory: ENV LD_LIBRARY_PATH=/usr/local/cuda/lib64:$LD_LIBRARY_PATH',
      'If it has not, base the image on the variant with the libraries: nvidia/cuda:…-runtime-… in place of …-base-… (…-cudnn-runtime-… for cuDNN)',
      'For a Python framework, install its CUDA libraries with it: pip install "tensorflow[and-cuda]", pip install "jax[cuda12]"',
    ),
  };
};

const neededBy = ({ files = [] }: FindingData): string | undefined =>
  files.length === 0 ? undefined : `Needed by ${listed(files, 4)}.`;

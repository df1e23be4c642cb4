import { equalGpus } from '../equal-gpus.js';
import { given, headline, lines, listed, otherImage, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const works = data.seen;
  const all = data.expected;
  const causes = data.notes ?? [];
  return {
    title: headline(
      works === undefined || all === undefined
        ? 'The image works on some GPUs of this runner only'
        : `The image works on ${works} of the ${all} GPUs of this runner`,
    ),
    why: sentences(
      'The GPUs of the runner differ, and the image cannot use all of them.',
      given(data.gpus, (g) =>
        g.length === 0 ? undefined : `Not usable: ${listed(equalGpus(g), 8)}.`,
      ),
      causes.length === 0 ? undefined : `Why: ${listed(causes, 4).replace(/\.$/, '')}.`,
    ),
    fixes: lines(
      `Give the job only the GPUs that work, by number or UUID (nvidia-smi -L): docker run --gpus '"device=${short(data.device ?? '0', 40)}"' …`,
      (data.variants ?? []).length > 0
        ? otherImage(data)
        : 'Use a build of the image with code for all of them, if there is one',
      'Or give the different kinds of GPU different runners and labels',
    ),
  };
};

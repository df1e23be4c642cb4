import { derived, Gpu, headline, lines, listed, sentences, target, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const targets = data.targets ?? [];
  const sm = target(data.computeCapability);
  return {
    title: headline(
      `${Gpu(data)} ${(data.gpus?.length ?? 1) > 1 ? 'run' : 'runs'} code made for ${targets.length === 0 ? 'an older GPU of its generation' : listed(targets, 3)}`,
    ),
    why: sentences(
      `The image has no code made exactly for ${sm ?? 'this GPU'}, but code of the same major version and a lower minor (or of the same family) runs on it.`,
      'It may be somewhat slower than code made for the GPU.',
      whichGpus(data),
      derived(data),
    ),
    fixes: lines(
      'Nothing has to be done',
      sm !== undefined &&
        `For the last bit of speed, build with the exact target: nvcc -gencode arch=compute_${sm.slice(3)},code=${sm}`,
    ),
  };
};

import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const variable = data.variable ?? 'CUDA_VISIBLE_DEVICES';
  const hidden = data.device === '' || data.device === '-1';
  const value = given(data.device ?? data.text, (v) => short(v, 50));
  const count = given(data.seen, (n) => `${n} ${n === 1 ? 'GPU' : 'GPUs'}`);
  return {
    title: headline(
      hidden
        ? `${variable} is ${data.device === '' ? 'empty' : data.device} and hides every GPU`
        : `${variable}${value === undefined ? '' : `=${value}`} names a GPU that is not in the container${count === undefined ? '' : `, which has ${count}`}`,
    ),
    why: 'Inside a container the GPUs are numbered from 0 again, whatever their numbers on the runner. At the first number that does not exist CUDA stops reading the list, so a program may see no GPU at all.',
    fixes: lines(
      'See what the container has: docker run --rm --gpus all IMAGE nvidia-smi -L',
      `Leave the choice to --gpus and unset the variable in the container: unset ${variable}`,
      'Or choose by UUID, which is the same inside and outside: docker run --gpus \'"device=GPU-…"\' …',
    ),
  };
};

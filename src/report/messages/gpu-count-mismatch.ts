import { given, headline, lines, sentences } from '../phrases.js';
import type { Words } from '../words.js';

const gpus = (n: number) => `${n} ${n === 1 ? 'GPU' : 'GPUs'}`;

export const words: Words = ({ data }) => ({
  title: headline(
    `The container sees ${given(data.seen, gpus) ?? 'fewer GPUs'}${given(data.expected, (n) => `, expected ${n}`) ?? ' than expected'}`,
  ),
  why: sentences(
    'Some GPUs of the runner did not reach the container or could not be initialised in it.',
    ...(data.notes ?? []),
  ),
  fixes: lines(
    'Compare both sides: nvidia-smi -L on the runner, and docker run --rm --gpus all IMAGE nvidia-smi -L',
    'Ask for all of them: --gpus all, and leave NVIDIA_VISIBLE_DEVICES and CUDA_VISIBLE_DEVICES unset',
    'A GPU that the runner lists and the container does not: sudo dmesg | grep -i -e xid -e nvrm, then reset or reboot the runner',
  ),
});

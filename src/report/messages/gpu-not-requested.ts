import type { Words } from '../words.js';

export const words: Words = () => ({
  title:
    'Container started without --gpus / CDI device / NVIDIA_VISIBLE_DEVICES; also image builds',
  why: 'container started without --gpus / CDI device / NVIDIA_VISIBLE_DEVICES; also image builds',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Libnvidia-ml.so.1 / libcuda.so.1 not on the host',
  why: 'libnvidia-ml.so.1 / libcuda.so.1 not on the host',
  fixes: [],
});

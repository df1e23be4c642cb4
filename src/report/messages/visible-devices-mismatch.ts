import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'CUDA_VISIBLE_DEVICES / device index names a GPU that is not in the container',
  why: 'CUDA_VISIBLE_DEVICES / device index names a GPU that is not in the container',
  fixes: [],
});

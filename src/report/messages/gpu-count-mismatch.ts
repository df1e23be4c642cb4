import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Fewer GPUs in the container than on the runner, or than required',
  why: 'fewer GPUs in the container than on the runner, or than required',
  fixes: [],
});

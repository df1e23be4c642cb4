import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The framework silently uses the CPU although CUDA works in the container',
  why: 'the framework silently uses the CPU although CUDA works in the container',
  fixes: [],
});

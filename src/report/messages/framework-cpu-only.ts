import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The framework in the image is a CPU build',
  why: 'the framework in the image is a CPU build',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Works on some GPUs of the runner only',
  why: 'works on some GPUs of the runner only',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Out of memory or exclusive-process mode',
  why: 'out of memory or exclusive-process mode: another process holds the GPU (error 2, 46)',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'A kernel ran and its result is wrong on a GPU',
  why: 'a kernel ran and its result is wrong on a GPU',
  fixes: [],
});

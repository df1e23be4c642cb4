import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Error 34',
  why: "error 34: the toolkit's stub libcuda is found first",
  fixes: [],
});

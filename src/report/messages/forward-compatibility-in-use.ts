import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The compat libcuda is in use and supported',
  why: 'the compat libcuda is in use and supported',
  fixes: [],
});

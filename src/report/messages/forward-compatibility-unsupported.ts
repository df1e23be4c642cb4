import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'CuInit 804',
  why: 'cuInit 804: compat libcuda on a GPU or driver branch that does not support it',
  fixes: [],
});

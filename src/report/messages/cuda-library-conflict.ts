import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Wrong library wins',
  why: 'wrong library wins: LD_LIBRARY_PATH, nvJitLink symbol, mixed minor versions',
  fixes: [],
});

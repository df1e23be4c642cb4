import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Musl, or glibc too old for the injected driver libraries',
  why: 'musl, or glibc too old for the injected driver libraries',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'A waiver for this finding has passed its date',
  why: 'a waiver for this finding has passed its date',
  fixes: [],
});

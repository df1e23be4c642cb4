import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Not a valid image reference',
  why: 'not a valid image reference',
  fixes: [],
});

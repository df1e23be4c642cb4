import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Out of memory or killed from outside',
  why: 'out of memory or killed from outside',
  fixes: [],
});

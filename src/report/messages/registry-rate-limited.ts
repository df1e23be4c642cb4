import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Toomanyrequests / 429',
  why: 'toomanyrequests / 429',
  fixes: [],
});

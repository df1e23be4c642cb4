import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Failed with a text no rule knows',
  why: 'failed with a text no rule knows: the text is shown whole',
  fixes: [],
});

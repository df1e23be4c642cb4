import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Blackwell and later with the proprietary module flavour',
  why: 'Blackwell and later with the proprietary module flavour',
  fixes: [],
});

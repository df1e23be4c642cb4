import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'MIG name or layout does not resolve',
  why: 'MIG name or layout does not resolve',
  fixes: [],
});

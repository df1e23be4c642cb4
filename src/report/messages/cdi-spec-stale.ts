import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Spec names files or devices of an earlier driver or boot',
  why: 'spec names files or devices of an earlier driver or boot',
  fixes: [],
});

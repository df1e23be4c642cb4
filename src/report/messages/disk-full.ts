import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'No space left on device while pulling, unpacking or running',
  why: 'no space left on device while pulling, unpacking or running',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'No exact target, but code of the same major or family runs',
  why: 'no exact target, but code of the same major or family runs',
  fixes: [],
});

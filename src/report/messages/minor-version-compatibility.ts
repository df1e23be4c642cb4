import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Runs on an older driver of the same major',
  why: 'runs on an older driver of the same major: state the limits',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Dind / runner-in-container',
  why: 'dind / runner-in-container: the inner engine has no GPU support',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'This build or edition of the engine has no GPU support on this system',
  why: 'this build or edition of the engine has no GPU support on this system',
  fixes: [],
});

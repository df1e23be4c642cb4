import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'CuDNN older than, or of another major than, what the framework was built with',
  why: 'cuDNN older than, or of another major than, what the framework was built with',
  fixes: [],
});

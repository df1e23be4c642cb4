import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Framework or extension built for another CUDA major than the image has',
  why: 'framework or extension built for another CUDA major than the image has',
  fixes: [],
});

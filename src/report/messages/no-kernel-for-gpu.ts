import type { Words } from '../words.js';

export const words: Words = () => ({
  title: '209',
  why: '209: no cubin or PTX in the image for this compute capability',
  fixes: [],
});

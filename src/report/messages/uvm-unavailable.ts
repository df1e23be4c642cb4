import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'CuInit 999 with libraries in place',
  why: 'cuInit 999 with libraries in place: nvidia-uvm node missing or in a bad state (suspend)',
  fixes: [],
});

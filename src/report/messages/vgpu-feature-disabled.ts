import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The vGPU profile switches off what the image needs (unified memory, …)',
  why: 'the vGPU profile switches off what the image needs (unified memory, …)',
  fixes: [],
});

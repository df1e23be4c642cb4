import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'This CUDA major has no code generation for the GPU any more (e.g. Volta and CUDA 13)',
  why: 'this CUDA major has no code generation for the GPU any more (e.g. Volta and CUDA 13)',
  fixes: [],
});

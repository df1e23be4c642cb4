import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Libcudart, libcublas, libcudnn, NVRTC … cannot be opened',
  why: 'libcudart, libcublas, libcudnn, NVRTC … cannot be opened',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Ptxas / NVRTC / Triton in the image does not know the GPU',
  why: 'ptxas / NVRTC / Triton in the image does not know the GPU',
  fixes: [],
});

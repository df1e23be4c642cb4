import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'CuInit 803',
  why: "cuInit 803: the image's compat libcuda is loaded although the host driver is newer",
  fixes: [],
});

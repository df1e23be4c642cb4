import type { Words } from '../words.js';

export const words: Words = () => ({
  title:
    "Driver older than the image's CUDA needs, minor-version and forward compatibility considered",
  why: "driver older than the image's CUDA needs, minor-version and forward compatibility considered",
  fixes: [],
});

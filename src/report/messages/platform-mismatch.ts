import type { Words } from '../words.js';

export const words: Words = () => ({
  title: "Image has no variant for the machine's architecture; exec format error",
  why: "image has no variant for the machine's architecture; exec format error",
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: "Forward compatibility would serve, but the host's libcuda was loaded",
  why: "forward compatibility would serve, but the host's libcuda was loaded",
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'No CDI spec (found) for nvidia.com/gpu=…',
  why: 'no CDI spec (found) for nvidia.com/gpu=…',
  fixes: [],
});

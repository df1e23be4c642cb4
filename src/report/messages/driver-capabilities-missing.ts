import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'NVIDIA_DRIVER_CAPABILITIES lacks compute (or video, graphics)',
  why: 'NVIDIA_DRIVER_CAPABILITIES lacks compute (or video, graphics)',
  fixes: [],
});

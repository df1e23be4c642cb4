import type { Words } from '../words.js';

export const words: Words = () => ({
  title:
    'Kernel module absent or not loaded; nvidia-smi cannot communicate with the driver; nouveau; kernel updated without the module',
  why: 'kernel module absent or not loaded; nvidia-smi cannot communicate with the driver; nouveau; kernel updated without the module',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'CuInit 802 on NVSwitch systems; version differs from the driver',
  why: 'cuInit 802 on NVSwitch systems; version differs from the driver',
  fixes: [],
});

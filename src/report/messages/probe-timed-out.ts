import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The probe did not end within its limit',
  why: 'the probe did not end within its limit',
  fixes: [],
});

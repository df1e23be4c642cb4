import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'NVLink SHARP / multicast set-up, fabric manager restarted',
  why: 'NVLink SHARP / multicast set-up, fabric manager restarted',
  fixes: [],
});

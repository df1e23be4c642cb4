import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'NVSwitches or capability nodes are not visible in the guest or container',
  why: 'NVSwitches or capability nodes are not visible in the guest or container',
  fixes: [],
});

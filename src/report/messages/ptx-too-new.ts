import type { Words } from '../words.js';

export const words: Words = () => ({
  title: '222',
  why: '222: only PTX for this GPU, newer than the driver can compile',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'L4T/JetPack release of image and host differ',
  why: 'L4T/JetPack release of image and host differ',
  fixes: [],
});

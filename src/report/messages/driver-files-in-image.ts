import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Image contains driver files',
  why: 'image contains driver files: mount … file exists, zero-byte libcuda, stale links',
  fixes: [],
});

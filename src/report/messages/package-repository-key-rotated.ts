import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Derived build fails',
  why: 'derived build fails: NO_PUBKEY of a rotated repository key',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Driver branch predates, or has dropped, this GPU',
  why: 'driver branch predates, or has dropped, this GPU',
  fixes: [],
});

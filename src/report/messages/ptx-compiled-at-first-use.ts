import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Only PTX for this GPU',
  why: 'only PTX for this GPU: slow first start',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Unauthorized / no basic auth credentials / 401',
  why: 'unauthorized / no basic auth credentials / 401',
  fixes: [],
});

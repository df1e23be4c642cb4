import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Logged in, but no access',
  why: 'logged in, but no access: denied, 403, private package',
  fixes: [],
});

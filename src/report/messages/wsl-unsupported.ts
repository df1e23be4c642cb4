import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Windows build or driver without working WSL GPU access',
  why: 'Windows build or driver without working WSL GPU access',
  fixes: [],
});

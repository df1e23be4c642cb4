import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Unknown or invalid runtime name',
  why: 'unknown or invalid runtime name: nvidia; configuration not reloaded, invalid or of another engine',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Could not select device driver "" with capabilities',
  why: 'could not select device driver "" with capabilities: [[gpu]]',
  fixes: [],
});

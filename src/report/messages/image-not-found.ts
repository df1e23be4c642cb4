import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Tag, digest or repository does not exist (any more)',
  why: 'tag, digest or repository does not exist (any more): manifest unknown, not found, deleted end-of-life tags',
  fixes: [],
});

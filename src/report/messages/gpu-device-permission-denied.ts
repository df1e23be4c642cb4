import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Device nodes not accessible',
  why: 'device nodes not accessible: groups, non-root, SELinux, insufficient permissions',
  fixes: [],
});

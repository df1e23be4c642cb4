import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Loaded module and user-space libraries differ',
  why: 'loaded module and user-space libraries differ: upgrade without reboot',
  fixes: [],
});

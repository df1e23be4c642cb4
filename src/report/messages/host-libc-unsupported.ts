import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Host system whose libc the driver and toolkit binaries do not support (Alpine hosts)',
  why: 'host system whose libc the driver and toolkit binaries do not support (Alpine hosts)',
  fixes: [],
});

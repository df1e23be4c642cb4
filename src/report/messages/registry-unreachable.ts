import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'DNS, TLS, time-out, 5xx',
  why: 'DNS, TLS, time-out, 5xx',
  fixes: [],
});

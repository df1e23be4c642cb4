import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Memlock too low for RDMA',
  why: 'memlock too low for RDMA',
  fixes: [],
});

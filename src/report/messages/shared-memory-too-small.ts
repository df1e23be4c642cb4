import type { Words } from '../words.js';

export const words: Words = () => ({
  title: '/dev/shm too small for NCCL or data loaders',
  why: '/dev/shm too small for NCCL or data loaders',
  fixes: [],
});

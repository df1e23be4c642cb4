import type { Words } from '../words.js';

export const words: Words = () => ({
  title: '/proc/driver/nvidia entries that the toolkit mounts are not there',
  why: '/proc/driver/nvidia entries that the toolkit mounts are not there',
  fixes: [],
});

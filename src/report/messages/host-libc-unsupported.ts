import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: "The host's C library is not one that the NVIDIA driver and toolkit support",
  why: 'Driver libraries and container toolkit are glibc binaries. On musl hosts such as Alpine, or with a glibc older than they were built for, they do not load.',
  fixes: lines(
    'cat /etc/os-release',
    'Use a host with glibc: a distribution on the support list of the toolkit',
    'Keep Alpine for the images that need no GPU: only the host decides here',
  ),
});

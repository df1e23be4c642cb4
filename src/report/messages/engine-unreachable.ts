import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'No docker/podman, daemon not running, socket permission denied',
  why: 'no docker/podman, daemon not running, socket permission denied',
  fixes: [],
});

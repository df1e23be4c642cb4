import type { Words } from '../words.js';

export const words: Words = () => ({
  title:
    'Driver root, ldconfig path, no-cgroups, seccomp, library search of the toolkit; rpc error',
  why: 'driver root, ldconfig path, no-cgroups, seccomp, library search of the toolkit; rpc error',
  fixes: [],
});

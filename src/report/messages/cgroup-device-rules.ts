import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Hook may not edit device cgroups (rootless, nested, bpf)',
  why: 'hook may not edit device cgroups (rootless, nested, bpf)',
  fixes: [],
});

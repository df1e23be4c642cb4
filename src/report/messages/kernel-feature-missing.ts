import type { Words } from '../words.js';

export const words: Words = () => ({
  title: "The host's kernel lacks what the engine or toolkit needs (seccomp, bpf, …)",
  why: "the host's kernel lacks what the engine or toolkit needs (seccomp, bpf, …)",
  fixes: [],
});

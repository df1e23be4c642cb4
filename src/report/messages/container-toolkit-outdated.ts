import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The toolkit does not know a newer driver, requirement grammar, cgroup v2 or WSL library',
  why: 'the toolkit does not know a newer driver, requirement grammar, cgroup v2 or WSL library',
  fixes: [],
});

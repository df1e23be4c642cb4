import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'NVML Unknown Error after daemon-reload or cgroup update',
  why: 'NVML Unknown Error after daemon-reload or cgroup update',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Fabric manager reports nothing to do',
  why: 'fabric manager reports nothing to do: no NVSwitch, harmless',
  fixes: [],
});

import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'IOMMU / ACS / no P2P support',
  why: 'IOMMU / ACS / no P2P support',
  fixes: [],
});

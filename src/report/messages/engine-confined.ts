import type { Words } from '../words.js';

export const words: Words = () => ({
  title:
    'Snap-packaged or VM-backed engine (wrong context, Docker Desktop) that cannot see the driver or the toolkit',
  why: 'snap-packaged or VM-backed engine (wrong context, Docker Desktop) that cannot see the driver or the toolkit',
  fixes: [],
});

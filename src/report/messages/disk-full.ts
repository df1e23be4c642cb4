import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `No space left on the runner's disk${given(data.path, (v) => ` (${short(v, 60)})`) ?? ''}`,
  ),
  why: 'CUDA images unpack to two or three times their compressed size, and the layers are held by the engine, often on the root file system. Nothing is known about the GPU side yet.',
  fixes: lines(
    'See what takes the space: docker system df',
    'Remove the images and the build cache that no container uses: docker system prune --all --force',
    'See which file system is full: `df -h /var/lib/docker /var/lib/containerd /tmp`',
    'Move the storage of the engine to a larger disk: set "data-root" in /etc/docker/daemon.json',
  ),
});

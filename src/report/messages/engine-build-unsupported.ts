import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `This build of ${given(data.engine, (v) => short(v, 40)) ?? 'the engine'} has no GPU support`,
  ),
  why: 'The option or the device request is unknown to this release or edition of the engine, or it was built without GPU support for this system.',
  fixes: lines(
    'docker version',
    'Update: --gpus needs Docker 19.03, device reservations need Compose 1.28 or the v2 plug-in',
    'On older Docker: `docker run --runtime=nvidia -e NVIDIA_VISIBLE_DEVICES=all IMAGE`',
    'Windows containers and macOS have no NVIDIA GPU support: use Linux or WSL 2',
  ),
});

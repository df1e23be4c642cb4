import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The container engine cannot be reached${given(data.engine, (v) => ` (${short(v, 40)})`) ?? ''}`,
  ),
  why: 'The program is not installed, its daemon does not run, or this user may not open its socket. Nothing is known about the image yet.',
  fixes: lines(
    'docker info',
    'Start the daemon: `sudo systemctl enable --now docker`',
    'Let this user use it, then log in again: `sudo usermod -aG docker "$USER"`',
    'In a job container, mount the socket of the host or install the engine: the runner needs a working `docker`',
  ),
});

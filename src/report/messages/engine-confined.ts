import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'This engine runs in a confinement that cannot see the driver or the toolkit of the host',
  why: 'The snap package of Docker and VM-backed engines such as Docker Desktop on Linux have their own file system: a driver and a container toolkit on the host are invisible to them.',
  fixes: lines(
    'See which engine answers: `docker context ls`',
    'Switch to the engine of the host: `docker context use default`',
    'Replace the snap with the packages of the distribution or of Docker: `sudo snap remove --purge docker`',
    'Then install and register the toolkit: `sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker`',
  ),
});

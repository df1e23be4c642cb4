import { given, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title:
    'The NVSwitch fabric is not initialised: fabric manager does not run or does not match the driver',
  why: 'On machines with NVSwitch, CUDA starts only after the fabric manager has set the fabric up (error 802), and its version must equal the driver version exactly. This holds for jobs on one GPU too.',
  fixes: lines(
    'See why it does not run: systemctl status nvidia-fabricmanager',
    'Start it: sudo systemctl enable --now nvidia-fabricmanager',
    `Install the version of the driver: \`sudo apt-get install -y nvidia-fabricmanager-${given(data.driver, (v) => short(v.split('.')[0] ?? v, 8)) ?? '580'}\``,
    'See the state: `nvidia-smi -q | grep -A2 -i fabric`',
    'Rented machine: report it to the provider, a container cannot start it',
  ),
});

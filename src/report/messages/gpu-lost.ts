import { given, headline, lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `A GPU of this runner does not answer any more${given(data.code, (v) => ` (Xid ${v})`) ?? ''}`,
  ),
  why: 'The kernel driver could not initialise the GPU, or lost it while it ran. That is a matter of hardware, firmware settings, power or a driver fault, not of the image.',
  fixes: lines(
    'Read the kernel log: `sudo dmesg | grep -iE "xid|nvrm|rminit"`',
    'sudo nvidia-smi --gpu-reset -i 0',
    'sudo reboot',
    'Never came up: switch on Above 4G Decoding and Resizable BAR in the firmware, reseat the card and its power cables',
    'Comes back under load: look the Xid up and take the machine out of service: `https://docs.nvidia.com/deploy/xid-errors/`',
  ),
});

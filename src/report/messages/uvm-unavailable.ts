import { given, headline, lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `CUDA cannot be initialised${given(data.code, (v) => ` (error ${v})`) ?? ''}: nvidia-uvm is missing or in a bad state`,
  ),
  why: 'The driver answers and nvidia-smi works, but CUDA also needs the module nvidia-uvm and /dev/nvidia-uvm. After a suspend, or on a host that never loaded it, cuInit fails with an unknown error.',
  fixes: lines(
    'sudo nvidia-modprobe -u -c=0 && ls -l /dev/nvidia-uvm*',
    'After a suspend, with no GPU program running: `sudo rmmod nvidia_uvm && sudo modprobe nvidia_uvm`',
    'sudo reboot',
    'Keep it loaded: put nvidia-uvm on a line of /etc/modules-load.d/nvidia.conf',
  ),
});

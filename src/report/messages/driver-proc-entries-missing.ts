import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${given(data.path, (v) => short(v, 60)) ?? 'An entry under /proc/driver/nvidia'} is not there, although the toolkit mounts it`,
  ),
  why: 'The kernel driver publishes its GPUs and settings under /proc/driver/nvidia. The toolkit passes them on and stops when one is absent.',
  fixes: lines(
    'ls -R /proc/driver/nvidia',
    'sudo reboot',
    'Update driver and toolkit together: `sudo apt-get install --only-upgrade -y nvidia-container-toolkit`',
    'gVisor, Kata and other sandboxes need their own GPU support (nvproxy, VFIO) instead of the hook',
  ),
});

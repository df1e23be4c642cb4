import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The loaded kernel module and the driver libraries differ in version${given(data.driver, (v) => ` (one is ${short(v, 24)})`) ?? ''}`,
  ),
  why: 'The driver packages were updated while the old module stayed loaded, so new libraries talk to an old module. Unattended upgrades do this at night.',
  fixes: lines(
    'sudo reboot',
    'Without a reboot, if nothing uses the GPU: `sudo systemctl stop docker nvidia-persistenced && sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe nvidia`',
    'See the version of the loaded module: `cat /proc/driver/nvidia/version`',
    'Stop it from happening again: `sudo apt-mark hold "nvidia-driver-*" "libnvidia-*"`',
  ),
});

import { Gpu, headline, lines, sentences, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${Gpu(data)} ${(data.gpus?.length ?? 1) > 1 ? 'need' : 'needs'} the open kernel modules, the runner has the proprietary ones`,
  ),
  why: sentences(
    'Blackwell and newer GPUs, and Grace Hopper, are driven by the open flavour of the NVIDIA kernel modules only: with the proprietary flavour the driver finds no GPU.',
    whichGpus(data),
  ),
  fixes: lines(
    'See which flavour is loaded: cat /proc/driver/nvidia/version ("Open Kernel Module" is the right one)',
    'On the runner, switch to the open modules and reboot: sudo apt-get update && sudo apt-get install -y nvidia-open && sudo reboot',
  ),
});

import { headline, lines, sentences, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline('NVLink or its switches are not visible where the container runs'),
  why: sentences(
    'The GPUs have NVLink, but the virtual machine or container was not given the NVSwitch devices or the capability nodes (/dev/nvidia-caps, /dev/nvidia-caps-imex-channels) that it needs.',
    whichGpus(data),
  ),
  fixes: lines(
    'See what is there: nvidia-smi nvlink -s, ls /dev/nvidia-nvswitch* /dev/nvidia-caps*',
    'In a virtual machine, pass the NVSwitches through with the GPUs, or use a machine type with NVLink',
    'For multi-node NVLink, ask for the channel: docker run -e NVIDIA_IMEX_CHANNELS=0 …',
    'To get going without it: docker run -e NCCL_P2P_DISABLE=1 …',
  ),
});

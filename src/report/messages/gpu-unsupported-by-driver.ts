import {
  Driver,
  given,
  gpu,
  headline,
  lines,
  sentences,
  short,
  updateDriver,
  whichGpus,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${Driver(data)} does not support ${gpu(data)}${given(data.needsDriver, (v) => `, which needs ${short(v, 20)} or newer`) ?? ''}`,
  ),
  why: sentences(
    'A driver knows the GPUs from their first branch to their last: an older one does not see the GPU, and the newest have dropped old architectures (470 was the last for Kepler, 580 for Maxwell, Pascal and Volta).',
    'Nothing is proven about the image until the runner itself works.',
    whichGpus(data),
    ...(data.notes ?? []),
  ),
  fixes: lines(
    'See whether the runner sees its GPU: nvidia-smi -L',
    data.needsDriver === undefined
      ? 'On the runner, install a driver branch that supports the GPU (https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html) and reboot'
      : updateDriver(data.needsDriver),
  ),
});

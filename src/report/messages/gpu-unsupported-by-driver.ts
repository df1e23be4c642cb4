import type { FindingData } from '../../core/finding.js';
import {
  Driver,
  gpu,
  headline,
  installDriver,
  lines,
  sentences,
  short,
  whichGpus,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const wanted =
    data.kernelModule === 'open' || data.noDriver === true ? undefined : branchToInstall(data);
  return {
    title: headline(
      `${Driver(data)}${data.kernelModule === 'open' ? ' with the open kernel modules' : ''} does not support ${gpu(data)}${range(data)}`,
    ),
    why: sentences(
      data.kernelModule === 'open' &&
        'The open kernel modules drive Turing and newer GPUs only, older ones need the proprietary modules.',
      data.kernelModule !== 'open' &&
        'A driver knows the GPUs from their first branch to their last: an older one does not see the GPU, and the newest have dropped old architectures (470 was the last for Kepler, 580 for Maxwell, Pascal and Volta).',
      'Nothing is proven about the image until the runner itself works.',
      whichGpus(data),
      ...(data.notes ?? []),
    ),
    fixes: lines(
      'See whether the runner sees its GPU: nvidia-smi -L',
      data.kernelModule === 'open' &&
        'On the runner, switch to the proprietary kernel modules: sudo apt-get install -y cuda-drivers && sudo reboot',
      data.noDriver === true &&
        'No driver branch knows all GPUs of this runner: put the older and the newer ones into different machines',
      data.kernelModule !== 'open' &&
        data.noDriver !== true &&
        wanted === undefined &&
        'On the runner, install a driver branch that supports the GPU (`https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html`) and reboot',
      wanted !== undefined &&
        `On the runner, install driver branch ${wanted} and reboot: ${installDriver(wanted)}`,
    ),
  };
};

/** The first and last driver branch that know the GPU. */
function range(data: FindingData): string {
  const first = data.firstDriver ?? data.needsDriver;
  if (data.kernelModule === 'open') return '';
  if (data.lastDriver !== undefined)
    return `: branches ${first ?? 'up'} to ${short(data.lastDriver, 20)} do`;
  return first === undefined ? '' : `, which needs ${short(first, 20)} or newer`;
}

function branchToInstall(data: FindingData): string | undefined {
  return data.lastDriver ?? data.needsDriver ?? data.firstDriver;
}

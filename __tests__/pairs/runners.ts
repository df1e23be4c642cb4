import { type Pair, pair, SOURCES } from './pair.js';

const { toolkits, minor, matrix, modules, wsl } = SOURCES;

/** From the first branch that knows a GPU to the last. */
const GPUS: Pair[] = [
  pair(
    'A100 before its first driver',
    { driver: '440.33.01', gpu: 'a100', cuda: '10.2.89' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair(
    'RTX 3090 on 450, before its first driver',
    { driver: '450.80.02', gpu: 'rtx3090', cuda: '11.0.3' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair(
    'RTX 3090 on its first branch',
    { driver: '455.32.00', gpu: 'rtx3090', cuda: '11.1.1' },
    'works',
    null,
    matrix,
  ),
  pair(
    'H100 on 515',
    { driver: '515.105.01', gpu: 'h100', cuda: '11.7.1' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair('H100 on 525', { driver: '525.147.05', gpu: 'h100', cuda: '12.0.1' }, 'works', null, matrix),
  pair(
    'RTX 5090 on 565',
    { driver: '565.57.01', gpu: 'rtx5090', cuda: '12.6.3' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair(
    'B200 on 550',
    { driver: '550.163.01', gpu: 'b200', cuda: '12.4.1' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair(
    'V100 on 580, its last branch',
    { driver: '580.65.06', gpu: 'v100', cuda: '12.8.1' },
    'works',
    null,
    matrix,
  ),
  pair(
    'V100 on 590, which dropped it',
    { driver: '590.48.01', gpu: 'v100', cuda: '12.8.1' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair(
    'GTX 980 on 595, which dropped it',
    { driver: '595.58.03', gpu: 'gtx980', cuda: '11.8.0' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair(
    'T4 on 590, which keeps it',
    { driver: '590.48.01', gpu: 't4', cuda: '12.8.1' },
    'works',
    null,
    matrix,
  ),
  pair(
    'K80 on 470, its last branch',
    { driver: '470.256.02', gpu: 'k80', cuda: '11.4.3' },
    'works',
    null,
    matrix,
  ),
  pair(
    'K80 on 510, which dropped it',
    { driver: '510.108.03', gpu: 'k80', cuda: '11.4.3' },
    'unknown',
    'gpu-unsupported-by-driver',
    matrix,
  ),
  pair(
    'V100 and CUDA 13.0 on 580: the toolkit dropped it',
    { driver: '580.65.06', gpu: 'v100', cuda: '13.0.0' },
    'fails',
    'gpu-architecture-dropped',
    toolkits,
  ),
  pair(
    'GTX 1080 Ti and CUDA 13.0 on 580',
    { driver: '580.82.07', gpu: 'gtx1080ti', cuda: '13.0.1' },
    'fails',
    'gpu-architecture-dropped',
    toolkits,
  ),
  pair(
    'M40 and CUDA 12.9 on 580: still there',
    { driver: '580.82.07', gpu: 'm40', cuda: '12.9.1' },
    'works',
    null,
    toolkits,
  ),
  pair(
    'K80 and CUDA 11.8 on 470',
    { driver: '470.256.02', gpu: 'k80', cuda: '11.8.0' },
    'works',
    'minor-version-compatibility',
    matrix,
  ),
  pair(
    'T4 and CUDA 13.0: Turing is the oldest that stays',
    { driver: '580.65.06', gpu: 't4', cuda: '13.0.0' },
    'works',
    null,
    toolkits,
  ),
];

/** The open modules drive Turing and newer; Blackwell and Grace Hopper need them. */
const MODULES: Pair[] = [
  pair(
    'RTX 5090 with the proprietary module',
    { driver: '570.144', module: 'proprietary', gpu: 'rtx5090', cuda: '12.8.1' },
    'unknown',
    'open-kernel-module-required',
    modules,
  ),
  pair(
    'RTX 5090 with the open module',
    { driver: '570.144', module: 'open', gpu: 'rtx5090', cuda: '12.8.1' },
    'works',
    null,
    modules,
  ),
  pair(
    'B200 with the proprietary module',
    { driver: '580.82.07', module: 'proprietary', gpu: 'b200', cuda: '12.9.1' },
    'unknown',
    'open-kernel-module-required',
    modules,
  ),
  pair(
    'GH200 with the proprietary module',
    { driver: '570.124.06', module: 'proprietary', gpu: 'gh200', cuda: '12.8.1' },
    'unknown',
    'open-kernel-module-required',
    modules,
  ),
  pair(
    'H100 with the proprietary module',
    { driver: '570.124.06', module: 'proprietary', gpu: 'h100', cuda: '12.8.1' },
    'works',
    null,
    modules,
  ),
  pair(
    'T4 with the open module',
    { driver: '580.82.07', module: 'open', gpu: 't4', cuda: '12.8.1' },
    'works',
    null,
    modules,
  ),
  pair(
    'V100 with the open module, which does not know it',
    { driver: '570.124.06', module: 'open', gpu: 'v100', cuda: '12.8.1' },
    'unknown',
    'gpu-unsupported-by-driver',
    modules,
  ),
  pair(
    'an unknown module flavour says nothing',
    { driver: '580.82.07', module: 'experimental', gpu: 'rtx5090', cuda: '12.9.1' },
    'works',
    null,
    modules,
  ),
];

/** Under WSL the driver is the Windows one, with numbers of its own: the CUDA version that it reports decides. */
const WSL: Pair[] = [
  pair(
    'WSL, 551.78 reports CUDA 12.4, image 12.4',
    {
      os: 'Ubuntu 22.04 (WSL2)',
      driver: '551.78',
      driverCuda: '12.4',
      gpu: 'rtx4090',
      cuda: '12.4.0',
    },
    'works',
    null,
    wsl,
  ),
  pair(
    'WSL, 551.78 reports CUDA 12.4, image 12.8',
    {
      os: 'Ubuntu 22.04 (WSL2)',
      driver: '551.78',
      driverCuda: '12.4',
      gpu: 'rtx4090',
      cuda: '12.8.1',
    },
    'works',
    'minor-version-compatibility',
    minor,
  ),
  pair(
    'WSL, 576.02 reports CUDA 12.9, image 13.0',
    {
      os: 'Ubuntu 24.04 (WSL2)',
      driver: '576.02',
      driverCuda: '12.9',
      gpu: 'rtx4090',
      cuda: '13.0.0',
    },
    'fails',
    'driver-too-old',
    minor,
  ),
];

export const RUNNER_PAIRS: readonly Pair[] = [...GPUS, ...MODULES, ...WSL];

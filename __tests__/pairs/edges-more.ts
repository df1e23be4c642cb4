import { edge, named } from './edge.js';
import { type Pair, type Sketch, SOURCES } from './pair.js';

const { cudnn, wsl, torchTargets, minor } = SOURCES;
const GOOD: Sketch = {
  driver: '580.82.07',
  driverCuda: '13.0',
  gpus: named('A100'),
  mode: 'legacy',
};
const TESTED = 'https://www.tensorflow.org/install/source';
const ORT =
  'https://github.com/microsoft/onnxruntime/blob/gh-pages/docs/execution-providers/CUDA-ExecutionProvider.md';

/** The framework's official build says which cuDNN it was built with, the image's files say which cuDNN it meets. */
const meets = (
  name: string,
  version: string,
  cuda: string,
  found: string[],
  works: boolean,
  source: string = cudnn,
): Pair =>
  edge(
    {
      ...GOOD,
      image: {
        cuda: `${cuda}.1`,
        libraries: found.map((one) => ({ name: 'cudnn', version: one })),
        frameworks: [{ name, version, cuda }],
      },
    },
    works ? 'works' : 'fails',
    works ? null : 'cudnn-mismatch',
    source,
  );

const CUDNN: Pair[] = [
  meets('torch', '2.9.0', '12.8', ['9.10.2'], true),
  meets('torch', '2.9.0+cu128', '12.8', ['9.10.2.21'], true),
  meets('torch', '2.9.0', '12.8', ['9.12.0'], true),
  // Of the same major, and only a table says what it was built with: a warning.
  meets('torch', '2.9.0', '12.8', ['9.8.0'], true),
  meets('torch', '2.9.0', '12.8', ['8.9.7'], false),
  meets('torch', '2.9.0', '12.8', ['8.9.7', '9.10.2'], true),
  meets('torch', '2.4.1', '12.4', ['9.1.0'], true),
  meets('torch', '2.4.1', '12.4', ['8.9.2'], false),
  meets('torch', '2.3.1', '12.1', ['9.1.0'], false),
  meets('torch', '2.3.1', '12.1', ['8.9.2'], true),
  meets('torch', '2.7.0a0+7c8ec84dab', '12.8', ['9.1.0'], true),
  meets('tensorflow', '2.18.0', '12.5', ['9.3.0'], true, TESTED),
  meets('tensorflow', '2.18.0', '12.5', ['9.1.0'], true, TESTED),
  meets('tensorflow', '2.18.0', '12.5', ['8.9.7'], false, TESTED),
  meets('tensorflow', '2.15.0', '12.2', ['9.3.0'], false, TESTED),
  meets('onnxruntime-gpu', '1.20.0', '12.6', ['8.9.7'], false, ORT),
  meets('onnxruntime-gpu', '1.20.0', '12.6', ['9.1.0'], true, ORT),
];

const WINDOWS: Sketch = {
  hostPlatform: 'windows/amd64',
  platform: 'linux/amd64',
  gpus: named('RTX 4090'),
};
const HOSTS: Pair[] = [
  edge({ ...WINDOWS, driver: '551.78', driverCuda: '12.4', cuda: '12.4.1' }, 'works', null, wsl),
  edge(
    { ...WINDOWS, driver: '528.33', cuda: '12.8.1' },
    'works',
    'minor-version-compatibility',
    wsl,
  ),
  edge({ ...WINDOWS, driver: '527.41', cuda: '12.8.1' }, 'fails', 'driver-too-old', wsl),
  edge({ ...WINDOWS, driver: '581.15', cuda: '13.0.1', driverCuda: '13.0' }, 'works', null, wsl),
  edge({ ...WINDOWS, driver: '576.02', cuda: '13.0.1' }, 'fails', 'driver-too-old', wsl),
  edge(
    { ...WINDOWS, platform: 'linux/arm64', driver: '581.15', cuda: '13.0.1' },
    'fails',
    'platform-mismatch',
    SOURCES.platforms,
  ),
  edge(
    { driver: '540.4.0', gpus: named('Jetson AGX Orin'), cuda: '13.0.0' },
    'fails',
    'driver-too-old',
    minor,
  ),
  edge(
    { driver: '540.4.0', gpus: named('Jetson AGX Orin'), cuda: '12.9.1' },
    'works',
    'minor-version-compatibility',
    minor,
  ),
  edge({ driver: '540.4.0', gpus: named('Orin (nvgpu)'), cuda: '12.6.3' }, 'works', null, minor),
  edge({ driver: '580.00', gpus: named('NVIDIA Thor'), cuda: '13.0.1' }, 'works', null, minor),
];

const arm = (gpu: string, cuda: string): Sketch => ({
  driver: '580.82.07',
  gpus: named(gpu),
  hostPlatform: 'linux/arm64',
  platform: 'linux/arm64',
  image: {
    platform: 'linux/arm64',
    frameworks: [{ name: 'torch', version: `2.9.0+cu${cuda.replace('.', '')}`, cuda }],
  },
});
const ARM: Pair[] = [
  edge(arm('GH200', '12.6'), 'works', null, torchTargets),
  edge(arm('GB200', '12.8'), 'works', null, torchTargets),
  edge(arm('NVIDIA A10', '12.8'), 'works', 'binary-compatible-kernels', torchTargets),
  edge(arm('Tesla T4', '12.8'), 'fails', 'no-kernel-for-gpu', torchTargets),
  edge(arm('GB200', '12.6'), 'fails', 'no-kernel-for-gpu', torchTargets),
];

export const EDGES_MORE: Pair[] = [...CUDNN, ...HOSTS, ...ARM];

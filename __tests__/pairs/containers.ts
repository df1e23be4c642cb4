import { type Pair, pair, type Sketch, SOURCES } from './pair.js';

const { platforms, capabilities, cdi, libc, torch, torchTargets, cudnn } = SOURCES;

const GOOD: Sketch = { driver: '580.82.07', gpu: 'a100', mode: 'legacy', cuda: '12.8.1' };

const PLATFORMS: Pair[] = [
  pair(
    'arm64 image on amd64',
    { ...GOOD, hostPlatform: 'linux/amd64', platform: 'linux/arm64' },
    'fails',
    'platform-mismatch',
    platforms,
  ),
  pair(
    'amd64 image on arm64',
    {
      ...GOOD,
      gpu: 'gb10',
      driver: '580.95.05',
      hostPlatform: 'linux/arm64',
      platform: 'linux/amd64',
    },
    'fails',
    'platform-mismatch',
    platforms,
  ),
  pair(
    'arm64 and its variant',
    { ...GOOD, hostPlatform: 'linux/arm64', platform: 'linux/arm64/v8' },
    'works',
    null,
    platforms,
  ),
  pair(
    'the same platform',
    { ...GOOD, hostPlatform: 'linux/amd64', platform: 'linux/amd64' },
    'works',
    null,
    platforms,
  ),
  pair(
    'Windows image on Linux',
    { ...GOOD, hostPlatform: 'linux/amd64', platform: 'windows/amd64' },
    'fails',
    'platform-mismatch',
    platforms,
  ),
  pair(
    'another platform comes before a driver that is too old',
    { ...GOOD, driver: '470.256.02', hostPlatform: 'linux/amd64', platform: 'linux/arm64' },
    'fails',
    'platform-mismatch',
    platforms,
  ),
  pair(
    'no driver known, another platform',
    { cuda: '12.8.1', hostPlatform: 'linux/amd64', platform: 'linux/arm64' },
    'fails',
    'platform-mismatch',
    platforms,
  ),
];

const capable = (value: string): Sketch => ({
  ...GOOD,
  env: { NVIDIA_DRIVER_CAPABILITIES: value },
});

const CAPABILITIES: Pair[] = [
  pair('utility only', capable('utility'), 'fails', 'driver-capabilities-missing', capabilities),
  pair(
    'video and utility',
    capable('video,utility'),
    'fails',
    'driver-capabilities-missing',
    capabilities,
  ),
  pair('compute and utility', capable('compute,utility'), 'works', null, capabilities),
  pair('compute only', capable('compute'), 'works', null, capabilities),
  pair('all', capable('all'), 'works', null, capabilities),
  pair('empty: the default has compute', capable(''), 'works', null, capabilities),
  pair(
    'CDI injects by its spec, not by this variable',
    { ...capable('utility'), mode: 'cdi' },
    'works',
    null,
    cdi,
  ),
];

const LIBC: Pair[] = [
  pair('Alpine', { ...GOOD, libc: 'musl 1.2.5' }, 'fails', 'libc-incompatible', libc),
  pair('Ubuntu', { ...GOOD, libc: 'glibc 2.39' }, 'works', null, libc),
  pair(
    'Alpine without a known driver',
    { libc: 'musl 1.2.5', cuda: '12.8.1' },
    'fails',
    'libc-incompatible',
    libc,
  ),
];

const torchBuild = (version: string, cuda: string | null, targets?: string[]): Sketch => ({
  ...GOOD,
  image: {
    cuda: cuda ?? '12.8.1',
    frameworks: [{ name: 'torch', version, cuda, ...(targets === undefined ? {} : { targets }) }],
  },
});

const CU128 = ['sm_70', 'sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120'];
const CU126 = ['sm_50', 'sm_60', 'sm_70', 'sm_75', 'sm_80', 'sm_86', 'sm_90'];
const CU130 = ['sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120', 'compute_120'];

const FRAMEWORKS: Pair[] = [
  pair('CPU build of PyTorch', torchBuild('2.9.0+cpu', null), 'fails', 'framework-cpu-only', torch),
  pair(
    'CPU build and no driver known',
    { image: { frameworks: [{ name: 'torch', version: '2.9.0+cpu', cuda: null }] } },
    'fails',
    'framework-cpu-only',
    torch,
  ),
  pair('cu128 on A100', torchBuild('2.9.0', '12.8', CU128), 'works', null, torchTargets),
  pair(
    'cu128 on RTX 4090: sm_86 code',
    { ...torchBuild('2.9.0', '12.8', CU128), gpu: 'rtx4090' },
    'works',
    'binary-compatible-kernels',
    torchTargets,
  ),
  pair(
    'cu128 on RTX 5090',
    { ...torchBuild('2.9.0', '12.8', CU128), gpu: 'rtx5090' },
    'works',
    null,
    torchTargets,
  ),
  pair(
    'cu126 on RTX 5090',
    { ...torchBuild('2.9.0', '12.6', CU126), gpu: 'rtx5090' },
    'fails',
    'no-kernel-for-gpu',
    torchTargets,
  ),
  pair(
    'cu126 on P100',
    { ...torchBuild('2.9.0', '12.6', CU126), gpu: 'p100' },
    'works',
    null,
    torchTargets,
  ),
  pair(
    'cu128 on P100',
    { ...torchBuild('2.9.0', '12.8', CU128), gpu: 'p100' },
    'fails',
    'no-kernel-for-gpu',
    torchTargets,
  ),
  pair(
    'cu128 on V100',
    { ...torchBuild('2.9.0', '12.8', CU128), gpu: 'v100' },
    'works',
    null,
    torchTargets,
  ),
  pair(
    'cu130 on V100: dropped with CUDA 13',
    { ...torchBuild('2.9.0', '13.0', CU130), gpu: 'v100' },
    'fails',
    'gpu-architecture-dropped',
    torchTargets,
  ),
  pair(
    'cu130 on 570',
    { ...torchBuild('2.9.0', '13.0', CU130), driver: '570.211.01' },
    'fails',
    'driver-too-old',
    SOURCES.minor,
  ),
  pair(
    'cu130 on GB10: sm_120 code',
    { ...torchBuild('2.9.0', '13.0', CU130), driver: '580.95.05', gpu: 'gb10' },
    'works',
    'binary-compatible-kernels',
    SOURCES.cubin,
  ),
  pair(
    'PTX of an old build on H100 goes through the driver',
    { ...torchBuild('1.12.1', '11.6', ['sm_80', 'sm_86', 'compute_80']), gpu: 'h100' },
    'works',
    'ptx-compiled-at-first-use',
    SOURCES.ptxForward,
  ),
  pair(
    'PTX of a framework is of the ISA of its CUDA',
    { ...torchBuild('2.9.0', '12.8', ['sm_80', 'compute_80']), gpu: 'h100', driver: '535.104.05' },
    'fails',
    'ptx-too-new',
    SOURCES.ptx,
  ),
  pair(
    'cu118 in an image without its own CUDA',
    {
      driver: '450.80.02',
      gpu: 't4',
      image: {
        frameworks: [{ name: 'torch', version: '2.4.0', cuda: '11.8', targets: ['sm_75'] }],
      },
    },
    'works',
    'minor-version-compatibility',
    SOURCES.minor,
  ),
  pair(
    'cuDNN of another major than the framework was built with',
    {
      ...GOOD,
      image: {
        cuda: '12.8.1',
        libraries: [{ name: 'cudnn', version: '8.9.7' }],
        frameworks: [
          { name: 'torch', version: '2.9.0', cuda: '12.8', cudnn: '9.10.2', targets: CU128 },
        ],
      },
    },
    'fails',
    'cudnn-mismatch',
    cudnn,
  ),
  pair(
    'cuDNN newer than the framework was built with, same major',
    {
      ...GOOD,
      image: {
        cuda: '12.8.1',
        libraries: [{ name: 'cudnn', version: '9.12.0' }],
        frameworks: [
          { name: 'torch', version: '2.9.0', cuda: '12.8', cudnn: '9.10.2', targets: CU128 },
        ],
      },
    },
    'works',
    null,
    cudnn,
  ),
];

export const CONTAINER_PAIRS: readonly Pair[] = [
  ...PLATFORMS,
  ...CAPABILITIES,
  ...LIBC,
  ...FRAMEWORKS,
];

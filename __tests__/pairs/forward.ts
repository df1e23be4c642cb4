import { type Pair, pair, SOURCES } from './pair.js';

const { forward, compatMode, compatHook } = SOURCES;
const NGC = {
  LD_LIBRARY_PATH: '/usr/local/cuda/compat/lib:/usr/local/nvidia/lib:/usr/local/nvidia/lib64',
};

/** Cells of NVIDIA's table of packages and driver branches, on data-center GPUs. */
const cell = (driver: string, cuda: string, compat: string): Pair =>
  pair(
    `cuda-compat of ${compat} on ${driver}`,
    { driver, gpu: 'a100', mode: 'legacy', cuda, compat },
    'works',
    'forward-compatibility-in-use',
    forward,
  );

const CELLS: Pair[] = [
  cell('535.104.05', '12.3.1', '545.23.08'),
  cell('535.104.05', '12.4.1', '550.54.15'),
  cell('535.309.01', '12.6.3', '560.35.05'),
  cell('535.309.01', '12.8.1', '570.124.06'),
  cell('535.309.01', '12.9.1', '575.57.08'),
  cell('535.309.01', '13.0.1', '580.82.07'),
  cell('535.309.01', '13.1.0', '590.44.01'),
  cell('570.211.01', '12.9.1', '575.57.08'),
  cell('570.211.01', '13.0.1', '580.82.07'),
  cell('570.211.01', '13.3.0', '610.43.02'),
  cell('580.82.07', '13.1.0', '590.44.01'),
  cell('580.178.04', '13.2.0', '595.45.04'),
  cell('590.48.01', '13.2.0', '595.45.04'),
  cell('595.45.04', '13.3.0', '610.43.02'),
];

/** The same or a newer driver on the host: its own library is taken. */
const HOST_WINS: Pair[] = [
  pair(
    'compat of the same branch as the host is dropped',
    { driver: '580.65.06', gpu: 'h100', mode: 'legacy', cuda: '13.0.0', compat: '580.65.06' },
    'works',
    null,
    compatMode,
  ),
  pair(
    'compat older than the host is dropped, legacy',
    { driver: '580.105.08', gpu: 'b200', mode: 'legacy', cuda: '12.8.1', compat: '570.124.06' },
    'works',
    null,
    compatMode,
  ),
  pair(
    'compat older than the host is dropped, CDI',
    { driver: '580.105.08', gpu: 'a100', mode: 'cdi', cuda: '12.8.1', compat: '570.124.06' },
    'works',
    null,
    compatHook,
  ),
  pair(
    'compat older than the host is dropped, GeForce',
    { driver: '570.124.06', gpu: 'rtx4090', mode: 'legacy', cuda: '12.4.1', compat: '550.54.15' },
    'works',
    null,
    compatMode,
  ),
  pair(
    'host of the same branch, GeForce',
    { driver: '550.163.01', gpu: 'rtx3090', mode: 'jit-cdi', cuda: '12.4.1', compat: '550.54.15' },
    'works',
    null,
    compatHook,
  ),
];

/** Nothing checks the class of the GPU before the library is chosen. */
const NOT_ENTITLED: Pair[] = [
  pair(
    'GeForce, older driver of the same major: 804 where the host alone would do',
    { driver: '535.104.05', gpu: 'rtx3090', mode: 'legacy', cuda: '12.4.1', compat: '550.54.15' },
    'fails',
    'forward-compatibility-unsupported',
    forward,
  ),
  pair(
    'GeForce, older major',
    { driver: '570.124.06', gpu: 'rtx4090', mode: 'legacy', cuda: '13.0.1', compat: '580.82.07' },
    'fails',
    'forward-compatibility-unsupported',
    forward,
  ),
  pair(
    'GeForce under CDI',
    { driver: '570.124.06', gpu: 'rtx5090', mode: 'cdi', cuda: '13.0.1', compat: '580.82.07' },
    'fails',
    'forward-compatibility-unsupported',
    forward,
  ),
  pair(
    'Titan',
    {
      driver: '535.104.05',
      gpus: [{ index: 0, name: 'NVIDIA TITAN RTX', computeCapability: '7.5' }],
      mode: 'legacy',
      cuda: '12.8.1',
      compat: '570.124.06',
    },
    'fails',
    'forward-compatibility-unsupported',
    forward,
  ),
  pair(
    'the same GeForce without the package runs',
    { driver: '535.104.05', gpu: 'rtx3090', mode: 'legacy', cuda: '12.4.1' },
    'works',
    'minor-version-compatibility',
    SOURCES.minor,
  ),
];

/** The image's environment puts the directory first, whatever the toolkit decides. */
const SHADOWED: Pair[] = [
  pair(
    'compat older than the host in LD_LIBRARY_PATH',
    {
      driver: '580.105.08',
      gpu: 'b200',
      mode: 'legacy',
      cuda: '12.8.1',
      compat: '570.124.06',
      env: { LD_LIBRARY_PATH: '/usr/local/cuda/compat' },
    },
    'fails',
    'compat-library-shadows-driver',
    forward,
  ),
  pair(
    'compat older than the host in LD_LIBRARY_PATH, CDI',
    {
      driver: '595.58.03',
      gpu: 'rtx5090',
      mode: 'cdi',
      cuda: '13.0.1',
      compat: '580.82.07',
      env: { LD_LIBRARY_PATH: '/usr/local/cuda-13.0/compat:/usr/lib' },
    },
    'fails',
    'compat-library-shadows-driver',
    forward,
  ),
  pair(
    'compat newer than the host in LD_LIBRARY_PATH, supported',
    {
      driver: '535.309.01',
      gpu: 'h100',
      mode: 'legacy',
      cuda: '12.8.1',
      compat: '570.124.06',
      env: { LD_LIBRARY_PATH: '/usr/local/cuda/compat' },
    },
    'works',
    'forward-compatibility-in-use',
    forward,
  ),
  pair(
    'NGC image: the directory is named, and its entry point fills it only when it fits',
    { driver: '580.105.08', gpu: 'h100', mode: 'legacy', cuda: '12.8.1', env: NGC },
    'works',
    null,
    'https://docs.nvidia.com/deeplearning/frameworks/user-guide/index.html',
  ),
];

/** A compat library makes the limits of minor-version compatibility go away. */
const CODE: Pair[] = [
  pair(
    'PTX of CUDA 12.8 on 535 with the compat library',
    {
      driver: '535.309.01',
      gpu: 'h100',
      mode: 'legacy',
      cuda: '12.8.1',
      compat: '570.124.06',
      cubins: ['sm_80'],
      ptx: ['compute_80 8.7'],
    },
    'works',
    'forward-compatibility-in-use',
    forward,
  ),
  pair(
    'the same without it',
    {
      driver: '535.309.01',
      gpu: 'h100',
      mode: 'legacy',
      cuda: '12.8.1',
      cubins: ['sm_80'],
      ptx: ['compute_80 8.7'],
    },
    'fails',
    'ptx-too-new',
    SOURCES.minor,
  ),
];

/** What the probe saw settles which library was loaded and what it said. */
const SEEN: Pair[] = [
  pair(
    '803 was seen',
    {
      driver: '580.105.08',
      gpu: 'b200',
      cuda: '12.8.1',
      compat: '570.124.06',
      probe: {
        started: true,
        libcuda: { path: '/usr/local/cuda/compat/libcuda.so.570.124.06', origin: 'compat' },
        init: { code: 803 },
      },
    },
    'fails',
    'compat-library-shadows-driver',
    SOURCES.errors,
  ),
  pair(
    '804 was seen',
    {
      driver: '535.104.05',
      gpu: 'rtx3090',
      cuda: '12.4.1',
      probe: { started: true, libcuda: { origin: 'compat' }, init: { code: 804 } },
    },
    'fails',
    'forward-compatibility-unsupported',
    SOURCES.errors,
  ),
  pair(
    'the host library was loaded although compat would serve',
    {
      driver: '535.309.01',
      gpu: 'a100',
      mode: 'legacy',
      cuda: '13.0.1',
      compat: '580.82.07',
      probe: {
        started: true,
        libcuda: {
          path: '/usr/lib/x86_64-linux-gnu/libcuda.so.535.309.01',
          origin: 'host',
          cuda: '12.2',
        },
        init: { code: 0 },
        runtime: { code: 35, version: '13.0' },
      },
    },
    'fails',
    'compat-library-not-used',
    forward,
  ),
  pair(
    'compat in use was seen',
    {
      driver: '535.309.01',
      gpu: 'a100',
      mode: 'legacy',
      cuda: '13.0.1',
      compat: '580.82.07',
      probe: {
        started: true,
        libcuda: {
          path: '/usr/local/cuda/compat/libcuda.so.580.82.07',
          origin: 'compat',
          cuda: '13.0',
        },
        init: { code: 0 },
        runtime: { code: 0, version: '13.0', deviceCount: 1 },
        gpus: [{ index: 0, kernel: { code: 0, correct: true } }],
      },
    },
    'works',
    'forward-compatibility-in-use',
    forward,
  ),
];

export const FORWARD_PAIRS: readonly Pair[] = [
  ...CELLS,
  ...HOST_WINS,
  ...NOT_ENTITLED,
  ...SHADOWED,
  ...CODE,
  ...SEEN,
];

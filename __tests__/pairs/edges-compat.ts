import { edge, named } from './edge.js';
import { type Pair, SOURCES } from './pair.js';

const { forward, compatMode, compatHook } = SOURCES;
const IN_USE = 'forward-compatibility-in-use';
const UNSUPPORTED = 'forward-compatibility-unsupported';
const MINOR = 'minor-version-compatibility';

/** The compat library must support the GPU itself. */
const GPUS: Pair[] = [
  edge(
    {
      driver: '470.256.02',
      gpus: named('Tesla K80'),
      mode: 'legacy',
      cuda: '11.8.0',
      compat: '520.61.05',
    },
    'fails',
    UNSUPPORTED,
    forward,
    'no Kepler after 470',
  ),
  edge(
    {
      driver: '470.256.02',
      gpus: named('Tesla K40m'),
      mode: 'legacy',
      cuda: '11.5.2',
      compat: '495.29.05',
    },
    'fails',
    UNSUPPORTED,
    forward,
    'no Kepler after 470',
  ),
  edge(
    {
      driver: '535.183.01',
      gpus: named('V100'),
      mode: 'legacy',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'fails',
    'gpu-architecture-dropped',
    forward,
  ),
  edge(
    {
      driver: '535.183.01',
      gpus: named('B200'),
      mode: 'legacy',
      cuda: '12.8.1',
      compat: '570.124.06',
    },
    'unknown',
    'gpu-unsupported-by-driver',
    forward,
    "the compat library does not replace the kernel's driver",
  ),
  edge(
    {
      driver: '535.183.01',
      gpus: named('V100'),
      mode: 'legacy',
      cuda: '12.9.1',
      compat: '590.44.01',
    },
    'fails',
    UNSUPPORTED,
    forward,
    'compat of 590 has no Volta',
  ),
];

/** Which library wins, by toolkit version and by the image's own paths. */
const LD = (path: string) => ({ LD_LIBRARY_PATH: path });
const PATHS: Pair[] = [
  edge(
    {
      driver: '580.82.07',
      gpu: 'a100',
      mode: 'cdi',
      cuda: '12.8.1',
      compat: '570.124.06',
      env: LD('/usr/local/cuda/compat:/usr/local/cuda/lib64'),
    },
    'fails',
    'compat-library-shadows-driver',
    forward,
  ),
  edge(
    {
      driver: '580.82.07',
      gpu: 'rtx5090',
      mode: 'legacy',
      cuda: '12.8.1',
      compat: '570.124.06',
      env: LD('/usr/local/cuda/compat'),
    },
    'fails',
    'compat-library-shadows-driver',
    forward,
  ),
  edge(
    {
      driver: '570.133.20',
      gpu: 'a100',
      mode: 'cdi',
      cuda: '12.4.1',
      compat: '550.54.15',
      env: LD('/usr/local/cuda-12.4/compat:/usr/local/nvidia/lib'),
    },
    'fails',
    'compat-library-shadows-driver',
    forward,
  ),
  edge(
    {
      driver: '580.82.07',
      gpu: 'a100',
      mode: 'cdi',
      cuda: '12.8.1',
      compat: '570.124.06',
      env: LD('/usr/local/nvidia/lib:/usr/local/nvidia/lib64'),
    },
    'works',
    null,
    forward,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'cdi',
      cuda: '13.0.1',
      compat: '580.82.07',
      env: LD('/usr/local/cuda/compat'),
    },
    'works',
    IN_USE,
    forward,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'rtx3090',
      mode: 'cdi',
      cuda: '12.4.1',
      compat: '550.54.15',
      env: LD('/usr/local/cuda/compat'),
    },
    'fails',
    UNSUPPORTED,
    forward,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'legacy',
      toolkit: '1.17.4',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'fails',
    'compat-library-not-used',
    compatMode,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'legacy',
      toolkit: '1.17.3',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'works',
    IN_USE,
    compatMode,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'legacy',
      toolkit: '1.17.8',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'works',
    IN_USE,
    compatMode,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'legacy',
      toolkit: '1.18.1',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'works',
    IN_USE,
    compatMode,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'cdi',
      toolkit: '1.18.1',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'works',
    IN_USE,
    compatHook,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'cdi',
      toolkit: '1.16.2',
      cuda: '13.0.1',
      compat: '580.82.07',
    },
    'fails',
    'compat-library-not-used',
    compatHook,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'rtx3090',
      mode: 'cdi',
      toolkit: '1.16.2',
      cuda: '12.4.1',
      compat: '550.54.15',
    },
    'works',
    MINOR,
    compatHook,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'rtx3090',
      mode: 'legacy',
      toolkit: '1.17.4',
      cuda: '12.4.1',
      compat: '550.54.15',
    },
    'works',
    MINOR,
    compatMode,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      mode: 'legacy',
      toolkit: '1.17.4',
      cuda: '12.4.1',
      compat: '550.54.15',
    },
    'works',
    MINOR,
    compatMode,
  ),
  edge(
    { driver: '535.183.01', gpu: 'a100', cuda: '13.0.1', mode: 'legacy' },
    'fails',
    'driver-too-old',
    forward,
    'no compat library in the image',
  ),
  edge(
    { driver: '535.183.01', gpu: 'rtx4090', cuda: '13.0.1', mode: 'legacy', compat: '580.82.07' },
    'fails',
    UNSUPPORTED,
    forward,
  ),
  edge(
    { driver: '535.183.01', gpu: 'a100', cuda: '13.0.1', compat: '580.82.07', cubins: ['sm_80'] },
    'works',
    IN_USE,
    forward,
    'no mode',
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'h100',
      cuda: '12.8.1',
      mode: 'legacy',
      compat: '570.124.06',
      ptx: ['compute_90 8.7'],
    },
    'works',
    IN_USE,
    forward,
    'PTX limits do not apply',
  ),
  edge(
    { driver: '535.183.01', gpu: 'h100', cuda: '12.8.1', mode: 'legacy', ptx: ['compute_90 8.7'] },
    'fails',
    'ptx-too-new',
    SOURCES.ptx,
  ),
  edge(
    { driver: '551.78', os: 'WSL2', gpu: 'rtx4090', mode: 'cdi', cuda: '12.8.1' },
    'works',
    MINOR,
    SOURCES.wsl,
  ),
];

const probe = (init: number, origin: string, path: string, runtime?: number) => ({
  started: true,
  libcuda: { origin, path },
  init: { code: init },
  ...(runtime === undefined ? {} : { runtime: { code: runtime } }),
});
const COMPAT = '/usr/local/cuda/compat/libcuda.so.580.82.07';
const HOST = '/usr/lib/x86_64-linux-gnu/libcuda.so.535.183.01';
const SEEN: Pair[] = [
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      cuda: '13.0.1',
      mode: 'legacy',
      compat: '580.82.07',
      probe: probe(0, 'host', HOST, 35),
    },
    'fails',
    'compat-library-not-used',
    forward,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'a100',
      cuda: '13.0.1',
      mode: 'cdi',
      compat: '580.82.07',
      probe: probe(0, 'compat', COMPAT, 0),
    },
    'works',
    IN_USE,
    forward,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'rtx3090',
      cuda: '12.4.1',
      mode: 'legacy',
      compat: '550.54.15',
      probe: probe(804, 'compat', '/usr/local/cuda/compat/libcuda.so.550.54.15'),
    },
    'fails',
    UNSUPPORTED,
    forward,
  ),
  edge(
    {
      driver: '580.82.07',
      gpu: 'a100',
      cuda: '12.8.1',
      mode: 'cdi',
      compat: '570.124.06',
      probe: probe(803, 'compat', '/usr/local/cuda/compat/libcuda.so.570.124.06'),
    },
    'fails',
    'compat-library-shadows-driver',
    forward,
  ),
  edge(
    {
      driver: '535.183.01',
      gpu: 'rtx3090',
      cuda: '12.4.1',
      mode: 'legacy',
      compat: '550.54.15',
      probe: probe(0, 'host', HOST, 0),
    },
    'works',
    MINOR,
    forward,
    'the table says compat would win; the host library was seen',
  ),
];

export const EDGES_COMPAT: Pair[] = [...GPUS, ...PATHS, ...SEEN];

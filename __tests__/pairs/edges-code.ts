import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import { edge, named } from './edge.js';
import { type Pair, type Sketch, SOURCES } from './pair.js';

const { cubin, ptx: ptxSource, ptxForward, families } = SOURCES;
const BINARY = 'binary-compatible-kernels';
const JIT = 'ptx-compiled-at-first-use';
const NONE = 'no-kernel-for-gpu';
const NEW = 'ptx-too-new';
const MINOR = 'minor-version-compatibility';

const code = (
  gpu: string,
  cubins: string[],
  ptx: string[],
  verdict: Verdict,
  primary: FindingId | null,
  more: Sketch = {},
): Pair =>
  edge(
    { driver: '595.71.05', cuda: '12.9.1', gpus: named(gpu), cubins, ptx, ...more },
    verdict,
    primary,
    ptx.length > 0 ? ptxForward : cubin,
  );

const CUBINS: Pair[] = [
  code('A100', ['sm_80'], [], 'works', null),
  code('RTX 3090', ['sm_80'], [], 'works', BINARY),
  code('RTX 4090', ['sm_80'], [], 'works', BINARY),
  code('RTX 4090', ['sm_86'], [], 'works', BINARY),
  code('RTX 4090', ['sm_80', 'sm_89'], [], 'works', null),
  code('A100', ['sm_86'], [], 'fails', NONE),
  code('RTX 3090', ['sm_89'], [], 'fails', NONE),
  code('A10', ['sm_75', 'sm_80'], [], 'works', BINARY),
  code('Tesla T4', ['sm_70'], [], 'works', BINARY),
  code('V100', ['sm_75'], [], 'fails', NONE, { driver: '580.82.07' }),
  code('Tesla T4', ['sm_80', 'sm_90'], [], 'fails', NONE),
  code('H100', ['sm_80', 'sm_86'], [], 'fails', NONE),
  code('H100', ['sm_90a'], [], 'works', null),
  code('GH200', ['sm_90a'], [], 'works', null),
  code('B200', ['sm_90', 'sm_90a'], [], 'fails', NONE),
  code('B200', ['sm_100'], [], 'works', null),
  code('B200', ['sm_100a'], [], 'works', null),
  code('B300', ['sm_100'], [], 'works', BINARY),
  code('B300', ['sm_100a'], [], 'fails', NONE),
  code('B300', ['sm_100f'], [], 'works', BINARY),
  code('B300', ['sm_103a'], [], 'works', null),
  code('B200', ['sm_103'], [], 'fails', NONE),
  code('B200', ['sm_103f'], [], 'fails', NONE),
  code('RTX 5090', ['sm_100', 'sm_100f'], [], 'fails', NONE),
  code('RTX 5090', ['sm_120a'], [], 'works', null),
  code('RTX 5090', ['sm_120f'], [], 'works', null),
  code('RTX PRO 6000', ['sm_120'], [], 'works', null),
  code('NVIDIA GB10', ['sm_120'], [], 'works', BINARY),
  code('NVIDIA GB10', ['sm_120a'], [], 'fails', NONE),
  code('NVIDIA GB10', ['sm_120f'], [], 'works', BINARY),
  code('RTX 5090', ['sm_121'], [], 'fails', NONE),
  code('RTX 5090', ['sm_121f'], [], 'fails', NONE),
  code('GTX 1080 Ti', ['sm_60'], [], 'works', BINARY, { driver: '580.82.07' }),
  code('GTX 1080 Ti', ['sm_50', 'sm_52'], [], 'fails', NONE, { driver: '580.82.07' }),
  code('Tesla P100-PCIE-16GB', ['sm_61'], [], 'fails', NONE, { driver: '580.82.07' }),
  code('Tesla M60', ['sm_50'], [], 'works', BINARY, { driver: '580.82.07' }),
  code('Tesla K80', ['sm_35'], [], 'works', BINARY, { driver: '470.256.02', cuda: '11.4.3' }),
  code('Tesla K80', ['sm_50', 'sm_60', 'sm_70'], [], 'fails', NONE, {
    driver: '470.256.02',
    cuda: '11.4.3',
  }),
  code('Jetson AGX Orin', ['sm_87'], [], 'works', null, {
    driver: '540.4.0',
    driverCuda: '12.6',
    cuda: '12.6.1',
  }),
  code('Jetson AGX Orin', ['sm_80'], [], 'fails', NONE, {
    driver: '540.4.0',
    driverCuda: '12.6',
    cuda: '12.6.1',
  }),
  code('NVIDIA Thor', ['sm_100', 'sm_120'], [], 'fails', NONE, {
    driver: '580.00',
    driverCuda: '13.0',
    cuda: '13.0.0',
  }),
  code('NVIDIA Thor', ['sm_110'], [], 'works', null, {
    driver: '580.00',
    driverCuda: '13.0',
    cuda: '13.0.0',
  }),
];

const PTX: Pair[] = [
  code('H100', ['sm_80'], ['compute_80 8.8'], 'works', JIT),
  code('B200', ['sm_80'], ['compute_80 7.0'], 'works', JIT),
  code('RTX 5090', [], ['compute_52 7.8'], 'works', JIT),
  code('RTX 5090', ['sm_90'], ['compute_90 8.0'], 'works', JIT),
  code('RTX 5090', ['sm_90'], ['compute_90a 8.0'], 'fails', NONE),
  code('H100', [], ['compute_90a 8.0'], 'works', JIT),
  code('B300', [], ['compute_100f 8.8'], 'works', JIT),
  code('B300', [], ['compute_100a 8.8'], 'fails', NONE),
  code('RTX 5090', [], ['compute_100f 8.8'], 'fails', NONE),
  code('NVIDIA GB10', [], ['compute_120f 8.8'], 'works', JIT),
  code('NVIDIA GB10', [], ['compute_120a 8.8'], 'fails', NONE),
  code('A100', ['sm_90'], ['compute_90 8.0'], 'fails', NONE),
  code('RTX 3090', [], ['compute_89 8.0'], 'fails', NONE),
  code('RTX 4090', ['sm_86'], ['compute_90 9.9'], 'works', BINARY),
  code('H100', ['sm_80'], ['compute_80 8.7'], 'fails', NEW, {
    driver: '535.104.05',
    cuda: '12.8.1',
  }),
  code('H100', ['sm_80'], ['compute_80 8.7'], 'fails', NEW, {
    driver: '565.57.01',
    cuda: '12.8.1',
  }),
  code('H100', ['sm_80'], ['compute_80 8.6'], 'works', MINOR, {
    driver: '565.57.01',
    cuda: '12.8.1',
  }),
  code('H100', ['sm_80'], ['compute_80 8.7'], 'works', JIT, {
    driver: '570.86.15',
    cuda: '12.8.0',
  }),
  code('H100', ['sm_80'], ['compute_80 8.8'], 'fails', NEW, {
    driver: '570.211.01',
    cuda: '12.9.1',
  }),
  code('H100', ['sm_80'], ['compute_80 8.5'], 'works', JIT, {
    driver: '555.42.06',
    cuda: '12.5.1',
  }),
  code('H100', ['sm_80'], ['compute_80 8.5'], 'works', MINOR, {
    driver: '555.42.06',
    cuda: '12.6.3',
  }),
  code('H100', ['sm_90'], ['compute_90 9.1'], 'works', MINOR, {
    driver: '580.65.06',
    cuda: '13.1.0',
  }),
  code('H100', [], ['compute_75 9.1', 'compute_80 9.1', 'compute_90 9.1'], 'fails', NEW, {
    driver: '580.65.06',
    cuda: '13.1.0',
  }),
  code(
    'RTX 4090',
    ['sm_86', 'sm_89'],
    ['compute_75 9.1', 'compute_80 9.1', 'compute_90 9.1'],
    'works',
    MINOR,
    { driver: '580.65.06', cuda: '13.1.0' },
  ),
  code('H100', [], ['compute_80 8.7', 'compute_70 8.2'], 'works', MINOR, {
    driver: '535.104.05',
    cuda: '12.8.1',
  }),
  code('H100', [], ['compute_80 8.0'], 'works', JIT, { driver: '535.104.05', cuda: '12.0.0' }),
  code('Tesla T4', [], ['compute_60 7.8'], 'fails', NEW, { driver: '470.256.02', cuda: '11.8.0' }),
  code('A100', [], ['compute_80 7.4'], 'works', JIT, { driver: '470.256.02', cuda: '11.4.3' }),
  code('H100', [], ['compute_90 9.4'], 'works', JIT, { driver: '615.23', cuda: '13.4.1' }),
  code('H100', [], ['compute_90 9.4'], 'fails', NEW, { driver: '610.43.02', cuda: '13.4.1' }),
];

const both = (
  gpus: string[],
  cubins: string[],
  verdict: Verdict,
  primary: FindingId | null,
  more: Sketch = {},
): Pair =>
  edge(
    { driver: '580.82.07', cuda: '12.8.1', gpus: named(...gpus), cubins, ...more },
    verdict,
    primary,
    families,
  );

const MIXED: Pair[] = [
  both(['RTX 4090', 'RTX 5090'], ['sm_80', 'sm_89'], 'fails', 'gpu-partly-covered'),
  both(['RTX 4090', 'RTX 5090'], ['sm_89', 'sm_120'], 'works', null),
  both(['A100', 'RTX 3090'], ['sm_80'], 'works', BINARY),
  both(['A100', 'RTX 3090'], ['sm_86'], 'fails', 'gpu-partly-covered'),
  both(['A100', 'H100', 'B200'], ['sm_70', 'sm_75'], 'fails', NONE),
  both(['V100', 'A100'], ['sm_80'], 'fails', 'gpu-partly-covered'),
  both(['H100', 'H100', 'H100'], ['sm_80'], 'fails', NONE),
  edge(
    {
      driver: '580.82.07',
      cuda: '13.1.0',
      gpus: named('H100', 'RTX 4090'),
      cubins: ['sm_89'],
      ptx: ['compute_90 9.1'],
    },
    'fails',
    'gpu-partly-covered',
    ptxSource,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, computeCapability: '9.0' }],
      cubins: ['sm_90'],
    },
    'works',
    null,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'Unheard Of 9000' }],
      cubins: ['sm_90'],
    },
    'works',
    null,
    cubin,
    'name unknown',
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'NVIDIA H100 80GB HBM3 (simulated)' }],
      cubins: ['sm_80'],
    },
    'fails',
    NONE,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'GRID A100-10C' }],
      cubins: ['sm_80'],
    },
    'works',
    null,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'NVIDIA L40-8Q' }],
      cubins: ['sm_89'],
    },
    'works',
    null,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'NVIDIA GeForce RTX 2050' }],
      cubins: ['sm_75'],
    },
    'fails',
    NONE,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'NVIDIA GeForce RTX 3050 A Laptop GPU' }],
      cubins: ['sm_89'],
    },
    'works',
    null,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'NVIDIA GeForce GTX TITAN X' }],
      cubins: ['sm_61'],
    },
    'fails',
    NONE,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'NVIDIA TITAN X (Pascal)' }],
      cubins: ['sm_61'],
    },
    'works',
    null,
    cubin,
  ),
  edge(
    {
      driver: '580.82.07',
      cuda: '12.8.1',
      gpus: [{ index: 0, name: 'NVIDIA A100 80GB PCIe MIG 1g.10gb' }],
      cubins: ['sm_80'],
    },
    'works',
    null,
    cubin,
  ),
];

export const EDGES_CODE: Pair[] = [...CUBINS, ...PTX, ...MIXED];

import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import { edge, named } from './edge.js';
import { type Pair, type Sketch, SOURCES } from './pair.js';

const BINARY = 'binary-compatible-kernels';
const JIT = 'ptx-compiled-at-first-use';
const NONE = 'no-kernel-for-gpu';
const NEW = 'ptx-too-new';
const MINOR = 'minor-version-compatibility';

const GPUS_BY_ARCH = {
  p: 'GTX 1080 Ti',
  v: 'V100',
  t: 'Tesla T4',
  a: 'A100',
  g: 'RTX 3090',
  l: 'RTX 4090',
  h: 'H100',
  b: 'B200',
  b3: 'B300',
  x: 'RTX 5090',
  s: 'NVIDIA GB10',
} as const;
/** Official wheels, of which only name, version and CUDA are known. */
const torch = (
  version: string,
  cuda: string,
  gpu: keyof typeof GPUS_BY_ARCH,
  verdict: Verdict,
  primary: FindingId | null,
  driver = '580.82.07',
): Pair =>
  edge(
    {
      driver,
      gpus: named(GPUS_BY_ARCH[gpu]),
      image: { frameworks: [{ name: 'torch', version, cuda }] },
    },
    verdict,
    primary,
    SOURCES.torchTargets,
  );

const WHEELS: Pair[] = [
  torch('2.9.0+cu126', '12.6', 'p', 'works', BINARY),
  torch('2.9.0+cu126', '12.6', 'v', 'works', null),
  torch('2.9.1', '12.8', 'v', 'works', null),
  torch('2.9.1', '12.8', 'p', 'fails', NONE),
  torch('2.9.0+cu130', '13.0', 'v', 'fails', 'gpu-architecture-dropped'),
  torch('2.9.0+cu130', '13.0', 't', 'works', null),
  torch('2.9.0', '12.6', 'x', 'fails', NONE),
  torch('2.9.0', '12.6', 'b', 'fails', NONE),
  torch('2.9.0', '12.8', 'x', 'works', null),
  torch('2.9.0', '12.8', 'b', 'works', null),
  torch('2.9.0', '12.8', 'b3', 'works', BINARY),
  torch('2.9.0+cu130', '13.0', 's', 'works', BINARY, '580.95.05'),
  torch('2.8.0+cu128', '12.8', 'l', 'works', BINARY),
  torch('2.8.0+cu128', '12.8', 'h', 'works', null),
  torch('2.7.1+cu128', '12.8', 'v', 'fails', NONE),
  torch('2.7.0+cu128', '12.8', 's', 'works', BINARY, '580.95.05'),
  torch('2.6.0+cu124', '12.4', 'x', 'fails', NONE),
  torch('2.5.1+cu124', '12.4', 'h', 'works', null),
  torch('2.5.1+cu121', '12.1', 'b', 'fails', NONE),
  torch('2.4.1', '12.1', 'l', 'works', BINARY),
  torch('2.1.2+cu118', '11.8', 'h', 'works', null),
  torch('2.0.1+cu117', '11.7', 'h', 'fails', NONE),
  torch('2.0.1', '11.7', 'l', 'works', BINARY),
  torch('1.13.1+cu117', '11.7', 'g', 'works', null),
  torch('1.13.1+cu117', '11.7', 'h', 'fails', NONE),
  torch('1.12.1+cu102', '10.2', 'a', 'fails', NONE),
  torch('1.10.2+cu102', '10.2', 't', 'works', BINARY),
  torch('2.11.0+cu128', '12.8', 'v', 'fails', NONE),
  torch('2.11.0+cu126', '12.6', 'v', 'works', null),
  torch('2.12.0+cu132', '13.2', 'a', 'works', MINOR),
  torch('2.14.0+cu130', '13.0', 'x', 'works', null),
  torch('2.9.0+cu128', '12.8', 'a', 'works', MINOR, '525.147.05'),
  torch('2.9.0+cu128', '12.8', 'a', 'fails', 'driver-too-old', '470.256.02'),
  torch('2.9.0+cu130', '13.0', 'a', 'fails', 'driver-too-old', '570.133.20'),
  torch('2.5.1+cu118', '11.8', 'a', 'works', MINOR, '470.256.02'),
];

const build = (
  name: string,
  version: string,
  cuda: string | null,
  targets: string[] | undefined,
  gpu: string,
  verdict: Verdict,
  primary: FindingId | null,
  more: Sketch = {},
): Pair =>
  edge(
    {
      driver: '580.82.07',
      gpus: named(gpu),
      ...more,
      image: {
        ...more.image,
        frameworks: [{ name, version, cuda, ...(targets === undefined ? {} : { targets }) }],
      },
    },
    verdict,
    primary,
    SOURCES.torchTargets,
  );

const FRAMEWORKS: Pair[] = [
  build(
    'torch',
    '2.9.0',
    '12.8',
    ['sm_70', 'sm_75', 'sm_80', 'sm_90', 'sm_100', 'sm_120'],
    'RTX 4090',
    'works',
    BINARY,
  ),
  build('torch', '2.9.0', '12.8', ['sm_80', 'sm_90'], 'RTX 5090', 'fails', NONE),
  build('torch', '2.9.0', '12.8', ['sm_80', 'compute_80'], 'RTX 5090', 'works', JIT),
  build('torch', '2.9.0', '13.1', ['sm_80', 'compute_90'], 'H100', 'fails', NEW),
  build('torch', '2.3.0', '12.1', ['sm_80', 'compute_80'], 'H100', 'works', JIT),
  build('torch', '2.9.0', '12.8', ['sm_80', 'compute_80'], 'H100', 'fails', NEW, {
    driver: '535.104.05',
  }),
  build('torch', '2.5.0a0+git', '12.4', ['sm_61'], 'GTX 1080 Ti', 'works', null),
  build(
    'torch',
    '1.13.0',
    '11.6',
    ['sm_37', 'sm_50', 'sm_60', 'sm_70', 'sm_75', 'sm_80', 'sm_86', 'compute_37'],
    'H100',
    'fails',
    NONE,
  ),
  build('torch', '2.7.0+cpu', null, undefined, 'A100', 'fails', 'framework-cpu-only', {
    cuda: '12.8.1',
  }),
  build('torch', '2.7.0+cpu', null, undefined, 'A100', 'fails', 'framework-cpu-only'),
  build('tensorflow', '2.18.0', null, undefined, 'A100', 'fails', 'framework-cpu-only', {
    cuda: '12.5.1',
  }),
  build('tensorflow', '2.18.0', '12.5', undefined, 'RTX 5090', 'works', JIT),
  build('tensorflow', '2.18.0', '12.5', undefined, 'RTX 5090', 'works', JIT, {
    driver: '570.133.20',
  }),
  build('tensorflow', '2.18.0', '12.5', undefined, 'RTX 4090', 'works', null),
  build('tensorflow', '2.18.0', '12.5', undefined, 'H100', 'fails', NEW, { driver: '535.104.05' }),
  build('tensorflow', '2.20.0', '12.5', undefined, 'Tesla M60', 'fails', NONE),
  build('torch', '2.9.0', '12.8', ['sm_80'], 'A100', 'works', null, { cuda: '11.8.0' }),
  build('torch', '2.7.1', '12.6', ['sm_80'], 'A100', 'works', null, { cuda: '13.0.0' }),
  build('torch', '2.9.0', '12.8', ['sm_80'], 'A100', 'works', null, { cuda: '12.4.1' }),
  build(
    'onnxruntime-gpu',
    '1.20.0',
    '12.6',
    undefined,
    'A100',
    'fails',
    'framework-cuda-mismatch',
    { cuda: '13.1.0', driver: '590.48.01' },
  ),
];

export const EDGES_FRAMEWORKS: Pair[] = [...WHEELS, ...FRAMEWORKS];

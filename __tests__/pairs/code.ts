import type { FindingId } from '../../src/core/catalogue.js';
import { type GpuName, type Pair, pair, SOURCES } from './pair.js';

const { cubin, ptx, ptxForward, families } = SOURCES;

const code = (
  gpu: GpuName,
  cubins: string[],
  ptxCode: string[],
  primary: FindingId | null,
  source: string = cubin,
  driver = '580.82.07',
  cuda = '12.9.1',
): Pair => {
  const fails = ['no-kernel-for-gpu', 'ptx-too-new'].includes(primary ?? '');
  return pair(
    `${gpu}: ${[...cubins, ...ptxCode].join(', ')} on ${driver}`,
    { driver, gpu, cuda, cubins, ptx: ptxCode },
    fails ? 'fails' : 'works',
    primary,
    source,
  );
};

/** Machine code runs on its own major version, from its own minor version on. */
const CUBINS: Pair[] = [
  code('a100', ['sm_80'], [], null),
  code('rtx3090', ['sm_80'], [], 'binary-compatible-kernels'),
  code('rtx4090', ['sm_80'], [], 'binary-compatible-kernels'),
  code('rtx4090', ['sm_86'], [], 'binary-compatible-kernels'),
  code('a100', ['sm_86'], [], 'no-kernel-for-gpu'),
  code('rtx3090', ['sm_89'], [], 'no-kernel-for-gpu'),
  code('h100', ['sm_80', 'sm_86', 'sm_89'], [], 'no-kernel-for-gpu'),
  code('t4', ['sm_70'], [], 'binary-compatible-kernels'),
  code('v100', ['sm_75'], [], 'no-kernel-for-gpu'),
  code('gtx1080ti', ['sm_60'], [], 'binary-compatible-kernels'),
  code('p100', ['sm_61'], [], 'no-kernel-for-gpu'),
  code('b200', ['sm_90'], [], 'no-kernel-for-gpu'),
  code('rtx5090', ['sm_100'], [], 'no-kernel-for-gpu'),
  code('b200', ['sm_120'], [], 'no-kernel-for-gpu'),
  code('b300', ['sm_100'], [], 'binary-compatible-kernels'),
  code('gb10', ['sm_120'], [], 'binary-compatible-kernels', cubin, '580.95.05'),
  code(
    'rtx5090',
    ['sm_50', 'sm_60', 'sm_70', 'sm_75', 'sm_80', 'sm_86', 'sm_90'],
    [],
    'no-kernel-for-gpu',
  ),
  code('rtx5090', ['sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120'], [], null),
];

/** Code for an `a` target runs on exactly that GPU, for an `f` target on its family from its own minor version on. */
const TARGETS: Pair[] = [
  code('h100', ['sm_90a'], [], null, families),
  code('b200', ['sm_90a'], [], 'no-kernel-for-gpu', families),
  code('b200', ['sm_100a'], [], null, families),
  code('b300', ['sm_100a'], [], 'no-kernel-for-gpu', families),
  code('b300', ['sm_100f'], [], 'binary-compatible-kernels', families),
  code('b200', ['sm_103f'], [], 'no-kernel-for-gpu', families),
  code('b300', ['sm_103a'], [], null, families),
  code('gb10', ['sm_120f'], [], 'binary-compatible-kernels', families, '580.95.05'),
  code('gb10', ['sm_120a'], [], 'no-kernel-for-gpu', families, '580.95.05'),
  code('rtx5090', ['sm_121f'], [], 'no-kernel-for-gpu', families),
  code('rtx5090', ['sm_120a'], [], null, families),
  code('rtx5090', ['sm_100f'], [], 'no-kernel-for-gpu', families),
];

/** PTX runs on every GPU of its capability and above, if the driver knows its ISA. */
const PTX: Pair[] = [
  code('h100', ['sm_80'], ['compute_80 8.0'], 'ptx-compiled-at-first-use', ptxForward),
  code('rtx5090', ['sm_90'], ['compute_90 8.7'], 'ptx-compiled-at-first-use', ptxForward),
  code('rtx5090', [], ['compute_52 7.0'], 'ptx-compiled-at-first-use', ptxForward),
  code('a100', [], ['compute_90 8.0'], 'no-kernel-for-gpu', ptxForward),
  code('a100', ['sm_80'], ['compute_90 9.4'], null, ptxForward),
  code('rtx3090', ['sm_80'], ['compute_90 9.4'], 'binary-compatible-kernels', ptxForward),
  code('h100', [], ['compute_90a 8.0'], 'ptx-compiled-at-first-use', families),
  code('b200', [], ['compute_90a 8.0'], 'no-kernel-for-gpu', families),
  code('b300', [], ['compute_100f 8.8'], 'ptx-compiled-at-first-use', families),
  code('rtx5090', [], ['compute_100f 8.8'], 'no-kernel-for-gpu', families),
];

/** The newest ISA of a driver is that of its own CUDA version. */
const ISA: Pair[] = [
  code('h100', [], ['compute_80 9.1'], 'ptx-too-new', ptx, '580.65.06', '13.1.0'),
  code('h100', [], ['compute_80 9.0'], 'ptx-compiled-at-first-use', ptx, '580.65.06', '13.0.0'),
  code(
    'rtx4090',
    ['sm_89'],
    ['compute_89 9.1'],
    'minor-version-compatibility',
    ptx,
    '580.65.06',
    '13.1.0',
  ),
  code('h100', [], ['compute_80 9.1'], 'ptx-compiled-at-first-use', ptx, '590.44.01', '13.1.0'),
  code('h100', [], ['compute_80 8.3'], 'ptx-too-new', ptx, '535.309.01', '12.3.1'),
  code('a100', [], ['compute_80 8.5'], 'ptx-too-new', ptx, '550.163.01', '12.5.1'),
  code('a100', [], ['compute_80 7.5'], 'ptx-too-new', ptx, '470.256.02', '11.5.2'),
  code('a100', [], ['compute_80 7.4'], 'ptx-compiled-at-first-use', ptx, '470.256.02', '11.4.4'),
  code('a100', [], ['compute_80 8.5'], 'minor-version-compatibility', ptx, '555.42.06', '12.6.3'),
  code('a100', [], ['compute_80 8.6'], 'ptx-too-new', ptx, '560.35.05', '12.8.1'),
  code(
    'a100',
    ['sm_80'],
    ['compute_80 8.7'],
    'minor-version-compatibility',
    ptx,
    '535.104.05',
    '12.8.1',
  ),
  code(
    'a100',
    [],
    ['compute_80 8.7', 'compute_70 8.0'],
    'minor-version-compatibility',
    ptx,
    '535.104.05',
    '12.8.1',
  ),
];

const MIXED: Pair[] = [
  pair(
    'two of one kind, both covered',
    { driver: '580.82.07', gpu: ['a100', 'a100'], cuda: '12.9.1', cubins: ['sm_80'] },
    'works',
    null,
    cubin,
  ),
  pair(
    'A100 covered, H100 not',
    { driver: '580.82.07', gpu: ['a100', 'h100'], cuda: '12.9.1', cubins: ['sm_80'] },
    'fails',
    'gpu-partly-covered',
    cubin,
  ),
  pair(
    'RTX 5090 covered, GTX 1080 Ti not',
    {
      driver: '580.82.07',
      module: 'proprietary',
      gpu: ['t4', 'rtx2080ti', 'p100'],
      cuda: '12.9.1',
      cubins: ['sm_75'],
    },
    'fails',
    'gpu-partly-covered',
    cubin,
  ),
  pair(
    'neither is covered',
    { driver: '580.82.07', gpu: ['a100', 'h100'], cuda: '12.9.1', cubins: ['sm_75'] },
    'fails',
    'no-kernel-for-gpu',
    cubin,
  ),
  pair(
    'one exactly, one by its older minor version',
    { driver: '580.82.07', gpu: ['a100', 'rtx3090'], cuda: '12.9.1', cubins: ['sm_80'] },
    'works',
    'binary-compatible-kernels',
    cubin,
  ),
  pair(
    'MIG slices are judged as their GPU',
    {
      driver: '580.82.07',
      gpus: [{ index: 0, name: 'NVIDIA A100-SXM4-80GB', computeCapability: '8.0', mig: true }],
      cuda: '12.9.1',
      cubins: ['sm_80'],
    },
    'works',
    null,
    cubin,
  ),
];

/** Without a capability the name tells. */
const NAMES: Pair[] = (
  [
    ['NVIDIA GeForce RTX 2050', ['sm_86'], null, 'works'],
    ['NVIDIA GeForce RTX 4090', ['sm_90'], 'no-kernel-for-gpu', 'fails'],
    ['Tesla V100-SXM2-32GB', ['sm_70'], null, 'works'],
    ['NVIDIA H100 PCIe', ['sm_90'], null, 'works'],
    ['NVIDIA GeForce RTX 5090 (simulated)', ['sm_90'], 'no-kernel-for-gpu', 'fails'],
    ['NVIDIA B200', ['sm_100'], null, 'works'],
    ['NVIDIA A10G', ['sm_86'], null, 'works'],
    ['Tesla T4', ['sm_80'], 'no-kernel-for-gpu', 'fails'],
    ['NVIDIA L40S', ['sm_89'], null, 'works'],
    ['H100', ['sm_80'], 'no-kernel-for-gpu', 'fails'],
    ['RTX 4090', ['sm_89'], null, 'works'],
  ] as const
).map(([name, cubins, primary, verdict]) =>
  pair(
    `by name: ${name} and ${cubins.join(', ')}`,
    { driver: '580.82.07', gpus: [{ index: 0, name }], cuda: '12.9.1', cubins: [...cubins] },
    verdict,
    primary,
    'https://developer.nvidia.com/cuda-gpus',
  ),
);

const NO_CODE: Pair[] = [
  pair(
    'no device code in the image at all: a base image',
    { driver: '580.82.07', gpu: 'h100', cuda: '12.9.1', image: { cuda: '12.9.1', deviceCode: [] } },
    'works',
    null,
    cubin,
  ),
];

export const CODE_PAIRS: readonly Pair[] = [
  ...CUBINS,
  ...TARGETS,
  ...PTX,
  ...ISA,
  ...MIXED,
  ...NAMES,
  ...NO_CODE,
];

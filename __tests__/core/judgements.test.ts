import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { Facts, HostFacts, ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import type { Finding, Judgement } from '../../src/core/finding.js';
import { RULES } from '../../src/core/rules/index.js';
import { facts, host } from './pair.js';

/**
 * Whole judgements, word for word: verdict, findings with their data and evidence, and what was left unchecked. The verdicts are
 * tested elsewhere; this holds what people read. `UPDATE_GOLDEN=1 npm test -- __tests__/core/judgements` writes the file, outside
 * CI only: look at its diff.
 */
const GOLDEN = join(process.cwd(), '__tests__/recorded/judgements.json');

const A100 = 'NVIDIA A100-SXM4-80GB';
const H100 = 'NVIDIA H100 80GB HBM3';
const RTX4090 = 'NVIDIA GeForce RTX 4090';
const RTX5090 = 'NVIDIA GeForce RTX 5090';
const V100 = 'Tesla V100-SXM2-16GB';

const mode = (gpuMode: string): HostFacts => ({
  engine: { name: 'docker', version: '28.2.2', gpuMode },
});
const compat = (cuda: string, version: string, rest: ImageFacts = {}): ImageFacts => ({
  reference: `nvidia/cuda:${cuda}-base-ubuntu22.04`,
  cuda,
  compatDriver: { version, path: `/usr/local/cuda/compat/libcuda.so.${version}` },
  ...rest,
});
const code = (cuda: string, cubins: string[], isa?: string): ImageFacts => ({
  reference: 'example.org/app:1',
  cuda,
  deviceCode: [
    {
      path: '/app/libapp.so',
      cubins,
      ptx: isa === undefined ? [] : [{ target: 'compute_80', isa }],
    },
  ],
});
const seen = (rest: ProbeFacts): ProbeFacts => ({
  started: true,
  libcuda: { origin: 'host', path: '/usr/lib/libcuda.so.1' },
  ...rest,
});
const kernels = (...codes: number[]): ProbeFacts =>
  seen({
    init: { code: 0 },
    gpus: codes.map((one, index) => ({
      index,
      name: A100,
      kernel: { code: one, call: 'cuModuleLoadData', ...(one === 0 ? { correct: true } : {}) },
    })),
  });
const torch = (version: string, cuda: string | null, targets?: string[]): ImageFacts => ({
  frameworks: [{ name: 'torch', version, cuda, ...(targets === undefined ? {} : { targets }) }],
});

const SITE = '/usr/lib/python3/site-packages';
const READ: ImageFacts = { cuda: '12.8', deviceCode: [], files: { complete: true } };
const COMPUTED = { name: 'torch', available: true, devices: [{ index: 0, correct: true }] };

/** LD_LIBRARY_PATH gives programs an older nvJitLink than the one of the wheels, whose cuSPARSE calls it. */
function shadowed(): ImageFacts {
  const soname = 'libnvJitLink.so.12';
  const cusparse = { name: 'cusparse', version: '12.5.8', soname: 'libcusparse.so.12' };
  return {
    ...READ,
    ...torch('2.9.0', '12.8', ['sm_80']),
    libraries: [
      {
        name: 'nvJitLink',
        soname,
        version: '12.1.105',
        path: `/usr/local/cuda/lib64/${soname}`,
        loaded: true,
        via: 'LD_LIBRARY_PATH',
      },
      {
        name: 'nvJitLink',
        soname,
        version: '12.8.93',
        path: `${SITE}/nvidia/nvjitlink/lib/${soname}`,
      },
      { ...cusparse, path: `${SITE}/nvidia/cusparse/lib/libcusparse.so.12` },
    ],
  };
}

const CASES: Readonly<Record<string, Facts | readonly [Facts, readonly Finding[]]>> = {
  'nothing is known': facts({}, {}),
  'works with every feature': facts(
    host('580.95.05', [A100], { platform: 'linux/amd64', ...mode('legacy') }),
    {
      ...code('12.4.1', ['sm_80']),
      platform: 'linux/amd64',
      env: {},
      libc: { family: 'glibc', version: '2.35' },
    },
  ),
  'minor version': facts(host('525.147.05', [A100]), {
    reference: 'nvidia/cuda:12.1.0-base-ubuntu22.04',
    cuda: '12.1.0',
  }),
  'minor version beyond the tables': facts(host('615.71.09', [H100]), { cuda: '13.7.1' }),
  'driver too old': facts(host('535.104.05', [A100]), {
    reference: 'nvidia/cuda:13.0.1-base-ubuntu24.04',
    cuda: '13.0.1',
  }),
  'driver too old for a framework': facts(host('570.124.06', [RTX4090]), {
    cuda: '12.8',
    ...torch('2.9.0', '13.0'),
  }),
  'driver too old before CUDA 11': facts(host('387.26'), { cuda: '9.1.85' }),
  'driver too old on Windows': facts(
    { os: 'Ubuntu on WSL2', driver: { version: '551.78' }, gpus: [{ name: RTX4090 }] },
    { cuda: '13.0' },
  ),
  'an L4T image on another JetPack': facts(
    host('540.4.0', ['Jetson AGX Orin'], { os: 'Ubuntu 22.04.5 LTS, L4T R36.4.0' }),
    { reference: 'dustynv/l4t-ml:r35.4.1', cuda: '11.4' },
  ),
  'driver too old on Jetson': facts(host('540.4.0', ['Jetson AGX Orin']), { cuda: '13.0' }),
  'driver that is newer than the tables': facts(host('640.10', [H100]), {
    cuda: '14.1',
    env: { NVIDIA_REQUIRE_CUDA: 'cuda>=14.1' },
  }),
  'requirement unmet': facts(host('570.211.01', [RTX4090], mode('legacy')), {
    reference: 'nvidia/cuda:12.9.1-base-ubuntu22.04',
    env: {
      CUDA_VERSION: '12.9.1',
      NVIDIA_REQUIRE_CUDA: 'cuda>=12.9 brand=tesla,driver>=570,driver<571',
    },
  }),
  'requirement unmet by the driver number': facts(host('525.60.13', [A100], mode('legacy')), {
    cuda: '12.1',
    env: { NVIDIA_REQUIRE_DRIVER: 'driver>=535' },
  }),
  'requirement unmet by the GPU': facts(host('580.95.05', ['Tesla P4'], mode('csv')), {
    cuda: '12.1',
    env: { NVIDIA_REQUIRE_ARCH: 'arch>=7.0' },
  }),
  'requirement that is implied': facts(host('550.54.15', [RTX4090], mode('legacy')), {
    env: { CUDA_VERSION: '12.9.1' },
  }),
  'requirement that is invalid': facts(host('580.95.05', [A100], mode('legacy')), {
    cuda: '12.4',
    env: { NVIDIA_REQUIRE_CUDA: 'cuda==12.4' },
  }),
  'requirements that are too many': facts(host('580.95.05', [A100], mode('legacy')), {
    cuda: '12.4',
    env: Object.fromEntries(
      Array.from({ length: 33 }, (_, index) => [`NVIDIA_REQUIRE_${index}`, 'cuda>=9.0']),
    ),
  }),
  'requirement too strict': facts(host('570.211.01', [RTX4090], mode('cdi')), {
    env: { CUDA_VERSION: '12.9.1', NVIDIA_REQUIRE_CUDA: 'cuda>=12.9' },
  }),
  'requirement switched off': facts(host('570.211.01', [RTX4090], mode('legacy')), {
    env: { CUDA_VERSION: '12.9.1', NVIDIA_REQUIRE_CUDA: 'cuda>=12.9', NVIDIA_DISABLE_REQUIRE: '1' },
  }),
  'requirement and an unknown mode': facts(host('570.211.01', [RTX4090]), {
    env: { CUDA_VERSION: '12.9.1', NVIDIA_REQUIRE_CUDA: 'cuda>=12.9' },
  }),
  'requirement that depends on the unknown': facts(host('570.211.01', undefined, mode('legacy')), {
    cuda: '12.4',
    env: { NVIDIA_REQUIRE_CUDA: 'brand=tesla,arch>=7.0' },
  }),
  'forward compatibility': facts(
    host('535.104.05', [A100], mode('legacy')),
    compat('13.0.1', '580.82.07'),
  ),
  'forward compatibility on a GeForce': facts(
    host('550.54.15', [RTX4090], mode('cdi')),
    compat('12.8.1', '570.124.06'),
  ),
  'forward compatibility on another branch': facts(
    host('525.147.05', [H100], mode('legacy')),
    compat('13.0.1', '580.82.07'),
  ),
  'forward compatibility of a dropped GPU': facts(
    host('470.82.01', ['Tesla K80'], mode('legacy')),
    compat('11.8.0', '520.61.05'),
  ),
  'forward compatibility that is not used': facts(
    host('535.104.05', [A100], { ...mode('legacy'), containerToolkit: { version: '1.17.4' } }),
    compat('13.0.1', '580.82.07'),
  ),
  'forward compatibility that the probe did not see': facts(
    host('535.104.05', [A100]),
    compat('13.0.1', '580.82.07'),
    { probe: seen({ init: { code: 0 }, runtime: { code: 35 } }) },
  ),
  'compat library above the driver': facts(
    host('580.95.05', [H100]),
    compat('12.8.1', '570.124.06', { env: { LD_LIBRARY_PATH: '/usr/local/cuda/compat' } }),
  ),
  'no kernel': facts(host('580.95.05', [H100, H100]), code('12.4.1', ['sm_80'])),
  'no kernel in an official build': facts(host('580.95.05', [RTX5090]), torch('2.7.0', '12.6')),
  'no kernel by a stated minimum': facts(host('580.95.05', ['Tesla P100-PCIE-16GB']), {
    cuda: '12.4',
    frameworks: [{ name: 'vllm', version: '0.7.3' }],
  }),
  'PTX too new': facts(host('535.104.05', [H100]), code('12.4.1', ['sm_75'], '8.4')),
  'PTX compiled': facts(host('550.54.15', [H100]), code('12.4.1', ['sm_75'], '8.4')),
  'PTX of an official build': facts(host('580.95.05', [H100]), {
    frameworks: [{ name: 'tensorflow', version: '2.18.0', cuda: '12.5' }],
  }),
  'PTX that cannot be told': facts(host('585.10', [H100]), code('13.0', ['sm_75'], '9.1')),
  'code of the same major': facts(host('580.95.05', [RTX4090]), code('12.4.1', ['sm_86'])),
  'code of the same major in an official build': facts(
    host('580.95.05', [RTX4090]),
    torch('2.9.0', '12.8'),
  ),
  'some GPUs only': facts(host('580.95.05', [A100, H100]), code('12.4.1', ['sm_80'])),
  'single files without code': facts(host('580.95.05', [A100]), {
    cuda: '12.4',
    deviceCode: [
      { path: '/a.so', cubins: ['sm_80'] },
      { path: '/b.so', cubins: ['sm_90a'] },
    ],
  }),
  'architecture dropped': facts(host('580.95.05', [V100]), {
    reference: 'nvidia/cuda:13.0.1-base-ubuntu24.04',
    cuda: '13.0.1',
  }),
  'GPU newer than the driver': facts(host('535.104.05', [RTX5090]), { cuda: '12.8' }),
  'GPU dropped by the driver': facts(host('590.48.01', [V100]), { cuda: '12.8' }),
  'GPU that open modules do not drive': facts(
    host('580.95.05', undefined, {
      driver: { version: '580.95.05', kernelModule: 'open' },
      gpus: [{ name: V100 }],
    }),
    { cuda: '12.8' },
  ),
  'open modules required': facts(
    host('580.95.05', undefined, {
      driver: { version: '580.95.05', kernelModule: 'proprietary' },
      gpus: [{ name: 'NVIDIA B200' }],
    }),
    { cuda: '12.8' },
  ),
  'another platform': facts(host('580.95.05', [H100], { platform: 'linux/arm64' }), {
    cuda: '12.8',
    platform: 'linux/amd64',
  }),
  'another C library': facts(host('580.95.05', [H100]), {
    cuda: '12.8',
    libc: { family: 'musl', version: '1.2.5' },
  }),
  'no compute capability asked for': facts(host('580.95.05', [H100], mode('legacy')), {
    cuda: '12.8',
    env: { NVIDIA_DRIVER_CAPABILITIES: 'utility' },
  }),
  'hidden devices': facts(host('580.95.05', [H100]), {
    cuda: '12.8',
    env: { CUDA_VISIBLE_DEVICES: '3' },
  }),
  'CPU build': facts(host('580.95.05', [H100]), { cuda: '12.8', ...torch('2.9.0+cpu', null) }),
  'framework of another CUDA': facts(host('590.48.01', [H100]), {
    cuda: '13.1',
    frameworks: [{ name: 'onnxruntime-gpu', version: '1.20.0', cuda: '12.6' }],
  }),
  'another cuDNN': facts(host('590.48.01', [H100]), {
    cuda: '12.8',
    ...torch('2.9.0', '12.8'),
    libraries: [{ name: 'cudnn', version: '8.9.7' }],
  }),
  'a cuDNN that the image itself tells': facts(host('590.48.01', [H100]), {
    cuda: '12.4',
    frameworks: [{ name: 'jax', version: '0.4.30', cuda: '12.3', cudnn: '8.9.6' }],
    libraries: [{ name: 'cudnn', version: '8.6.0' }],
  }),
  'overruled by the runtime': facts(
    host('535.104.05', [A100]),
    { cuda: '13.0' },
    { probe: seen({ init: { code: 0 }, runtime: { code: 0, version: '13.0' } }) },
  ),
  'cuInit 802': facts(
    host('580.95.05', [H100]),
    { cuda: '12.8' },
    { probe: seen({ init: { code: 802, error: 'system not yet initialized' } }) },
  ),
  'cuInit crashed': facts(
    host('580.95.05', [H100]),
    { cuda: '12.8' },
    { probe: seen({ init: { signal: 'SIGSEGV' } }) },
  ),
  'runtime 999': facts(
    host('580.95.05', [H100]),
    { cuda: '12.8' },
    { probe: seen({ init: { code: 0 }, runtime: { code: 999 } }) },
  ),
  'kernel 209 on one': facts(
    host('580.95.05', [A100, A100]),
    { cuda: '12.8' },
    { probe: kernels(0, 209) },
  ),
  'wrong result': facts(
    host('580.95.05', [A100]),
    { cuda: '12.8' },
    {
      probe: seen({
        init: { code: 0 },
        gpus: [{ index: 0, kernel: { code: 0, correct: false, wrongElements: 3 } }],
      }),
    },
  ),
  'fewer GPUs': facts(host('580.95.05', [A100, A100]), { cuda: '12.8' }, { probe: kernels(0) }),
  'framework without the GPU': facts(
    host('580.95.05', [A100]),
    { cuda: '12.8' },
    {
      probe: {
        ...kernels(0),
        frameworks: [{ name: 'torch', version: '2.9.0', available: false, error: 'no driver' }],
      },
    },
  ),
  'framework that hangs': facts(
    host('580.95.05', [A100]),
    { cuda: '12.8' },
    { probe: { ...kernels(0), frameworks: [{ name: 'torch', timedOut: true }] } },
  ),
  'probe that hangs': facts(
    host('580.95.05', [A100]),
    { cuda: '12.8' },
    { probe: { timedOut: true, lastStep: 'kernel' } },
  ),
  'probe out of memory': facts(
    host('580.95.05', [A100]),
    { cuda: '12.8' },
    { probe: { outOfMemory: true, lastStep: 'init' } },
  ),
  'stub library': facts(
    host('580.95.05', [A100]),
    { cuda: '12.8' },
    {
      probe: {
        started: true,
        libcuda: { origin: 'stub', path: '/usr/local/cuda/lib64/stubs/libcuda.so' },
        init: { code: 34 },
      },
    },
  ),
  'versions that cannot be read': facts(
    host('new', [A100], { driver: { version: 'new', kernelModule: 'closed' } }),
    { cuda: 'latest' },
  ),
  'a CUDA_VERSION that cannot be read': facts(host('580.95.05'), {
    env: { CUDA_VERSION: 'latest' },
  }),
  'no GPU': facts(host('580.95.05', [], mode('legacy')), {
    cuda: '12.8',
    env: { NVIDIA_REQUIRE_CUDA: 'cuda>=12.8,brand=tesla,arch>=9.0' },
  }),
  'a GPU without a name': facts(
    host('535.104.05', undefined, { gpus: [{}] }),
    compat('13.0.1', '580.82.07'),
  ),
  'a GPU that no table names': facts(host('535.104.05', ['NVIDIA Unheard-of 1'], mode('legacy')), {
    ...compat('13.0.1', '580.82.07'),
    env: { NVIDIA_REQUIRE_CUDA: 'brand=tesla' },
  }),
  'a GPU by its compute capability alone': facts(
    host('535.104.05', undefined, { gpus: [{ index: 3, computeCapability: '9.0' }] }),
    compat('13.0.1', '580.82.07'),
  ),
  'a compat library without a version': facts(host('535.104.05', [A100]), {
    cuda: '13.0.1',
    compatDriver: { path: '/usr/local/cuda-13.0/compat/libcuda.so.580.82.07' },
  }),
  'a compat library of which nothing is known': facts(host('535.104.05', [A100]), {
    compatDriver: {},
  }),
  'a compat library in a folder of its own': facts(host('535.104.05', [A100]), {
    cuda: '13.0.1',
    compatDriver: { version: '580.82.07', path: '/opt/compat/libcuda.so.1' },
  }),
  'a compat library by its package': facts(host('535.104.05', [RTX4090], mode('legacy')), {
    cuda: '12.4.1',
    env: { NV_CUDA_COMPAT_PACKAGE: 'cuda-compat-12-4' },
  }),
  'a compat library newer within the branch': facts(
    host('575.51.03', [A100], mode('cdi')),
    compat('12.9.1', '575.57.08'),
  ),
  'a compat library newer within an old branch': facts(
    host('570.86.15', [A100], mode('cdi')),
    compat('12.8.1', '570.124.06'),
  ),
  'a compat library newer than the tables': facts(
    host('615.23', [A100], mode('legacy')),
    compat('13.6.0', '640.10'),
  ),
  'the same driver in image and host': facts(
    host('570.124.06', [A100]),
    compat('12.8.1', '570.124.06', { env: { LD_LIBRARY_PATH: '/usr/local/cuda/compat' } }),
  ),
  'a compat library at the entry point': facts(host('535.104.05', [RTX4090]), {
    cuda: '13.0.1',
    compatDriver: { version: '580.82.07', path: '/usr/local/cuda/compat/lib.real/libcuda.so.1' },
  }),
  'a compat library of Jetson': facts(host('540.4.0', ['Jetson AGX Orin'], mode('csv')), {
    cuda: '13.0',
    compatDriver: { version: '580.00', path: '/usr/local/cuda/compat_orin/libcuda.so.1.1' },
  }),
  'no device code in the files': facts(host('580.95.05', [A100]), {
    cuda: '12.8',
    deviceCode: [{ path: '/a.so', cubins: ['nonsense'] }],
  }),
  'libraries of NVIDIA alone': facts(host('580.95.05', [RTX5090]), {
    cuda: '12.4',
    deviceCode: [
      { path: '/usr/lib/libcublas.so.12', cubins: ['sm_90'], ptx: [{ target: 'compute_90' }] },
    ],
  }),
  'JIT forced': facts(host('580.95.05', [A100]), {
    ...code('12.4', ['sm_80']),
    env: { CUDA_FORCE_PTX_JIT: '1' },
  }),
  'PTX of several versions': facts(host('535.104.05', [H100]), {
    cuda: '12.4',
    deviceCode: [
      {
        ptx: [
          { target: 'compute_90', isa: '8.5' },
          { target: 'compute_80', isa: '8.4' },
        ],
      },
    ],
  }),
  'a too old driver that a GPU limits': facts(host('418.87.00', ['Tesla K80']), { cuda: '11.4.0' }),
  'a too old driver on two kinds of GPU': facts(host('450.80.02', [A100, V100]), {
    cuda: '12.1',
    reference: 'pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime',
  }),
  'a driver of an unsure branch': facts(host('430.26', ['Tesla T4']), { cuda: '10.2' }),
  'a vGPU': facts(host('550.54.15', ['GRID A100-10C'], mode('legacy')), {
    env: {
      CUDA_VERSION: '12.8.1',
      NVIDIA_REQUIRE_CUDA: 'cuda>=12.8 brand=grid,driver>=550,driver<551',
    },
  }),
  'an old name of a data-center board': facts(
    host('450.80.02', ['A100-SXM4-40GB'], mode('legacy')),
    {
      env: {
        CUDA_VERSION: '11.4.1',
        NVIDIA_REQUIRE_CUDA: 'cuda>=11.4 brand=tesla,driver>=450,driver<451',
      },
    },
  ),
  'a workstation board': facts(host('535.104.05', ['NVIDIA RTX A6000'], mode('legacy')), {
    env: {
      CUDA_VERSION: '12.8.1',
      NVIDIA_REQUIRE_CUDA: 'cuda>=12.8 brand=nvidiartx,driver>=535,driver<536',
    },
  }),
  'an old workstation board': facts(host('535.104.05', ['Quadro P5000'], mode('legacy')), {
    env: {
      CUDA_VERSION: '12.8.1',
      NVIDIA_REQUIRE_CUDA: 'cuda>=12.8 brand=quadro,driver>=535,driver<536',
    },
  }),
  'a Titan': facts(host('470.82.01', ['NVIDIA TITAN RTX'], mode('legacy')), {
    env: {
      CUDA_VERSION: '11.8.0',
      NVIDIA_REQUIRE_CUDA: 'cuda>=11.8 brand=titanrtx,driver>=470,driver<471',
    },
  }),
  'the first Windows driver of a branch': facts(
    { os: 'Windows 11', driver: { version: '590.00' }, gpus: [{ name: RTX4090 }] },
    { cuda: '13.1' },
  ),
  'a C library that is too old': facts(host('580.95.05'), {
    cuda: '12.8',
    libc: { family: 'GNU', version: '2.12' },
  }),
  'a C library without a version': facts(host('580.95.05'), {
    cuda: '12.8',
    libc: { family: 'musl' },
  }),
  'overruled by what ran': facts(
    host('535.104.05', [RTX5090], {
      platform: 'linux/arm64',
      driver: { version: '535.104.05', kernelModule: 'proprietary' },
    }),
    {
      cuda: '12.2',
      platform: 'linux/amd64',
      libc: { family: 'musl' },
      env: { NVIDIA_DRIVER_CAPABILITIES: 'utility', CUDA_VISIBLE_DEVICES: '5' },
      ...torch('2.6.0', '12.2', ['sm_80']),
    },
    {
      probe: {
        ...kernels(0),
        frameworks: [{ name: 'torch', available: true, devices: [{ index: 0, correct: true }] }],
      },
    },
  ),
  'mismatches overruled by a framework': facts(
    host('590.48.01', [H100]),
    {
      cuda: '13.1',
      frameworks: [{ name: 'onnxruntime-gpu', version: '1.20.0', cuda: '12.6', cudnn: '9.1' }],
      libraries: [{ name: 'cudnn', version: '8.9.7' }],
    },
    {
      probe: {
        ...kernels(0),
        frameworks: [{ name: 'onnxruntime-gpu', devices: [{ index: 0, correct: true }] }],
      },
    },
  ),
  'a compat library that worked on a GeForce': facts(
    host('550.54.15', [RTX4090]),
    compat('12.8.1', '570.124.06', { env: { LD_LIBRARY_PATH: '/usr/local/cuda/compat' } }),
    { probe: { started: true, libcuda: { origin: 'compat' }, init: { code: 0 } } },
  ),
  'a compat library that worked on a newer host': facts(
    host('580.95.05', [H100]),
    compat('12.8.1', '570.124.06'),
    { probe: { started: true, libcuda: { origin: 'compat' }, init: { code: 0 } } },
  ),
  'an image in a registry with a port': facts(host('535.104.05'), {
    reference: 'registry.example.org:5000/nvidia/cuda:13.0.1-base-ubuntu24.04@sha256:0',
    cuda: '13.0.1',
  }),
  'a build of PyTorch by the image': facts(host('580.95.05', [RTX5090]), {
    cuda: '12.6',
    frameworks: [{ name: 'PyTorch', version: '2.7.0' }],
  }),
  'a build of PyTorch by default': facts(host('580.95.05', [RTX5090]), {
    cuda: '12.2',
    frameworks: [{ name: 'torch', version: '2.6.0' }],
  }),
  'an extension of another CUDA': facts(host('580.95.05', [A100]), {
    cuda: '12.8',
    frameworks: [
      { name: 'torch', version: '2.9.0', cuda: '12.8' },
      { name: 'flash-attn', version: '2.5', cuda: '11.8' },
    ],
  }),
  'a library that a framework lacks': facts(host('580.95.05', [A100]), {
    ...READ,
    ...torch('2.9.0', '12.8', ['sm_80']),
    missingLibraries: [
      { soname: 'libnppc.so.12', neededBy: `${SITE}/torchcodec/x.so` },
      { soname: 'libcudnn.so.9', neededBy: `${SITE}/torch/lib/libtorch_cuda.so` },
      { soname: 'libcuda.so.1', neededBy: `${SITE}/torch/lib/libtorch_cuda.so` },
      { soname: 'libcudnn.so.9', neededBy: `${SITE}/torch/lib/libtorch_cuda.so` },
    ],
  }),
  'libraries that lie elsewhere, or that nothing names': facts(host('580.95.05', [A100]), {
    ...READ,
    missingLibraries: [
      { soname: 'libcublas.so.12', neededBy: '/app/run', elsewhere: '/opt/cublas/libcublas.so.12' },
      { soname: 'libnccl.so.2' },
    ],
  }),
  'a library that a file lacks of which nothing is known': facts(host('580.95.05', [A100]), {
    ...READ,
    missingLibraries: [{ soname: 'libnccl.so.2' }],
  }),
  'a missing library that was not missed': facts(
    host('580.95.05', [A100]),
    {
      ...READ,
      ...torch('2.9.0', '12.8', ['sm_80']),
      missingLibraries: [
        { soname: 'libcudnn.so.9', neededBy: `${SITE}/torch/lib/libtorch_cuda.so` },
      ],
    },
    { probe: { ...kernels(0), frameworks: [COMPUTED] } },
  ),
  'an older nvJitLink in the search path': facts(host('580.95.05', [A100]), shadowed()),
  'an older nvJitLink that did no harm': facts(host('580.95.05', [A100]), shadowed(), {
    probe: { ...kernels(0), frameworks: [COMPUTED] },
  }),
  'older libraries that have no path': facts(host('580.95.05', [A100]), {
    ...READ,
    ...torch('2.9.0', '12.8', ['sm_80']),
    libraries: ['nvrtc', 'cublas', 'cufft', 'curand', 'nccl'].flatMap((name) => {
      const soname = `lib${name}.so.12`;
      return [
        { name, soname, version: '12.8.1', loaded: true, via: 'LD_LIBRARY_PATH' },
        { name, soname, version: '12.9.1', path: `${SITE}/nvidia/${name}/lib/${soname}` },
      ];
    }),
  }),
  'the driver’s files in the image': facts(host('580.95.05', [A100]), {
    ...READ,
    driverFiles: [
      { path: '/usr/lib/x86_64-linux-gnu/libcuda.so.590.44.01', version: '590.44.01' },
      { path: '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.590.44.01' },
      { path: '/usr/lib/x86_64-linux-gnu/libcuda.so.1', bytes: 0 },
    ],
  }),
  'older files of the driver in the image': facts(host('580.95.05', [A100]), {
    ...READ,
    driverFiles: [{ path: '/usr/lib/x86_64-linux-gnu/libcuda.so.535.104.05' }],
  }),
  'a stub in the search path': facts(host('580.95.05', [A100]), {
    ...READ,
    libraries: [
      {
        name: 'cuda',
        kind: 'stub',
        path: '/usr/local/cuda/lib64/stubs/libcuda.so.1',
        loaded: true,
        via: 'LD_LIBRARY_PATH',
      },
    ],
  }),
  'an older compiler for run time': facts(host('580.95.05', ['NVIDIA B200', 'NVIDIA B200']), {
    ...READ,
    libraries: [
      { name: 'nvrtc', version: '12.6.85', path: '/usr/local/cuda/lib64/libnvrtc.so.12' },
    ],
  }),
  'an extension that needs another runtime': facts(host('580.95.05', [A100]), {
    ...READ,
    ...torch('2.9.0', '12.8', ['sm_80']),
    missingLibraries: [{ soname: 'libcudart.so.11.0', neededBy: `${SITE}/xformers/_C.so` }],
  }),
  'a tag that names another CUDA': facts(host('580.95.05', [A100]), {
    ...READ,
    reference: 'example.org/app:2.1-cu118',
    ...torch('2.9.0', '12.6', ['sm_80']),
  }),
  'a CPU build beside a program': facts(host('580.95.05', [A100]), {
    ...READ,
    ...torch('2.9.0+cpu', null),
    deviceCode: [{ path: '/app/libkernels.so', cubins: ['sm_80'] }],
  }),
  'a text nobody knows': facts(
    host('580.95.05', [A100]),
    { cuda: '12.8' },
    {
      failure: { stage: 'create', command: 'docker create', exitCode: 125, text: 'no such thing' },
    },
  ),
  'a text beside a rule': [
    facts(
      host('470.82.01', [A100]),
      { cuda: '12.4' },
      { failure: { stage: 'start', text: 'words' } },
    ),
    [
      {
        id: 'container-toolkit-missing',
        severity: 'error',
        evidence: [{ what: 'docker start', value: 'words', from: 'engine' }],
        data: { engine: 'docker' },
      },
    ],
  ],
};

function judged(given: (typeof CASES)[string]): Judgement {
  const [pair, recognised] = isPair(given) ? given : [given, []];
  return JSON.parse(JSON.stringify(diagnose(pair, recognised)));
}

const isPair = (given: (typeof CASES)[string]): given is readonly [Facts, readonly Finding[]] =>
  Array.isArray(given);

if (process.env['UPDATE_GOLDEN'] === '1') {
  if (process.env['CI']) throw new Error('golden files are not written under CI');
  const all = Object.fromEntries(
    Object.entries(CASES).map(([name, given]) => [name, judged(given)]),
  );
  writeFileSync(GOLDEN, `${JSON.stringify(all, null, 1)}\n`);
}

describe('whole judgements', () => {
  const golden: Record<string, Judgement> = existsSync(GOLDEN)
    ? JSON.parse(readFileSync(GOLDEN, 'utf8'))
    : {};
  it.each(Object.keys(CASES))('%s', (name) => {
    const given = CASES[name];
    if (given === undefined) throw new Error('no such case');
    expect(judged(given)).toEqual(golden[name]);
  });
  it('have a finding of every rule', () => {
    const found = new Set(
      Object.values(golden).flatMap(({ findings }) => findings.map(({ id }) => id)),
    );
    expect(RULES.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  });
  it('are those of the file and no others', () => {
    expect(Object.keys(golden).sort()).toEqual(Object.keys(CASES).sort());
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { Facts, HostFacts, ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import type { Finding, Judgement } from '../../src/core/finding.js';
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
  it('are those of the file and no others', () => {
    expect(Object.keys(golden).sort()).toEqual(Object.keys(CASES).sort());
  });
});

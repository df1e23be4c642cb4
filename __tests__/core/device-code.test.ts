import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { ImageFacts, PtxCode } from '../../src/core/facts.js';
import { facts, host, verdict } from './pair.js';

const code = (cuda: string, cubins: string[], ptx: PtxCode[] = []): ImageFacts => ({
  cuda,
  deviceCode: [{ path: '/opt/app/libapp.so', cubins, ptx }],
});

const onGpu = (computeCapability: string, driver = '615.23') =>
  host(driver, undefined, { gpus: [{ index: 0, computeCapability }] });

describe('machine code', () => {
  it.each<[string, string[], string]>([
    ['8.0', ['sm_80'], 'works -'],
    ['8.6', ['sm_80'], 'works binary-compatible-kernels'],
    ['8.9', ['sm_86'], 'works binary-compatible-kernels'],
    ['8.0', ['sm_86'], 'fails no-kernel-for-gpu'],
    ['9.0', ['sm_80', 'sm_89'], 'fails no-kernel-for-gpu'],
    ['9.0', ['sm_90a'], 'works -'],
    ['10.0', ['sm_90a'], 'fails no-kernel-for-gpu'],
    ['10.0', ['sm_90'], 'fails no-kernel-for-gpu'],
    ['10.3', ['sm_100'], 'works binary-compatible-kernels'],
    ['10.3', ['sm_100a'], 'fails no-kernel-for-gpu'],
    ['10.3', ['sm_100f'], 'works binary-compatible-kernels'],
    ['10.0', ['sm_103f'], 'fails no-kernel-for-gpu'],
    ['12.0', ['sm_100'], 'fails no-kernel-for-gpu'],
    ['12.1', ['sm_120'], 'works binary-compatible-kernels'],
    ['12.1', ['sm_120a'], 'fails no-kernel-for-gpu'],
    ['12.1', ['sm_120f'], 'works binary-compatible-kernels'],
    ['12.0', ['sm_121a', 'sm_121'], 'fails no-kernel-for-gpu'],
    ['7.5', ['sm_70'], 'works binary-compatible-kernels'],
  ])('%s runs %j: %s', (capability, cubins, expected) => {
    expect(verdict(facts(onGpu(capability), code('12.4', cubins)))).toBe(expected);
  });

  it('is not promised to or from Tegra chips', () => {
    const orin = host('540.4.0', ['Jetson AGX Orin'], {
      driver: { version: '540.4.0', cuda: '12.6' },
    });
    expect(verdict(facts(orin, code('12.4', ['sm_80'])))).toBe('fails no-kernel-for-gpu');
    expect(verdict(facts(orin, code('12.4', ['sm_87'])))).toBe('works -');
    expect(verdict(facts(onGpu('8.9'), code('12.4', ['sm_87'])))).toBe('fails no-kernel-for-gpu');
  });
});

describe('PTX', () => {
  it.each<[string, string, PtxCode[], string]>([
    [
      '9.0',
      '535.104.05',
      [{ target: 'compute_80', isa: '8.2' }],
      'works ptx-compiled-at-first-use',
    ],
    ['9.0', '535.104.05', [{ target: 'compute_80', isa: '8.3' }], 'fails ptx-too-new'],
    ['9.0', '580.95.05', [{ target: 'compute_90', isa: '9.1' }], 'fails ptx-too-new'],
    ['8.0', '580.95.05', [{ target: 'compute_90', isa: '9.0' }], 'fails no-kernel-for-gpu'],
    ['10.0', '580.95.05', [{ target: 'compute_90a', isa: '8.7' }], 'fails no-kernel-for-gpu'],
    [
      '10.3',
      '580.95.05',
      [{ target: 'compute_100f', isa: '8.8' }],
      'works ptx-compiled-at-first-use',
    ],
    ['12.0', '580.95.05', [{ target: 'compute_100f', isa: '8.8' }], 'fails no-kernel-for-gpu'],
    ['12.0', '565.77', [{ target: 'compute_90', isa: '8.6' }], 'unknown gpu-unsupported-by-driver'],
    ['9.0', '565.77', [{ target: 'compute_90', isa: '8.6' }], 'works ptx-compiled-at-first-use'],
    ['9.0', '700.10', [{ target: 'compute_90', isa: '9.9' }], 'works -'],
  ])('compute capability %s, driver %s, %j: %s', (capability, driver, ptx, expected) => {
    expect(verdict(facts(onGpu(capability, driver), code('12.2', ['sm_75'], ptx)))).toBe(expected);
  });

  it('without an ISA is taken as that of the CUDA version', () => {
    const given = code('12.4', [], [{ target: 'compute_80' }]);
    expect(verdict(facts(onGpu('8.0', '535.104.05'), given))).toBe('fails ptx-too-new');
    expect(verdict(facts(onGpu('8.0', '550.54.15'), given))).toBe(
      'works ptx-compiled-at-first-use',
    );
  });

  it.each([
    ['1', 'fails no-kernel-for-gpu'],
    ['0', 'works ptx-compiled-at-first-use'],
    ['', 'works ptx-compiled-at-first-use'],
  ])('is no help where it may not be compiled: CUDA_DISABLE_PTX_JIT=%j, %s', (value, expected) => {
    const given = {
      ...code('12.4', ['sm_75'], [{ target: 'compute_80', isa: '8.4' }]),
      env: { CUDA_DISABLE_PTX_JIT: value },
    };
    expect(verdict(facts(onGpu('8.0', '550.54.15'), given))).toBe(expected);
  });

  it('of a newer toolkit is compiled by a compat library', () => {
    const given: ImageFacts = {
      ...code('12.8.1', ['sm_75'], [{ target: 'compute_80', isa: '8.7' }]),
      compatDriver: { version: '570.124.06' },
    };
    expect(verdict(facts(host('535.104.05', ['NVIDIA A100-SXM4-80GB']), given))).toBe(
      'works forward-compatibility-in-use',
    );
    const probe = { started: true, libcuda: { origin: 'host' }, init: { code: 0 } };
    expect(verdict(facts(host('535.104.05', ['NVIDIA A100-SXM4-80GB']), given, { probe }))).toBe(
      'fails compat-library-not-used',
    );
  });
});

describe('a real library: PTX ISA 9.1 for 7.5, 8.0 and 9.0, machine code for 8.6, 8.9, 12.0a and 12.1a', () => {
  // Fatbin headers of libggml-cuda.so of the npm package @node-llama-cpp/linux-x64-cuda 3.22.1.
  const llama: ImageFacts = {
    cuda: '13.1',
    deviceCode: [
      {
        path: '/app/libggml-cuda.so',
        cubins: ['sm_86', 'sm_89', 'sm_120a', 'sm_121a'],
        ptx: ['compute_75', 'compute_80', 'compute_90'].map((target) => ({ target, isa: '9.1' })),
      },
    ],
  };
  it.each([
    ['580.95.05', 'NVIDIA H100 80GB HBM3', 'fails ptx-too-new'],
    ['580.95.05', 'NVIDIA GeForce RTX 4090', 'works minor-version-compatibility'],
    ['590.44.01', 'NVIDIA H100 80GB HBM3', 'works ptx-compiled-at-first-use'],
    ['580.95.05', 'NVIDIA GB10', 'works minor-version-compatibility'],
    ['580.95.05', 'NVIDIA B200', 'fails ptx-too-new'],
    ['575.57.08', 'NVIDIA GeForce RTX 4090', 'fails driver-too-old'],
  ])('driver %s, %s: %s', (driver, gpu, expected) => {
    expect(verdict(facts(host(driver, [gpu]), llama))).toBe(expected);
  });
});

describe('several GPUs', () => {
  it('are judged one by one', () => {
    const gpus = ['NVIDIA H100 80GB HBM3', 'NVIDIA GeForce RTX 4090'];
    expect(verdict(facts(host('580.95.05', gpus), code('12.4', ['sm_89'])))).toBe(
      'fails gpu-partly-covered',
    );
    expect(verdict(facts(host('580.95.05', gpus), code('12.4', ['sm_80'])))).toBe(
      'fails gpu-partly-covered',
    );
    expect(verdict(facts(host('580.95.05', gpus), code('12.4', ['sm_75'])))).toBe(
      'fails no-kernel-for-gpu',
    );
    expect(verdict(facts(host('580.95.05', gpus), code('12.4', ['sm_89', 'sm_90'])))).toBe(
      'works -',
    );
  });
});

describe('frameworks', () => {
  const torch = (version: string, cuda?: string, targets?: string[]): ImageFacts => ({
    frameworks: [
      {
        name: 'torch',
        version,
        ...(cuda === undefined ? {} : { cuda }),
        ...(targets === undefined ? {} : { targets }),
      },
    ],
  });
  it.each<[string, ImageFacts, string]>([
    ['NVIDIA GeForce RTX 5090', torch('2.7.0+cu126', '12.6'), 'fails no-kernel-for-gpu'],
    ['NVIDIA GeForce RTX 5090', torch('2.7.0+cu128', '12.8'), 'works -'],
    ['Tesla V100-SXM2-16GB', torch('2.7.0', '12.8'), 'fails no-kernel-for-gpu'],
    ['Tesla V100-SXM2-16GB', torch('2.8.0', '12.8'), 'works -'],
    [
      'NVIDIA GB10',
      torch('2.9.0', '12.8', ['sm_80', 'sm_90', 'sm_120']),
      'works binary-compatible-kernels',
    ],
    ['NVIDIA H100 80GB HBM3', torch('1.13.1', '11.6'), 'fails no-kernel-for-gpu'],
    [
      'NVIDIA H100 80GB HBM3',
      { frameworks: [{ name: 'tensorflow', version: '2.18.0', cuda: '12.5' }] },
      'works ptx-compiled-at-first-use',
    ],
    [
      'Tesla P100-PCIE-16GB',
      { cuda: '12.4', frameworks: [{ name: 'vllm', version: '0.7.3' }] },
      'fails no-kernel-for-gpu',
    ],
    ['Tesla V100-SXM2-16GB', torch('2.9.0', '13.0'), 'fails gpu-architecture-dropped'],
  ])('%s, %j: %s', (gpu, image, expected) => {
    expect(verdict(facts(host('580.95.05', [gpu]), image))).toBe(expected);
  });

  it('with targets of their own must each serve the GPU', () => {
    const given: ImageFacts = {
      cuda: '12.8',
      deviceCode: [{ path: '/usr/lib/libcublas.so.12', cubins: ['sm_120'] }],
      frameworks: [{ name: 'torch', version: '2.6.0', cuda: '12.6', targets: ['sm_50', 'sm_90'] }],
    };
    expect(verdict(facts(host('580.95.05', ['NVIDIA GeForce RTX 5090']), given))).toBe(
      'fails no-kernel-for-gpu',
    );
  });

  it.each<[ImageFacts, string]>([
    [
      { cuda: '12.4', frameworks: [{ name: 'torch', version: '2.6.0+cpu', cuda: null }] },
      'fails framework-cpu-only',
    ],
    [
      { cuda: '13.1', frameworks: [{ name: 'onnxruntime', version: '1.20.0', cuda: '12.6' }] },
      'fails framework-cuda-mismatch',
    ],
    [{ cuda: '13.1', frameworks: [{ name: 'torch', version: '2.8.0', cuda: '12.8' }] }, 'works -'],
    [
      {
        cuda: '12.4',
        frameworks: [{ name: 'jax', version: '0.4.30', cuda: '12.3', cudnn: '8.9.6' }],
        libraries: [{ name: 'cudnn', version: '8.6.0' }],
      },
      'fails cudnn-mismatch',
    ],
    [
      {
        cuda: '12.4',
        frameworks: [{ name: 'torch', version: '2.4.0', cuda: '12.4', cudnn: '9.1.0.70' }],
        libraries: [{ name: 'cudnn', version: '9.1.1' }],
      },
      'works -',
    ],
    [
      {
        cuda: '12.4',
        frameworks: [{ name: 'torch', version: '2.4.0', cuda: '12.4', cudnn: '9.1.0' }],
        libraries: [{ name: 'cudnn', version: '8.9.7' }],
      },
      'fails cudnn-mismatch',
    ],
  ])('%j: %s', (image, expected) => {
    expect(verdict(facts(host('590.48.01', ['NVIDIA H100 80GB HBM3']), image))).toBe(expected);
  });
});

describe('single files', () => {
  const image: ImageFacts = {
    cuda: '12.4',
    deviceCode: [
      { path: '/app/libmain.so', cubins: ['sm_80', 'sm_90'] },
      { path: '/app/libflash.so', cubins: ['sm_90a'] },
      { path: '/usr/lib/libcudnn_engines.so.9', cubins: ['sm_90'] },
    ],
  };
  it('without code for the GPU are named, though the image as a whole has some', () => {
    const { verdict: word, findings } = diagnose(
      facts(host('580.95.05', ['NVIDIA A100-SXM4-80GB', 'NVIDIA A100-SXM4-80GB']), image),
      [],
    );
    expect(word).toBe('works');
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'no-kernel-for-gpu',
        severity: 'warning',
        data: expect.objectContaining({ files: ['/app/libflash.so'] }),
      }),
    ]);
  });
});

describe('an extension with code for another GPU', () => {
  const SITE = '/opt/venv/lib/python3.11/site-packages';
  const flash = (frameworks: ImageFacts['frameworks'], path = `${SITE}/flash_attn_2_cuda.so`) => ({
    cuda: '12.8',
    frameworks: frameworks ?? [],
    files: { complete: true },
    deviceCode: [{ path, cubins: ['sm_70'] }],
  });
  const judged = (image: ImageFacts) => {
    const {
      verdict: word,
      findings,
      unchecked,
    } = diagnose(facts(host('580.95.05', ['NVIDIA H100 80GB HBM3']), image), []);
    const finding = findings.find(({ id }) => id === 'no-kernel-for-gpu');
    return { word, told: finding?.severity, unchecked: unchecked.map(({ why }) => why).join() };
  };
  const own = { name: 'torch', version: '2.9.0a0+1', cuda: '12.8' };

  it('is a warning where the code of the framework that loads it is not known', () => {
    const { word, told, unchecked } = judged(flash([own, { name: 'flash-attn' }]));
    expect([word, told]).toEqual(['works', 'warning']);
    expect(unchecked).toContain('no device code of torch 2.9.0a0+1 was found');
  });
  it('is one beside what a table says of that framework, too', () => {
    expect(judged(flash([{ ...own, version: '2.9.0' }]))).toMatchObject({
      word: 'works',
      told: 'warning',
    });
  });
  it('fails the image where no framework, or a build for the CPU, loads it', () => {
    expect(judged(flash([])).word).toBe('fails');
    expect(judged(flash([{ name: 'torch', version: '2.9.0', cuda: null }])).word).toBe('fails');
  });
  it('fails the image where it is a program of its own', () => {
    expect(judged(flash([own], '/app/server')).word).toBe('fails');
  });
});

describe('PTX of the oldest architecture in builds of PyTorch', () => {
  // https://github.com/pytorch/pytorch torch/cuda/__init__.py counts machine code alone; see noimage-h100-sd-k8s in the recorded cases.
  const torch = (targets: string[]): ImageFacts => ({
    frameworks: [{ name: 'torch', version: '1.12.1', cuda: '11.6', targets }],
  });
  it.each([
    [
      ['sm_37', 'sm_50', 'sm_60', 'sm_70', 'sm_80', 'sm_86', 'compute_37'],
      'fails no-kernel-for-gpu',
    ],
    [['sm_70', 'sm_80', 'sm_86', 'compute_86'], 'works ptx-compiled-at-first-use'],
    [['sm_80', 'sm_86', 'compute_80'], 'works ptx-compiled-at-first-use'],
    [['sm_70', 'sm_80', 'compute_70'], 'works ptx-compiled-at-first-use'],
    [['sm_37', 'compute_37'], 'works ptx-compiled-at-first-use'],
  ])('%j on an H100: %s', (targets, expected) => {
    expect(verdict(facts(host('580.95.05', ['NVIDIA H100 80GB HBM3']), torch(targets)))).toBe(
      expected,
    );
  });
});

describe('PTX that a driver outside the tables may or may not compile', () => {
  const image = code('13.0', ['sm_75'], [{ target: 'compute_90', isa: '9.1' }]);
  it('is not claimed, and named', () => {
    const {
      verdict: word,
      primary,
      unchecked,
    } = diagnose(facts(onGpu('9.0', '585.10'), image), []);
    expect([word, primary]).toEqual(['works', null]);
    expect(unchecked).toContainEqual({
      what: 'PTX against the driver',
      why: 'no table says whether this driver compiles PTX ISA 9.1, all that there is for 0: GPU (9.0)',
    });
  });
  it('is compiled as far as the branch before it does', () => {
    const known = code('13.0', ['sm_75'], [{ target: 'compute_90', isa: '9.0' }]);
    expect(verdict(facts(onGpu('9.0', '585.10'), known))).toBe('works ptx-compiled-at-first-use');
  });
});

describe('official builds by name and version', () => {
  const on = (gpu: string, platform: string, version: string, cuda: string) =>
    verdict(
      facts(host('580.95.05', [gpu], { platform }), {
        platform,
        frameworks: [{ name: 'torch', version, cuda }],
      }),
    );
  it.each([
    ['NVIDIA A10', 'linux/arm64', '2.9.0+cu128', '12.8', 'works binary-compatible-kernels'],
    ['Tesla T4', 'linux/arm64', '2.9.0+cu128', '12.8', 'fails no-kernel-for-gpu'],
    ['Tesla T4', 'linux/amd64', '2.9.0+cu128', '12.8', 'works -'],
    ['NVIDIA GH200 480GB', 'linux/arm64', '2.9.0', '13.0', 'works -'],
    ['Tesla T4', 'linux/arm64', '2.8.0', '12.8', 'works -'],
    ['Tesla T4', 'linux/arm64', '2.9.0a0+32f93b1', '12.8', 'works -'],
  ])('%s on %s, torch %s of CUDA %s: %s', (gpu, platform, version, cuda, expected) => {
    expect(on(gpu, platform, version, cuda)).toBe(expected);
  });

  const withCudnn = (name: string, version: string, cuda: string, ...cudnn: string[]) =>
    verdict(
      facts(host('590.48.01', ['NVIDIA A100-SXM4-80GB']), {
        frameworks: [{ name, version, cuda }],
        libraries: cudnn.map((one) => ({ name: 'cudnn', version: one })),
      }),
    );
  it.each<[string, string, string, string[], string]>([
    ['torch', '2.9.0', '12.8', ['8.9.7'], 'fails cudnn-mismatch'],
    ['torch', '2.9.0', '12.8', ['8.9.7', '9.10.2'], 'works -'],
    ['torch', '2.9.0', '12.8', ['9.12.0'], 'works -'],
    ['torch', '2.9.0', '12.8', ['9.1.0'], 'works -'],
    ['torch', '2.9.0a0+1', '12.8', ['8.9.7'], 'works -'],
    ['tensorflow', '2.18.0', '12.5', ['9.1.0'], 'works -'],
    ['tensorflow', '2.18.0', '12.5', ['9.3.0'], 'works -'],
    ['onnxruntime-gpu', '1.20.0', '12.6', ['8.9.7'], 'fails cudnn-mismatch'],
    ['onnxruntime-gpu', '1.20.1', '12.6', ['9.1.0'], 'works -'],
    ['cupy', '13.0.0', '12.6', ['8.9.7'], 'works -'],
  ])('%s %s of CUDA %s with cuDNN %j: %s', (name, version, cuda, cudnn, expected) => {
    expect(withCudnn(name, version, cuda, ...cudnn)).toBe(expected);
  });
  it.each<[string, string | undefined, string]>([
    ['9.1.0', undefined, 'warning'],
    ['9.1.0', '9.10.2', 'error'],
    ['8.9.7', undefined, 'error'],
  ])(
    'warns of cuDNN %s where a table says what it was built with: %s',
    (found, built, severity) => {
      const given = facts(host('590.48.01', ['NVIDIA A100-SXM4-80GB']), {
        frameworks: [
          { name: 'torch', version: '2.9.0', cuda: '12.8', ...(built && { cudnn: built }) },
        ],
        libraries: [{ name: 'cudnn', version: found }],
      });
      const finding = diagnose(given, []).findings.find(({ id }) => id === 'cudnn-mismatch');
      expect(finding?.severity).toBe(severity);
    },
  );

  it('loads the libraries of the image where it brings none', () => {
    const cupy = (cuda: string) =>
      verdict(
        facts(host('590.48.01'), {
          cuda: '12.5',
          frameworks: [{ name: 'cupy-cuda11x', version: '13.0.0', cuda }],
        }),
      );
    expect(cupy('11.8')).toBe('fails framework-cuda-mismatch');
    expect(cupy('12.2')).toBe('works -');
  });
});

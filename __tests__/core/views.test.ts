import { describe, expect, it } from '@jest/globals';
import type { HostGpu, ImageFacts } from '../../src/core/facts.js';
import { officialBuild } from '../../src/core/framework-builds.js';
import { viewHost } from '../../src/core/host-view.js';
import { normalFolder, viewImage } from '../../src/core/image-view.js';
import { createTables } from '../../src/core/tables.js';
import { parseCudaVersion, parseDriverVersion } from '../../src/core/version.js';
import { createKnowledge } from '../../src/knowledge/index.js';

const tables = createTables(createKnowledge());

const gpu = (given: HostGpu, driver = '550.54.15') => {
  const { gpus } = viewHost({ driver: { version: driver }, gpus: [given] }, tables);
  const [first] = gpus.known ? gpus.value : [];
  if (first === undefined) throw new Error('no GPU');
  return first;
};

describe('the brands that the container stack may give to a board', () => {
  it.each<[string, string, readonly string[] | null]>([
    ['NVIDIA GeForce RTX 4090', '550.54.15', ['geforce']],
    ['RTX 4090', '550.54.15', ['geforce']],
    ['NVIDIA TITAN RTX', '550.54.15', ['titan', 'titanrtx']],
    ['NVIDIA TITAN V', '550.54.15', ['titan', 'titanrtx']],
    ['Tesla T4', '550.54.15', ['tesla']],
    ['NVIDIA Tesla V100', '550.54.15', ['tesla']],
    ['V100', '550.54.15', ['tesla']],
    ['NVIDIA P4', '550.54.15', ['tesla']],
    ['NVIDIA A100-SXM4-80GB', '550.54.15', ['unknown', 'nvidia']],
    ['NVIDIA A100-SXM4-80GB', '459.10', ['unknown', 'nvidia', 'tesla']],
    ['NVIDIA A100-SXM4-80GB', '460.10', ['unknown', 'nvidia']],
    ['NVIDIA RTX A6000', '550.54.15', ['unknown', 'nvidiartx']],
    ['NVIDIA RTX A6000', '455.23', ['unknown', 'nvidiartx', 'quadro']],
    ['Quadro RTX 6000', '550.54.15', ['unknown', 'quadrortx']],
    ['Quadro RTX 6000', '450.80.02', ['unknown', 'quadrortx', 'quadro']],
    ['Quadro P5000', '550.54.15', ['quadro']],
    ['GRID A100-10C', '550.54.15', ['unknown', 'grid', 'vcs', 'vws', 'vpc', 'vapps']],
    ['Jetson AGX Orin', '550.54.15', null],
    ['Unheard-of', '550.54.15', null],
  ])('%s on driver %s: %j', (name, driver, expected) => {
    const { brands } = gpu({ name }, driver);
    expect(brands.known ? brands.value : null).toEqual(expected);
  });
});

describe('who is entitled to forward compatibility', () => {
  it.each<[HostGpu, boolean | null]>([
    [{ name: 'NVIDIA A100-SXM4-80GB' }, true],
    [{ name: 'Jetson AGX Orin' }, true],
    [{ name: 'NVIDIA GeForce RTX 4090' }, false],
    [{ name: 'NVIDIA RTX A6000' }, false],
    [{ name: 'NVIDIA CMP 90HX' }, false],
    [{ name: 'NVIDIA GB10' }, false],
    [{ name: 'NVIDIA DGX Display' }, false],
    [{ name: 'Matrox D-Series D2450' }, false],
    [{ computeCapability: '9.0' }, true],
    [{ computeCapability: '12.1' }, false],
    [{ computeCapability: '8.6' }, null],
    [{ name: 'Unheard-of' }, null],
    [{ name: 'Unheard-of', computeCapability: '10.0' }, true],
  ])('%j: %s', (given, expected) => {
    const { entitled } = gpu(given);
    expect(entitled.known ? entitled.value : null).toBe(expected);
  });
});

describe('GPUs', () => {
  it('are labelled and counted as CUDA does', () => {
    const { gpus } = viewHost(
      { gpus: [{ index: 4, name: 'NVIDIA L4' }, { name: 'Odd' }, {}] },
      tables,
    );
    expect(gpus.known ? gpus.value.map((one) => [one.index, one.label]) : []).toEqual([
      [4, '4: NVIDIA L4 (8.9)'],
      [1, '1: Odd'],
      [2, '2: GPU'],
    ]);
  });
  it('believe their own compute capability before their name', () => {
    const { capability } = gpu({ name: 'NVIDIA L4', computeCapability: '9.0' });
    expect(capability).toMatchObject({ known: true, value: { raw: '9.0' }, from: 'host' });
    expect(gpu({ name: 'NVIDIA L4' }).capability).toMatchObject({ from: 'name of the GPU' });
  });
  it('are known to be split', () => {
    expect(gpu({ name: 'NVIDIA A100-SXM4-80GB MIG 1g.10gb' }).mig).toBe(true);
    expect(gpu({ name: 'NVIDIA A100-SXM4-80GB', mig: true }).mig).toBe(true);
    expect(gpu({ name: 'NVIDIA A100-SXM4-80GB' }).mig).toBe(false);
  });
});

describe('the lowest driver of a toolkit', () => {
  const full = (cuda: string, family: 'linux' | 'windows' | 'jetson' = 'linux') => {
    const version = parseCudaVersion(cuda);
    return version && tables.fullDriver(version, family)?.raw;
  };
  it.each([
    ['12.2', '535.54.03'],
    ['12.2.0', '535.54.03'],
    ['12.2.2', '535.104.05'],
    ['12.3.2', '545.23.08'],
    ['12.8.2', '570.124.06'],
    ['12.8.1.012', '570.124.06'],
    ['12.9.7', '575.57.08'],
    ['12.7', '565'],
    ['13.4.1', '615'],
    ['13.4.2', '615'],
    ['11.0', '450.51.05'],
    ['11.0.1', '450.36.06'],
    ['11.0.20', '450.51.06'],
    ['11.0.167', '450.51.05'],
    ['10.1', '418.39'],
    ['10.1.243', '418.39'],
    ['9.2.148', '396.37'],
    ['9.2.88', '396.26'],
    ['8.0.61', '375.26'],
    ['8.0', '367.48'],
    ['14.0', undefined],
  ])('%s: %s', (cuda, expected) => {
    expect(full(cuda)).toBe(expected);
  });
  it.each([
    ['12.2', '536.25'],
    ['13.0', undefined],
  ])('%s on Windows: %s', (cuda, expected) => {
    expect(full(cuda, 'windows')).toBe(expected);
  });
  it('is nothing to go by on Jetson', () => {
    expect(full('12.2', 'jetson')).toBeUndefined();
  });
});

describe('the CUDA version of a driver', () => {
  const served = (driver: string, family: 'linux' | 'windows' | 'jetson' = 'linux') => {
    const version = parseDriverVersion(driver);
    const found = version && tables.cudaOfDriver(version, family);
    return found && [found.version.raw, found.atLeast];
  };
  it.each<[string, 'linux' | 'windows' | 'jetson', unknown]>([
    ['535.104.05', 'linux', ['12.2', false]],
    ['565.77', 'linux', ['12.7', false]],
    ['585.10', 'linux', ['13.0', true]],
    ['700.10', 'linux', ['13.4', true]],
    ['430.26', 'linux', undefined],
    ['300.10', 'linux', undefined],
    ['551.61', 'windows', ['12.4', false]],
    ['551.60', 'windows', ['12.3', false]],
    ['579.99', 'windows', ['12.9', false]],
    ['580.00', 'windows', ['13.0', false]],
    ['589.99', 'windows', ['13.0', false]],
    ['590.00', 'windows', ['13.1', false]],
    ['595.00', 'windows', ['13.2', false]],
    ['610.00', 'windows', ['13.3', false]],
    ['615.00', 'windows', ['13.4', false]],
    ['300.10', 'windows', undefined],
    ['540.4.0', 'jetson', ['12.6', false]],
    ['541.0', 'jetson', undefined],
  ])('driver %s on %s: %j', (driver, family, expected) => {
    expect(served(driver, family)).toEqual(expected);
  });
});

describe('images', () => {
  it.each([
    ['/usr/local/cuda-12.8/compat', '/usr/local/cuda/compat'],
    ['/usr/local/cuda-13/compat/', '/usr/local/cuda/compat'],
    ['/usr/local/cuda//compat', '/usr/local/cuda/compat'],
    ['/usr/local/cuda-12.8', '/usr/local/cuda'],
    ['/usr/local/cuda-extra/compat', '/usr/local/cuda-extra/compat'],
    ['/opt/usr/local/cuda-12.8/compat', '/opt/usr/local/cuda-12.8/compat'],
  ])('folder %s is %s', (path, expected) => {
    expect(normalFolder(path)).toBe(expected);
  });

  it.each<[string, unknown]>([
    [
      'nvidia/cuda:12.4.1-base-ubuntu22.04',
      {
        repository: 'nvidia/cuda',
        tag: '12.4.1-base-ubuntu22.04',
        flavour: 'base-ubuntu22.04',
        kin: 'nvidia/cuda:base-ubuntu22.04',
      },
    ],
    [
      'docker.io/nvidia/cuda:12.4.1-devel@sha256:0',
      {
        repository: 'nvidia/cuda',
        tag: '12.4.1-devel',
        flavour: 'devel',
        kin: 'nvidia/cuda:devel',
      },
    ],
    [
      'localhost:5000/a/b:v1.2-cuda12.4-cudnn9-x',
      {
        repository: 'localhost:5000/a/b',
        tag: 'v1.2-cuda12.4-cudnn9-x',
        flavour: '--x',
        kin: 'localhost:5000/a/b:--x',
      },
    ],
    [
      'my.docker.io/x:1',
      { repository: 'my.docker.io/x', tag: '1', flavour: '', kin: 'my.docker.io/x:' },
    ],
    ['nvidia/cuda', undefined],
    ['two words:1', undefined],
    ['', undefined],
  ])('reference %s', (reference, expected) => {
    expect(viewImage({ reference }, tables).tag).toEqual(expected);
  });

  const compat = (image: ImageFacts) => {
    const view = viewImage(image, tables).compat;
    return view.known
      ? view.value && [view.value.branch, view.value.cuda.raw, view.value.folder, view.value.raw]
      : view.why;
  };
  it.each<[ImageFacts, unknown]>([
    [{ compatDriver: { version: '570.124.06' } }, [570, '12.8', undefined, '570.124.06']],
    [
      { compatDriver: { path: '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06' } },
      [570, '12.8', '/usr/local/cuda/compat', '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06'],
    ],
    [
      { cuda: '12.8', compatDriver: { path: '/usr/local/cuda/compat/libcuda.so.1' } },
      [570, '12.8', '/usr/local/cuda/compat', '/usr/local/cuda/compat/libcuda.so.1'],
    ],
    [
      { cuda: '12.2', compatDriver: { version: '570.124.06' } },
      [570, '12.8', undefined, '570.124.06'],
    ],
    [
      { env: { NV_CUDA_COMPAT_PACKAGE: 'cuda-compat-12-4' } },
      [550, '12.4', undefined, 'cuda-compat-12-4'],
    ],
    [
      { env: { NV_CUDA_COMPAT_PACKAGE: 'cuda-compat-13-10' } },
      'the version of the compat library in the image is not known',
    ],
    [
      { env: { NV_CUDA_COMPAT_PACKAGE: 'my-cuda-compat-12-4' } },
      "the image's files were not read, so a compat library may be there",
    ],
    [{ deviceCode: [] }, null],
    [{ compatDriver: {} }, 'the version of the compat library in the image is not known'],
  ])('%j', (image, expected) => {
    expect(compat(image)).toEqual(expected);
  });
});

describe('official builds', () => {
  const build = (
    name: string,
    version: string,
    cuda: string | null | undefined,
    imageCuda = '12.8',
  ) => {
    const { frameworks } = viewImage(
      { frameworks: [{ name, version, ...(cuda === undefined ? {} : { cuda }) }] },
      tables,
    );
    const [framework] = frameworks;
    const found =
      framework && officialBuild(framework, parseCudaVersion(imageCuda), tables.knowledge);
    return found && [found.cuda, found.cudnn, found.source];
  };
  it.each<[string, string, string | undefined, string, unknown]>([
    [
      'torch',
      '2.9.0',
      '12.8',
      '12.8',
      ['12.8', '9.10.2.21', 'official builds of PyTorch 2.9, cu128'],
    ],
    [
      'PyTorch',
      '2.9.1+cu130',
      undefined,
      '12.8',
      ['13.0', '9.13.0.50', 'official builds of PyTorch 2.9, cu130'],
    ],
    [
      'torch',
      '2.9.0',
      undefined,
      '12.6',
      ['12.6', '9.10.2.21', 'official builds of PyTorch 2.9, cu126'],
    ],
    [
      'torch',
      '2.9.0',
      undefined,
      '11.0',
      ['12.8', '9.10.2.21', 'official builds of PyTorch 2.9, cu128'],
    ],
    ['torch', '2.9.0', '11.8', '12.8', undefined],
    ['torch', '2.9.7', '12.8', '12.8', undefined],
    ['torch', '2.9.0a0+1', '12.8', '12.8', undefined],
    ['torch', '2.9', '12.8', '12.8', undefined],
    [
      'tensorflow-gpu',
      '2.18.1',
      undefined,
      '12.8',
      ['12.5', '9.3', 'official builds of TensorFlow 2.18'],
    ],
    ['tensorflow', '2.18', '12.5', '12.8', ['12.5', '9.3', 'official builds of TensorFlow 2.18']],
    ['tensorflow', '2.18.0', '11.8', '12.8', undefined],
    ['tensorflow', 'nightly', undefined, '12.8', undefined],
    [
      'onnxruntime-gpu',
      '1.18.1',
      undefined,
      '12.8',
      [undefined, '9', 'official builds of ONNX Runtime 1.18.1'],
    ],
    [
      'onnxruntime',
      '1.20.2',
      undefined,
      '12.8',
      [undefined, '9', 'official builds of ONNX Runtime 1.20'],
    ],
    ['onnxruntime', '1.2', undefined, '12.8', undefined],
    [
      'vllm',
      '0.8.5',
      undefined,
      '12.8',
      [undefined, undefined, 'stated lowest compute capability of vLLM'],
    ],
    ['unheard-of', '1.0', undefined, '12.8', undefined],
  ])('%s %s of CUDA %s in an image of CUDA %s', (name, version, cuda, imageCuda, expected) => {
    expect(build(name, version, cuda, imageCuda)).toEqual(expected);
  });
});

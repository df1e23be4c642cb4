import { describe, expect, it } from '@jest/globals';
import type { ImageFacts, ImageFramework } from '../../src/core/facts.js';
import {
  isSameFramework,
  isTorch,
  isTorchExtension,
  officialBuild,
  usesLibrariesOfImage,
} from '../../src/core/framework-builds.js';
import { type FrameworkView, viewImage } from '../../src/core/image-view.js';
import { createTables } from '../../src/core/tables.js';
import { createKnowledge } from '../../src/knowledge/index.js';

const tables = createTables(createKnowledge());

function view(facts: ImageFramework): FrameworkView {
  const [first] = viewImage({ frameworks: [facts] }, tables).frameworks;
  if (first === undefined) throw new Error('no framework');
  return first;
}
const sourceOf = (facts: ImageFramework) =>
  officialBuild(view(facts), undefined, tables.knowledge)?.source;

describe('the spellings of a framework', () => {
  it.each([
    ['PyTorch', 'torch'],
    ['Torch', 'torch'],
    ['tensorflow-gpu', 'TensorFlow'],
    ['onnxruntime-gpu', 'ONNX Runtime'],
    ['flash-attention', 'flash_attn'],
    ['paddlepaddle-gpu', 'PaddlePaddle'],
    ['cupy-cuda12x', 'cupy'],
    ['cupy-cuda110', 'CuPy'],
    ['cupy_cuda9', 'cupy-cuda13x'],
  ])('%s and %s are one', (one, other) => {
    expect(isSameFramework(one, other)).toBe(true);
    expect(isSameFramework(other, one)).toBe(true);
  });
  it.each([
    ['torch', 'torchvision'],
    ['tensorflow', 'tensorflow-text'],
    ['cupy-cuda12x-extra', 'cupy'],
    ['my-cupy-cuda12x', 'cupy'],
    ['cupy-cudax', 'cupy'],
    ['jax', 'jaxlib'],
  ])('%s and %s are two', (one, other) => {
    expect(isSameFramework(one, other)).toBe(false);
  });
  it('of PyTorch itself, and of nothing beside it', () => {
    expect(isTorch(view({ name: 'PyTorch' }))).toBe(true);
    expect(isTorch(view({ name: 'torchvision' }))).toBe(false);
  });
});

describe('whose CUDA libraries a framework loads', () => {
  it.each([
    ['onnxruntime', true],
    ['onnxruntime-gpu', true],
    ['TensorFlow', true],
    ['cupy-cuda12x', true],
    ['paddlepaddle-gpu', true],
    ['mxnet', true],
    ['tensorrt', true],
    ['caffe', true],
    ['torch', false],
    ['jax', false],
    ['vllm', false],
  ])('%s loads the image’s: %s', (name, expected) => {
    expect(usesLibrariesOfImage(view({ name }))).toBe(expected);
  });

  it.each([
    ['torchvision', true],
    ['torchaudio', true],
    ['flash-attn', true],
    ['flash-attention', true],
    ['xformers', true],
    ['apex', true],
    ['vllm', true],
    ['deepspeed', true],
    ['bitsandbytes', true],
    ['torchsparse', true],
    ['detectron2', true],
    ['mmcv', true],
    ['torch', false],
    ['tensorflow', false],
  ])('%s loads into PyTorch: %s', (name, expected) => {
    expect(isTorchExtension(view({ name }))).toBe(expected);
  });
});

describe('the release that a version is of', () => {
  const TORCH_29 = 'official builds of PyTorch 2.9, cu128';
  const TF_218 = 'official builds of TensorFlow 2.18';
  it.each<[string, string | undefined, string | undefined]>([
    ['torch', '2.9.0', TORCH_29],
    ['torch', '2.9.0+cu128', TORCH_29],
    ['torch', '2.9.0+rocm6.4', undefined],
    ['torch', '2.9.0+cu128.dirty', undefined],
    ['torch', '2.9.0+xcu128', undefined],
    ['torch', '2.9.0a0+cu128', undefined],
    ['torch', 'v2.9.0', undefined],
    ['torch', '2.9.0.1', undefined],
    ['torch', undefined, undefined],
    ['tensorflow', '2.18.0', TF_218],
    ['tensorflow', '2.18.10', TF_218],
    ['tensorflow', '2.18.0-rc1', undefined],
    ['tensorflow', '2.18.0+nv25.3', undefined],
    ['tensorflow', 'v2.18.0', undefined],
    ['tensorflow', undefined, undefined],
    ['onnxruntime', '1.20.1', 'official builds of ONNX Runtime 1.20'],
    ['onnxruntime', '1.200', undefined],
    ['onnxruntime', undefined, undefined],
  ])('%s %s: %s', (name, version, expected) => {
    expect(sourceOf({ name, ...(version === undefined ? {} : { version }) })).toBe(expected);
  });
});

describe('the code of an official build', () => {
  const codeOf = (image: ImageFacts) => {
    const { code } = viewImage(image, tables);
    if (!code.known) return code.why;
    return code.value.map(({ entries, derived }) => [
      derived,
      ...entries.map(({ target, isa }) =>
        isa === undefined ? target.raw : `${target.raw} ${isa.raw}`,
      ),
    ]);
  };
  const torch = (version: string, cuda: string): ImageFacts => ({
    frameworks: [{ name: 'torch', version, cuda }],
  });
  const NOT_READ = "the device code of the image's files was not read";

  it('has the PTX ISA of the CUDA that it was built with, on PTX alone', () => {
    const image = { frameworks: [{ name: 'tensorflow', version: '2.18.0', cuda: '12.5' }] };
    expect(codeOf(image)).toEqual([[true, 'sm_60', 'sm_70', 'sm_80', 'sm_89', 'compute_90 8.5']]);
  });

  it('is that of x86-64 where no platform was given', () => {
    const x86 = codeOf({ ...torch('2.9.0', '12.8'), platform: 'linux/x86_64' });
    expect(codeOf(torch('2.9.0', '12.8'))).toEqual(x86);
    expect(x86).toEqual([[true, 'sm_70', 'sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120']]);
  });

  it.each<[string, string, unknown]>([
    ['2.9.0', '12.6', ['sm_80', 'sm_90']],
    ['2.9.1', '12.8', ['sm_80', 'sm_90', 'sm_100', 'sm_120']],
    ['2.9.0', '13.0', ['sm_80', 'sm_90', 'sm_100', 'sm_110', 'sm_120']],
    // before the tables have a list for this platform
    ['2.8.0', '12.8', undefined],
    ['2.7.1', '11.8', undefined],
  ])('on Arm, of PyTorch %s for CUDA %s: %j', (version, cuda, expected) => {
    const image = { ...torch(version, cuda), platform: 'linux/arm64' };
    expect(codeOf(image)).toEqual(
      expected === undefined ? NOT_READ : [[true, ...(expected as [])]],
    );
  });

  it('is known of PyTorch alone on Arm, and of none on other platforms', () => {
    const tensorflow = [{ name: 'tensorflow', version: '2.18.0', cuda: '12.5' }];
    expect(codeOf({ frameworks: tensorflow, platform: 'linux/arm64' })).toBe(NOT_READ);
    expect(codeOf({ ...torch('2.9.0', '12.8'), platform: 'windows/amd64' })).toBe(NOT_READ);
    expect(codeOf({ ...torch('2.9.0', '12.8'), platform: 'linux/ppc64le' })).toBe(NOT_READ);
  });

  it('is a lowest compute capability where that is all that its makers state', () => {
    const image = { frameworks: [{ name: 'vllm', version: '0.8.5' }] };
    const { code } = viewImage(image, tables);
    expect(code.known ? code.value[0] : code.why).toMatchObject({
      entries: [],
      lowest: { raw: '7.0' },
      from: 'stated lowest compute capability of vLLM',
      derived: true,
    });
  });

  it('is not that of a CPU build', () => {
    const frameworks = [{ name: 'vllm', version: '0.8.5', cuda: null }];
    expect(codeOf({ frameworks })).toBe(NOT_READ);
  });
});

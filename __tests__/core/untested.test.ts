import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import { facts, host } from './pair.js';

const torch: ImageFacts = {
  cuda: '12.8.1',
  frameworks: [{ name: 'torch', version: '2.9.0+cu128', cuda: '12.8' }],
};
const up: ProbeFacts = { started: true, complete: true, init: { code: 0 }, runtime: { code: 0 } };

/** What is said of the frameworks that were not tested. */
const untested = (image: ImageFacts, probe?: ProbeFacts): string | undefined =>
  diagnose(
    facts(host('580.95.05', ['NVIDIA L4']), image, probe === undefined ? {} : { probe }),
    [],
  ).unchecked.find(({ what }) => what === "the frameworks' own tests")?.why;

describe('a framework in the image that was not tested', () => {
  it.each<[ProbeFacts, ImageFacts, string]>([
    [{ ...up, init: { code: 999 } }, {}, 'CUDA did not come up in the container'],
    [{ ...up, init: { timedOut: true } }, {}, 'CUDA did not come up in the container'],
    [
      { ...up, gpus: [{ index: 0, kernel: { timedOut: true } }] },
      {},
      'a GPU hangs, on which a test would hang as well',
    ],
    [{ ...up, complete: false }, {}, 'the probe did not come to it'],
    [
      { ...up, frameworks: [{ name: 'python', error: 'status 127', stage: 'start' }] },
      {},
      'a Python of the image does not start',
    ],
    [up, { files: { complete: true } }, 'the image has no Python to run it'],
    [up, { files: { complete: false } }, 'no Python that was found imports it'],
    [
      up,
      { files: { complete: true }, interpreters: [{ path: '/usr/bin/python3.11' }] },
      'no Python that was found imports it',
    ],
  ])('is told with the reason: %j %j', (probe, image, why) => {
    expect(untested({ ...torch, ...image }, probe)).toBe(`torch 2.9.0+cu128: ${why}`);
  });

  it('is not told of one that was tested, whatever package it is from', () => {
    const probe = { ...up, frameworks: [{ name: 'onnxruntime' }, { name: 'flash_attn' }] };
    const frameworks = [{ name: 'onnxruntime-gpu' }, { name: 'flash-attn' }];
    expect(untested({ ...torch, frameworks }, probe)).toBeUndefined();
  });

  it('names those that are left, and neither builds without CUDA nor what has no test', () => {
    const frameworks = [
      { name: 'torch', version: '2.9.0+cpu', cuda: null },
      { name: 'deepspeed', version: '0.16.0' },
      { name: 'jax', version: '0.6.0' },
      { name: 'vllm' },
    ];
    expect(untested({ ...torch, frameworks }, up)).toBe(
      'jax 0.6.0, vllm: no Python that was found imports it',
    );
  });

  it('is nothing to say where no probe ran with GPUs', () => {
    expect(untested(torch)).toBeUndefined();
    expect(untested(torch, { started: true, requestedGpus: 0, complete: true })).toBeUndefined();
  });
});

describe('which frameworks a probe could have tested', () => {
  const named = (...names: string[]) =>
    untested({ cuda: '12.8', frameworks: names.map((name) => ({ name })) }, up);
  it.each([
    'torch',
    'tensorflow',
    'tensorflow-gpu',
    'jax',
    'cupy',
    'onnxruntime',
    'onnxruntime-gpu',
    'onnxruntime-training',
    'paddlepaddle',
    'paddlepaddle-gpu',
    'triton',
    'tensorrt',
    'flash-attn',
    'xformers',
    'bitsandbytes',
    'vllm',
  ])('%s', (name) => {
    expect(named(name)).toBe(`${name}: no Python that was found imports it`);
  });
  it('of others nothing is said', () => {
    expect(named('mxnet', 'torchvision')).toBeUndefined();
    expect(named('mxnet', 'torch')).toBe('torch: no Python that was found imports it');
  });
  it('are named once each, and are none of which the probe tells', () => {
    expect(named('torch', 'torch', 'jax')).toBe('torch, jax: no Python that was found imports it');
    const told = (name: string) => ({ ...up, frameworks: [{ name }] });
    const image = (name: string): ImageFacts => ({ cuda: '12.8', frameworks: [{ name }] });
    for (const [name, test] of [
      ['tensorflow-gpu', 'tensorflow'],
      ['onnxruntime-gpu', 'onnxruntime'],
      ['onnxruntime-training', 'onnxruntime'],
      ['paddlepaddle', 'paddle'],
      ['paddlepaddle-gpu', 'paddle'],
      ['flash-attn', 'flash_attn'],
      ['triton', 'triton'],
      ['tensorrt', 'tensorrt'],
      ['xformers', 'xformers'],
      ['bitsandbytes', 'bitsandbytes'],
      ['vllm', 'vllm'],
    ] as const) {
      expect(untested(image(name), told(test))).toBeUndefined();
    }
  });
});

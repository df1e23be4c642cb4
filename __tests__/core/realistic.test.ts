import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { HostFacts, ImageFacts } from '../../src/core/facts.js';
import { facts, host } from './pair.js';
import { IMAGES } from './realistic-images.js';

type Name = keyof typeof IMAGES;

const DRIVER = '580.95.05';
const on = (gpu: string, driver = DRIVER): HostFacts =>
  host(driver, [gpu], { engine: { name: 'docker', version: '28.2.2', gpuMode: 'legacy' } });

/** `works`, and the ids of all findings with their severity. */
const judged = (image: ImageFacts, machine: HostFacts = on('NVIDIA A100-SXM4-80GB')) => {
  const { verdict, findings } = diagnose(facts(machine, image), []);
  return [verdict, ...findings.map(({ id, severity }) => `${severity} ${id}`)];
};
const files = (image: ImageFacts, machine: HostFacts) =>
  diagnose(facts(machine, image), []).findings.flatMap(({ data }) => data.files ?? []);

const PTX = 'notice ptx-compiled-at-first-use';

describe('well-known images raise no false alarm', () => {
  it.each<[Name, string, string[]]>([
    ['base', 'NVIDIA A100-SXM4-80GB', ['works']],
    ['runtime', 'NVIDIA A100-SXM4-80GB', ['works']],
    ['runtime', 'NVIDIA H100 80GB HBM3', ['works']],
    ['runtime', 'NVIDIA B200', ['works']],
    ['devel', 'NVIDIA L4', ['works', 'notice binary-compatible-kernels']],
    ['devel', 'Tesla V100-SXM2-16GB', ['works']],
    ['pytorch', 'NVIDIA H100 80GB HBM3', ['works']],
    ['pytorch', 'Tesla T4', ['works']],
    ['pytorch', 'NVIDIA GeForce RTX 5090', ['works']],
    ['vllm', 'NVIDIA H100 80GB HBM3', ['works']],
    ['tritonserver', 'NVIDIA H100 80GB HBM3', ['works']],
    ['tritonserver', 'NVIDIA GeForce RTX 5090', ['works', PTX]],
    ['llama', 'NVIDIA GeForce RTX 4090', ['works']],
    ['llama', 'NVIDIA H100 80GB HBM3', ['works', PTX]],
    ['ollama', 'NVIDIA H100 80GB HBM3', ['works']],
    ['ollama', 'Tesla V100-SXM2-16GB', ['works']],
    ['ollama', 'NVIDIA B200', ['works']],
    ['ollama', 'NVIDIA GeForce RTX 3090', ['works']],
  ])('%s on %s', (name, gpu, expected) => {
    expect(judged(IMAGES[name], on(gpu))).toEqual(expected);
  });

  it.each(Object.keys(IMAGES) as Name[])('%s, scanned without a runner', (name) => {
    expect(judged(IMAGES[name], {})).toEqual(['unknown']);
  });
});

it('a program that chooses among builds for several CUDA versions works with the one that the driver serves', () => {
  expect(judged(IMAGES.ollama, on('NVIDIA A100-SXM4-80GB', '550.54.14'))[0]).toBe('works');
  const { deviceCode: _code, ...unknown } = IMAGES.ollama;
  expect(judged(unknown, on('NVIDIA A100-SXM4-80GB', '550.54.14'))).toEqual(['unknown']);
});

describe('well-known images where they do not work', () => {
  it.each<[Name, HostFacts, string]>([
    ['pytorch', on('Tesla V100-SXM2-16GB'), 'no-kernel-for-gpu'],
    ['pytorch', on('NVIDIA A100-SXM4-80GB', '470.82.01'), 'driver-too-old'],
    ['vllm', on('Tesla P100-PCIE-16GB'), 'no-kernel-for-gpu'],
    ['tritonserver', on('Tesla V100-SXM2-16GB'), 'no-kernel-for-gpu'],
    ['ollama', on('NVIDIA A100-SXM4-80GB', '470.82.01'), 'driver-too-old'],
  ])('%s', (name, machine, primary) => {
    expect(diagnose(facts(machine, IMAGES[name]), [])).toMatchObject({ verdict: 'fails', primary });
  });
});

describe('kernels for one architecture only, beside a framework', () => {
  it('are a warning that names them', () => {
    const machine = on('NVIDIA A100-SXM4-80GB');
    expect(judged(IMAGES.vllm, machine)).toEqual(['works', 'warning no-kernel-for-gpu']);
    expect(files(IMAGES.vllm, machine)).toEqual([
      '/usr/local/lib/python3.12/dist-packages/vllm/_flashmla_C.abi3.so',
    ]);
  });

  it('do not soften the failure of the main code', () => {
    expect(judged(IMAGES.vllm, on('Tesla P100-PCIE-16GB')).slice(0, 2)).toEqual([
      'fails',
      'error no-kernel-for-gpu',
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { Facts, HostFacts, HostGpu, ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import { facts, host, verdict } from './pair.js';

const H100: HostGpu = { name: 'NVIDIA H100 80GB HBM3', computeCapability: '9.0', uuid: 'GPU-h' };
const V100: HostGpu = { name: 'Tesla V100-SXM2-16GB', computeCapability: '7.0', uuid: 'GPU-v' };
const T4: HostGpu = { name: 'Tesla T4', computeCapability: '7.5', uuid: 'GPU-t' };

type ProbeGpu = NonNullable<ProbeFacts['gpus']>[0];
const RIGHT: ProbeGpu['kernel'] = { code: 0, correct: true };
const LOST: ProbeGpu['kernel'] = { code: 719, call: 'cuLaunchKernel' };

const runner = (...gpus: HostGpu[]): HostFacts =>
  host('570.124.06', undefined, { gpus: gpus.map((gpu, index) => ({ index, ...gpu })) });

const ran = (...gpus: Omit<ProbeGpu, 'index'>[]): ProbeFacts => ({
  started: true,
  libcuda: { origin: 'host', cuda: '12.8' },
  init: { code: 0 },
  gpus: gpus.map((gpu, index) => ({ index, ...gpu })),
  nvml: { driver: '570.124.06', gpuCount: gpus.length },
});

const image: ImageFacts = { cuda: '12.8' };
const torchFor = (...targets: string[]): ImageFacts => ({
  ...image,
  frameworks: [{ name: 'torch', version: '2.9.0', cuda: '12.8', targets }],
});
const withoutUuid = ({ uuid: _, ...gpu }: HostGpu): HostGpu => gpu;

const findingOf = (pair: Facts, id: string) =>
  diagnose(pair, []).findings.find((one) => one.id === id);

describe('a GPU of the container is one of the runner', () => {
  it('by its UUID, whatever order nvidia-smi and CUDA count in', () => {
    const pair = facts(runner(T4, H100), image, {
      probe: ran({ ...H100, kernel: LOST }, { ...T4, kernel: RIGHT }),
    });
    expect(verdict(pair)).toBe('fails gpu-partly-covered');
    expect(findingOf(pair, 'gpu-partly-covered')?.data).toMatchObject({
      gpus: ['1: NVIDIA H100 80GB HBM3 (9.0)'],
      device: '0',
    });
    expect(findingOf(pair, 'gpu-lost')).toMatchObject({
      data: { gpus: ['1: NVIDIA H100 80GB HBM3 (9.0)'] },
      evidence: expect.arrayContaining([
        { what: 'kernel on GPU 1', value: expect.stringContaining('719'), from: 'probe' },
      ]),
    });
  });
  it('by its UUID in what a framework computed', () => {
    const probe: ProbeFacts = {
      ...ran({ ...H100, kernel: RIGHT }, { ...T4, kernel: RIGHT }),
      frameworks: [{ name: 'torch', available: true, devices: [{ index: 0, correct: true }] }],
    };
    const pair = facts(runner(T4, H100), torchFor('sm_50'), { probe });
    expect(findingOf(pair, 'no-kernel-for-gpu')?.data['gpus']).toEqual(['0: Tesla T4 (7.5)']);
  });
  it('by its place where there are no UUIDs and the kinds agree', () => {
    const gpus = [T4, H100].map(withoutUuid);
    const pair = facts(runner(...gpus), image, {
      probe: ran({ computeCapability: '7.5', kernel: LOST }, { ...gpus[1], kernel: RIGHT }),
    });
    expect(findingOf(pair, 'gpu-partly-covered')?.data['device']).toBe('1');
  });
  it('or only itself where nothing tells which', () => {
    const pair = facts(runner(...[T4, H100].map(withoutUuid)), image, {
      probe: ran({ ...withoutUuid(H100), kernel: LOST }, { ...withoutUuid(T4), kernel: RIGHT }),
    });
    expect(findingOf(pair, 'gpu-lost')?.data['gpus']).toEqual(['0: NVIDIA H100 80GB HBM3 (9.0)']);
  });
  it('with its instance of MIG, which has a UUID of its own', () => {
    const pair = facts(runner({ ...H100, mig: true }), torchFor('sm_80'), {
      probe: ran({ ...H100, uuid: 'MIG-1', mig: true, kernel: RIGHT }),
    });
    expect(findingOf(pair, 'no-kernel-for-gpu')?.data['gpus']).toEqual([
      '0: NVIDIA H100 80GB HBM3 (9.0)',
    ]);
  });
});

describe('rules judge the GPUs that the container had', () => {
  const onlyH100 = ran({ ...H100, kernel: RIGHT });
  const asked = { ...onlyH100, env: { NVIDIA_VISIBLE_DEVICES: '0' } };
  it('not a GPU that was not asked for', () => {
    const pair = facts(runner(H100, V100), torchFor('sm_80', 'sm_90'), { probe: asked });
    expect(verdict(pair)).toBe('works -');
  });
  it('also where only their names tell which', () => {
    const probe = { ...asked, gpus: [{ index: 0, ...withoutUuid(H100), kernel: RIGHT }] };
    const pair = facts(runner(V100, H100), torchFor('sm_80', 'sm_90'), { probe });
    expect(verdict(pair)).toBe('works -');
  });
  it('by the number of the runner, when the container counts anew', () => {
    const pair = facts(runner(H100, V100), torchFor('sm_70', 'sm_90'), {
      probe: { ...ran({ ...V100, kernel: LOST }), env: { NVIDIA_VISIBLE_DEVICES: '1' } },
    });
    expect(verdict(pair)).toBe('unknown gpu-lost');
    expect(findingOf(pair, 'gpu-lost')?.data['gpus']).toEqual(['1: Tesla V100-SXM2-16GB (7.0)']);
  });
  it('and CUDA_VISIBLE_DEVICES counts all of them', () => {
    const pair = facts(
      runner(V100, H100),
      { ...image, env: { CUDA_VISIBLE_DEVICES: '1' } },
      { probe: onlyH100 },
    );
    expect(verdict(pair)).toBe('works -');
  });
  it('all of them count for their number', () => {
    expect(verdict(facts(runner(H100, V100), image, { probe: onlyH100 }))).toBe(
      'fails gpu-count-mismatch',
    );
  });
});

describe('facts of a machine that is not the one that runs the container', () => {
  const K80: HostGpu = { name: 'Tesla K80', computeCapability: '3.7', uuid: 'GPU-k' };
  it('give way to what was seen in the container', () => {
    const here = host('470.82.01', undefined, { gpus: [{ index: 0, ...K80 }] });
    const pair = facts(here, image, { probe: ran({ ...H100, kernel: RIGHT }) });
    expect(verdict(pair)).toBe('works -');
    expect(diagnose(pair, []).unchecked).toContainEqual({
      what: 'facts of the host',
      why: expect.stringContaining('another machine'),
    });
  });
  it('do not make an old driver new', () => {
    const probe: ProbeFacts = {
      ...ran({ ...H100, kernel: RIGHT }),
      libcuda: { origin: 'host', cuda: '11.4' },
      nvml: { driver: '470.82.01', gpuCount: 1 },
    };
    const pair = facts(runner({ ...H100, uuid: 'GPU-other' }), image, { probe });
    expect(verdict(pair)).toBe('fails driver-too-old');
    expect(findingOf(pair, 'driver-too-old')?.data).toMatchObject({
      driver: '470.82.01',
      driverCuda: '11.4',
    });
  });
  it('without NVML in the container the path of its libcuda tells the driver', () => {
    const probe: ProbeFacts = {
      ...ran({ ...H100, kernel: RIGHT }),
      libcuda: { origin: 'host', path: '/usr/lib/x86_64-linux-gnu/libcuda.so.470.82.01' },
      nvml: {},
    };
    const here = runner({ ...H100, uuid: 'GPU-other' });
    expect(verdict(facts(here, image, { probe }))).toBe('fails driver-too-old');
  });
  it('tell no driver where only the GPUs are known to be others', () => {
    const { nvml: _, ...probe } = ran({ ...H100, kernel: RIGHT });
    expect(verdict(facts(runner({ ...H100, uuid: 'GPU-other' }), image, { probe }))).toBe(
      'unknown -',
    );
  });
  it('are not contradicted by a driver known by its branch only', () => {
    const pair = facts(host('570', [H100.name ?? '']), image, {
      probe: ran({ ...H100, kernel: RIGHT }),
    });
    expect(diagnose(pair, []).unchecked.map((one) => one.what)).not.toContain('facts of the host');
  });
});

describe('the number of GPUs in the container', () => {
  const one = (requestedGpus?: NonNullable<ProbeFacts['requestedGpus']>, variable = 'all') => ({
    ...ran({ ...H100, kernel: RIGHT }),
    env: { NVIDIA_VISIBLE_DEVICES: variable },
    ...(requestedGpus === undefined ? {} : { requestedGpus }),
  });
  it.each<[string, ProbeFacts, string]>([
    ['all', one('all'), 'fails gpu-count-mismatch'],
    ['all, by CDI', one('all', 'void'), 'fails gpu-count-mismatch'],
    ['all, but fewer by the variable', one('all', '0'), 'works -'],
    ['one', one(1), 'works -'],
    ['two', one(2), 'fails gpu-count-mismatch'],
    ['one by its index', one(['0']), 'works -'],
    ['two by their indexes', one(['0', '1']), 'fails gpu-count-mismatch'],
    ['the same one twice', one(['0', '0']), 'works -'],
    ['instances of MIG', one(['0:0', '0:1']), 'works -'],
    ['not known', one(), 'fails gpu-count-mismatch'],
  ])('is measured against what was asked for: %s', (_name, probe, expected) => {
    expect(verdict(facts(runner(H100, V100), image, { probe }))).toBe(expected);
  });
  it('needs no list of the runner where a number was asked for', () => {
    const pair = facts(host('570.124.06'), image, { probe: one(2) });
    expect(findingOf(pair, 'gpu-count-mismatch')).toMatchObject({
      data: { expected: 2, seen: 1 },
      evidence: expect.arrayContaining([{ what: 'GPUs asked for', value: '2', from: 'request' }]),
    });
  });
});

describe('Multi-Instance GPU', () => {
  const row = { what: 'instances of MIG', why: expect.stringContaining('one instance') };
  const seen = { ...H100, uuid: 'MIG-1', kernel: RIGHT };
  it.each<[string, HostGpu[], ProbeFacts]>([
    ['on the runner', [{ ...H100, mig: true }], ran({ kernel: RIGHT })],
    ['on one GPU of several', [V100, { ...H100, mig: true }], ran(seen)],
    ['in the container', [H100], ran({ ...seen, mig: true })],
    ['by the UUID of the instance', [H100], ran(seen)],
  ])('leaves all instances but one untested: %s', (_name, gpus, probe) => {
    expect(diagnose(facts(runner(...gpus), image, { probe }), []).unchecked).toContainEqual(row);
  });
  it('says nothing where nothing ran, or without it', () => {
    const mig = runner({ ...H100, mig: true });
    expect(diagnose(facts(mig, image), []).unchecked).not.toContainEqual(row);
    const whole = facts(runner(H100), image, { probe: ran({ ...H100, kernel: RIGHT }) });
    expect(diagnose(whole, []).unchecked).not.toContainEqual(row);
  });
});

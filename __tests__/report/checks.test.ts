import { describe, expect, it } from '@jest/globals';
import type { Facts } from '../../src/core/facts.js';
import { type CheckId, checks, isSimulated, memory, size } from '../../src/report/checks.js';
import { basisWords, headline, worstFirst } from '../../src/report/headline.js';
import type { ImageReport } from '../../src/report/report.js';
import { EXAMPLES } from './examples.js';
import {
  A100,
  finding,
  goodProbe,
  image,
  numbered,
  pairFacts,
  probeGpu,
  report,
  simulated,
} from './reports.js';

const gpus = numbered([A100, A100]);
const states = (one: ImageReport) =>
  Object.fromEntries(checks(one).map(({ id, state }) => [id, state]));
const check = (facts: Facts, id: CheckId, more: Partial<ImageReport> = {}) => {
  const found = checks(image(facts, more)).find((one) => one.id === id);
  return [found?.state, found?.text];
};
const ran = (probe: Partial<ReturnType<typeof goodProbe>>) =>
  pairFacts({ gpus, probe: { ...goodProbe(gpus), ...probe } });

describe('checks', () => {
  it('all pass on a working pair; what the image lacks is none', () => {
    expect(states(image(ran({})))).toEqual({
      pulled: 'passed',
      started: 'passed',
      driver: 'passed',
      libcuda: 'passed',
      init: 'passed',
      kernel: 'passed',
      runtime: 'passed',
      code: 'none',
      frameworks: 'none',
    });
  });

  it('end at the step that failed', () => {
    expect(
      states(image(pairFacts({ failure: { stage: 'pull', text: 'x', exitCode: 1 } }))),
    ).toMatchObject({
      pulled: 'failed',
      started: 'not-reached',
      libcuda: 'not-reached',
      kernel: 'not-reached',
    });
    expect(states(image(pairFacts({ failure: { stage: 'start', text: 'x' } })))).toMatchObject({
      pulled: 'passed',
      started: 'failed',
      libcuda: 'not-reached',
    });
    expect(states(image(pairFacts(), { basis: 'prediction' }))).toMatchObject({
      pulled: 'none',
      started: 'none',
      driver: 'passed',
      libcuda: 'none',
      kernel: 'none',
    });
  });

  it.each([
    ['host', 'passed'],
    ['compat', 'passed'],
    ['stub', 'failed'],
    ['empty', 'failed'],
    ['absent', 'failed'],
    ['image', 'unknown'],
    ['something new', 'unknown'],
  ])('libcuda from %s: %s', (origin, state) => {
    expect(check(ran({ libcuda: { origin } }), 'libcuda')[0]).toBe(state);
  });

  it('say how cuInit ended', () => {
    expect(check(ran({ init: { code: 803 } }), 'init')).toEqual([
      'failed',
      '803 CUDA_ERROR_SYSTEM_DRIVER_MISMATCH',
    ]);
    expect(check(ran({ init: { timedOut: true } }), 'init')).toEqual(['failed', 'did not return']);
    expect(check(ran({ init: { signal: 'SIGSEGV' } }), 'init')).toEqual([
      'failed',
      'ended by SIGSEGV',
    ]);
    expect(check(ran({ init: {} }), 'init')[0]).toBe('unknown');
  });

  it('count the GPUs that gave the right result, and name the first that did not', () => {
    const [first, second] = gpus;
    if (first === undefined || second === undefined) throw new Error('two GPUs');
    const kernels = (kernel: Parameters<typeof probeGpu>[1]) =>
      ran({ gpus: [probeGpu(first), probeGpu(second, kernel)] });
    expect(check(kernels({ code: 0, correct: true }), 'kernel')).toEqual(['passed', '2 of 2 GPUs']);
    expect(check(kernels({ code: 0, correct: false, wrongElements: 3 }), 'kernel')).toEqual([
      'failed',
      '1 of 2 GPUs; GPU 1: wrong result (3 elements)',
    ]);
    expect(check(kernels({ code: 209, call: 'cuModuleLoadData' }), 'kernel')).toEqual([
      'failed',
      '1 of 2 GPUs; GPU 1: cuModuleLoadData 209 CUDA_ERROR_NO_BINARY_FOR_GPU',
    ]);
    expect(check(kernels({ code: 0 }), 'kernel')[0]).toBe('unknown');
    expect(check(ran({ gpus: [probeGpu(first), { index: 1 }] }), 'kernel')).toEqual([
      'unknown',
      '1 of 2 GPUs',
    ]);
  });

  it('fail where a finding says so although the step passed', () => {
    const found = [finding('driver-too-old', { title: 't', why: 'w' })];
    expect(check(ran({}), 'driver', { findings: found })[0]).toBe('failed');
    const note = [finding('driver-too-old', { title: 't', why: 'w', severity: 'notice' })];
    expect(check(ran({}), 'driver', { findings: note })[0]).toBe('passed');
  });

  it('do not take an unknown version for a good one', () => {
    const facts = ran({});
    expect(check({ ...facts, host: {}, probe: {} }, 'driver')[0]).toBe('unknown');
    expect(check({ ...facts, image: {} }, 'driver')[0]).toBe('unknown');
  });
});

describe('simulated GPUs', () => {
  it('are called simulated in the verdict, the table and a line of their own', () => {
    const lab = numbered([simulated(A100)]);
    const facts = pairFacts({ gpus: lab, probe: goodProbe(lab) });
    expect(isSimulated(facts)).toBe(true);
    expect(headline(report([image(facts)])).reason).toContain('on the simulated GPU');
    expect(isSimulated(ran({}))).toBe(false);
  });
});

describe('the headline', () => {
  it('puts the worst image first and keeps the order of equals', () => {
    const images = EXAMPLES['ten-images']?.().images ?? [];
    expect(worstFirst(images).map(({ verdict }) => verdict)).toEqual([
      'fails',
      'fails',
      'unknown',
      ...Array.from({ length: 7 }, () => 'works'),
    ]);
    expect(worstFirst(images)[3]?.reference).toBe('registry.example.com/team/service-1:1.1');
  });

  it('claims for all images only what holds for all', () => {
    const good = image(ran({}));
    const claim = (images: ImageReport[]) => headline(report(images)).claim;
    expect(claim([good])).toBe('works');
    expect(claim([good, good])).toBe('works for all 2 images');
    expect(claim([good, { ...good, verdict: 'unknown' }])).toBe('could not tell for 1 of 2 images');
    expect(claim([good, { ...good, verdict: 'unknown' }, { ...good, verdict: 'fails' }])).toBe(
      'fails for 1 of 3 images, could not tell for 1',
    );
  });

  it('says what the verdict rests on', () => {
    const facts = ran({});
    const said = (basis: ImageReport['basis']) =>
      headline(report([image(facts, { basis })])).reason;
    expect(said('probe')).toBe(
      'CUDA 12.8.1 on driver 580.65.06: the test kernel gave the right result on all 2 GPUs',
    );
    expect(said('prediction')).toBe(
      'CUDA 12.8.1 on driver 580.65.06 fits by the version tables; nothing ran',
    );
    expect(said('scan')).toBe(
      'CUDA 12.8.1 on driver 580.65.06 fits by the version tables; nothing ran',
    );
    const read = { ...facts, image: { ...facts.image, files: { complete: true } } };
    expect(headline(report([image(read, { basis: 'scan' })])).reason).toBe(
      "CUDA 12.8.1 on driver 580.65.06 fits by the image's files; nothing ran on a GPU",
    );
  });
});

describe('a scan', () => {
  const probe = {
    started: true,
    complete: true,
    requestedGpus: 0,
    libcuda: { origin: 'absent', error: 'libcuda.so.1: cannot open shared object file' },
    nvml: { error: 'libnvidia-ml.so.1: cannot open shared object file' },
    frameworks: [{ name: 'torch', available: false }],
  };
  const scanned = (facts: ReturnType<typeof ran>, rest: Partial<ImageReport> = {}) =>
    image({ ...facts, probe }, { basis: 'scan', ...rest });

  it('has no state of what needs a GPU', () => {
    const states = checks(scanned(ran({}))).map(({ id, state }) => [id, state]);
    expect(Object.fromEntries(states)).toMatchObject({
      started: 'passed',
      libcuda: 'none',
      init: 'none',
      kernel: 'none',
      runtime: 'none',
      frameworks: 'none',
    });
  });

  it('says that nothing ran on a GPU, and how far the files were read', () => {
    const words = (rest: ImageReport['facts']['image']) => {
      const one = scanned({ ...ran({}), image: { ...rest } });
      return basisWords('scan', one);
    };
    expect(words({ files: { complete: true } })).toBe(
      "scan: the image's files were read; nothing ran on a GPU",
    );
    expect(words({ files: { complete: false } })).toContain('read in part');
    expect(words({})).toContain('not read');
    const failed = { ...scanned(ran({})), facts: { ...ran({}), failure: { text: 'no' } } };
    expect(basisWords('scan', failed)).toContain('could not be read');
  });

  it('asks for the runner where none is named', () => {
    const { host: _host, ...facts } = ran({});
    const { reason, next } = headline(
      report([scanned(facts, { verdict: 'unknown', primary: null, findings: [] })]),
    );
    expect(reason).toContain('nothing is known of the runner');
    expect(next[0]?.text).toContain('--driver');
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 B', '0 B'],
    [999, '999 B', '999 B'],
    [67_108_864, '67.1 MB', '64 MiB'],
    [9_123_456_789, '9.1 GB', '8.5 GiB'],
    [2 ** 60, '1152922 TB', '1048576 TiB'],
  ])('%i', (bytes, decimal, binary) => {
    expect(size(bytes)).toBe(decimal);
    expect(memory(bytes)).toBe(binary);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { HostFacts, ImageFacts, ProbeFacts, ProbeFramework } from '../../src/core/facts.js';
import { observe } from '../../src/core/observed.js';
import { createSituation, createViews } from '../../src/core/situation.js';
import { createTables } from '../../src/core/tables.js';
import { createKnowledge } from '../../src/knowledge/index.js';
import { facts, host } from './pair.js';

const tables = createTables(createKnowledge());
const views = createViews(tables);
const L4 = host('580.95.05', ['NVIDIA L4', 'NVIDIA L4']);
const up: ProbeFacts = {
  started: true,
  libcuda: { origin: 'host', path: '/usr/lib/libcuda.so.1' },
  init: { code: 0 },
};

const observed = (
  probe: ProbeFacts,
  machine: HostFacts = L4,
  image: ImageFacts = { cuda: '12.8' },
) => observe(createSituation(facts(machine, image, { probe }), views, tables));
/** Each finding: its id, what was seen in words (the runner's own evidence left out), and its severity unless an error. */
const told = (...given: Parameters<typeof observed>) =>
  observed(...given).map(({ id, severity, evidence }) =>
    [
      `${severity === 'error' ? '' : `${severity} `}${id}`,
      ...evidence
        .filter(({ from }) => from === 'probe')
        .map(({ what, value }) => `${what}: ${value}`),
    ].join(' | '),
  );
const NO_GPU_TESTED =
  'unrecognised | probe: the probe could not test everything:\ncuInit succeeded, and no GPU was tested';

describe('what the probe saw fail', () => {
  it.each<[ProbeFacts, readonly string[]]>([
    [
      { libcuda: { origin: 'stub', path: '/x/libcuda.so' } },
      ['stub-driver-library-loaded | libcuda in the container: /x/libcuda.so'],
    ],
    [{ libcuda: { origin: 'image' } }, ['driver-files-in-image | libcuda in the container: image']],
    [{ libcuda: { origin: 'empty' } }, ['driver-files-in-image | libcuda in the container: empty']],
    [
      { started: true, libcuda: { origin: 'absent' } },
      ['gpu-not-requested | libcuda in the container: absent'],
    ],
    [{ libcuda: { origin: 'absent' } }, []],
    [{ libcuda: { origin: 'host' } }, []],
    [{ init: { timedOut: true } }, ['probe-timed-out | cuInit in the container: did not return']],
    [{ init: { signal: 'SIGKILL' } }, ['probe-killed | cuInit in the container: ended by SIGKILL']],
    [{ init: { signal: 'SIGSEGV' } }, ['unrecognised | cuInit in the container: ended by SIGSEGV']],
    [
      { init: { code: 100 } },
      ['gpu-not-requested | cuInit in the container: 100 (CUDA_ERROR_NO_DEVICE)'],
    ],
    [{ init: { code: 7777 } }, ['unrecognised | cuInit in the container: 7777']],
    // NVML's errors count where CUDA did not come up
    [{ nvml: { code: 4 } }, ['gpu-device-permission-denied | nvmlInit in the container: 4']],
    [{ nvml: { code: 9 } }, ['driver-not-loaded | nvmlInit in the container: 9']],
    [{ nvml: { code: 15 } }, ['gpu-lost | nvmlInit in the container: 15']],
    [{ nvml: { code: 18 } }, ['driver-library-mismatch | nvmlInit in the container: 18']],
    [{ nvml: { code: 999 } }, ['gpu-device-access-lost | nvmlInit in the container: 999']],
    [{ nvml: { code: 12 } }, []],
    [{ nvml: {} }, []],
    [{ ...up, nvml: { code: 18 } }, []],
    // the image's own runtime
    [
      { ...up, runtime: { code: 35 } },
      [
        "driver-too-old | cudaGetDeviceCount of the image's libcudart: 35 (cudaErrorInsufficientDriver)",
      ],
    ],
    [
      { ...up, runtime: { timedOut: true } },
      ["probe-timed-out | cudaGetDeviceCount of the image's libcudart: did not return"],
    ],
    [{ ...up, runtime: {} }, []],
    [
      { started: true, libcuda: { origin: 'absent' }, runtime: { code: 35 } },
      ['gpu-not-requested | libcuda in the container: absent'],
    ],
    // the run as a whole
    [{ outOfMemory: true, lastStep: 'init' }, ['probe-killed | probe: out of memory']],
    [{ killedBy: 'SIGKILL' }, ['probe-killed | probe: ended by SIGKILL']],
    [{ killedBy: 'SIGTERM', timedOut: true }, ['probe-killed | probe: ended by SIGTERM']],
    [{ timedOut: true, lastStep: 'kernel' }, ['probe-timed-out | probe: no answer in step kernel']],
    [{ timedOut: true }, ['probe-timed-out | probe: no answer in step unknown']],
    [{ started: false }, ['unrecognised | probe: did not start']],
    [
      { started: false, timedOut: true },
      ['probe-not-reached | first line of the probe: it never came'],
    ],
    [{ ...up, complete: true }, [NO_GPU_TESTED]],
    [up, []],
  ])('%j: %j', (probe, expected) => {
    expect(told(probe)).toEqual(expected);
  });

  it('is told in the words of a failure where there is one', () => {
    const failed = (probe: ProbeFacts) =>
      observe(
        createSituation(
          facts(L4, { cuda: '12.8' }, { probe, failure: { text: 'no such container' } }),
          views,
          tables,
        ),
      );
    expect(failed({ started: false })).toEqual([]);
    expect(failed({ started: false, timedOut: true })).toEqual([]);
    expect(failed({ ...up, complete: true })).toEqual([]);
  });

  it('says nothing of an absent libcuda where no driver is known', () => {
    expect(told({ started: true, libcuda: { origin: 'absent' } }, {})).toEqual([]);
  });

  it('carries the step, the code and its text', () => {
    const [init] = observed({ init: { code: 802, error: 'not ready' } });
    expect(init?.data).toMatchObject({ code: 802, step: 'init', text: 'not ready', cuda: '12.8' });
    const [runtime] = observed({ ...up, runtime: { signal: 'SIGSEGV' } });
    expect(runtime?.data).toEqual({ step: 'runtime', text: 'SIGSEGV' });
    expect(observed({ init: { timedOut: true } })[0]?.data).toEqual({ step: 'init' });
    expect(observed({ nvml: { code: 9 } })[0]?.data).toEqual({ code: 9, step: 'nvml' });
    expect(observed({ started: false })[0]?.data).toEqual({ step: 'start' });
    expect(observed({ timedOut: true, lastStep: 'x' })[0]?.data).toEqual({ step: 'x' });
    expect(observed({ libcuda: { origin: 'image', path: '/x' } })[0]?.data).toEqual({ path: '/x' });
  });
});

describe('error 803', () => {
  const compat = (version: string): ImageFacts => ({
    cuda: '12.8',
    compatDriver: { version, path: `/usr/local/cuda/compat/libcuda.so.${version}` },
  });
  const ids = (driver: string, origin: string, image: ImageFacts) =>
    told({ libcuda: { origin }, init: { code: 803 } }, host(driver, ['NVIDIA L4']), image).map(
      (line) => line.split(' ')[0],
    );
  it('is a driver that was upgraded under its own libcuda, or a compat library that does not fit', () => {
    expect(ids('580.95.05', 'host', compat('570.124.06'))).toEqual(['driver-library-mismatch']);
    expect(ids('580.95.05', 'compat', compat('570.124.06'))).toEqual([
      'compat-library-shadows-driver',
    ]);
    expect(ids('545.23.08', 'compat', compat('570.124.06'))).toEqual([
      'forward-compatibility-unsupported',
    ]);
  });
});

describe('the kernel on each GPU', () => {
  const kernels = (...all: NonNullable<ProbeFacts['gpus']>[0]['kernel'][]): ProbeFacts => ({
    ...up,
    gpus: all.map((kernel, index) => ({ index, ...(kernel === undefined ? {} : { kernel }) })),
  });
  const right = { code: 0, correct: true };

  it.each<[ProbeFacts, readonly string[]]>([
    [kernels(right, right), []],
    [
      kernels(right, { code: 209, call: 'cuModuleLoadData' }),
      ['no-kernel-for-gpu | kernel on GPU 1: cuModuleLoadData: 209 (CUDA_ERROR_NO_BINARY_FOR_GPU)'],
    ],
    [
      kernels({ code: 209 }, { code: 700 }),
      [
        'no-kernel-for-gpu | kernel on GPU 0: 209 (CUDA_ERROR_NO_BINARY_FOR_GPU)',
        'gpu-lost | kernel on GPU 1: 700 (CUDA_ERROR_ILLEGAL_ADDRESS)',
      ],
    ],
    [
      kernels({ timedOut: true }, { timedOut: true, call: 'cuCtxSynchronize' }),
      [
        'probe-timed-out | kernel on GPU 0: no answer | kernel on GPU 1: cuCtxSynchronize: no answer',
      ],
    ],
    [kernels({ signal: 'SIGKILL' }, right), ['probe-killed | kernel on GPU 0: SIGKILL']],
    [
      kernels({ code: 0, correct: false, wrongElements: 3 }, { code: 0, correct: false }),
      ['gpu-result-wrong | kernel on GPU 0: 3 wrong results | kernel on GPU 1: some wrong results'],
    ],
    [kernels({}, right), []],
    [kernels(undefined, right), []],
  ])('%j: %j', (probe, expected) => {
    expect(told(probe)).toEqual(expected);
  });

  it('names the GPUs as the runner counts them, and as the container does where it has none', () => {
    const [one] = observed(kernels(right, { code: 209 }));
    expect(one?.gpus?.map(({ index }) => index)).toEqual([1]);
    expect(one?.data).toMatchObject({ code: 209, step: 'kernel', gpus: ['1: NVIDIA L4 (8.9)'] });
    const foreign = observed(
      {
        ...up,
        gpus: [
          { index: 5, name: 'NVIDIA T4', kernel: { code: 209 } },
          { index: 6, kernel: { code: 209 } },
        ],
      },
      L4,
    );
    expect(foreign[0]?.data.gpus).toEqual(['5: NVIDIA T4', '6: GPU']);
    expect(foreign[0]?.gpus).toBeUndefined();
  });
});

describe('the test of a framework', () => {
  const tests = (...frameworks: ProbeFramework[]) => told({ ...up, frameworks });
  const fine: ProbeFramework = {
    name: 'torch',
    available: true,
    devices: [{ index: 0, correct: true }],
  };

  it.each<[ProbeFramework, readonly string[]]>([
    [fine, []],
    [
      {
        ...fine,
        devices: [
          { index: 0, correct: false },
          { index: 1, correct: false, error: '' },
        ],
      },
      ['gpu-result-wrong | computation of torch: wrong on GPU 0, GPU 1'],
    ],
    [{ ...fine, devices: [{ index: 0, correct: false, error: 'CUDA error' }] }, []],
    [
      { ...fine, devices: [{ index: 0, correct: false, error: null }] },
      ['gpu-result-wrong | computation of torch: wrong on GPU 0'],
    ],
    [
      { ...fine, nccl: { correct: false } },
      ['peer-to-peer-broken | all-reduce of torch over all GPUs: wrong result'],
    ],
    [{ ...fine, nccl: { correct: true } }, []],
    [{ ...fine, timedOut: true }, ['probe-timed-out | test of torch: did not end']],
    [
      { ...fine, timedOut: true, stage: 'import' },
      ['probe-timed-out | import of torch: did not end'],
    ],
    [{ ...fine, signal: 'SIGKILL' }, ['probe-killed | test of torch: ended by SIGKILL']],
    [{ ...fine, signal: 'SIGSEGV' }, []],
    [
      { name: 'torch', available: false },
      ['framework-cpu-fallback | torch says that it can use a GPU: no'],
    ],
    [{ name: 'triton', timedOut: true }, ['warning probe-timed-out | test of triton: did not end']],
  ])('%j: %j', (framework, expected) => {
    expect(tests(framework)).toEqual(expected);
  });

  it('that says no is a finding only where CUDA came up, and says why', () => {
    const no: ProbeFramework = { name: 'torch', version: '2.9.0', available: false };
    expect(told({ ...up, init: { code: 100 }, frameworks: [no] })).toHaveLength(1);
    const text = (rest: Partial<ProbeFramework>) =>
      observed({ ...up, frameworks: [{ ...no, ...rest }] })[0]?.data;
    const about = { framework: 'torch', frameworkVersion: '2.9.0' };
    expect(text({})).toEqual(about);
    expect(text({ error: null })).toEqual(about);
    expect(text({ error: 'no driver' })).toEqual({ ...about, text: 'no driver' });
    expect(
      text({
        devices: [
          { index: 0, error: null },
          { index: 1, error: 'lost' },
        ],
      }),
    ).toEqual({ ...about, text: 'lost' });
  });

  it('is about the release that was tested', () => {
    const data = (rest: Partial<ProbeFramework>) =>
      observed({ ...up, frameworks: [{ ...fine, version: '2.9.0', ...rest }] })[0]?.data;
    const about = { framework: 'torch', frameworkVersion: '2.9.0' };
    expect(data({ timedOut: true })).toEqual({ ...about, step: 'test of torch' });
    expect(data({ signal: 'SIGKILL', stage: 'compute' })).toEqual({
      ...about,
      step: 'compute of torch',
      text: 'SIGKILL',
    });
    expect(data({ nccl: { correct: false } })).toEqual(about);
    expect(data({ devices: [{ index: 1, correct: false }] })).toEqual({
      ...about,
      gpus: ['1: NVIDIA L4 (8.9)'],
    });
  });
});

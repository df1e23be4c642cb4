import type { ProbeFacts } from '../../src/core/facts.js';
import { type Pair, pair, type Sketch, SOURCES } from './pair.js';

const { errors, minor, forward } = SOURCES;
const architecture = 'https://docs.nvidia.com/cuda/cuda-runtime-api/driver-vs-runtime-api.html';

const GOOD: Sketch = { driver: '580.82.07', gpu: 'a100', mode: 'legacy', cuda: '12.8.1' };
const OLD: Sketch = {
  driver: '535.104.05',
  driverCuda: '12.2',
  gpu: 'a100',
  mode: 'cdi',
  cuda: '13.0.1',
};

const RUNS: ProbeFacts = {
  started: true,
  libcuda: { path: '/usr/lib/x86_64-linux-gnu/libcuda.so.1', origin: 'host' },
  init: { code: 0 },
  gpus: [{ index: 0, computeCapability: '8.0', kernel: { code: 0, correct: true, ms: 2.5 } }],
  complete: true,
};

const init = (code: number): ProbeFacts => ({
  started: true,
  libcuda: { path: '/usr/lib/x86_64-linux-gnu/libcuda.so.1', origin: 'host' },
  init: { code },
});

/** What was seen outranks a table, but only about what was seen. */
const OUTRANKS: Pair[] = [
  pair(
    'the kernel of the probe ran: proves the driver, not the image',
    { ...OLD, probe: RUNS },
    'fails',
    'driver-too-old',
    architecture,
  ),
  pair(
    "the image's own runtime returned 35",
    { ...OLD, probe: { ...RUNS, runtime: { version: '13.0', code: 35 } } },
    'fails',
    'driver-too-old',
    errors,
  ),
  pair(
    'everything ran',
    { ...GOOD, probe: { ...RUNS, runtime: { version: '12.8', code: 0, deviceCount: 1 } } },
    'works',
    null,
    architecture,
  ),
  pair(
    'the table says yes, the runtime says 35',
    { ...GOOD, probe: { ...RUNS, runtime: { version: '13.0', code: 35 } } },
    'fails',
    'driver-too-old',
    errors,
  ),
  pair(
    'no kernel by the files, and the kernel of the probe ran',
    { ...GOOD, cubins: ['sm_90'], probe: RUNS },
    'fails',
    'no-kernel-for-gpu',
    SOURCES.cubin,
  ),
  pair(
    'no kernel by the files, and the framework computed on the GPU',
    {
      ...GOOD,
      image: {
        cuda: '12.8.1',
        frameworks: [{ name: 'torch', version: '2.9.0', cuda: '12.8', targets: ['sm_90'] }],
      },
      probe: {
        ...RUNS,
        frameworks: [
          {
            name: 'torch',
            version: '2.9.0',
            available: true,
            devices: [{ index: 0, correct: true, error: null }],
            error: null,
          },
        ],
      },
    },
    'works',
    null,
    architecture,
  ),
  pair(
    'minor-version compatibility stays a note after everything ran',
    {
      ...GOOD,
      driver: '535.104.05',
      probe: { ...RUNS, runtime: { version: '12.8', code: 0, deviceCount: 1 } },
    },
    'works',
    'minor-version-compatibility',
    minor,
  ),
];

/** Each result code has a cause of its own: cuda.h, CUresult. */
const CODES: Pair[] = [
  pair(
    'cuInit 34',
    {
      ...GOOD,
      probe: {
        ...init(34),
        libcuda: { path: '/usr/local/cuda/lib64/stubs/libcuda.so', origin: 'stub' },
      },
    },
    'fails',
    'stub-driver-library-loaded',
    errors,
  ),
  pair(
    'cuInit 802',
    { ...GOOD, gpu: 'h100', probe: init(802) },
    'unknown',
    'fabric-manager-not-running',
    errors,
  ),
  pair(
    'cuInit 803',
    {
      ...GOOD,
      compat: '570.124.06',
      probe: {
        ...init(803),
        libcuda: { origin: 'compat', path: '/usr/local/cuda/compat/libcuda.so.1' },
      },
    },
    'fails',
    'compat-library-shadows-driver',
    errors,
  ),
  pair(
    'cuInit 804',
    {
      ...GOOD,
      driver: '535.104.05',
      gpu: 'rtx3090',
      probe: {
        ...init(804),
        libcuda: { origin: 'compat', path: '/usr/local/cuda/compat/libcuda.so.1' },
      },
    },
    'fails',
    'forward-compatibility-unsupported',
    forward,
  ),
  pair('cuInit 999', { ...GOOD, probe: init(999) }, 'unknown', 'uvm-unavailable', errors),
  pair(
    'a wrong result on a GPU',
    {
      ...GOOD,
      probe: {
        ...RUNS,
        gpus: [{ index: 0, kernel: { code: 0, correct: false, wrongElements: 17 } }],
      },
    },
    'fails',
    'gpu-result-wrong',
    errors,
  ),
  pair(
    'a GPU without memory left',
    { ...GOOD, probe: { ...RUNS, gpus: [{ index: 0, kernel: { code: 2, call: 'cuCtxCreate' } }] } },
    'unknown',
    'gpu-busy',
    errors,
  ),
  pair(
    'a GPU in exclusive-process mode',
    {
      ...GOOD,
      probe: { ...RUNS, gpus: [{ index: 0, kernel: { code: 46, call: 'cuCtxCreate' } }] },
    },
    'unknown',
    'gpu-busy',
    errors,
  ),
  pair(
    'the framework uses the CPU',
    {
      ...GOOD,
      image: {
        cuda: '12.8.1',
        frameworks: [{ name: 'torch', version: '2.9.0', cuda: '12.8', targets: ['sm_80'] }],
      },
      probe: {
        ...RUNS,
        frameworks: [
          { name: 'torch', version: '2.9.0', available: false, devices: [], error: null },
        ],
      },
    },
    'fails',
    'framework-cpu-fallback',
    architecture,
  ),
];

/** The probe's own end. */
const ENDS: Pair[] = [
  pair(
    'the probe hung',
    { ...GOOD, probe: { started: true, timedOut: true, lastStep: 'init' } },
    'unknown',
    'probe-timed-out',
    'https://docs.docker.com/reference/cli/docker/container/run/',
  ),
  pair(
    'the probe was killed for memory',
    {
      ...GOOD,
      probe: { started: true, killedBy: 'SIGKILL', outOfMemory: true, lastStep: 'device' },
    },
    'unknown',
    'probe-killed',
    'https://docs.docker.com/reference/cli/docker/container/run/',
  ),
  pair(
    'small limits of our own container are facts, not findings',
    { ...GOOD, probe: { ...RUNS, limits: { shmBytes: 67108864, memlockBytes: 65536 } } },
    'works',
    null,
    'https://docs.docker.com/reference/cli/docker/container/run/',
  ),
];

/** Without a driver version or any CUDA version nothing is said, unless the facts at hand prove a failure. */
const UNKNOWN: Pair[] = [
  pair('nothing at all', {}, 'unknown', null, minor),
  pair('no driver version', { gpu: 'a100', cuda: '12.8.1' }, 'unknown', null, minor),
  pair('no CUDA version', { driver: '580.82.07', gpu: 'a100' }, 'unknown', null, minor),
  pair(
    'no GPU: the driver alone decides',
    { driver: '580.82.07', cuda: '12.8.1' },
    'works',
    null,
    minor,
  ),
  pair(
    'no GPU, driver too old',
    { driver: '470.256.02', cuda: '12.8.1' },
    'fails',
    'driver-too-old',
    minor,
  ),
  pair(
    'no driver, but no code for the GPU either',
    { gpu: 'rtx5090', cuda: '12.4.1', cubins: ['sm_80', 'sm_90'] },
    'fails',
    'no-kernel-for-gpu',
    SOURCES.cubin,
  ),
  pair(
    'no driver, but a CUDA that dropped the GPU',
    { gpu: 'v100', cuda: '13.0.0' },
    'fails',
    'gpu-architecture-dropped',
    SOURCES.toolkits,
  ),
  pair(
    'a GPU that nobody has heard of',
    {
      driver: '580.82.07',
      gpus: [{ index: 0, name: 'NVIDIA Teapot 418' }],
      cuda: '12.8.1',
      cubins: ['sm_80'],
    },
    'works',
    null,
    minor,
  ),
  pair(
    'files read, no device code known',
    {
      driver: '580.82.07',
      gpu: 'a100',
      cuda: '12.8.1',
      image: { cuda: '12.8.1', libraries: [{ name: 'cudart', version: '12.8.90' }] },
    },
    'works',
    null,
    minor,
  ),
];

export const SEEN_PAIRS: readonly Pair[] = [...OUTRANKS, ...CODES, ...ENDS, ...UNKNOWN];

import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import { edge, named } from './edge.js';
import { type Pair, type Sketch, SOURCES } from './pair.js';

const { errors, forward } = SOURCES;
const GOOD: Sketch = {
  driver: '580.82.07',
  driverCuda: '13.0',
  gpus: named('A100'),
  mode: 'legacy',
  cuda: '12.8.1',
};
const OLD: Sketch = { ...GOOD, driver: '535.183.01', driverCuda: '12.2' };
const TWO: Sketch = { ...GOOD, gpus: named('A100', 'RTX 5090') };

const seen = (
  probe: Sketch['probe'],
  verdict: Verdict,
  primary: FindingId | null,
  more: Sketch = GOOD,
  source: string = errors,
): Pair => edge({ ...more, probe: { started: true, ...probe } }, verdict, primary, source);

const OK = { code: 0 };
const RIGHT = { index: 0, kernel: { code: 0, correct: true } };

export const EDGES_PROBE: Pair[] = [
  seen(
    { init: { code: 803 } },
    'fails',
    'compat-library-shadows-driver',
    { ...GOOD, compat: '570.124.06' },
    forward,
  ),
  seen(
    { init: { code: 803 }, libcuda: { path: '/usr/local/cuda/compat/libcuda.so.570.124.06' } },
    'fails',
    'compat-library-shadows-driver',
    GOOD,
    forward,
  ),
  seen({ init: { code: 803 }, libcuda: { origin: 'host' } }, 'unknown', 'driver-library-mismatch'),
  seen(
    { init: { code: 803 } },
    'fails',
    'forward-compatibility-unsupported',
    { ...OLD, compat: '570.124.06' },
    forward,
  ),
  seen(
    { init: { code: 804 } },
    'fails',
    'forward-compatibility-unsupported',
    { ...OLD, gpus: named('RTX 4090'), compat: '570.124.06' },
    forward,
  ),
  seen(
    { init: OK, libcuda: { origin: 'host' }, runtime: { code: 35 } },
    'fails',
    'driver-too-old',
    { ...OLD, gpus: named('RTX 4090'), cuda: '13.0.1', mode: 'cdi', compat: '580.82.07' },
  ),
  seen({ init: OK, gpus: [] }, 'fails', 'gpu-count-mismatch'),
  seen({ init: OK, nvml: { gpuCount: 1 } }, 'fails', 'gpu-count-mismatch', TWO),
  seen({ init: OK, gpus: [RIGHT], nvml: { gpuCount: 2 } }, 'works', null, {
    ...TWO,
    env: { CUDA_VISIBLE_DEVICES: '0' },
  }),
  seen(
    { init: OK, gpus: [RIGHT, { index: 1, kernel: { code: 209 } }] },
    'fails',
    'gpu-partly-covered',
    TWO,
  ),
  seen(
    {
      init: OK,
      frameworks: [
        {
          name: 'torch',
          available: true,
          devices: [
            { index: 0, correct: true },
            {
              index: 1,
              correct: false,
              error: 'CUDA error: no kernel image is available for execution on the device',
            },
          ],
          error: null,
        },
      ],
    },
    'fails',
    'gpu-partly-covered',
    TWO,
  ),
  seen(
    {
      init: OK,
      gpus: [
        { index: 0, kernel: { code: 209 } },
        { index: 1, kernel: { code: 209 } },
      ],
    },
    'fails',
    'no-kernel-for-gpu',
    TWO,
  ),
  seen({ init: OK, runtime: { code: 36 } }, 'fails', 'driver-too-old', OLD),
  seen({ init: { code: 46 } }, 'unknown', 'gpu-busy'),
  seen({ init: { code: 101 } }, 'fails', 'visible-devices-mismatch'),
  seen({ init: { code: 100 } }, 'unknown', 'gpu-unsupported-by-driver', {
    ...OLD,
    gpus: named('B200'),
    cuda: '12.2.2',
  }),
  seen({ init: { code: 100 } }, 'unknown', 'open-kernel-module-required', {
    ...GOOD,
    gpus: named('RTX 5090'),
    module: 'proprietary',
  }),
  seen({ libcuda: { origin: 'empty' } }, 'fails', 'driver-files-in-image'),
  seen({ libcuda: { origin: 'absent' } }, 'fails', 'driver-capabilities-missing', {
    ...GOOD,
    env: { NVIDIA_DRIVER_CAPABILITIES: 'utility' },
  }),
  seen({ started: false }, 'unknown', 'unrecognised'),
  // What ran was not refused, whatever the toolkit's mode: `disable-require` of its configuration is in no fact.
  seen({ started: false, containerStarted: true }, 'unknown', 'unrecognised', {
    ...GOOD,
    mode: 'legacy',
    env: { NVIDIA_REQUIRE_CUDA: 'cuda>=99.0' },
  }),
  seen({ started: false }, 'fails', 'requirement-unmet', {
    ...GOOD,
    mode: 'legacy',
    env: { NVIDIA_REQUIRE_CUDA: 'cuda>=99.0' },
  }),
  seen({ init: OK, runtime: OK }, 'works', null, { ...GOOD, libc: 'musl' }, SOURCES.libc),
  seen(
    { init: OK, runtime: OK },
    'fails',
    'gpu-architecture-dropped',
    { ...GOOD, gpus: named('V100'), cuda: '13.0.1' },
    SOURCES.matrix,
  ),
  seen(
    {
      init: OK,
      runtime: OK,
      frameworks: [
        { name: 'torch', available: true, devices: [{ index: 0, correct: true }], error: null },
      ],
    },
    'works',
    null,
    { ...GOOD, gpus: named('V100'), cuda: '13.0.1' },
  ),
];

import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import { edge, named } from './edge.js';
import { type Pair, type Sketch, SOURCES } from './pair.js';

const { capabilities, platforms, libc } = SOURCES;
const STRICT = 'requirement-too-strict';
const MINOR = 'minor-version-compatibility';
const OLD = 'driver-too-old';

const GOOD: Sketch = {
  driver: '580.82.07',
  driverCuda: '13.0',
  gpus: named('A100'),
  mode: 'legacy',
  cuda: '12.8.1',
};
const able = (
  value: string | undefined,
  verdict: Verdict,
  primary: FindingId | null,
  more: Sketch = {},
): Pair =>
  edge(
    {
      ...GOOD,
      ...more,
      env: { ...(value === undefined ? {} : { NVIDIA_DRIVER_CAPABILITIES: value }), ...more.env },
    },
    verdict,
    primary,
    capabilities,
  );

const CAPABLE: Pair[] = [
  able('compute,utility', 'works', null),
  able('all', 'works', null),
  able('utility', 'fails', 'driver-capabilities-missing'),
  able('utility,compute,video', 'works', null),
  able('graphics,display', 'fails', 'driver-capabilities-missing'),
  able('video', 'fails', 'driver-capabilities-missing'),
  able('compute', 'works', null),
  able('compute, utility', 'works', null),
  able(undefined, 'works', null),
  able('utility', 'fails', 'driver-capabilities-missing', {
    driver: '535.183.01',
    driverCuda: '12.2',
  }),
  able(undefined, 'works', null, { env: { NVIDIA_VISIBLE_DEVICES: 'void' } }),
  able(undefined, 'works', null, { env: { NVIDIA_VISIBLE_DEVICES: 'none' } }),
  able('compute,utility', 'works', null, { env: { NVIDIA_VISIBLE_DEVICES: 'all' } }),
  able(undefined, 'fails', 'visible-devices-mismatch', { env: { CUDA_VISIBLE_DEVICES: '3' } }),
  able(undefined, 'works', null, { env: { CUDA_VISIBLE_DEVICES: '0' } }),
];

const machine = (
  sketch: Sketch,
  verdict: Verdict,
  primary: FindingId | null,
  source: string = platforms,
): Pair => edge({ ...GOOD, ...sketch }, verdict, primary, source);
const MACHINES: Pair[] = [
  machine({ hostPlatform: 'linux/amd64', platform: 'linux/arm64' }, 'fails', 'platform-mismatch'),
  machine(
    { hostPlatform: 'linux/arm64', platform: 'linux/amd64', gpus: named('GH200') },
    'fails',
    'platform-mismatch',
  ),
  machine({ hostPlatform: 'linux/amd64', platform: 'linux/amd64' }, 'works', null),
  machine({ hostPlatform: 'linux/amd64', platform: 'linux/amd64/v3' }, 'works', null),
  machine(
    { hostPlatform: 'linux/arm64/v8', platform: 'linux/arm64', gpus: named('GH200') },
    'works',
    null,
  ),
  machine({ hostPlatform: 'linux/amd64', platform: 'windows/amd64' }, 'fails', 'platform-mismatch'),
  machine({ hostPlatform: 'linux/amd64', platform: 'linux/ppc64le' }, 'fails', 'platform-mismatch'),
  machine(
    {
      hostPlatform: 'linux/amd64',
      platform: 'linux/arm64',
      driver: '470.256.02',
      driverCuda: '11.4',
    },
    'fails',
    'platform-mismatch',
  ),
  machine({ libc: 'musl' }, 'fails', 'libc-incompatible', libc),
  machine({ libc: 'musl 1.2.4' }, 'fails', 'libc-incompatible', libc),
  machine({ libc: 'glibc 2.17' }, 'works', null, libc),
  machine({ libc: 'glibc 2.35' }, 'works', null, libc),
  machine({ libc: 'glibc 2.12' }, 'fails', 'libc-incompatible', libc),
  machine({ libc: 'glibc 2.5' }, 'fails', 'libc-incompatible', libc),
];

const run = (
  probe: Sketch['probe'],
  verdict: Verdict,
  primary: FindingId | null,
  more: Sketch = {},
): Pair =>
  edge({ ...GOOD, ...more, probe: { started: true, ...probe } }, verdict, primary, SOURCES.errors);
const HOST = {
  origin: 'host',
  path: '/usr/lib/x86_64-linux-gnu/libcuda.so.580.82.07',
  cuda: '13.0',
};
const SEEN: Pair[] = [
  run({ libcuda: HOST, init: { code: 0 }, runtime: { code: 0 } }, 'works', null),
  run({ libcuda: HOST, init: { code: 802 } }, 'unknown', 'fabric-manager-not-running'),
  run({ libcuda: HOST, init: { code: 999 } }, 'unknown', 'uvm-unavailable'),
  run(
    {
      libcuda: { origin: 'stub', path: '/usr/local/cuda/lib64/stubs/libcuda.so' },
      init: { code: 34 },
    },
    'fails',
    'stub-driver-library-loaded',
  ),
  run({ libcuda: HOST, init: { code: 0 }, runtime: { code: 35 } }, 'fails', OLD),
  run({ libcuda: HOST, init: { code: 0 }, runtime: { code: 0 } }, 'works', MINOR, {
    driver: '535.183.01',
    driverCuda: '12.2',
  }),
  run({ libcuda: HOST, init: { code: 0 }, runtime: { code: 0 } }, 'works', null, {
    cuda: '13.0.1',
    driver: '535.183.01',
    driverCuda: '12.2',
  }),
  run(
    { libcuda: HOST, init: { code: 0 }, gpus: [{ index: 0, kernel: { code: 0, correct: true } }] },
    'fails',
    OLD,
    { cuda: '13.0.1', driver: '535.183.01', driverCuda: '12.2' },
  ),
  run(
    { libcuda: HOST, init: { code: 0 }, gpus: [{ index: 0, kernel: { code: 0, correct: false } }] },
    'fails',
    'gpu-result-wrong',
  ),
  run(
    {
      libcuda: HOST,
      init: { code: 0 },
      gpus: [
        { index: 0, kernel: { code: 0, correct: true } },
        { index: 1, kernel: { code: 0, correct: false } },
      ],
    },
    'fails',
    'gpu-result-wrong',
    { gpus: named('A100', 'A100') },
  ),
  run(
    { libcuda: HOST, init: { code: 0 }, gpus: [{ index: 0, kernel: { code: 209 } }] },
    'fails',
    'no-kernel-for-gpu',
  ),
  run(
    { libcuda: HOST, init: { code: 0 }, gpus: [{ index: 0, kernel: { code: 222 } }] },
    'fails',
    'ptx-too-new',
  ),
  run(
    {
      libcuda: HOST,
      init: { code: 0 },
      runtime: { code: 0 },
      gpus: [{ index: 0, kernel: { code: 0, correct: true } }],
      frameworks: [
        { name: 'torch', available: true, devices: [{ index: 0, correct: true }], error: null },
      ],
    },
    'works',
    null,
    { cubins: ['sm_90'] },
  ),
  run(
    {
      libcuda: HOST,
      init: { code: 0 },
      runtime: { code: 0 },
      gpus: [{ index: 0, kernel: { code: 0, correct: true } }],
    },
    'fails',
    'no-kernel-for-gpu',
    { cubins: ['sm_90'] },
  ),
  run({ libcuda: HOST, init: { code: 0 }, runtime: { code: 0 } }, 'works', STRICT, {
    driver: '535.183.01',
    driverCuda: '12.2',
    require: 'cuda>=12.8',
  }),
  run(
    {
      libcuda: HOST,
      init: { code: 0 },
      runtime: { code: 0 },
      frameworks: [{ name: 'torch', available: false, devices: [], error: null }],
    },
    'fails',
    'framework-cpu-fallback',
  ),
  run(
    {
      libcuda: HOST,
      init: { code: 0 },
      runtime: { code: 0 },
      frameworks: [
        {
          name: 'torch',
          available: true,
          devices: [
            {
              index: 0,
              correct: false,
              error: 'CUDA error: no kernel image is available for execution on the device',
            },
          ],
          error: null,
        },
      ],
    },
    'fails',
    'no-kernel-for-gpu',
  ),
  run({ libcuda: { origin: 'absent' } }, 'unknown', 'gpu-not-requested', {}),
  run(
    {
      libcuda: HOST,
      init: { code: 0 },
      gpus: [{ index: 0, kernel: { code: 0, correct: true } }],
      nvml: { gpuCount: 1 },
    },
    'fails',
    'gpu-count-mismatch',
    { gpus: named('A100', 'A100') },
  ),
  run({ timedOut: true, lastStep: 'init' }, 'unknown', 'probe-timed-out'),
  run({ killedBy: 'SIGKILL', outOfMemory: true }, 'unknown', 'probe-killed'),
];

const lib = (version: string, built: string, verdict: Verdict, primary: FindingId | null): Pair =>
  edge(
    {
      ...GOOD,
      image: {
        cuda: '12.8.1',
        libraries: [{ name: 'cudnn', version }],
        frameworks: [
          { name: 'torch', version: '2.9.0', cuda: '12.8', cudnn: built, targets: ['sm_80'] },
        ],
      },
    },
    verdict,
    primary,
    SOURCES.cudnn,
  );
const CUDNN: Pair[] = [
  lib('9.10.2', '9.10.2.21', 'works', null),
  lib('9.12.0', '9.10.2', 'works', null),
  lib('9.8.0', '9.10.2', 'fails', 'cudnn-mismatch'),
  lib('8.9.7', '9.1.0', 'fails', 'cudnn-mismatch'),
  lib('9.1.0', '8.9.2', 'fails', 'cudnn-mismatch'),
];

export const EDGES_CONTAINER: Pair[] = [...CAPABLE, ...MACHINES, ...SEEN, ...CUDNN];

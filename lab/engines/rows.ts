import type { Expectation, Fault, Host, Scenario } from '../scenario.js';

/** One run of the built command line on an engine, and what must come out. */
export interface CommandRow {
  readonly what: string;
  /** IMAGE, STRICT and MISSING stand for the references of the images. */
  readonly args: readonly string[];
  /** Without a specification of CDI devices. */
  readonly noDevices?: true;
  readonly faults?: readonly Fault[];
  /** The release's own client, where it is not the only one. */
  readonly ownClient?: true;
  /** Locked memory is bounded, and there is no right to more. */
  readonly limited?: true;
  readonly expect: Expectation;
}

/** One scenario of the lab, run by the built action on this engine: it must come out as on the lab's own. */
export interface ScenarioRow {
  readonly scenario: string;
}

export type EngineRow = CommandRow | ScenarioRow;

export const HOST: Host = {
  driver: { version: '535.104.05', cuda: '12.2' },
  gpus: [
    { name: 'NVIDIA A100-SXM4-80GB', computeCapability: '8.0', memoryMiB: 81_920 },
    { name: 'NVIDIA L4', computeCapability: '8.9', memoryMiB: 23_034 },
  ],
};

const ENV = { NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'compute,utility' };

/** The images: one for this driver, and one that asks for a newer CUDA than it serves. */
export const SCENARIO: Scenario = {
  name: 'engines',
  description: 'Two simulated GPUs behind other engines',
  host: HOST,
  images: [
    { base: 'bookworm', env: { ...ENV, CUDA_VERSION: '12.2.2' }, cudart: '12.2.140' },
    {
      base: 'bookworm',
      env: { ...ENV, CUDA_VERSION: '12.2.2', NVIDIA_REQUIRE_CUDA: 'cuda>=12.4' },
      cudart: '12.2.140',
    },
  ],
  expect: { exitCode: 0, images: [] },
};

const bothRight = { '/probe/gpus/0/kernel/correct': true, '/probe/gpus/1/kernel/correct': true };
const secondOnly = { '/probe/nvml/gpuCount': 1, '/probe/gpus/0/name': 'NVIDIA L4 (simulated)' };

const works = (facts: Record<string, unknown>, primary: string | null = null): Expectation => ({
  exitCode: 0,
  images: [{ verdict: 'works', primary, facts }],
});
const unknown = (primary: string, facts: Record<string, unknown> = {}): Expectation => ({
  exitCode: 2,
  images: [{ verdict: 'unknown', primary, facts }],
});
const CHECK = ['check', 'IMAGE', '--timeout', '60s'];
const HANGS: readonly Fault[] = [
  { call: 'cuLaunchKernel', where: 'container', gpu: 1, hang: true },
];
const hangs: Expectation = {
  exitCode: 1,
  images: [{ verdict: 'fails', facts: { '/probe/gpus/0/kernel/correct': true } }],
};

/** What an engine must do whose GPUs are CDI devices, asked for with these words. */
const byCdi = (engine: string, gpus: (name: string) => string[], more: string[]): CommandRow[] => {
  const check = [...CHECK, ...more];
  return [
    {
      what: 'pulls, and computes on both GPUs',
      args: [...check, ...gpus('all'), '--pull', 'always'],
      expect: works({
        ...bothRight,
        '/host/engine/name': engine,
        '/host/engine/gpuMode': 'cdi',
        '/probe/requestedGpus': 'all',
      }),
    },
    {
      what: 'the second GPU alone',
      args: [...check, ...gpus('1')],
      expect: works({ ...secondOnly, '/probe/requestedGpus': ['1'] }),
    },
    {
      what: 'a GPU that there is not',
      args: [...check, ...gpus('7')],
      expect: unknown('cdi-device-unresolved', { '/failure/stage': 'start' }),
    },
    {
      what: 'no specification',
      args: [...check, ...gpus('all')],
      noDevices: true,
      expect: unknown('cdi-device-unresolved', { '/failure/stage': 'start' }),
    },
    {
      what: 'a requirement that the driver does not meet: nothing refuses it',
      args: ['check', 'STRICT', '--timeout', '60s', ...more, ...gpus('all')],
      expect: works(bothRight, 'requirement-too-strict'),
    },
    {
      what: 'a kernel that hangs on the second GPU',
      args: ['check', 'IMAGE', '--timeout', '15s', ...more, ...gpus('all')],
      faults: HANGS,
      expect: hangs,
    },
    {
      what: '`scan`: no GPU is asked for, the files fit the driver given',
      args: ['scan', 'IMAGE', ...more, '--driver', '535.104.05'],
      expect: works({ '/probe/requestedGpus': 0 }),
    },
    {
      what: 'an image that the registry has not',
      args: ['check', 'MISSING', '--timeout', '60s', ...more],
      expect: unknown('image-not-found'),
    },
  ];
};

const PODMAN = ['--engine', 'podman'];
const CDI_NAMES = (name: string): string[] => ['--gpus', `nvidia.com/gpu=${name}`];
const INDEXES = (name: string): string[] => ['--gpus', name === 'all' ? name : `device=${name}`];

export const PODMAN_ROWS: readonly EngineRow[] = [
  ...byCdi('podman', INDEXES, PODMAN),
  {
    what: 'more locked memory than it may give',
    args: [...CHECK, ...PODMAN, '--container-options', '--ulimit memlock=-1'],
    limited: true,
    expect: unknown('ulimit-refused'),
  },
];

export const DOCKER_CDI_ROWS: readonly EngineRow[] = [
  ...byCdi('docker', CDI_NAMES, []),
  {
    what: 'the same with the client of its own release',
    args: [...CHECK, ...CDI_NAMES('all')],
    ownClient: true,
    expect: works(bothRight),
  },
  {
    what: '`--gpus all`, which is the hook’s, and there is none',
    args: CHECK,
    expect: unknown('container-toolkit-missing', { '/host/engine/gpuMode': 'legacy' }),
  },
];

export const DOCKER_HOOK_ROWS: readonly EngineRow[] = [
  ...[
    ...['works-one-gpu', 'works-four-gpus', 'one-of-several-gpus-asked-for', 'container-options'],
    ...['requirement-unmet', 'toolkit-missing', 'toolkit-misconfigured', 'driver-not-installed'],
    ...['image-not-found', 'registry-login-required', 'works-after-login', 'platform-mismatch'],
    ...['platform-mismatch-single', 'probe-hangs', 'image-floods-its-output', 'gpu-busy'],
    ...['cancelled', 'terminated', 'killed'],
  ].map((scenario) => ({ scenario })),
  {
    what: 'a kernel that hangs on the second GPU',
    args: ['check', 'IMAGE', '--timeout', '15s'],
    faults: HANGS,
    expect: hangs,
  },
  {
    what: 'the client of its own release',
    args: CHECK,
    ownClient: true,
    expect: works({ ...bothRight, '/host/engine/gpuMode': 'legacy' }),
  },
];

/** Where the engine is elsewhere: the probe is copied in, so that it works all the same. */
export const ELSEWHERE_ROWS: readonly EngineRow[] = [
  { what: '`check`', args: CHECK, expect: works(bothRight) },
  {
    what: '`scan`: the files fit the driver given',
    args: ['scan', 'IMAGE', '--driver', '535.104.05'],
    expect: works({ '/probe/requestedGpus': 0 }),
  },
];

export const CRUN_HYBRID_ROWS: readonly EngineRow[] = [
  {
    what: '`check`: crun refuses the machine',
    args: [...CHECK, ...PODMAN],
    expect: { exitCode: 2, images: [{ verdict: 'unknown', stage: 'start' }] },
  },
];

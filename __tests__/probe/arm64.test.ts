import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import {
  buildSimulated,
  FOUR_GPUS,
  fault,
  PROBE_ARM64,
  type Probed,
  probe,
  type Simulated,
} from './simulated.js';
import { itNeeding, needsFile, needsProgram } from './tools.js';

/** Debian's cross libc: the loader and libc.so.6 of aarch64. */
const SYSROOT = '/usr/aarch64-linux-gnu';

const NEEDS = [
  needsProgram('qemu-aarch64-static', 'apt-get install qemu-user-static'),
  needsProgram('aarch64-linux-gnu-gcc', 'apt-get install gcc-aarch64-linux-gnu'),
  needsFile(`${SYSROOT}/lib/ld-linux-aarch64.so.1`, 'apt-get install libc6-arm64-cross'),
];

describe('the aarch64 probe under qemu-user', () => {
  let simulated: Simulated;
  beforeAll(() => {
    if (NEEDS.every(({ met }) => met)) simulated = buildSimulated('aarch64');
  }, 120_000);
  afterAll(() => simulated?.[Symbol.dispose]());

  const emulated = (set: Readonly<Record<string, string>>, stepMs = 20_000): Probed =>
    probe({
      command: [
        // The emulator writes a core file of its own where a program in it crashes.
        ...['sh', '-c', 'ulimit -c 0; exec "$@"', 'sh'],
        'qemu-aarch64-static',
        ...['-L', SYSROOT],
        ...Object.entries(set).flatMap(([name, value]) => ['-E', `${name}=${value}`]),
        PROBE_ARM64,
      ],
      stepMs,
    });

  itNeeding(NEEDS, 'computes on four GPUs, one of which is wrong', () => {
    const conf = FOUR_GPUS + fault({ call: 'cuLaunchKernel', gpu: 2, 'wrong-elements': 5 });
    const { facts, noise, status, stdout } = emulated({
      LD_LIBRARY_PATH: simulated.libraries,
      SIMULATED_NVIDIA_CONF: simulated.describe(conf),
    });
    expect({ noise, status }).toEqual({ noise: '', status: 0 });
    expect(stdout).toContain('"architecture":"aarch64"');
    expect(facts).toMatchObject({
      complete: true,
      libcuda: { path: join(simulated.libraries, 'libcuda.so.1'), cuda: '12.8' },
      init: { code: 0 },
      nvml: { code: 0, driver: '570.124.06', gpuCount: 4 },
      runtime: { version: '13.0', code: 35 },
    });
    expect(facts.gpus?.map(({ kernel }) => kernel?.wrongElements)).toEqual([0, 0, 5, 0]);
  });

  itNeeding(NEEDS, 'is not held up by a hang, nor ended by a crash', () => {
    const conf =
      FOUR_GPUS +
      fault({ call: 'nvmlInit_v2', crash: 'yes' }) +
      fault({ call: 'cuInit', hang: 'yes' });
    const folder = join(simulated.folder, 'driver');
    mkdirSync(folder, { recursive: true });
    for (const name of ['libcuda.so.1', 'libnvidia-ml.so.1']) {
      copyFileSync(join(simulated.libraries, name), join(folder, name));
    }
    const { facts } = emulated(
      { LD_LIBRARY_PATH: folder, SIMULATED_NVIDIA_CONF: simulated.describe(conf) },
      3000,
    );
    expect(facts.init).toEqual({ timedOut: true });
    expect(facts.nvml?.error).toBe('nvmlInit_v2 ended in SIGSEGV');
    expect(facts.complete).toBe(true);
  });

  itNeeding(NEEDS, 'says that the driver is absent where there is none', () => {
    const { facts } = emulated({});
    expect(facts.libcuda?.origin).toBe('absent');
    expect(facts.complete).toBe(true);
  });
});

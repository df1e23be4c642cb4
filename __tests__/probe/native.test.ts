import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { unanswered } from '../../src/core/unanswered.js';
import {
  buildSimulated,
  FOUR_GPUS,
  fault,
  ONE_GPU,
  PROBE_X64,
  type Probed,
  probe,
  type Simulated,
} from './simulated.js';
import { itNeeding, needsFile, needsProgram } from './tools.js';

const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
];

/** Whether a process still runs; one that has ended and whose new parent has not asked about it does not. */
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe('the x86-64 probe with a simulated driver', () => {
  let simulated: Simulated;
  beforeAll(() => {
    if (NEEDS.every(({ met }) => met)) simulated = buildSimulated('x86_64');
  }, 120_000);
  afterAll(() => simulated?.[Symbol.dispose]());

  const probeWith = (conf: string, more: Record<string, string> = {}, stepMs = 10_000): Probed =>
    probe({
      stepMs,
      env: {
        LD_LIBRARY_PATH: driverFolder(),
        SIMULATED_NVIDIA_CONF: simulated.describe(conf),
        ...more,
      },
    });

  /** The driver's libraries alone, without a libcudart. */
  const driverFolder = (): string => {
    const folder = join(simulated.folder, 'driver');
    mkdirSync(folder, { recursive: true });
    for (const name of ['libcuda.so.1', 'libnvidia-ml.so.1']) {
      copyFileSync(join(simulated.libraries, name), join(folder, name));
    }
    return folder;
  };

  itNeeding(NEEDS, 'finds everything right on one GPU', () => {
    const { facts, noise, stderr, status } = probeWith(ONE_GPU);
    expect({ noise, stderr, status }).toEqual({ noise: '', stderr: '', status: 0 });
    const ms = facts.gpus?.[0]?.kernel?.ms;
    expect(ms).toBeGreaterThan(0);
    expect(facts).toMatchObject({
      started: true,
      complete: true,
      init: { code: 0 },
      libcuda: { path: join(driverFolder(), 'libcuda.so.1'), origin: 'image', cuda: '12.2' },
      nvml: { code: 0, driver: '535.104.05', cuda: '12.2', gpuCount: 1 },
      libc: { family: 'glibc', version: expect.stringMatching(/^2\.\d+$/) },
      user: { uid: process.getuid?.(), gid: process.getgid?.() },
      env: { LD_LIBRARY_PATH: driverFolder() },
    });
    expect(facts.gpus).toEqual([
      {
        index: 0,
        name: 'NVIDIA A100-SXM4-80GB (simulated)',
        uuid: 'GPU-00000000-0000-0000-0000-000000000000',
        computeCapability: '8.0',
        memoryMiB: 81920,
        mig: false,
        kernel: { code: 0, correct: true, wrongElements: 0, ms },
      },
    ]);
    expect(facts.limits?.shmBytes).toBeGreaterThan(0);
    expect(facts).not.toHaveProperty('lastStep');
  });

  itNeeding(NEEDS, 'visits every GPU, in the order of their indices', () => {
    const { facts } = probeWith(FOUR_GPUS);
    expect(facts.gpus?.map(({ index, uuid }) => [index, uuid?.slice(0, 12)])).toEqual([
      [0, 'GPU-00000000'],
      [1, 'GPU-00000001'],
      [2, 'GPU-00000002'],
      [3, 'GPU-00000003'],
    ]);
    expect(facts.gpus?.every(({ kernel }) => kernel?.correct === true)).toBe(true);
  });

  itNeeding(NEEDS, 'visits more GPUs than run at once', () => {
    const gpu = '[gpu]\nname = NVIDIA V100\ncompute-capability = 7.0\n';
    const { facts } = probeWith(`driver = 1\ncuda = 12.0\n${gpu.repeat(11)}`);
    expect(facts.gpus?.map(({ index }) => index)).toEqual([...Array(11).keys()]);
    expect(facts.gpus?.every(({ kernel }) => kernel?.correct === true)).toBe(true);
  });

  itNeeding(
    NEEDS,
    'sees the GPUs that CUDA_VISIBLE_DEVICES leaves, and tells a MIG instance',
    () => {
      const mig = ONE_GPU.replace('[gpu]', '[gpu]\nmig = on');
      expect(probeWith(mig).facts.gpus?.[0]).toMatchObject({
        mig: true,
        uuid: 'MIG-00000000-0000-0000-0000-000000000000',
      });
      const two = probeWith(FOUR_GPUS, { CUDA_VISIBLE_DEVICES: '3,1' });
      expect(two.facts.gpus?.map(({ uuid }) => uuid?.slice(0, 12))).toEqual([
        'GPU-00000003',
        'GPU-00000001',
      ]);
      const none = probeWith(FOUR_GPUS, { CUDA_VISIBLE_DEVICES: '' });
      expect(none.facts.init?.code).toBe(100);
      expect(none.facts).not.toHaveProperty('gpus');
    },
  );

  for (const code of [100, 802, 803, 804, 999]) {
    itNeeding(NEEDS, `reports cuInit's ${code} and goes on with the other steps`, () => {
      const { facts } = probeWith(ONE_GPU + fault({ call: 'cuInit', code }));
      expect(facts.init?.code).toBe(code);
      expect(facts.init?.error).toMatch(/^CUDA_ERROR_[A-Z_]+: \w/);
      expect(facts).not.toHaveProperty('gpus');
      expect(facts).toMatchObject({ complete: true, nvml: { code: 0 }, libcuda: { cuda: '12.2' } });
    });
  }

  for (const code of [209, 221, 222]) {
    itNeeding(NEEDS, `reports ${code} from loading the module, on the GPU that it is for`, () => {
      const conf = FOUR_GPUS + fault({ call: 'cuModuleLoadDataEx', gpu: 2, code });
      const { facts } = probeWith(conf);
      expect(facts.gpus?.[2]?.kernel).toMatchObject({ code, call: 'cuModuleLoadDataEx' });
      const others = facts.gpus?.filter(({ index }) => index !== 2);
      expect(others?.map(({ kernel }) => kernel?.correct)).toEqual([true, true, true]);
    });
  }

  itNeeding(NEEDS, 'tests a GPU also in an image that forbids compiling PTX', () => {
    const { facts } = probeWith(ONE_GPU, { CUDA_DISABLE_PTX_JIT: '1' });
    expect(facts.gpus?.[0]?.kernel).toMatchObject({ code: 0, correct: true });
    expect(facts.env?.['CUDA_DISABLE_PTX_JIT']).toBe('1');
  });

  itNeeding(NEEDS, "keeps the compiler's log beside the code", () => {
    const conf = ONE_GPU + fault({ call: 'cuModuleLoadDataEx', code: 222 });
    expect(probeWith(conf).facts.gpus?.[0]?.kernel?.error).toContain('Unsupported .version');
  });

  itNeeding(NEEDS, 'counts every wrong element', () => {
    const conf = FOUR_GPUS + fault({ call: 'cuLaunchKernel', gpu: 1, 'wrong-elements': 3 });
    const kernels = probeWith(conf).facts.gpus?.map(({ kernel }) => kernel);
    expect(kernels?.map((kernel) => kernel?.wrongElements)).toEqual([0, 3, 0, 0]);
    expect(kernels?.[1]).toMatchObject({ code: 0, correct: false });
    const all = ONE_GPU + fault({ call: 'cuLaunchKernel', 'wrong-elements': 32768 });
    expect(probeWith(all).facts.gpus?.[0]?.kernel?.wrongElements).toBe(32768);
  });

  for (const call of ['cuLaunchKernel', 'cuCtxSynchronize', 'cuDevicePrimaryCtxRetain']) {
    itNeeding(NEEDS, `is not held up by a hang in ${call} on one GPU`, () => {
      const { facts, ms } = probeWith(FOUR_GPUS + fault({ call, gpu: 0, hang: 'yes' }), {}, 700);
      expect(facts.gpus?.[0]?.kernel).toEqual({ timedOut: true, call });
      expect(facts.gpus?.slice(1).map(({ kernel }) => kernel?.correct)).toEqual([true, true, true]);
      expect(facts.complete).toBe(true);
      expect(ms).toBeLessThan(5000);
    });
  }

  itNeeding(NEEDS, 'is not held up by a hang in cuInit or NVML', () => {
    const conf =
      ONE_GPU +
      fault({ call: 'cuInit', hang: 'yes' }) +
      fault({ call: 'nvmlInit_v2', hang: 'yes' });
    const { facts, stdout } = probeWith(conf, {}, 400);
    expect(facts.init).toEqual({ timedOut: true });
    expect(facts.nvml).toMatchObject({ timedOut: true });
    expect(facts.libcuda).toMatchObject({ cuda: '12.2' });
    expect(facts.complete).toBe(true);
    expect(stdout).toContain('"call":"cuInit"');
  });

  itNeeding(NEEDS, 'tells a crash by its signal and the call, and goes on', () => {
    const conf =
      FOUR_GPUS +
      fault({ call: 'cuLaunchKernel', gpu: 3, crash: 'yes' }) +
      fault({ call: 'nvmlInit_v2', crash: 'yes' });
    const { facts } = probeWith(conf);
    expect(facts.gpus?.[3]?.kernel).toEqual({ signal: 'SIGSEGV', call: 'cuLaunchKernel' });
    expect(facts.gpus?.slice(0, 3).every(({ kernel }) => kernel?.correct)).toBe(true);
    expect(facts.nvml?.error).toBe('nvmlInit_v2 ended in SIGSEGV');
    const early = probeWith(ONE_GPU + fault({ call: 'cuDriverGetVersion', crash: 'yes' }));
    expect(early.facts.libcuda?.error).toBe('cuDriverGetVersion ended in SIGSEGV');
    expect(early.facts).not.toHaveProperty('init');
  });

  itNeeding(NEEDS, 'keeps what was learnt of a GPU before a call that hangs', () => {
    const conf = ONE_GPU + fault({ call: 'cuDeviceTotalMem_v2', hang: 'yes' });
    const { facts } = probeWith(conf, {}, 400);
    expect(facts.gpus?.[0]).toMatchObject({ computeCapability: '8.0', kernel: { timedOut: true } });
    expect(facts.gpus?.[0]).not.toHaveProperty('memoryMiB');
  });

  itNeeding(NEEDS, 'reports a slow call that does end as an answer', () => {
    const conf = ONE_GPU + fault({ call: 'cuInit', 'delay-ms': 150 });
    const { facts, ms } = probeWith(conf);
    expect(facts.gpus?.[0]?.kernel?.correct).toBe(true);
    expect(ms).toBeGreaterThan(300);
  });

  const withRuntime = (name: string, link: string): string => {
    const folder = join(simulated.folder, name);
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(simulated.libraries, link), join(folder, name));
    symlinkSync(name, join(folder, link));
    return folder;
  };

  itNeeding(
    NEEDS,
    "asks the image's own libcudart: 35 above a driver of an older major version",
    () => {
      const newer = withRuntime('libcudart.so.13.0.96', 'libcudart.so.13');
      const path = `${driverFolder()}:${newer}`;
      const tooOld = probeWith(ONE_GPU, { LD_LIBRARY_PATH: path });
      expect(tooOld.facts.runtime).toEqual({
        path: join(newer, 'libcudart.so.13.0.96'),
        version: '13.0',
        code: 35,
        error: expect.stringContaining('cudaErrorInsufficientDriver'),
      });
      expect(tooOld.facts.gpus?.[0]?.kernel?.correct).toBe(true);

      const fitting = withRuntime('libcudart.so.12.8.90', 'libcudart.so.12');
      const works = probeWith(ONE_GPU, {
        LD_LIBRARY_PATH: `${driverFolder()}:${fitting}`,
        CUDA_VERSION: '12.8.1.012',
      });
      expect(works.facts.runtime).toMatchObject({ version: '12.8', code: 0, deviceCount: 1 });
    },
  );

  itNeeding(NEEDS, 'says that the driver is absent where there is none', () => {
    const { facts, status } = probe({});
    expect(status).toBe(0);
    expect(facts).toMatchObject({
      complete: true,
      libcuda: { origin: 'absent', error: expect.stringContaining('libcuda.so.1') },
      nvml: { error: expect.stringContaining('libnvidia-ml.so.1') },
    });
    expect(facts).not.toHaveProperty('init');
  });

  const buildLibcuda = (name: string, source: string, more: readonly string[] = []): string => {
    const folder = join(simulated.folder, name);
    mkdirSync(folder, { recursive: true });
    const built = spawnSync(
      'x86_64-linux-gnu-gcc',
      [
        ...['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libcuda.so.1', '-xc', '-'],
        ...['-o', join(folder, 'libcuda.so.1'), ...more],
      ],
      { encoding: 'utf8', input: source },
    );
    expect(built.stderr).toBe('');
    return folder;
  };

  itNeeding(
    NEEDS,
    'does not call a driver absent that lacks a library itself, as on a Jetson',
    () => {
      // Linked against a library whose soname no file has at run time.
      const needed = join(simulated.libraries, 'libnvidia-ml.so.1');
      const copy = join(simulated.folder, 'needed.so');
      writeFileSync(
        copy,
        readFileSync(needed)
          .toString('latin1')
          .replaceAll('libnvidia-ml.so.1', 'libnvrm_gpu.so.01'),
        'latin1',
      );
      const folder = buildLibcuda(
        'dependent',
        'int cuInit(unsigned flags) { return (int)flags; }',
        [...['-xnone', '-Wl,--no-as-needed', copy]],
      );
      const { facts } = probe({ env: { LD_LIBRARY_PATH: folder } });
      expect(facts.libcuda).toEqual({
        error: expect.stringMatching(/^libnvrm_gpu\.so\.01: cannot open/),
      });
    },
  );

  itNeeding(
    NEEDS,
    'has no answer, and says so, from a driver that lacks functions or leaves',
    () => {
      const noCount = buildLibcuda('no-count', 'int cuInit(unsigned flags) { return (int)flags; }');
      const { facts } = probe({ env: { LD_LIBRARY_PATH: noCount } });
      expect(facts.init).toEqual({ error: 'libcuda has no cuDeviceGetCount' });
      expect(unanswered(facts)).toEqual(['cuInit: libcuda has no cuDeviceGetCount']);

      const noGet = buildLibcuda(
        'no-get',
        'int cuInit(unsigned flags) { return (int)flags; }\nint cuDeviceGetCount(int *count) { return !(*count = 2); }',
      );
      const bare = probe({ env: { LD_LIBRARY_PATH: noGet } }).facts;
      expect(unanswered(bare)).toEqual([
        'GPU 0: cuDeviceGet: libcuda has no cuDeviceGet',
        'GPU 1: cuDeviceGet: libcuda has no cuDeviceGet',
      ]);
    },
  );

  itNeeding(NEEDS, 'ends well and at once under wrong use', () => {
    for (const args of [
      [],
      ['--nonce'],
      ['--nonce', 'xyz'],
      ['--step-timeout', '5'],
      ['--scan'],
      ['--scan', '--x'],
    ]) {
      const [program, ...rest] = [PROBE_X64, ...args];
      const { stdout, status, stderr } = probe({
        command: ['/bin/sh', '-c', `${program} ${rest.join(' ')}`],
      });
      expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
      expect(stderr).toContain('usage:');
    }
  });

  const needsHeaders = needsFile('/usr/include/pthread.h', 'apt-get install libc6-dev');
  itNeeding(
    [...NEEDS, needsHeaders],
    'gives a driver library all that a program of libc has',
    () => {
      const folder = join(simulated.folder, 'demanding');
      mkdirSync(folder);
      const built = spawnSync(
        'x86_64-linux-gnu-gcc',
        [
          ...['-shared', '-fPIC', '-pthread', '-Wall', '-Werror', '-Wl,-soname,libcuda.so.1'],
          ...['-o', join(folder, 'libcuda.so.1'), '__tests__/probe/demanding-libcuda.c'],
        ],
        { encoding: 'utf8' },
      );
      expect(built.stderr).toBe('');
      const { facts, noise, stderr } = probe({ env: { LD_LIBRARY_PATH: folder, DEMANDED: 'yes' } });
      expect(facts.init).toEqual({ code: 0 });
      expect(facts).toMatchObject({ libcuda: { cuda: '12.8' }, gpus: [], complete: true });
      // What the library prints comes out, but not between the documents.
      expect({ noise, stderr }).toEqual({ noise: '', stderr: 'words of the library 1\n' });
    },
  );

  itNeeding(NEEDS, 'leaves no process behind when it is told to stop', async () => {
    const conf = simulated.describe(ONE_GPU + fault({ call: 'cuInit', hang: 'yes' }));
    const child = spawn(PROBE_X64, ['--nonce', '0011223344556677', '--files', 'no'], {
      env: { LD_LIBRARY_PATH: driverFolder(), SIMULATED_NVIDIA_CONF: conf },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const children = () =>
      spawnSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line.trim() !== '')
        .map(Number);
    while (!said.includes('"step":"nvml"')) await new Promise((done) => setTimeout(done, 20));
    const running = children();
    expect(running.length).toBeGreaterThan(0);
    const [code] = await new Promise<[number | null]>((ended) => {
      child.on('close', (...how) => ended([how[0]]));
      child.kill('SIGTERM');
    });
    expect(code).toBe(143);
    await new Promise((done) => setTimeout(done, 200));
    expect(running.filter(isAlive)).toEqual([]);
  });

  itNeeding(NEEDS, 'takes less than 30 ms with one GPU', () => {
    // By its own clock: starting any program from a test process that has grown large takes some ten milliseconds, which are not the
    // probe's. The fastest, because the median measures how busy the machine is with other tests.
    const own = Array.from({ length: 30 }, () =>
      Number(/"step":"end","ms":([\d.]+)/.exec(probeWith(ONE_GPU).stdout)?.[1]),
    );
    expect(Math.min(...own)).toBeLessThan(30);
  });
});

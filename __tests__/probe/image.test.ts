import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { createRoot, LIBRARY_FOLDER, type Root } from './root.js';
import { buildSimulated, ONE_GPU, type Simulated } from './simulated.js';
import { itNeeding, needsProgram, needsRoot } from './tools.js';

const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
  needsProgram('unshare', 'apt-get install util-linux'),
  needsRoot,
];

describe('the probe inside an image', () => {
  let simulated: Simulated;
  let root: Root;
  beforeAll(() => {
    if (NEEDS.every(({ met }) => met)) simulated = buildSimulated('x86_64');
  }, 120_000);
  beforeEach(() => {
    if (simulated !== undefined) root = createRoot();
  });
  afterEach(() => root?.[Symbol.dispose]());
  afterAll(() => simulated?.[Symbol.dispose]());

  const library = (name: string): string => join(simulated.libraries, name);
  const describeDriver = (text = ONE_GPU) => root.write('/etc/simulated-nvidia.conf', text);
  const link = (to: string, path: string): void => {
    mkdirSync(join(root.folder, path, '..'), { recursive: true });
    symlinkSync(to, join(root.folder, path));
  };

  itNeeding(NEEDS, 'calls a driver that a mount brought in the host’s', () => {
    describeDriver();
    const file = `${LIBRARY_FOLDER}/libcuda.so.535.104.05`;
    root.empty(file);
    link('libcuda.so.535.104.05', `${LIBRARY_FOLDER}/libcuda.so.1`);
    const { facts } = root.probe({ mounts: [[library('libcuda.so.1'), file]] });
    expect(facts.libcuda).toEqual({ path: file, origin: 'host', cuda: '12.2' });
    expect(facts.gpus?.[0]?.kernel?.correct).toBe(true);
  });

  itNeeding(NEEDS, 'calls it so when its whole folder is a mount', () => {
    describeDriver();
    mkdirSync(join(root.folder, 'usr/local/nvidia/lib64'), { recursive: true });
    const { facts } = root.probe({
      mounts: [[simulated.libraries, '/usr/local/nvidia/lib64']],
      env: { LD_LIBRARY_PATH: '/usr/local/nvidia/lib64' },
    });
    expect(facts.libcuda).toMatchObject({
      path: '/usr/local/nvidia/lib64/libcuda.so.1',
      origin: 'host',
    });
  });

  itNeeding(NEEDS, 'calls it so when it is a copy of the version that NVML names', () => {
    describeDriver();
    root.copy(library('libcuda.so.1'), `${LIBRARY_FOLDER}/libcuda.so.535.104.05`);
    link('libcuda.so.535.104.05', `${LIBRARY_FOLDER}/libcuda.so.1`);
    expect(root.probe().facts.libcuda?.origin).toBe('image');
    root.copy(library('libnvidia-ml.so.1'), `${LIBRARY_FOLDER}/libnvidia-ml.so.1`);
    expect(root.probe().facts.libcuda?.origin).toBe('host');
  });

  itNeeding(NEEDS, 'tells a driver file that the image brought itself', () => {
    describeDriver();
    root.copy(library('libcuda.so.1'), `${LIBRARY_FOLDER}/libcuda.so.470.57.02`);
    root.copy(library('libnvidia-ml.so.1'), `${LIBRARY_FOLDER}/libnvidia-ml.so.1`);
    link('libcuda.so.470.57.02', `${LIBRARY_FOLDER}/libcuda.so.1`);
    expect(root.probe().facts.libcuda?.origin).toBe('image');
  });

  itNeeding(NEEDS, 'tells the compat library by its folder, and its own CUDA version', () => {
    describeDriver(`compat-cuda = 12.8\n${ONE_GPU}`);
    const file = '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06';
    root.copy(library('libcuda.so.1'), file);
    link('libcuda.so.570.124.06', '/usr/local/cuda-12.8/compat/libcuda.so.1');
    const { facts } = root.probe({ env: { LD_LIBRARY_PATH: '/usr/local/cuda-12.8/compat' } });
    expect(facts.libcuda).toEqual({ path: file, origin: 'compat', cuda: '12.8' });
  });

  itNeeding(
    NEEDS,
    'tells the compat library that the container library mounted over the usual folder',
    () => {
      describeDriver();
      const own = '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06';
      const shown = `${LIBRARY_FOLDER}/libcuda.so.570.124.06`;
      root.copy(library('libcuda.so.1'), own);
      root.empty(shown);
      link('libcuda.so.570.124.06', `${LIBRARY_FOLDER}/libcuda.so.1`);
      const { facts } = root.probe({ mounts: [[`root:${own}`, shown]] });
      expect(facts.libcuda).toMatchObject({ path: shown, origin: 'compat' });
    },
  );

  itNeeding(NEEDS, 'tells a folder that the toolkit’s hook gave to the linker as compat', () => {
    describeDriver();
    root.copy(library('libcuda.so.1'), '/opt/forward/libcuda.so.570.124.06');
    link('libcuda.so.570.124.06', '/opt/forward/libcuda.so.1');
    root.write('/etc/ld.so.conf.d/00-compat-1234.conf', '/opt/forward\n');
    const { facts } = root.probe({ env: { LD_LIBRARY_PATH: '/opt/forward' } });
    expect(facts.libcuda?.origin).toBe('compat');
  });

  for (const folder of ['/usr/local/cuda/compat_orin', '/opt/conda/cuda-compat']) {
    itNeeding(NEEDS, `tells the compat library in ${folder}`, () => {
      describeDriver();
      root.copy(library('libcuda.so.1'), `${folder}/libcuda.so.1`);
      const { facts } = root.probe({ env: { LD_LIBRARY_PATH: folder } });
      expect(facts.libcuda?.origin).toBe('compat');
    });
  }

  itNeeding(NEEDS, 'tells the stub by its folder, and by what it says', () => {
    describeDriver();
    root.copy(library('libcuda.so.1'), '/usr/local/cuda/lib64/stubs/libcuda.so.1');
    const { facts } = root.probe({ env: { LD_LIBRARY_PATH: '/usr/local/cuda/lib64/stubs' } });
    expect(facts.libcuda?.origin).toBe('stub');
    expect(facts.init?.code).toBe(34);
  });

  itNeeding(NEEDS, 'tells a file of zero bytes', () => {
    root.empty(`${LIBRARY_FOLDER}/libcuda.so.1`);
    const { facts } = root.probe();
    expect(facts.libcuda).toEqual({
      path: `${LIBRARY_FOLDER}/libcuda.so.1`,
      origin: 'empty',
      error: expect.stringContaining('file too short'),
    });
  });

  itNeeding(NEEDS, 'tells a driver that does not load, with the linker’s words', () => {
    root.write(`${LIBRARY_FOLDER}/libcuda.so.1`, 'not a library at all '.repeat(10));
    const { facts } = root.probe();
    expect(facts.libcuda).toMatchObject({
      path: `${LIBRARY_FOLDER}/libcuda.so.1`,
      origin: 'image',
      error: expect.stringContaining('invalid ELF header'),
    });
  });

  itNeeding(NEEDS, 'takes no 35 for an old driver where no driver loads', () => {
    root.empty(`${LIBRARY_FOLDER}/libcuda.so.1`);
    root.copy(library('libcudart.so.12'), `${LIBRARY_FOLDER}/libcudart.so.12`);
    const { facts, stdout } = root.probe();
    expect(stdout).toContain('"code":35');
    expect(facts.runtime).toEqual({ path: `${LIBRARY_FOLDER}/libcudart.so.12`, version: '12.0' });
  });

  itNeeding(NEEDS, 'finds the libcudart of a toolkit folder, and of a Python package', () => {
    describeDriver();
    root.copy(library('libcuda.so.1'), `${LIBRARY_FOLDER}/libcuda.so.1`);
    expect(root.probe().facts).not.toHaveProperty('runtime');

    const wheel = '/opt/env/lib/python3.12/site-packages/nvidia/cuda_runtime/lib/libcudart.so.12';
    root.copy(library('libcudart.so.12'), wheel);
    const byPath = root.probe({ env: { PATH: '/opt/env/bin:/usr/sbin:/usr/bin:/sbin:/bin' } });
    expect(byPath.facts.runtime).toEqual({ path: wheel, version: '12.0', code: 0, deviceCount: 1 });

    const folder = '/usr/local/cuda-13.0/targets/x86_64-linux/lib';
    root.copy(library('libcudart.so.13'), `${folder}/libcudart.so.13.0.96`);
    link('libcudart.so.13.0.96', `${folder}/libcudart.so.13`);
    const toolkit = root.probe();
    expect(toolkit.facts.runtime).toMatchObject({
      path: `${folder}/libcudart.so.13.0.96`,
      version: '13.0',
      code: 35,
    });
  });

  itNeeding(NEEDS, 'prefers the libcudart of the version that CUDA_VERSION names', () => {
    describeDriver();
    for (const name of [
      'libcuda.so.1',
      'libcudart.so.11.0',
      'libcudart.so.12',
      'libcudart.so.13',
    ]) {
      root.copy(library(name), `${LIBRARY_FOLDER}/${name}`);
    }
    const versionFor = (cuda: string) =>
      root.probe({ env: { CUDA_VERSION: cuda } }).facts.runtime?.version;
    expect(root.probe().facts.runtime?.version).toBe('13.0');
    expect(versionFor('12.8.1.012')).toBe('12.0');
    expect(versionFor('11.8.0')).toBe('11.0');
    expect(versionFor('9.9')).toBe('13.0');
  });

  itNeeding(NEEDS, 'names the folders that its user may not look into', () => {
    root.copy(library('libcudart.so.12'), '/opt/conda/lib/libcudart.so.12');
    chmodSync(join(root.folder, 'opt/conda/lib'), 0o700);
    const { facts } = root.probe({ user: '1234:1234' });
    expect(facts.user).toEqual({ uid: 1234, gid: 1234 });
    expect(facts.unreadable).toEqual(['/opt/conda/lib']);
    expect(facts).not.toHaveProperty('runtime');
  });

  itNeeding(NEEDS, 'tells device files that are there from those that may be opened', () => {
    const device = (name: string, mode: number): void => {
      root.write(`/dev/${name}`, '');
      chmodSync(join(root.folder, 'dev', name), mode);
    };
    device('nvidia0', 0o666);
    device('nvidiactl', 0o444);
    device('nvidia-uvm', 0o600);
    device('nvidia-caps/nvidia-cap1', 0o400);
    device('sda', 0o666);
    const { facts } = root.probe({ user: '1234:1234' });
    expect(facts.deviceNodes?.toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: '/dev/nvidia-caps/nvidia-cap1', access: 'none', error: 'EACCES' },
      { path: '/dev/nvidia-uvm', access: 'none', error: 'EACCES' },
      { path: '/dev/nvidia0', access: 'rw' },
      { path: '/dev/nvidiactl', access: 'r' },
    ]);
  });

  itNeeding(NEEDS, 'copes with an image that has neither /proc nor /dev/shm', () => {
    describeDriver();
    root.copy(library('libcuda.so.1'), `${LIBRARY_FOLDER}/libcuda.so.1`);
    const { facts } = root.probe({ withoutProc: true });
    expect(facts.limits).not.toHaveProperty('shmBytes');
    expect(facts.libcuda).toMatchObject({
      path: expect.stringMatching(/\/x86_64-linux-gnu\/libcuda\.so\.1$/),
      origin: 'image',
    });
    expect(facts.gpus?.[0]?.kernel?.correct).toBe(true);
    expect(facts.complete).toBe(true);
  });

  itNeeding(NEEDS, 'reads a volume that the engine made for the image, and no other mount', () => {
    describeDriver();
    const cubin = 'probe/fuzz/corpus/c75.cubin';
    const beside = mkdtempSync(join(tmpdir(), 'probe-volumes-'));
    const sources = ['volumes/0123/_data', 'others/0123'];
    for (const one of sources) {
      mkdirSync(join(beside, one), { recursive: true });
      copyFileSync(cubin, join(beside, one, 'kernel.cubin'));
    }
    try {
      const probed = root.probe({
        files: true,
        mounts: sources.map((from) => {
          mkdirSync(join(root.folder, 'srv', from), { recursive: true });
          return [join(beside, from), `/srv/${from}`] as const;
        }),
      });
      const files = probed.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Record<string, unknown> => JSON.parse(line));
      expect(files.filter(({ step }) => step === 'code').map(({ path }) => path)).toEqual([
        '/srv/volumes/0123/_data/kernel.cubin',
      ]);
      expect(files.find(({ step }) => step === 'files')?.['skipped']).toContainEqual({
        path: '/srv/others/0123',
        why: 'mounted from outside the image',
      });
    } finally {
      rmSync(beside, { recursive: true });
    }
  });

  itNeeding(NEEDS, 'writes JSON whatever bytes the environment holds', () => {
    const { facts, noise, stdout } = root.probe({
      env: { CUDA_HOME: 'a"b\\c\n\u0001\u007f é 😀', NVIDIA_REQUIRE_X: 'x'.repeat(9000) },
    });
    expect(noise).toBe('');
    expect(facts.env?.['CUDA_HOME']).toBe('a"b\\c\n\u0001\u007f é 😀');
    expect(facts.env?.['NVIDIA_REQUIRE_X']).toHaveLength(4096);
    for (const line of stdout.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });
});

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { frameworkFiles } from '../../lab/frameworks.js';
import type { Framework } from '../../lab/scenario.js';
import {
  buildSimulated,
  FOUR_GPUS,
  fault,
  PROBE_X64,
  type Probed,
  probe,
  type Simulated,
} from './simulated.js';
import { itNeeding, needsProgram } from './tools.js';

const SCRIPT = 'probe/frameworks.py';
const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
  needsProgram('python3', 'apt-get install python3'),
];

const TORCH: Framework = {
  name: 'torch',
  version: '2.9.0+cu128',
  cuda: '12.8',
  cudnn: '9.10.2',
  targets: ['sm_80', 'sm_86', 'sm_90'],
};

/** The frameworks here are the lab's stand-ins: see lab/frameworks/README.md. */
describe("the frameworks' own test", () => {
  let simulated: Simulated;
  let image: string;
  beforeAll(() => {
    if (NEEDS.every(({ met }) => met)) simulated = buildSimulated('x86_64');
  }, 120_000);
  afterAll(() => simulated?.[Symbol.dispose]());
  beforeEach(() => {
    image = mkdtempSync(join(tmpdir(), 'frameworks-'));
  });
  afterEach(() => rmSync(image, { recursive: true, force: true }));

  /** Puts the stand-ins below a folder of the test's own, and gives the folder that they are imported from. */
  const install = async (...frameworks: Framework[]): Promise<string> => {
    for (const file of await frameworkFiles('bookworm', frameworks, 'lab')) {
      const path = join(image, file.path);
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { force: true });
      if (file.link !== undefined) symlinkSync(file.link, path);
      else if (file.library !== undefined) cpSync(join(simulated.libraries, file.library), path);
      else writeFileSync(path, file.text ?? '');
    }
    return join(image, '/usr/local/lib/python3.11/dist-packages');
  };

  /** A folder with a `python3` that knows the stand-ins and nothing of this machine's packages. */
  const python = (more = ''): string => {
    const bin = join(image, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'python3'), `#!/bin/sh\n${more}exec /usr/bin/python3 -S "$@"\n`, {
      mode: 0o755,
    });
    return bin;
  };

  const run = (
    site: string,
    {
      description = FOUR_GPUS,
      frameworksMs = 30_000,
      env = {},
      path = python(),
    }: {
      description?: string;
      frameworksMs?: number;
      env?: Readonly<Record<string, string>>;
      path?: string;
    } = {},
  ): Probed =>
    probe({
      command: [PROBE_X64, '--files', 'no', '--frameworks-timeout', String(frameworksMs)],
      env: {
        SIMULATED_NVIDIA_CONF: simulated.describe(description),
        // Of the whole folder, the CUDA libraries would come before those that the stand-ins bring along.
        LD_LIBRARY_PATH: only('libcuda.so.1', 'libnvidia-ml.so.1'),
        PATH: path,
        PYTHONPATH: site,
        // What a hang or a crash leaves behind goes with the container, and here with the image.
        TMPDIR: image,
        ...env,
      },
    });

  /** The one of the given Python: others of this machine may have frameworks, too. */
  const tests = (probed: Probed) =>
    (probed.facts.frameworks ?? []).filter(({ interpreter }) => interpreter?.startsWith(image));

  itNeeding(NEEDS, 'computes on every GPU and over all of them', async () => {
    const site = await install(TORCH);
    const probed = run(site);
    expect(probed.status).toBe(0);
    expect(probed.facts.complete).toBe(true);
    const device = (index: number) => ({
      index,
      name: 'NVIDIA L4 (simulated)',
      correct: true,
      operations: ['matmul', 'convolution'],
      error: null,
    });
    const [framework, ...others] = probed.facts.frameworks ?? [];
    expect(others).toEqual([]);
    expect(framework).toEqual({
      name: 'torch',
      interpreter: '/usr/bin/python3',
      onPath: true,
      path: join(site, 'torch/__init__.py'),
      version: '2.9.0+cu128',
      cuda: '12.8',
      cudnn: '9.10.2',
      targets: ['sm_80', 'sm_86', 'sm_90'],
      available: true,
      devices: [0, 1, 2, 3].map(device),
      nccl: { correct: true, error: null },
      error: null,
    });
  });

  itNeeding(NEEDS, 'is left out unless asked for, and where CUDA does not come up', async () => {
    const site = await install(TORCH);
    expect(run(site, { frameworksMs: 0 }).facts.frameworks).toBeUndefined();
    const description = `${FOUR_GPUS}${fault({ call: 'cuInit', code: 999 })}`;
    expect(run(site, { description }).facts.frameworks).toBeUndefined();
  });

  itNeeding(NEEDS, 'tells the GPU that computes wrongly, and goes on', async () => {
    const site = await install({ ...TORCH, fault: { wrongGpu: 2 } });
    const [torch] = run(site).facts.frameworks ?? [];
    expect(torch?.devices?.map(({ correct }) => correct)).toEqual([true, true, false, true]);
    expect(torch?.stage).toBe('compute');
  });

  itNeeding(NEEDS, 'keeps what came before a hang, and ends every process of it', async () => {
    const site = await install(
      { ...TORCH, fault: { hang: 'nccl' } },
      { name: 'tensorflow', version: '2.19.0', cuda: '12.8', cudnn: '9.10.2' },
    );
    const probed = run(site, { frameworksMs: 12_000 });
    const [torch, tensorflow] = probed.facts.frameworks ?? [];
    expect(torch).toMatchObject({ name: 'torch', timedOut: true, stage: 'nccl' });
    expect(torch?.devices?.map(({ correct }) => correct)).toEqual([true, true, true, true]);
    expect(tensorflow?.name).toBe('tensorflow');
    expect(tensorflow?.timedOut).toBeUndefined();
    expect(probed.facts.complete).toBe(true);
    expect(probed.ms).toBeLessThan(14_000);
    expect(processesWith(site)).toEqual([]);
  });

  itNeeding(NEEDS, 'outlives a crash and a process that leaves by itself', async () => {
    const site = await install({ ...TORCH, fault: { crash: 'import' } });
    mkdirSync(join(site, 'triton'));
    writeFileSync(
      join(site, 'triton', '__init__.py'),
      "import os\nos.write(2, b'no such thing')\nos._exit(7)\n",
    );
    const [torch, triton] = run(site).facts.frameworks ?? [];
    expect(torch).toMatchObject({ name: 'torch', stage: 'import', signal: 'SIGABRT' });
    expect(triton).toMatchObject({
      stage: 'import',
      error: 'its process left by itself with status 7',
      warnings: ['no such thing'],
    });
  });

  itNeeding(
    NEEDS,
    'keeps the words of an import that fails, and the version all the same',
    async () => {
      const site = await install({ ...TORCH, without: ['cudnn'] });
      const [torch] = run(site).facts.frameworks ?? [];
      expect(torch).toMatchObject({ version: '2.9.0+cu128', stage: 'import' });
      expect(torch?.error).toMatch(
        /ImportError: libcudnn\.so\.9: cannot open shared object file: No such file or directory$/,
      );
      // Lines of source would be read as what was said.
      expect(torch?.error).not.toContain('raise ');
    },
  );

  itNeeding(NEEDS, 'sees a build without CUDA, and a framework that finds no GPU', async () => {
    const site = await install(
      { name: 'torch', version: '2.9.0+cpu', cuda: null },
      { name: 'tensorflow', version: '2.19.0', cuda: '12.5', without: ['cudart', 'cudnn'] },
    );
    const [torch, tensorflow] = run(site).facts.frameworks ?? [];
    expect(torch).toMatchObject({ cuda: null, available: false, error: null });
    expect(torch?.devices).toBeUndefined();
    expect(tensorflow).toMatchObject({ cuda: '12.5', available: false });
    expect(tensorflow?.warnings?.join('\n')).toContain('Cannot dlopen some GPU libraries');
  });

  itNeeding(NEEDS, 'names a Python that does not start', async () => {
    const site = await install(TORCH);
    const path = python('echo "no such library" >&2; exit 127\n');
    const broken = tests(run(site, { path }))[0];
    expect(broken).toMatchObject({
      name: 'python',
      stage: 'start',
      error: 'its process left by itself with status 127',
      warnings: ['no such library'],
    });
  });

  itNeeding(NEEDS, 'writes nothing but below a temporary folder, which it removes', async () => {
    const site = await install(TORCH);
    const temporary = join(image, 'tmp');
    mkdirSync(temporary);
    run(site, { env: { TMPDIR: temporary } });
    const before = filesBelow(image);
    expect(run(site, { env: { TMPDIR: temporary } }).facts.frameworks).toHaveLength(1);
    expect(filesBelow(image)).toEqual(before);
    expect(readdirSync(temporary)).toEqual([]);
  });

  itNeeding(NEEDS.slice(2), 'is written for Python 3.4 and newer, in ASCII', () => {
    const check =
      'import ast, sys; text = open(sys.argv[1], encoding="ascii").read(); ast.parse(text, feature_version=(3, 4))';
    const { status, stderr } = spawnSync('python3', ['-c', check, SCRIPT], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  /** A folder with these libraries of the simulated driver and no other. */
  const only = (...names: string[]): string => {
    const folder = join(image, 'driver');
    mkdirSync(folder, { recursive: true });
    for (const name of names) cpSync(join(simulated.libraries, name), join(folder, name));
    return folder;
  };
});

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Processes whose environment names the folder. */
const processesWith = (text: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'utf8').includes(`PYTHONPATH=${text}`);
      } catch {
        return false;
      }
    });

import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { frameworkFiles } from '../../lab/frameworks.js';
import type { Framework } from '../../lab/scenario.js';
import { createRoot, LIBRARY_FOLDER, type Root } from './root.js';
import { buildSimulated, ONE_GPU, type Simulated } from './simulated.js';
import { itNeeding, needsProgram, needsRoot } from './tools.js';

const PYTHON = '/usr/bin/python3.11';
const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  { met: existsSync(PYTHON), missing: `needs Debian 12's ${PYTHON}` },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
  needsProgram('unshare', 'apt-get install util-linux'),
  needsRoot,
];

const torch = (more: Partial<Framework> = {}): Framework => ({
  name: 'torch',
  version: '2.9.0+cu128',
  cuda: '12.8',
  targets: ['sm_80'],
  ...more,
});

/** The frameworks here are the lab's stand-ins: see lab/frameworks/README.md. */
describe('the Pythons of an image', () => {
  let simulated: Simulated;
  let root: Root;
  beforeAll(() => {
    if (NEEDS.every(({ met }) => met)) simulated = buildSimulated('x86_64');
  }, 120_000);
  beforeEach(() => {
    if (simulated === undefined) return;
    root = createRoot();
    root.write('/etc/simulated-nvidia.conf', ONE_GPU);
    for (const name of ['libcuda.so.1', 'libnvidia-ml.so.1'])
      root.copy(join(simulated.libraries, name), `/driver/${name}`);
    program(PYTHON);
    link('/usr/bin/python3', 'python3.11');
  });
  afterEach(() => root?.[Symbol.dispose]());
  afterAll(() => simulated?.[Symbol.dispose]());

  const program = (path: string): void => {
    root.copy(PYTHON, path);
    chmodSync(join(root.folder, path), 0o755);
  };
  const link = (path: string, target: string): void => {
    const full = join(root.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    rmSync(full, { force: true });
    symlinkSync(target, full);
  };
  const install = async (...frameworks: Framework[]): Promise<void> => {
    for (const file of await frameworkFiles('bookworm', frameworks, 'lab')) {
      if (file.link !== undefined) link(file.path, file.link);
      else if (file.library !== undefined)
        root.copy(join(simulated.libraries, file.library), file.path);
      else root.write(file.path, file.text ?? '');
    }
  };
  /** This machine's standard library comes in by mounts, so that it is not the image's. */
  const run = (env: Readonly<Record<string, string>> = {}, frameworksMs = 60_000) =>
    root.probe({
      mounts: [
        ['/usr/lib/python3.11', '/usr/lib/python3.11'],
        [LIBRARY_FOLDER, LIBRARY_FOLDER],
      ].map(([from = '', to = '']) => {
        mkdirSync(join(root.folder, to), { recursive: true });
        return [from, to] as const;
      }),
      env: { LD_LIBRARY_PATH: '/driver', ...env },
      files: true,
      frameworksMs,
    });
  const tests = (probed: ReturnType<typeof run>) =>
    (probed.facts.frameworks ?? []).map(({ name, interpreter, onPath, version }) => [
      name,
      interpreter,
      onPath,
      version,
    ]);

  itNeeding(NEEDS, 'off PATH test their frameworks, too, after those on PATH', async () => {
    await install(
      torch({ venv: '/opt/a', version: '1.13.1+cu117', cuda: '11.7' }),
      torch(),
      torch({ venv: '/srv/app/.venv', version: '2.6.0+cu124', cuda: '12.4' }),
    );
    const probed = run();
    expect(tests(probed)[0]).toEqual(['torch', '/usr/bin/python3', true, '2.9.0+cu128']);
    expect(tests(probed).slice(1).toSorted()).toEqual([
      ['torch', '/opt/a/bin/python', false, '1.13.1+cu117'],
      ['torch', '/srv/app/.venv/bin/python', false, '2.6.0+cu124'],
    ]);
    const [first] = probed.facts.frameworks ?? [];
    expect(first?.path).toBe('/usr/local/lib/python3.11/dist-packages/torch/__init__.py');
    expect(first?.devices?.[0]?.correct).toBe(true);
  });

  itNeeding(NEEDS, 'are on PATH by VIRTUAL_ENV as well', async () => {
    await install(torch({ venv: '/opt/a' }));
    expect(tests(run())).toEqual([['torch', '/opt/a/bin/python', false, '2.9.0+cu128']]);
    expect(tests(run({ VIRTUAL_ENV: '/opt/a' }))[0]?.[2]).toBe(true);
  });

  itNeeding(NEEDS, 'of pyenv or Conda are found where nothing on PATH leads to them', async () => {
    const prefix = '/root/.pyenv/versions/3.11.2';
    const library = `${prefix}/lib/python3.11`;
    await install(torch({ venv: prefix }));
    rmSync(join(root.folder, prefix, 'pyvenv.cfg'));
    rmSync(join(root.folder, prefix, 'bin/python'));
    program(`${prefix}/bin/python3.11`);
    for (const name of readdirSync('/usr/lib/python3.11'))
      link(`${library}/${name}`, `/usr/lib/python3.11/${name}`);
    // Debian's Python calls the folder so.
    link(`${library}/dist-packages`, 'site-packages');
    rmSync(join(root.folder, '/usr/bin/python3'));
    const probed = run();
    expect(tests(probed)).toEqual([['torch', `${prefix}/bin/python3.11`, false, '2.9.0+cu128']]);
    expect(probed.facts.frameworks?.[0]?.path).toBe(`${library}/site-packages/torch/__init__.py`);
    expect(probed.facts.frameworks?.[0]?.error).toBeNull();
  });

  itNeeding(NEEDS, 'that do not start name the frameworks among their packages', async () => {
    await install(torch({ venv: '/opt/a' }));
    root.write('/usr/bin/not-python', '#!/bin/no-such-shell\n');
    chmodSync(join(root.folder, '/usr/bin/not-python'), 0o755);
    link('/opt/a/bin/python', '/usr/bin/not-python');
    const [broken, ...others] = run().facts.frameworks ?? [];
    expect(others).toEqual([]);
    expect(broken).toMatchObject({
      name: 'python',
      interpreter: '/opt/a/bin/python',
      onPath: false,
      packages: ['torch'],
    });
  });

  itNeeding(NEEDS, 'on PATH keep their time whatever lies beside them', async () => {
    await install(
      torch({ fault: { hang: 'compute' } }),
      torch({ venv: '/opt/a', version: '2.6.0+cu124', cuda: '12.4' }),
    );
    const [first, second] = run({}, 24_000).facts.frameworks ?? [];
    expect(first).toMatchObject({ name: 'torch', onPath: true, timedOut: true });
    expect(second).toMatchObject({
      name: 'torch',
      interpreter: '/opt/a/bin/python',
      onPath: false,
      untested: true,
    });
    expect(second?.timedOut).toBeUndefined();
  });
});

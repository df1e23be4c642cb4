import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildSimulated,
  FOUR_GPUS,
  fault,
  ONE_GPU,
  PROBE_X64,
  type Simulated,
} from './simulated.js';
import { itNeeding, needsProgram } from './tools.js';

const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
];

describe('the words of the self-check', () => {
  it('are what the tables and words of src say', () => {
    const after = execFileSync('node', ['scripts/derive-causes.mjs', '--print'], {
      encoding: 'utf8',
    });
    expect(after).toBe(readFileSync('probe/causes.h', 'utf8'));
  }, 60_000);
});

describe('the probe as an entry point', () => {
  let simulated: Simulated;
  beforeAll(() => {
    if (NEEDS.every(({ met }) => met)) simulated = buildSimulated('x86_64');
  }, 120_000);
  afterAll(() => simulated?.[Symbol.dispose]());

  /** A folder with some of the simulated libraries, and no other CUDA runtime than one of them on its search path. */
  const folderWith = (names: readonly string[]): string => {
    const folder = join(simulated.folder, names.join('+') || 'none');
    mkdirSync(folder, { recursive: true });
    for (const name of names) copyFileSync(join(simulated.libraries, name), join(folder, name));
    return folder;
  };

  const DRIVER = ['libcuda.so.1', 'libnvidia-ml.so.1', 'libcudart.so.12'];

  const run = (conf: string | undefined, args: readonly string[], libraries = DRIVER) => {
    const { status, stdout, stderr } = spawnSync(PROBE_X64, ['--self-check', ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        LD_LIBRARY_PATH: folderWith(libraries),
        CUDA_VERSION: '12.2.2',
        KEPT: 'as it was',
        ...(conf === undefined ? {} : { SIMULATED_NVIDIA_CONF: simulated.describe(conf) }),
      },
      timeout: 60_000,
    });
    return { status, stdout, lines: stderr.trimEnd().split('\n') };
  };

  itNeeding(NEEDS, 'says in one line that CUDA works, and becomes the program', () => {
    const script = 'printf "%s|" "$0" "$@" "$KEPT"; exit 7';
    const { status, stdout, lines } = run(FOUR_GPUS, ['stop', '--', 'sh', '-c', script, 'a b', '']);
    expect({ status, stdout }).toEqual({ status: 7, stdout: 'a b||as it was|' });
    expect(lines).toEqual([
      'cuda-image-check: CUDA works: 4 GPUs computed right, driver 570.124.06, libcuda of CUDA 12.8',
    ]);
  });

  itNeeding(NEEDS, 'leaves the program no ignored signal and no child of its own', () => {
    const script =
      'grep -E "^SigIgn" /proc/self/status; read -r children </proc/$$/task/$$/children; echo "[$children]"';
    const { stdout } = run(ONE_GPU, ['warn', '--', 'sh', '-c', script]);
    expect(stdout).toMatch(/^SigIgn:\s+0+\n\[\]\n$/);
  });

  itNeeding(NEEDS, 'gives cause, sight, next command and page of a call that fails', () => {
    const conf = ONE_GPU + fault({ call: 'cuInit', code: 802 });
    const { status, stdout, lines } = run(conf, ['stop', '--', 'echo', 'ran']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(lines).toEqual([
      'cuda-image-check: The NVSwitch fabric is not initialised: fabric manager does not run or does not match the driver',
      expect.stringMatching(
        /^cuda-image-check: {3}saw: {2}cuInit returned 802: CUDA_ERROR_SYSTEM_NOT_READY.*libcuda is \//,
      ),
      'cuda-image-check:   do:   See why it does not run: systemctl status nvidia-fabricmanager',
      expect.stringMatching(
        / more: https:\/\/\S+\/docs\/findings\/fabric-manager-not-running\.md$/,
      ),
      'cuda-image-check: stopped, as --self-check stop asks for; not started: echo',
    ]);
  });

  itNeeding(NEEDS, 'goes on with the program where it was told to warn', () => {
    const conf = ONE_GPU + fault({ call: 'cuInit', code: 999 });
    const { status, stdout, lines } = run(conf, ['warn', '--', 'echo', 'ran']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'ran\n' });
    expect(lines).toHaveLength(4);
  });

  itNeeding(NEEDS, 'names the GPU that computes wrongly', () => {
    const conf = FOUR_GPUS + fault({ call: 'cuLaunchKernel', gpu: 2, 'wrong-elements': 5 });
    const { status, lines } = run(conf, ['stop', '--', 'true']);
    expect(status).toBe(1);
    expect(lines[0]).toBe('cuda-image-check: This GPU computed a wrong result');
    expect(lines[1]).toContain('the test kernel on GPU 2: wrong result');
    expect(lines).toHaveLength(5);
  });

  itNeeding(NEEDS, 'tells a crash in the driver from an answer', () => {
    const conf = ONE_GPU + fault({ call: 'cuInit', crash: 'yes' });
    const { status, lines } = run(conf, ['stop', '--', 'true']);
    expect(status).toBe(1);
    expect(lines[1]).toContain('cuInit was ended by signal 11');
  });

  itNeeding(NEEDS, 'tells a missing driver from one that fails', () => {
    const { status, lines } = run(undefined, ['stop', '--', 'true'], []);
    expect(status).toBe(1);
    expect(lines[0]).toBe('cuda-image-check: The container was started without access to a GPU');
  });

  itNeeding(NEEDS, 'ends as a shell does for a program that cannot be run', () => {
    expect(run(ONE_GPU, ['warn', '--', 'no-such-program']).status).toBe(127);
    expect(run(ONE_GPU, ['warn', '--', '/no/such/program']).status).toBe(127);
    expect(run(ONE_GPU, ['warn', '--', '/etc/passwd']).status).toBe(126);
  });

  itNeeding(NEEDS, 'refuses what it does not know, and says what it takes', () => {
    for (const args of [[], ['warn'], ['warn', '--'], ['maybe', '--', 'true'], ['stop', 'true']]) {
      const { status, lines } = run(ONE_GPU, args);
      expect(status).toBe(2);
      expect(lines[0]).toBe(
        'usage: cuda-image-probe --self-check warn|stop -- PROGRAM [ARGUMENT...]',
      );
    }
  });
});

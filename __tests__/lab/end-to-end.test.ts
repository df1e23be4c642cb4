import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../../lab/check.js';
import { cgroupsOf, mountsOf, processesOf } from '../../lab/cleanup.js';

/**
 * Every scenario end to end: the built action, a real engine, a real registry, a simulated driver. All in this one file, because there
 * is one lab and a second worker would only wait for it.
 */
const ROOT = process.cwd();
const LAB = [join(ROOT, 'lab', 'start.mjs')];
const STATE = join(ROOT, '.lab', 'state.json');
const NAMES = readdirSync(join(ROOT, 'lab', 'scenarios')).map((name) =>
  name.replace(/\.json$/, ''),
);
const MINUTE = 60_000;

interface State {
  runtime: string;
  engines: Record<string, { socket: string }>;
}

interface Ended {
  code: number | null;
  output: string;
}

const readState = (): State | undefined => {
  try {
    return JSON.parse(readFileSync(STATE, 'utf8')) as State;
  } catch {
    return undefined;
  }
};

const lab = (args: string[], onStart?: (pid: number) => void): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...LAB, ...args], { cwd: ROOT });
    let output = '';
    child.stdout.on('data', (text) => {
      output += String(text);
    });
    child.stderr.on('data', (text) => {
      output += String(text);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
    onStart?.(child.pid ?? 0);
  });

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const containers = (filter: readonly string[]): string[] =>
  Object.values(readState()?.engines ?? {}).flatMap((engine) => {
    const args = ['ps', '--quiet', ...filter];
    const env = { ...process.env, DOCKER_HOST: engine.socket };
    return execFileSync('docker', args, {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\n')
      .filter((line) => line !== '');
  });

/** Waits for the probe's container to run, then gives the lab's process a signal. */
const signalWhenRunning =
  (name: NodeJS.Signals) =>
  (pid: number): void => {
    const watch = async (): Promise<void> => {
      for (let round = 0; round < 600; round += 1) {
        await sleep(200);
        try {
          if (containers([]).length > 0) break;
        } catch {
          // The engine is not up yet.
        }
      }
      process.kill(pid, name);
    };
    void watch();
  };

const remains = async (runtime: string): Promise<string[]> => [
  ...(await processesOf(runtime)).map((pid) => `process ${pid}`),
  ...(await mountsOf(runtime)),
  ...(await cgroupsOf(runtime)),
  ...(existsSync(runtime) ? [runtime] : []),
];

const canRun = process.platform === 'linux' && process.getuid?.() === 0;
if (!canRun) {
  const words =
    'The end-to-end tests of the lab DID NOT RUN: they start a container engine of their own, which needs Linux and root (sudo npm test).';
  if (process.env['CI'] === 'true') {
    throw new Error(words);
  }
  process.stderr.write(`\n*** ${words}\n\n`);
}

(canRun ? describe : describe.skip)('the built action in the lab', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-records-'));
  const records = new Map<string, RunRecord>();

  beforeAll(async () => {
    const brought = await lab(['up']);
    expect(brought).toMatchObject({ code: 0 });
    const file = join(folder, 'records.json');
    const ended = await lab(['run', '--all', '--quiet', '--record', file]);
    if (!existsSync(file)) {
      throw new Error(`The lab wrote no records:\n${ended.output}`);
    }
    for (const record of JSON.parse(readFileSync(file, 'utf8')) as RunRecord[]) {
      records.set(record.scenario, record);
    }
  }, 25 * MINUTE);

  afterAll(async () => {
    await lab(['down']);
    rmSync(folder, { recursive: true, force: true });
  }, MINUTE);

  it.each(NAMES)('%s', (name) => {
    const record = records.get(name);
    expect(record).toBeDefined();
    expect({ problems: record?.problems, log: record?.log }).toEqual({
      problems: [],
      log: record?.log,
    });
    expect(record?.containersLeft).toEqual([]);
  });

  it('says in every report and summary that the GPUs are simulated', () => {
    for (const record of records.values()) {
      const names = JSON.stringify(record.report ?? {}).match(
        /"name":"[^"]*(?:NVIDIA|Tesla)[^"]*"/g,
      );
      for (const name of names ?? []) {
        expect(name).toContain('(simulated)');
      }
      if (names !== null && names.length > 0) {
        expect(record.summary.toLowerCase()).toContain('simulated');
      }
    }
  });

  /** What a shell on the scenario's machine has: DOCKER_HOST, PATH with its nvidia-smi, IMAGE. */
  const machineOf = async (scenario: string): Promise<Record<string, string>> => {
    const { output } = await lab(['env', scenario]);
    const told = [...output.matchAll(/^export (\w+)='(.*)'$/gm)];
    return Object.fromEntries(told.map(([, name, value]) => [name, value]));
  };

  it.each(['works-one-gpu', 'driver-too-old', 'minor-version-compatibility'])(
    'predict says of %s what check says, from the profile that check wrote',
    async (scenario) => {
      const { IMAGE = '', ...env } = await machineOf(scenario);
      const fleet = join(folder, `${scenario}.yml`);
      const cli = (...args: string[]) => {
        const run = spawnSync(
          process.execPath,
          [join(ROOT, 'dist', 'cli.js'), ...args, '--json', '--fail-on', 'never'],
          { encoding: 'utf8', env: { ...env, HOME: folder, XDG_CACHE_HOME: folder } },
        );
        expect({ status: run.status, stderr: run.stderr }).toMatchObject({ status: 0 });
        return JSON.parse(run.stdout).images[0];
      };
      const checked = cli('check', IMAGE, '--write-profile', `${fleet}:lab`);
      const predicted = cli('predict', IMAGE, '--fleet', fleet);
      expect(checked.basis).toBe('probe');
      expect(predicted).toMatchObject({
        basis: 'prediction',
        profile: 'lab',
        digest: checked.digest,
        verdict: checked.verdict,
        primary: checked.primary,
      });
    },
    2 * MINUTE,
  );

  describe('the recipe of a self-check in one’s own image', () => {
    const PAGE = readFileSync(join(ROOT, 'docs', 'recipes', 'self-check.md'), 'utf8');
    const machines = new Map<string, Record<string, string>>();
    const run = (scenario: string, args: readonly string[], mode: 'warn' | 'stop') => {
      const { IMAGE = '', ...env } = machines.get(scenario) ?? {};
      const [, dockerfile = ''] = /```dockerfile\n(.*?)```/s.exec(PAGE) ?? [];
      const context = mkdtempSync(join(folder, 'context-'));
      cpSync(join(ROOT, 'dist/probe/cuda-image-probe-linux-x64'), join(context, PROBE));
      const text = dockerfile
        .replace(/^FROM .*$/m, `FROM ${IMAGE}`)
        .replace('"warn"', JSON.stringify(mode))
        // BuildKit's, which the lab's engine has not; the file has this mode already.
        .replace('--chmod=755 ', '')
        .replace(/^CMD .*$/m, () => 'CMD ["sh", "-c", "echo program of process $$; exit 7"]');
      writeFileSync(join(context, 'Dockerfile'), text);
      const docker = (...words: string[]) =>
        spawnSync('docker', words, { encoding: 'utf8', env: { ...env, DOCKER_BUILDKIT: '0' } });
      const built = docker('build', '--quiet', '--tag', 'self-check', context);
      if (built.status !== 0) throw new Error(built.stderr);
      return docker('run', '--rm', '--network', 'none', ...args, 'self-check');
    };
    const PROBE = 'cuda-image-probe-linux-x64';

    beforeAll(async () => {
      for (const scenario of ['works-one-gpu', 'driver-too-old'])
        machines.set(scenario, await machineOf(scenario));
    }, MINUTE);

    it('says in one line that CUDA works and becomes the program', () => {
      const { status, stdout, stderr } = run('works-one-gpu', ['--gpus', 'all'], 'stop');
      expect({ status, stdout }).toEqual({ status: 7, stdout: 'program of process 1\n' });
      expect(stderr).toMatch(/^cuda-image-check: CUDA works: 1 GPU computed right, driver \S+, /);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    });

    it('says what is missing when nobody asked for GPUs, and runs the program all the same', () => {
      const { status, stdout, stderr } = run('works-one-gpu', [], 'warn');
      expect({ status, stdout }).toEqual({ status: 7, stdout: 'program of process 1\n' });
      const lines = stderr.trim().split('\n');
      expect(lines[0]).toBe('cuda-image-check: The container was started without access to a GPU');
      expect(lines).toContain('cuda-image-check:   do:   docker run --gpus all IMAGE');
    });

    it('stops before the program on a driver that is too old', () => {
      const { status, stdout, stderr } = run('driver-too-old', ['--gpus', 'all'], 'stop');
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('docs/findings/driver-too-old.md');
      expect(stderr).toContain('returned 35');
    });
  });

  it(
    'leaves no container when the run is ended with SIGTERM in the middle, and the lab stays up',
    async () => {
      const ended = await lab(['run', 'probe-hangs'], signalWhenRunning('SIGTERM'));
      expect(ended.code).toBe(143);
      expect(containers(['--all'])).toEqual([]);
    },
    2 * MINUTE,
  );

  it(
    'is gone without a trace after "down"',
    async () => {
      const runtime = readState()?.runtime ?? '';
      expect(existsSync(runtime)).toBe(true);
      const ended = await lab(['down']);
      expect(ended.output).toContain('no process, mount, cgroup or folder of it is left');
      expect(await remains(runtime)).toEqual([]);
      expect(existsSync(STATE)).toBe(false);
    },
    MINUTE,
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'a run that brought the lab up itself takes everything down after %s',
    async (name) => {
      let runtime = '';
      const signalAndLook = (pid: number): void => {
        signalWhenRunning(name)(pid);
        const look = setInterval(() => {
          runtime = readState()?.runtime ?? runtime;
          if (runtime !== '') clearInterval(look);
        }, 50);
      };
      const ended = await lab(['run', 'probe-hangs'], signalAndLook);
      expect(ended.code).toBe(name === 'SIGINT' ? 130 : 143);
      expect(runtime).not.toBe('');
      expect(await remains(runtime)).toEqual([]);
    },
    2 * MINUTE,
  );

  it(
    'what a killed lab left behind is removed by the next command',
    async () => {
      await lab(['run', 'probe-hangs'], signalWhenRunning('SIGKILL'));
      const runtime = readState()?.runtime ?? '';
      expect(await remains(runtime)).not.toEqual([]);
      const ended = await lab(['down']);
      expect(ended.code).toBe(0);
      expect(await remains(runtime)).toEqual([]);
    },
    2 * MINUTE,
  );
});

(canRun ? describe : describe.skip)('the torture harness', () => {
  it(
    'stands a few faults and attacks, and the harness of all the others works',
    async () => {
      const ended = await lab(['torture', 'smoke']);
      expect(ended.output).toMatch(/\n5 of 5 rows as they must be, \d+ s\n$/);
      expect(ended.code).toBe(0);
      expect(existsSync(STATE)).toBe(false);
    },
    3 * MINUTE,
  );
});

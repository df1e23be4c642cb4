import { describe, expect, it } from '@jest/globals';
import { cleanUpAfter } from '../../src/after.js';
import { createCliEngine } from '../../src/engine/cli.js';
import { run } from '../../src/run.js';
import { containerLabels, containerName, sweep, sweepDead } from '../../src/sweep.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeDocker, type FakeDocker } from '../fakes/docker.js';
import { createFakeShell } from '../fakes/shell.js';
import { createTestWorld, probeOutput } from '../fakes/world.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const HOUR = 3_600_000;
/** Of a run that began two hours ago and had a quarter of an hour. */
const PAST = containerLabels('dead', NOW - 2 * HOUR, HOUR / 4);

interface Made {
  name: string;
  labels?: readonly string[];
  image?: string;
}

/** An engine that holds these containers, in a world with an image whose labels are those of a dead run. */
const engineWith = async (...made: Made[]): Promise<FakeDocker> => {
  const forged = Object.fromEntries(PAST.map((label) => label.split('=') as [string, string]));
  const docker = createFakeDocker({
    'plain:1': {},
    'forged:1': { labels: forged },
    'forged-deadline:1': { labels: { 'cuda-image-check.deadline': 'soon' } },
  });
  for (const { name, labels = [], image = 'plain:1' } of made) {
    const words = labels.flatMap((label) => ['--label', label]);
    await docker.program(['create', '--name', name, ...words, image], {});
  }
  return docker;
};

/** What is left, and what was said, after the post step of the run `own`. */
const afterPost = async (...made: Made[]) => {
  const docker = await engineWith(...made);
  const shell = createFakeShell({ docker: docker.program });
  const state: Record<string, string> = { 'run-id': 'own', engine: 'docker' };
  const said = await cleanUpAfter((name) => state[name] ?? '', shell, createFakeClock());
  return {
    left: [...docker.containers.keys()],
    said: said.map(({ message }) => message),
    calls: shell.calls,
  };
};

describe('the post step', () => {
  it('does nothing without state', async () => {
    const shell = createFakeShell({});
    expect(await cleanUpAfter(() => '', shell, createFakeClock())).toEqual([]);
    expect(shell.calls).toEqual([]);
  });

  it('asks the engine once when there is nothing', async () => {
    const { calls, said } = await afterPost({ name: 'postgres' });
    expect(calls).toHaveLength(1);
    expect(said).toEqual([]);
  });

  it('removes what the main step left, however long that may still take', async () => {
    const labels = containerLabels('own', NOW, HOUR);
    const own = ['1', '2'].map((suffix) => ({ name: containerName('own', suffix), labels }));
    expect(await afterPost(...own)).toMatchObject({ left: [], said: [] });
  });

  it('removes what a dead run left, once its deadline has passed', async () => {
    const name = containerName('dead', '1');
    expect(await afterPost({ name, labels: PAST })).toMatchObject({ left: [], said: [] });
    const tight = containerLabels('dead', NOW - HOUR, 0);
    expect((await afterPost({ name, labels: tight })).left).toEqual([name]);
    const passed = containerLabels('dead', NOW - HOUR - 1001, 0);
    expect((await afterPost({ name, labels: passed })).left).toEqual([]);
  });

  it.each<[string, Made]>([
    [
      'of a run that goes on',
      { name: containerName('live', '1'), labels: containerLabels('live', NOW - HOUR, HOUR) },
    ],
    ['without our label', { name: containerName('dead', '1'), labels: PAST.slice(1) }],
    [
      'without a deadline, as earlier versions made them',
      { name: containerName('dead', '1'), labels: PAST.slice(0, 1) },
    ],
    ['of somebody else, from an image with our labels', { name: 'keen_hopper', image: 'forged:1' }],
    ['of somebody else, with our labels copied', { name: 'keen_hopper', labels: PAST }],
    ['of another run than its label says', { name: containerName('other', '1'), labels: PAST }],
    [
      'with a name that only begins like ours',
      { name: `${containerName('dead', '1')}-data`, labels: PAST },
    ],
    ['with the name of a run and no number', { name: containerName('dead', ''), labels: PAST }],
    [
      'of an image that says that it is this run',
      { name: 'keen_hopper', labels: ['cuda-image-check.run=own'] },
    ],
  ])('leaves a container %s', async (_, made) => {
    expect(await afterPost(made)).toMatchObject({ left: [made.name], said: [] });
  });

  it.each(['', '60', '-1', '1e9', '12.5', 'NaN', '0x1', '9'.repeat(13), '１'])(
    'leaves one whose deadline is %j, and says which',
    async (deadline) => {
      const name = containerName('dead', '1');
      const labels = ['cuda-image-check.run=dead', `cuda-image-check.deadline=${deadline}`];
      const { left, said } = await afterPost({ name, labels });
      expect(left).toEqual([name]);
      // An empty one is the same as none.
      expect(said).toEqual(deadline === '' ? [] : [expect.stringContaining(name)]);
    },
  );

  it('cannot be led to another container by what an image wrote into a label', async () => {
    const docker = await engineWith({ name: 'database' });
    const [database] = docker.containers.values();
    const line = JSON.stringify([database?.id, containerName('dead', '1'), 'dead', '1']);
    const hostile = ['run', 'deadline'].map(
      (label) => `cuda-image-check.${label}=x"]\n${line}\n["`,
    );
    await docker.program(
      ['create', '--name', 'keen_hopper', ...hostile.flatMap((label) => ['--label', label]), 'x'],
      {},
    );
    const shell = createFakeShell({ docker: docker.program });
    expect(await sweep(createCliEngine('docker', shell, createFakeClock()), 'own', NOW)).toEqual(
      [],
    );
    expect([...docker.containers.keys()]).toEqual(['database', 'keen_hopper']);
  });

  it('goes through a long label without an end of its own', async () => {
    const labels = ['cuda-image-check.run=own', `cuda-image-check.deadline=${'9'.repeat(9_000)}`];
    expect((await afterPost({ name: containerName('own', '1'), labels })).left).toEqual([]);
  });

  it('says which container of an earlier run would not go, and that only', async () => {
    const docker = await engineWith({ name: containerName('dead', '1'), labels: PAST });
    const engine = createCliEngine(
      'docker',
      createFakeShell({ docker: docker.program }),
      createFakeClock(),
    );
    docker.refusals.set('rm', [
      { code: 1, stderr: 'Error response from daemon: removal is stuck\n' },
    ]);
    expect(await sweep(engine, 'own', NOW)).toEqual([
      expect.stringMatching(/^cuda-image-check-dead-1, which an earlier run left: .*stuck$/),
    ]);
    expect(await sweep(engine, 'own', NOW)).toEqual([]);
  });

  it.each([
    ['goes', 2, [250, 750], []],
    [
      'hangs',
      5,
      [250, 750, 2_000, 5_000],
      [expect.stringMatching(/^docker rm --force --volumes \S+: .*already in progress$/)],
    ],
  ])(
    'looks again at one that somebody else is removing, which %s',
    async (_what, answers, pauses, said) => {
      const docker = await engineWith({
        name: containerName('own', '1'),
        labels: ['cuda-image-check.run=own'],
      });
      const waits: number[] = [];
      const sleep = async (ms: number) => void waits.push(ms);
      const shell = createFakeShell({ docker: docker.program });
      const engine = createCliEngine('docker', shell, { sleep });
      const going = 'Error response from daemon: removal of container x is already in progress\n';
      docker.refusals.set(
        'rm',
        Array.from({ length: answers }, () => ({ code: 1, stderr: going })),
      );
      expect(await sweep(engine, 'own', NOW)).toEqual(said);
      expect(waits).toEqual(pauses);
    },
  );

  it('removes at most so many of dead runs', async () => {
    const made = Array.from({ length: 40 }, (_, at) => ({
      name: containerName('dead', `${at}`),
      labels: PAST,
    }));
    expect((await afterPost(...made)).left).toHaveLength(8);
  });

  it('begins with others each time, so that some that would not go keep no other one', async () => {
    const made = Array.from({ length: 40 }, (_, at) => ({
      name: containerName('dead', `${at}`),
      labels: PAST,
    }));
    const docker = await engineWith(...made);
    const first = [...docker.containers].slice(0, 32);
    const stuck = new Set(first.map(([, { id }]) => id));
    const shell = createFakeShell({
      docker: (args, options) =>
        args[0] === 'rm' && stuck.has(args.at(-1) ?? '')
          ? { code: 1, stderr: 'Error response from daemon: removal is stuck\n' }
          : docker.program(args, options),
    });
    const engine = createCliEngine('docker', shell, createFakeClock());
    for (let second = 0; second < 40; second += 8) await sweep(engine, 'own', NOW + second * 1000);
    expect([...docker.containers.keys()]).toEqual(first.map(([name]) => name));
  });

  it('keeps to this run with nerdctl, whose listing can be forged', async () => {
    const made = ['own', 'dead'].map((id) => ({
      name: containerName(id, '1'),
      labels: [`cuda-image-check.run=${id}`, ...PAST.slice(1)],
    }));
    const docker = await engineWith(...made);
    const engine = createCliEngine(
      'nerdctl',
      createFakeShell({ nerdctl: docker.program }),
      createFakeClock(),
    );
    expect(await sweepDead(engine, NOW)).toEqual([]);
    expect(docker.containers.size).toBe(2);
    expect(await sweep(engine, 'own', NOW)).toEqual([]);
    expect([...docker.containers.keys()]).toEqual([containerName('dead', '1')]);
  });
});

describe('a run', () => {
  const world = async (given: { hasPost: boolean; inputs?: Record<string, string> }) => {
    const made = createTestWorld({
      inputs: { images: 'x:1', ...given.inputs },
      images: { 'x:1': { run: ({ nonce }) => ({ stdout: probeOutput(nonce) }) } },
      workflowFiles: { unset: given.hasPost ? [] : ['GITHUB_STATE'], unusable: [] },
    });
    const words = PAST.flatMap((label) => ['--label', label]);
    await made.docker.program(['create', '--name', containerName('dead', '1'), ...words, 'y'], {});
    return made;
  };

  it('leaves that to its post step, and asks nothing more', async () => {
    const made = await world({ hasPost: true });
    await run(made);
    expect([...made.docker.containers.keys()]).toEqual([containerName('dead', '1')]);
    expect(made.shell.calls.filter((call) => call.startsWith('docker ps'))).toEqual([]);
  });

  it('looks for dead ones itself where no post step follows', async () => {
    const made = await world({ hasPost: false });
    await run(made);
    expect(made.docker.containers.size).toBe(0);
  });

  it('gives its containers its whole time and an hour', async () => {
    const made = await world({
      hasPost: true,
      inputs: { images: 'x:1,y:1', timeout: '10m', 'pull-timeout': '20m' },
    });
    const began = made.clock.now();
    await run(made);
    const create = made.shell.calls.find((call) => call.startsWith('docker create')) ?? '';
    const deadline = Number(/cuda-image-check\.deadline=(\d+)/.exec(create)?.[1]) * 1000;
    expect(deadline - began).toBe(2 * (HOUR / 6 + HOUR / 3) + HOUR);
  });
});

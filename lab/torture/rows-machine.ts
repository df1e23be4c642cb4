import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerOf } from './bench.js';
import { invariants } from './invariants.js';
import type { Acted, Bench, Row } from './row.js';
import { differs, type Expected, loudPost, seenOf } from './rows.js';
import { actionContainers, ask, containerRuns, type EngineContainer } from './state.js';

const WORKS: Expected = { exitCode: 0, verdict: 'works', primary: null };
const HOUR = 3600;
const DAY = 24 * HOUR;

/** Variables of a process whose clock is wrong, and what sets it. */
const wrongClock = async (bench: Bench, row: string, seconds: number) => {
  const file = join(bench.lab.runtime, 'torture', row, 'clock-offset');
  const set = (by: number) => writeFile(file, String(by));
  await set(seconds);
  return { set, machine: { LD_PRELOAD: bench.programs.clock, CLOCK_OFFSET_FILE: file } };
};

const isThere = async (bench: Bench, id: string): Promise<boolean> =>
  (await ask<EngineContainer[]>(bench.socket, '/containers/json?all=1')).some(
    ({ Id }) => Id === id,
  );

/** Main and post step of a run that must go well, and what is wrong with it. */
const whole = async (
  bench: Bench,
  row: string,
  as: string,
  settings: { images: readonly string[]; machine?: Record<string, string> },
): Promise<{ run: Acted; problems: string[] }> => {
  const run = await bench.act(row, { ...settings, as: `${row}/${as}`, limitSeconds: 60 });
  const post = await bench.post(row, run, { ...settings, as: `${row}/${as}` });
  return {
    run,
    problems: [
      ...differs(run, WORKS),
      ...(await invariants(bench.paths.root, run)),
      ...loudPost(post),
    ].map((problem) => `${as}: ${problem}`),
  };
};

const dead: Row = {
  name: 'dead-without-post',
  part: 'machine',
  what: 'loses the action and its runner while the image runs; the next run comes too early, the one after it two hours later',
  how: 'SIGKILL and no `post`; the clock of the last run is preloaded',
  limitSeconds: 60,
  run: async (bench) => {
    const { name } = dead;
    await bench.setHost({});
    const hanging = await bench.publish(`${name}-hanging`, { wrapper: 'sleep 600; exec "$@"' });
    const image = await bench.publish(name, { labels: { maintainer: name } });
    let ended = false;
    const killed = await bench.act(name, {
      images: [hanging],
      limitSeconds: 60,
      onStart: (child) => {
        void containerRuns(bench.socket, () => ended).then(() => child.kill('SIGKILL'));
      },
    });
    ended = true;
    const [left] = await actionContainers(bench.socket);
    const early = await whole(bench, name, 'early', { images: [image] });
    const stays = left !== undefined && (await isThere(bench, left.Id));
    const { machine } = await wrongClock(bench, name, 2 * HOUR);
    const late = await whole(bench, name, 'late', { images: [image], machine });
    const gone = left !== undefined && !(await isThere(bench, left.Id));
    return {
      seen: `exit ${killed.exitCode}; left alone by the next run, removed by the one after its time; both ${seenOf(late.run)}`,
      problems: [
        ...(killed.exitCode === 137 ? [] : [`exit code ${killed.exitCode}, expected 137`]),
        ...(left === undefined ? ['no container was left: nothing was tried'] : []),
        ...(stays ? [] : ['the next run removed it before its time']),
        ...(gone ? [] : ['it is still there after its time']),
        ...early.problems,
        ...late.problems,
      ],
    };
  },
};

const inherited: Row = {
  name: 'labels-inherited-from-an-image',
  part: 'machine',
  what: 'has containers of somebody else, whose images carry the action’s own labels with a deadline long past',
  how: 'one that runs and one that does not, with names near the action’s; then main and `post`',
  limitSeconds: 60,
  run: async (bench) => {
    const { name } = inherited;
    const docker = dockerOf(bench);
    await bench.setHost({});
    const id = randomUUID();
    const theirs = await bench.publish(`${name}-theirs`, {
      labels: { 'cuda-image-check.run': id, 'cuda-image-check.deadline': '1' },
    });
    const image = await bench.publish(name, { labels: { maintainer: name } });
    await docker('pull', '--quiet', theirs);
    const names = [`cuda-image-check-${id}`, `cuda-image-check-${id}-1-data`];
    const made: string[] = [];
    try {
      for (const [at, one] of names.entries()) {
        const words = at === 0 ? ['run', '--detach'] : ['create'];
        const options = ['--name', one, '--network', 'none'];
        made.push((await docker(...words, ...options, theirs, 'sleep', '600')).trim());
      }
      const { run, problems } = await whole(bench, name, 'run', { images: [image] });
      const states = (await ask<EngineContainer[]>(bench.socket, '/containers/json?all=1')).flatMap(
        ({ Id, State }) => (made.includes(Id) ? [State] : []),
      );
      return {
        seen: `${seenOf(run)}; both are as they were`,
        problems: [
          ...problems,
          ...(states.sort().join() === 'created,running'
            ? []
            : [`theirs are now: ${states.join() || 'gone'}`]),
        ],
      };
    } finally {
      for (const one of made) await docker('rm', '--force', one);
    }
  },
};

const beside: Row = {
  name: 'another-run-ends-meanwhile',
  part: 'machine',
  what: 'has another run whose `post` cleans up while this one’s image runs, an image that carries the action’s labels with a deadline long past',
  how: '`post` with the id of another run, when the container runs',
  limitSeconds: 60,
  run: async (bench) => {
    const { name } = beside;
    await bench.setHost({});
    const image = await bench.publish(name, {
      wrapper: 'sleep 4; exec "$@"',
      labels: { 'cuda-image-check.run': randomUUID(), 'cuda-image-check.deadline': '1' },
    });
    let ended = false;
    let meanwhile = false;
    const other = containerRuns(bench.socket, () => ended).then(async () => {
      const state = { 'run-id': randomUUID(), engine: 'docker' };
      const post = await bench.post(name, { state }, { as: `${name}/other` });
      meanwhile = !ended;
      return post;
    });
    const { run, problems } = await whole(bench, name, 'run', { images: [image] });
    ended = true;
    const { exitCode, log } = await other;
    return {
      seen: seenOf(run),
      problems: [
        ...problems,
        ...(meanwhile ? [] : ['the other run did not end meanwhile']),
        ...(exitCode === 0 && log === ''
          ? []
          : [`the other post step ended with ${exitCode}: ${log}`]),
      ],
    };
  },
};

const clockRow = (name: string, what: string, start: number, jump: number): Row => ({
  name,
  part: 'machine',
  what,
  how: 'a library preloaded into the action alone; the monotonic clock goes on',
  limitSeconds: 60,
  run: async (bench) => {
    await bench.setHost({});
    const image = await bench.publish(name, { wrapper: 'sleep 1; exec "$@"' });
    const { set, machine } = await wrongClock(bench, name, start);
    let ended = false;
    let jumped = jump === start;
    const jumping = containerRuns(bench.socket, () => ended).then(async () => {
      if (ended || jumped) return;
      await set(jump);
      jumped = true;
    });
    const { run, problems } = await whole(bench, name, 'run', { images: [image], machine });
    ended = true;
    await jumping;
    return {
      seen: seenOf(run),
      problems: [...problems, ...(jumped ? [] : ['the clock did not jump'])],
    };
  },
});

/** So many runs at once on one engine, each with its own post step, and what is wrong with them. */
export const atOnce = async (
  bench: Bench,
  row: string,
  count: number,
): Promise<{ seconds: number; problems: string[] }> => {
  await bench.setHost({});
  const image = await bench.publish(row, { labels: { maintainer: row } });
  const began = Date.now();
  const runs = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const as = `${row}/${at}`;
      const limitSeconds = 60 + 20 * count;
      const run = await bench.act(row, {
        images: [image],
        inputs: { timeout: '10m', 'pull-timeout': '10m' },
        as,
        limitSeconds,
      });
      const post = await bench.post(row, run, { as, limitSeconds });
      return [
        ...differs(run, WORKS),
        ...(await invariants(bench.paths.root, run, { limitSeconds })),
        ...(post.exitCode === 0 && post.log === '' ? [] : [`post: ${post.log}`]),
      ].map((problem) => `run ${at}: ${problem}`);
    }),
  );
  return { seconds: (Date.now() - began) / 1000, problems: runs.flat() };
};

const tenAtOnce: Row = {
  name: 'ten-at-once',
  part: 'machine',
  what: 'has ten runs of the action at once, on one engine and one image',
  how: 'ten main steps started together, each followed by its `post`',
  limitSeconds: 260,
  run: async (bench) => {
    const { problems } = await atOnce(bench, tenAtOnce.name, 10);
    return { seen: '`works`, exit 0, ten times', problems };
  },
};

export const machineRows: readonly Row[] = [
  dead,
  inherited,
  beside,
  clockRow('clock-jumps-forward', 'sets its clock a day ahead while the image runs', 0, DAY),
  clockRow('clock-jumps-back', 'sets its clock a day back while the image runs', 0, -DAY),
  clockRow(
    'clock-of-1970',
    'has a clock that has never been set, and is set right while the image runs',
    -Math.floor(Date.now() / 1000) + 60,
    0,
  ),
  tenAtOnce,
];

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processesOf } from '../cleanup.js';
import { startEngine } from '../engine.js';
import { isAlive, signal, sleep, waitUntil } from '../process.js';
import { invariants } from './invariants.js';
import type { Row } from './row.js';
import { differs, failedPost, seenOf } from './rows.js';
import { ask, containerRuns, type EngineContainer } from './state.js';
import { unmountBelow } from './volume.js';

const shimRow = (name: string, what: string, how: string, shim: string, primary: string): Row => ({
  name,
  part: 'engine',
  what,
  how,
  limitSeconds: 60,
  run: async (bench) => {
    await bench.setHost({});
    const image = await bench.publish(name, { labels: { maintainer: name } });
    const run = await bench.act(name, { images: [image], limitSeconds: 60, shim });
    const post = await bench.post(name, run);
    return {
      seen: seenOf(run),
      problems: [
        ...differs(run, { exitCode: 2, verdict: 'unknown', primary }),
        ...(await invariants(bench.paths.root, run, { limitSeconds: 60 })),
        ...failedPost(post),
      ],
    };
  },
});

/** An engine that is about to be stopped may be slow to start the container. */
const PATIENT = { withinMs: 60_000, everyMs: 50 };

const frozen: Row = {
  name: 'engine-frozen-for-five-seconds',
  part: 'engine',
  what: 'does not answer for five seconds while the image runs, then goes on',
  how: 'SIGSTOP and SIGCONT to the engine’s process',
  limitSeconds: 60,
  run: async (bench) => {
    const name = frozen.name;
    await bench.setHost({});
    const image = await bench.publish(name, { wrapper: 'sleep 2; exec "$@"' });
    const { pid } = await bench.lab.engine(true);
    let ended = false;
    const freezing = containerRuns(bench.socket, () => ended, PATIENT).then(async () => {
      signal(pid, 'SIGSTOP');
      await sleep(5_000);
      signal(pid, 'SIGCONT');
    });
    const run = await bench.act(name, { images: [image], limitSeconds: 60 });
    ended = true;
    await freezing;
    const post = await bench.post(name, run);
    return {
      seen: seenOf(run),
      problems: [
        ...differs(run, { exitCode: 0, verdict: 'works', primary: null }),
        ...(await invariants(bench.paths.root, run, { limitSeconds: 60 })),
        ...failedPost(post),
      ],
    };
  },
};

const pidIn = async (file: string): Promise<number> => Number(await readFile(file, 'utf8'));

/** An engine of the row's own: the lab's must go on. */
const restartRow = (
  name: string,
  what: string,
  how: string,
  name2: 'SIGKILL' | 'SIGTERM',
  primary: string,
): Row => ({
  name,
  part: 'engine',
  what,
  how,
  limitSeconds: 90,
  run: async (bench) => {
    await bench.setHost({});
    const image = await bench.publish(name, { wrapper: 'sleep 40; exec "$@"' });
    const settings = {
      folder: join(bench.lab.runtime, `engine-${name2.toLowerCase()}`),
      hookFolder: bench.lab.simulation.hook,
      hostFolder: join(bench.lab.runtime, 'host'),
    };
    let engine = await startEngine(settings);
    let ended = false;
    const own = { ...bench, socket: engine.socket };
    let ran = false;
    const restarting = containerRuns(own.socket, () => ended, PATIENT).then(async (is) => {
      ran = is && !ended;
      const containerd = await pidIn(join(settings.folder, 'exec', 'containerd', 'containerd.pid'));
      signal(engine.pid, name2);
      // The daemon that follows waits in vain for a containerd that is dead and not yet buried.
      const isOver = () => !isAlive(engine.pid) && !existsSync(`/proc/${containerd}`);
      if (!(await waitUntil(isOver, 20_000))) throw new Error('the engine did not end');
      engine = await startEngine(settings);
    });
    const machine = { DOCKER_HOST: engine.socket };
    const run = await bench.act(name, { images: [image], limitSeconds: 90, machine });
    ended = true;
    await restarting;
    const post = await bench.post(name, run, { machine });
    const left = await ask<EngineContainer[]>(engine.socket, '/containers/json?all=1');
    signal(engine.pid, 'SIGTERM');
    await waitUntil(() => !isAlive(engine.pid), 20_000);
    await waitUntil(async () => (await processesOf(settings.folder)).length === 0, 20_000, 200);
    const alive = await processesOf(settings.folder);
    for (const pid of alive) signal(pid, 'SIGKILL');
    // The one that was killed could not take back the mount of its data upon themselves.
    await unmountBelow(settings.folder);
    return {
      seen: `${seenOf(run)}; \`post\` found the engine back`,
      problems: [
        ...(ran ? [] : ['the image did not run when the engine was ended']),
        ...differs(run, { exitCode: 2, verdict: 'unknown', primary }),
        ...(await invariants(bench.paths.root, run, { limitSeconds: 90 })),
        ...failedPost(post),
        ...alive.map((pid) => `process ${pid} of the engine goes on after its end`),
        ...left.map(({ Names, State }) => `container left: ${Names.join()} ${State}`),
      ],
    };
  },
});

export const engineRows: readonly Row[] = [
  shimRow(
    'engine-speaks-no-json',
    'answers with something that is no JSON',
    'a `docker` whose `image inspect` prints a text',
    'if [ "$1" = image ]; then echo "::error::forged"; exit 0; fi',
    'unrecognised',
  ),
  shimRow(
    'engine-says-nothing',
    'answers nothing, with success',
    'a `docker` whose `image inspect` prints nothing',
    'if [ "$1" = image ]; then exit 0; fi',
    'unrecognised',
  ),
  shimRow(
    'engine-answers-without-end',
    'answers without end',
    'a `docker` whose `image inspect` prints a gigabyte',
    'if [ "$1" = image ]; then head -c 1G /dev/zero | tr "\\0" "["; exit 0; fi',
    'unrecognised',
  ),
  shimRow(
    'engine-cannot-copy',
    'refuses the copy of the probe',
    'a `docker` whose `cp` fails in words of a full disk',
    'if [ "$1" = cp ]; then cat >/dev/null; echo "Error response from daemon: write /: no space left on device" >&2; exit 1; fi',
    'disk-full',
  ),
  shimRow(
    'engine-is-gone',
    'is not there',
    'a `docker` that says so, as the real one does',
    'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; exit 1',
    'engine-unreachable',
  ),
  shimRow(
    'client-is-killed',
    'has a client that is killed as it starts the container',
    'a `docker` that ends itself with SIGKILL at `start`',
    'if [ "$1" = start ]; then kill -9 $$; fi',
    'unrecognised',
  ),
  frozen,
  restartRow(
    'engine-killed-and-restarted',
    'is killed while the image runs, and comes back',
    'an engine of the row’s own, SIGKILL, started again on the same data',
    'SIGKILL',
    'engine-unreachable',
  ),
  restartRow(
    'engine-restarted',
    'is restarted while the image runs',
    'the same with SIGTERM',
    'SIGTERM',
    'probe-killed',
  ),
];

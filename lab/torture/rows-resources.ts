import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroupsOf } from '../cleanup.js';
import { sleep } from '../process.js';
import type { Bench, Row } from './row.js';
import { imageRow } from './rows.js';
import { ask, type EngineContainer } from './state.js';

const WORKS = { exitCode: 0, verdict: 'works', primary: null } as const;
const KILLED = { exitCode: 2, verdict: 'unknown', primary: 'probe-killed' } as const;
const NOT_REACHED = { exitCode: 2, verdict: 'unknown', primary: 'probe-not-reached' } as const;

/** The first process does not fork itself: it stays when nothing more can be forked. */
const BOMB = 'bomb() { sleep 300 & (bomb) & bomb; }\n(bomb 2>/dev/null) &\nexec sleep 300';

/** The most processes that the action's container had at once, by its cgroup. */
const mostProcesses =
  (limit: number, atLeast: number) =>
  async (bench: Bench, ended: () => boolean): Promise<string[]> => {
    let most = 0;
    while (!ended()) {
      const held = await ask<EngineContainer[]>(bench.socket, '/containers/json').catch(() => []);
      const one = held.find(({ Labels }) => 'cuda-image-check.run' in Labels);
      for (const group of one === undefined ? [] : await cgroupsOf(bench.lab.runtime)) {
        const file = join(group, one?.Id ?? '', 'pids.current');
        most = Math.max(most, Number(await readFile(file, 'utf8').catch(() => '0')));
      }
      await sleep(50);
    }
    return [
      ...(most > limit ? [`${most} processes at once, the limit is ${limit}`] : []),
      ...(most < atLeast ? [`only ${most} processes were seen: the attack did not work`] : []),
    ];
  };

export const resourceRows: readonly Row[] = [
  imageRow({
    name: 'fork-bomb',
    part: 'resources',
    what: 'forks without end',
    how: 'each process starts two more, `timeout: 6s`; the container’s limit of 2,048 processes is watched in its cgroup',
    image: { wrapper: BOMB },
    inputs: { timeout: '6s' },
    limitSeconds: 60,
    expect: NOT_REACHED,
    during: mostProcesses(2048, 100),
  }),
  imageRow({
    name: 'fork-bomb-within-a-lower-limit',
    part: 'resources',
    what: 'the same in a container with the job’s own, lower limit',
    how: '`container-options: --pids-limit 64`',
    image: { wrapper: BOMB },
    inputs: { timeout: '6s', 'container-options': '--pids-limit 64' },
    expect: NOT_REACHED,
    during: mostProcesses(64, 60),
  }),
  imageRow({
    name: 'memory',
    part: 'resources',
    what: 'takes memory without end',
    how: '`container-options: --memory 64m`, `tail /dev/zero`',
    image: { wrapper: 'exec tail /dev/zero' },
    inputs: { 'container-options': '--memory 64m --memory-swap 64m' },
    expect: KILLED,
  }),
  imageRow({
    name: 'shared-memory',
    part: 'resources',
    what: 'fills `/dev/shm`, then lets the probe run',
    how: '`dd` from /dev/zero until there is no room: 64 MiB, as in any container',
    image: { wrapper: 'cat /dev/zero >/dev/shm/full 2>/dev/null\nexec "$@"' },
    expect: WORKS,
  }),
  imageRow({
    name: 'many-inodes',
    part: 'resources',
    what: 'makes 20,000 files and folders in the container',
    how: 'a loop in the entry point, then the probe',
    image: {
      wrapper: 'mkdir /opt/m; cd /opt/m; seq 1 20000 | xargs touch\nexec "$@"',
    },
    expect: WORKS,
  }),
  imageRow({
    name: 'busy-processors',
    part: 'resources',
    what: 'keeps every processor busy while the probe runs',
    how: '32 endless loops behind the entry point',
    image: {
      wrapper: 'i=0; while [ $i -lt 32 ]; do (while :; do :; done) & i=$((i+1)); done\nexec "$@"',
    },
    inputs: { timeout: '60s' },
    limitSeconds: 90,
    expect: WORKS,
  }),
];

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../commands.js';
import { waitUntil } from '../process.js';
import { invariants } from './invariants.js';
import { today, writeRepeated } from './page.js';
import type { Bench } from './row.js';
import { differs } from './rows.js';
import { atOnce } from './rows-machine.js';
import { difference, type MachineState, stateOf } from './state.js';

/** So many runs are what docs/reliability.md tells of. */
const TOLD = 1000;
/** Runs before growth is measured: caches of engine and kernel fill in the first ones. */
const WARM_UP = 20;

/** Change per run by least squares. Pure. */
const slope = (values: readonly number[]): number => {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  const under = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return under === 0 ? 0 : over / under;
};

interface Sample {
  /** Highest resident memory of the action, in MiB. */
  action: number;
  /** Resident memory of the engine, in MiB, and its open files. */
  engine: number;
  descriptors: number;
  ms: number;
}

const engineNow = async (pid: number): Promise<{ engine: number; descriptors: number }> => ({
  engine:
    Number(/VmRSS:\s*(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  descriptors: (await readdir(`/proc/${pid}/fd`)).length,
});

/** What is there that was not there before; an engine that has much to do takes some seconds to let go of the last mount. */
const leftOver = async (
  before: MachineState,
  state: () => Promise<MachineState>,
): Promise<string[]> => {
  let left: string[] = [];
  await waitUntil(
    async () => {
      left = difference(before, await state());
      return left.length === 0;
    },
    30_000,
    500,
  );
  return left;
};

/** What the runs came to, as lines of text. Pure. */
const toldOf = (samples: readonly Sample[], left: readonly string[], failed: number): string[] => {
  const steady = samples.slice(Math.min(WARM_UP, samples.length - 1));
  const of = (key: keyof Sample) => steady.map((sample) => sample[key]);
  const kibEach = (key: 'action' | 'engine') => `${(slope(of(key)) * 1024).toFixed(2)} KiB`;
  const seconds = of('ms').sort((a, b) => a - b)[Math.floor(steady.length / 2)] ?? 0;
  const [first, last] = [steady[0], steady.at(-1)];
  return [
    `${samples.length} runs in a row, ${failed === 0 ? 'all' : `all but ${failed}`} with \`works\`, exit 0, a valid report and no file left; ${(seconds / 1000).toFixed(1)} s for a run (median)`,
    `containers, images, volumes, networks, mounts, layers and processes left over: ${left.length === 0 ? 'none' : left.join('; ')}`,
    `highest resident memory of the action: ${Math.max(...of('action')).toFixed(0)} MiB, ${kibEach('action')} more with each run (least squares, after ${WARM_UP} runs)`,
    `the engine: ${first?.engine.toFixed(0)} to ${last?.engine.toFixed(0)} MiB, ${kibEach('engine')} more with each run; ${first?.descriptors} to ${last?.descriptors} open files`,
  ];
};

/**
 * Runs the action so many times in a row on one image and says what is left, and what grew; of 1,000 runs and more docs/reliability.md tells, too.
 * 0 when each came out well and nothing is left.
 */
export const repeat = async (bench: Bench, count: number, world: World): Promise<number> => {
  await bench.setHost({});
  const image = await bench.publish('repeat', {});
  const { pid } = await bench.lab.engine(true);
  const state = () =>
    stateOf(bench.socket, join(bench.lab.runtime, 'engine', 'data'), bench.lab.runtime);
  const once = async () => {
    await bench.folder('repeat');
    const run = await bench.act('repeat', {
      images: [image],
      // As long as the machine's other work makes it take.
      inputs: { timeout: '10m', 'pull-timeout': '10m' },
      limitSeconds: 600,
    });
    return {
      run,
      problems: [
        ...differs(run, { exitCode: 0, verdict: 'works', primary: null }),
        ...(await invariants(bench.paths.root, run)),
      ],
    };
  };
  // The first run pulls the image, which then stays.
  await once();
  const before = await state();
  const samples: Sample[] = [];
  let failed = 0;
  while (samples.length < count && !world.abort.aborted) {
    const { run, problems } = await once();
    samples.push({ action: run.peakMiB, ms: run.ms, ...(await engineNow(pid)) });
    if (problems.length > 0) failed += 1;
    for (const problem of problems) world.say(`run ${samples.length}: ${problem}`);
    if (samples.length % 50 === 0) world.say(`${samples.length} of ${count} runs`);
  }
  const left = await leftOver(before, state);
  const told = toldOf(samples, left, failed);
  world.say(told.join('\n'));
  const well = failed + left.length === 0 && samples.length === count;
  if (well && count >= TOLD) {
    const [first = '', ...rest] = told;
    await writeRepeated(world.paths.root, [`${today()}: ${first}`, ...rest]);
  }
  return well ? 0 : 1;
};

/** Runs the action so many times at once and says what came of it. 0 when each came out well and nothing is left. */
export const together = async (bench: Bench, count: number, world: World): Promise<number> => {
  const state = () =>
    stateOf(bench.socket, join(bench.lab.runtime, 'engine', 'data'), bench.lab.runtime);
  // The first run pulls the image, which then stays.
  await atOnce(bench, 'at-once', 1);
  await bench.folder('at-once');
  const before = await state();
  const { seconds, problems } = await atOnce(bench, 'at-once', count);
  const left = await leftOver(before, state);
  for (const line of [...problems, ...left]) world.say(`    ${line}`);
  world.say(
    `${count} runs at once, ${problems.length} differences from what must be, ${left.length} things left over, ${seconds.toFixed(0)} s`,
  );
  return problems.length + left.length === 0 ? 0 : 1;
};

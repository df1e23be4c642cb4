import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../commands.js';
import type { Bench } from './row.js';
import { difference, stateOf } from './state.js';

/** Change per run by least squares. Pure. */
const slope = (values: readonly number[]): number => {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  const under = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return under === 0 ? 0 : over / under;
};

/** Runs the action so many times in a row on one image and says what is left, and what grew. 0 when nothing is left. */
export const repeat = async (bench: Bench, count: number, world: World): Promise<number> => {
  await bench.setHost({});
  const image = await bench.publish('repeat', {});
  const { pid } = await bench.lab.engine(true);
  const state = () =>
    stateOf(bench.socket, join(bench.lab.runtime, 'engine', 'data'), bench.lab.runtime);
  const engine = async () => ({
    mib:
      Number(/VmRSS:\s*(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
  });
  const once = async () => {
    await bench.folder('repeat');
    return await bench.act('repeat', { images: [image], limitSeconds: 120 });
  };
  // The first run pulls the image, which then stays.
  await once();
  const before = await state();
  const first = await engine();
  const peaks: number[] = [];
  let failed = 0;
  while (peaks.length < count && !world.abort.aborted) {
    const run = await once();
    peaks.push(run.peakMiB);
    if (run.exitCode !== 0) failed += 1;
    if (peaks.length % 50 === 0) world.say(`${peaks.length} of ${count} runs`);
  }
  const last = await engine();
  const left = difference(before, await state());
  world.say(
    [
      `${peaks.length} runs in a row, ${failed} of them not with exit 0`,
      `left over: ${left.length === 0 ? 'nothing' : left.join('; ')}`,
      `highest memory of a run: ${Math.max(...peaks).toFixed(1)} MiB, ${(slope(peaks) * 1024).toFixed(3)} KiB more with each run`,
      `the engine: ${first.mib.toFixed(0)} to ${last.mib.toFixed(0)} MiB, ${first.descriptors} to ${last.descriptors} descriptors`,
    ].join('\n'),
  );
  return failed + left.length === 0 && peaks.length === count ? 0 : 1;
};

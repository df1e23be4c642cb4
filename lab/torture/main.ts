import { rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type World, withLab } from '../commands.js';
import { isAlive, waitUntil } from '../process.js';
import { stageAction } from '../runner.js';
import { ScenarioError } from '../scenario.js';
import { inTheWorld } from '../world.js';
import { dockerOf, FOREIGN, openBench } from './bench.js';
import { buildOf, isWell, keepRecord, keptRecord, type Result, today, writePage } from './page.js';
import { repeat, together } from './repeat.js';
import type { Bench, Row } from './row.js';
import { configRows } from './rows-config.js';
import { diskRows } from './rows-disk.js';
import { engineRows } from './rows-engine.js';
import { filesRows } from './rows-files.js';
import { forgeryRows } from './rows-forgery.js';
import { machineRows } from './rows-machine.js';
import { outputRows } from './rows-output.js';
import { registryRows } from './rows-registry.js';
import { resourceRows } from './rows-resources.js';
import { runnerRows } from './rows-runner.js';
import { signalRows } from './rows-signals.js';
import { ask, difference, type EngineContainer, processesWith, stateOf } from './state.js';

const USAGE = `Faults and attacks, produced for real in the lab: one row each.

  npm run torture                    all rows; writes the table of docs/reliability.md when every one came out well
  npm run torture -- NAME|PART...    these alone; nothing is written
  npm run torture -- --again         those that did not come out well in the last whole run; writes the table once all have
  npm run torture -- --list          the rows
  npm run torture -- NAME --log      and what the action wrote
  npm run torture -- smoke           a few fast rows of different parts
  npm run torture -- --repeat N      N checks in a row, then what they left behind and what grew
  npm run torture -- --at-once N     N checks at once, on one engine
`;

const ROWS: readonly Row[] = [
  ...outputRows,
  ...forgeryRows,
  ...filesRows,
  ...configRows,
  ...resourceRows,
  ...registryRows,
  ...signalRows,
  ...engineRows,
  ...machineRows,
  ...diskRows,
  ...runnerRows,
];

/** Rows that together use every part of the harness, for a run that must not take long. */
const SMOKE: readonly string[] = [
  'dropped-once-at-600',
  'engine-says-nothing',
  'sigkill-created',
  'disk-full-at-report',
  'summary-read-only',
];

/** Everything that the engine holds for the sake of a row: its images, by the names that it published. */
const removeImages = async (bench: Bench): Promise<void> => {
  const docker = dockerOf(bench);
  const held = await ask<
    { Id: string; RepoTags?: string[] | null; RepoDigests?: string[] | null }[]
  >(bench.socket, '/images/json?all=1');
  for (const { Id, RepoTags, RepoDigests } of held) {
    const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])];
    if (names.every((name) => !name.includes('lab/torture-somebody-else'))) {
      await docker('image', 'rm', '--force', Id).catch(() => '');
    }
  }
};

const stillForeign = (name: string): boolean => FOREIGN.some((foreign) => `/${foreign}` === name);

/** Runs one row between two looks at the machine. */
const runRow = async (bench: Bench, row: Row): Promise<Result> => {
  const state = () =>
    stateOf(bench.socket, join(bench.lab.runtime, 'engine', 'data'), bench.lab.runtime);
  const folder = await bench.folder(row.name);
  const before = await state();
  const began = Date.now();
  let seen = 'it did not come to an end';
  const problems: string[] = [];
  try {
    const outcome = await row.run(bench);
    seen = outcome.seen;
    problems.push(...outcome.problems);
  } catch (error) {
    problems.push(String((error as Error).stack ?? error));
  }
  const ms = Date.now() - began;
  const left: string[] = [];
  await waitUntil(
    async () => {
      await removeImages(bench);
      left.length = 0;
      left.push(...difference(before, await state()), ...(await processesWith(`${folder}/`)));
      return left.length === 0;
    },
    8_000,
    200,
  );
  for (const line of left) {
    const pid = Number(/^process (\d+) /.exec(line)?.[1] ?? 0);
    if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
  if (left.length > 0) {
    const docker = dockerOf(bench);
    for (const { Id, Names } of await ask<EngineContainer[]>(
      bench.socket,
      '/containers/json?all=1',
    )) {
      if (!Names.some(stillForeign)) await docker('rm', '--force', '--volumes', Id).catch(() => '');
    }
    await removeImages(bench);
  }
  await rm(folder, { recursive: true, force: true });
  return { name: row.name, part: row.part, what: row.what, how: row.how, seen, problems, left, ms };
};

const chosen = (names: readonly string[]): Row[] => {
  const wanted = names.flatMap((name) => (name === 'smoke' ? SMOKE : [name]));
  const unknown = wanted.filter(
    (name) => !ROWS.some((row) => row.name === name || row.part === name),
  );
  if (unknown.length > 0) {
    throw new ScenarioError(`There is no row or part ${unknown.join(', ')}\n\n${USAGE}`);
  }
  return ROWS.filter(
    (row) => wanted.length === 0 || wanted.includes(row.name) || wanted.includes(row.part),
  );
};

/** A bench that says what each run wrote. */
const telling = (bench: Bench, say: (line: string) => void): Bench => ({
  ...bench,
  act: async (name, settings) => {
    const run = await bench.act(name, settings);
    say(
      `--- log of ${name}, ${(run.ms / 1000).toFixed(1)} s\n${run.log}--- report\n${run.reportText}`,
    );
    return run;
  },
});

/** A number of runs as an option gives it. */
const countOf = (option: string, given: string | undefined): number | undefined => {
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(given)) {
    throw new ScenarioError(`--${option}: "${given}" is no number of runs from 1 to 999999`);
  }
  return Number(given);
};

const torture = async (world: World): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: {
      again: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      log: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      repeat: { type: 'string' },
      'at-once': { type: 'string' },
      node: { type: 'string', default: process.execPath },
    },
  });
  if (values.help) {
    world.print(USAGE);
    return 0;
  }
  if (values.list) {
    for (const row of ROWS)
      world.print(`${row.part.padEnd(9)} ${row.name.padEnd(36)} ${row.what}\n`);
    return 0;
  }
  const { root } = world.paths;
  const build = await buildOf(root);
  const kept = values.again ? await keptRecord(root) : undefined;
  if (values.again && kept === undefined) {
    throw new ScenarioError(`--again: there was no whole run\n\n${USAGE}`);
  }
  if (kept !== undefined && kept.build !== build) {
    throw new ScenarioError(
      `--again: dist/ is another build than that of the whole run of ${kept.day}: run all rows anew, npm run torture`,
    );
  }
  const well = (kept?.results ?? []).filter(isWell);
  const rows = chosen(positionals).filter(({ name }) => well.every((one) => one.name !== name));
  const inRow = countOf('repeat', values.repeat);
  const atOnce = countOf('at-once', values['at-once']);
  const results: Result[] = [];
  const began = Date.now();
  let repeated: number | undefined;
  await withLab(world, async (lab) => {
    const action = await stageAction(world.paths.root, lab.runtime);
    const opened = await openBench(lab, world.paths, action, values.node);
    const bench = values.log ? telling(opened, world.say) : opened;
    if (inRow !== undefined) repeated = await repeat(bench, inRow, world);
    if (atOnce !== undefined) repeated = await together(bench, atOnce, world);
    if (repeated !== undefined) return;
    for (const row of rows) {
      if (world.abort.aborted) break;
      const result = { ...(await runRow(bench, row)), again: values.again };
      results.push(result);
      world.say(
        `${isWell(result) ? '✓' : '✗'} ${result.name}: ${result.seen} · ${(result.ms / 1000).toFixed(1)} s`,
      );
      for (const problem of [...result.problems, ...result.left]) world.say(`    ${problem}`);
    }
  });
  if (repeated !== undefined) return repeated;
  const bad = results.filter((result) => !isWell(result));
  const seconds = Math.round((Date.now() - began) / 1000);
  world.say(
    `${results.length - bad.length} of ${rows.length} rows as they must be, ${seconds} s${bad.length === 0 ? '' : `; not: ${bad.map(({ name }) => name).join(', ')}`}`,
  );
  const all = ROWS.flatMap(
    ({ name }) => [...well, ...results].find((one) => one.name === name) ?? [],
  );
  const record = {
    build,
    day: kept?.day ?? today(),
    seconds: kept?.seconds ?? seconds,
    results: all,
  };
  if (positionals.length === 0) await keepRecord(root, record);
  if (bad.length > 0 || results.length < rows.length) return 1;
  if (all.length === ROWS.length) {
    const file = await writePage(root, record, cpus().length);
    world.say(`Written: ${basename(file)}`);
  }
  return 0;
};

await inTheWorld(torture);

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkScenario, prepare } from '../check.js';
import { processesOf } from '../cleanup.js';
import { type World, withLab } from '../commands.js';
import { at, compare, type SeenReport } from '../compare.js';
import type { Lab } from '../lab.js';
import { signal } from '../process.js';
import { stageAction } from '../runner.js';
import { loadScenario, ScenarioError } from '../scenario.js';
import type { EngineGroup, Place, RunningEngine } from './engine.js';
import { GROUPS } from './groups.js';
import { type CommandRow, type EngineRow, SCENARIO } from './rows.js';
import { type SuiteRoot, suiteRoot } from './suites.js';
import { type EngineRecord, type GroupRecord, tableOf } from './table.js';

/** The groups of these names; all without one. @throws ScenarioError that tells which there are */
export const groupsNamed = (names: readonly string[]): readonly EngineGroup[] => {
  const unknown = names.filter((name) => !GROUPS.some((group) => group.name === name));
  if (unknown.length > 0) {
    throw new ScenarioError(
      `There is no engine ${unknown.join(', ')}. There are: ${GROUPS.map(({ name }) => name).join(', ')}`,
    );
  }
  return names.length === 0 ? GROUPS : GROUPS.filter(({ name }) => names.includes(name));
};

/**
 * Runs the built command line and action on engines of other Debian releases, and prints a table of how each row came out.
 * @returns 0 when every row of every engine ran and did as it must; what did not run is said
 */
export const runEngines = async (
  world: World,
  names: readonly string[],
  { node, record }: { node: string; record: string | undefined },
): Promise<number> => {
  const groups = groupsNamed(names);
  const records: GroupRecord[] = [];
  await withLab(world, async (lab) => {
    const { references, variables } = await prepare(lab, SCENARIO, world.paths, world.say);
    const place = { lab, paths: world.paths, node, variables, say: world.say };
    const action = await stageAction(world.paths.root, lab.runtime);
    for (const group of groups) {
      if (world.abort.aborted) break;
      const seen = await runGroup(group, {
        place: { ...place, image: references[0] ?? '' },
        strict: references[1] ?? '',
        action,
        world,
      });
      records.push(seen);
      if (record !== undefined) await writeFile(record, `${JSON.stringify(records, null, 2)}\n`);
    }
  });
  for (const one of records) world.print(tableOf(one));
  const missing = groups.slice(records.length).map(({ name }) => name);
  const failed = records.filter(({ failure }) => failure !== undefined);
  for (const { name, failure } of failed) world.say(`*** ${name} DID NOT RUN: ${failure}`);
  for (const name of missing) world.say(`*** ${name} DID NOT RUN: ended before`);
  const rows = records.flatMap((one) => one.rows);
  const good = rows.filter(({ problems }) => problems.length === 0);
  world.say(`${good.length} of ${rows.length} rows as expected, on ${records.length} engines`);
  return missing.length + failed.length === 0 && good.length === rows.length ? 0 : 1;
};

interface GroupPlace {
  readonly place: Place;
  readonly strict: string;
  readonly action: string;
  readonly world: World;
}

async function runGroup(group: EngineGroup, around: GroupPlace): Promise<GroupRecord> {
  const { world, place } = around;
  const { name, how, suite, packages } = group;
  const rows: EngineRecord[] = [];
  let root: SuiteRoot | undefined;
  let engine: RunningEngine | undefined;
  let info: string | undefined;
  const versionsOf = (known: SuiteRoot | undefined) =>
    Object.fromEntries(packages.map((one) => [one, known?.versions[one] ?? '']));
  try {
    root = await suiteRoot(suite, world.paths.cache, world.say);
    engine = await group.start(root, place);
    world.say(`${name}: ${JSON.stringify(versionsOf(root))}`);
    for (const row of group.rows) {
      if (world.abort.aborted) break;
      const seen = await runRow(row, engine, around);
      rows.push(seen);
      // After the first row, whose GPUs are there by now.
      info ??= await engine.info();
      const mark = seen.problems.length === 0 ? '✓' : '✗';
      const came = `${seen.verdict} ${seen.primary ?? ''}`.trim();
      world.say(`  ${mark} ${seen.what}: ${came} (${(seen.ms / 1000).toFixed(1)} s)`);
      for (const problem of seen.problems) world.say(`    ✗ ${problem}`);
    }
    return { name, how, suite, versions: versionsOf(root), info: info ?? '', rows };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    world.say(`*** ${name}: ${failure}`);
    return { name, how, suite, versions: versionsOf(root), info: info ?? '', rows, failure };
  } finally {
    await (engine === undefined ? endHalfStarted(join(place.lab.runtime, name)) : engine.stop());
  }
}

/** What an engine that did not start has left behind; each process of it names its folder. */
async function endHalfStarted(folder: string): Promise<void> {
  for (const pid of await processesOf(folder)) signal(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
}

async function runRow(
  row: EngineRow,
  engine: RunningEngine,
  around: GroupPlace,
): Promise<EngineRecord> {
  if (!('scenario' in row)) return runCommand(row, engine, around);
  const { world, place, action } = around;
  const { lab } = engine;
  if (lab === undefined) throw new Error('this engine takes no scenarios');
  return runScenario(row.scenario, lab, { world, action, node: place.node });
}

async function runScenario(
  name: string,
  lab: Lab,
  { world, action, node }: { world: World; action: string; node: string },
): Promise<EngineRecord> {
  const scenario = await loadScenario(name, world.paths.lab);
  const seen = await checkScenario(lab, scenario, world.paths, {
    action,
    node,
    say: world.say,
    abort: world.abort,
  });
  return {
    what: scenario.description,
    command: `scenario ${name}`,
    exitCode: seen.exitCode,
    ...outcomeOf(seen.report),
    ms: seen.ms,
    log: seen.log,
    problems: seen.problems,
  };
}

async function runCommand(
  row: CommandRow,
  engine: RunningEngine,
  { place, strict }: GroupPlace,
): Promise<EngineRecord> {
  const { paths, node, image } = place;
  const reportFile = join(paths.state, 'engines-report.json');
  await rm(reportFile, { force: true });
  const references: Readonly<Record<string, string>> = {
    IMAGE: image,
    STRICT: strict,
    MISSING: image.replace(/\/lab\/.*$/, '/lab/not-there:1'),
  };
  const cli = [
    ...[node, join(paths.root, 'dist', 'cli.js')],
    ...row.args.map((word) => references[word] ?? word),
    `--json=${reportFile}`,
  ];
  const began = Date.now();
  const { code, log } = await engine.call(cli, row);
  const ms = Date.now() - began;
  const report = await readReport(reportFile);
  const left = await engine.left();
  return {
    what: row.what,
    command: row.args.join(' '),
    exitCode: code,
    ...outcomeOf(report),
    ms,
    log,
    problems: [...compare(row.expect, code, report), ...left.map((line) => `left: ${line}`)],
  };
}

function outcomeOf(
  report: SeenReport | null,
): Pick<EngineRecord, 'verdict' | 'primary' | 'engineSaid'> {
  const [image] = report?.images ?? [];
  const said = at(image?.facts, '/failure/text');
  return {
    verdict: image?.verdict,
    primary: image?.primary,
    ...(typeof said === 'string' ? { engineSaid: said } : {}),
  };
}

async function readReport(file: string): Promise<SeenReport | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SeenReport;
  } catch {
    return null;
  }
}

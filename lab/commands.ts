import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkScenario, prepare, type RunRecord } from './check.js';
import { closeLab, type Lab, labIsUp, openLab, type Say, withLock } from './lab.js';
import type { LabPaths } from './paths.js';
import { recordText, verdictLine } from './render.js';
import { ensureRequirements } from './requirements.js';
import { stageAction } from './runner.js';
import { loadScenario, type Scenario, ScenarioError, scenarioNames } from './scenario.js';

export interface World {
  paths: LabPaths;
  /** For the person: standard error, so that standard output holds what was asked for. */
  say: Say;
  print: (text: string) => void;
  abort: AbortSignal;
}

/** Brings the lab up and leaves it running. With scenarios named, also makes their base images. */
export const up = async (world: World, names: readonly string[]): Promise<number> => {
  const scenarios = await load(world, names, false);
  await ensureRequirements(world.say);
  await withLock(world.paths, world.say, world.abort, async () => {
    const lab = await openLab(world.paths, world.say);
    for (const scenario of scenarios) {
      await prepare(lab, scenario, world.paths, world.say);
    }
  });
  world.say('The lab is up. npm run lab -- run NAME, then npm run lab -- down');
  return 0;
};

/** Takes the lab down and says what, if anything, could not be removed. */
export const down = async (world: World, withCache: boolean): Promise<number> => {
  const left = await withLock(world.paths, world.say, new AbortController().signal, () =>
    closeLab(world.paths),
  );
  if (withCache) {
    await rm(world.paths.cache, { recursive: true, force: true });
    await rm(world.paths.runs, { recursive: true, force: true });
  }
  world.say(
    left.length === 0
      ? 'The lab is down: no process, mount, cgroup or folder of it is left'
      : `Could not remove:\n${left.map((line) => `  ${line}`).join('\n')}`,
  );
  return left.length === 0 ? 0 : 1;
};

/** Names and descriptions of the scenarios. */
export const list = async (world: World): Promise<number> => {
  const names = await scenarioNames(join(world.paths.lab, 'scenarios'));
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const scenario = await loadScenario(name, world.paths.lab);
    world.print(`${name.padEnd(width)}  ${scenario.description}\n`);
  }
  return 0;
};

const load = async (world: World, names: readonly string[], all: boolean): Promise<Scenario[]> => {
  const wanted = all ? await scenarioNames(join(world.paths.lab, 'scenarios')) : names;
  const scenarios: Scenario[] = [];
  const problems: string[] = [];
  for (const name of wanted) {
    try {
      scenarios.push(await loadScenario(name, world.paths.lab));
    } catch (error) {
      if (!(error instanceof ScenarioError)) {
        throw error;
      }
      problems.push(error.message);
    }
  }
  if (problems.length > 0) {
    throw new ScenarioError(problems.join('\n'));
  }
  return scenarios;
};

/**
 * The lab for the time of `work`: brought up if it is not, and then taken down again, whatever happens in between.
 * What could not be removed is said, and makes the program end with 1.
 * @throws RequirementError when a program is missing or the user is not root.
 */
export const withLab = async <T>(world: World, work: (lab: Lab) => Promise<T>): Promise<T> => {
  await ensureRequirements(world.say);
  return await withLock(world.paths, world.say, world.abort, async () => {
    const wasUp = await labIsUp(world.paths);
    try {
      return await work(await openLab(world.paths, world.say));
    } finally {
      if (!wasUp) {
        const left = await closeLab(world.paths);
        if (left.length > 0) {
          world.say(`Could not remove:\n${left.map((line) => `  ${line}`).join('\n')}`);
          process.exitCode = 1;
        }
      }
    }
  });
};

export interface RunOptions {
  all: boolean;
  json: boolean;
  quiet: boolean;
  node: string;
  /** File for all records, whole. */
  record: string | undefined;
}

/** Runs scenarios one after the other. 0 when every one came out as it expects. */
export const runScenarios = async (
  world: World,
  names: readonly string[],
  options: RunOptions,
): Promise<number> => {
  const scenarios = await load(world, names, options.all);
  if (scenarios.length === 0) {
    throw new ScenarioError('Which scenario? Name one, give its file, or --all');
  }
  const records: RunRecord[] = [];
  await withLab(world, async (lab) => {
    const action = await stageAction(world.paths.root, lab.runtime);
    for (const scenario of scenarios) {
      if (world.abort.aborted) {
        break;
      }
      const record = await checkScenario(lab, scenario, world.paths, {
        action,
        node: options.node,
        say: world.say,
        abort: world.abort,
      });
      records.push(record);
      show(world, record, options, scenarios.length);
    }
  });
  if (options.json) {
    const documents = records.map((record) => record.report);
    world.print(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
  }
  if (options.record !== undefined) {
    await writeFile(options.record, `${JSON.stringify(records, null, 2)}\n`);
  }
  const bad = records.filter((record) => record.problems.length > 0);
  if (scenarios.length > 1) {
    world.say(
      `${records.length - bad.length} of ${scenarios.length} scenarios as expected${bad.length === 0 ? '' : `; not: ${bad.map((record) => record.scenario).join(', ')}`}`,
    );
  }
  return bad.length === 0 && records.length === scenarios.length ? 0 : 1;
};

const show = (world: World, record: RunRecord, options: RunOptions, count: number): void => {
  if (options.json || options.quiet) {
    world.say(verdictLine(record));
    for (const problem of record.problems) {
      world.say(`  ✗ ${problem}`);
    }
  } else {
    world.print(`${recordText(record)}${count > 1 ? '\n' : ''}`);
  }
};

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Makes the machine into a scenario's host in a lab that is up, and prints the variables that let a shell see it. */
export const environment = async (world: World, name: string): Promise<number> => {
  const [scenario] = await load(world, [name], false);
  if (!(await labIsUp(world.paths)) || scenario === undefined) {
    throw new ScenarioError('The lab is not up: npm run lab -- up');
  }
  await withLock(world.paths, world.say, world.abort, async () => {
    const lab = await openLab(world.paths, world.say);
    const machine = await prepare(lab, scenario, world.paths, world.say);
    for (const [variable, value] of Object.entries({
      ...machine.variables,
      IMAGE: machine.references[0] ?? '',
    })) {
      world.print(`export ${variable}=${quote(value)}\n`);
    }
  });
  return 0;
};

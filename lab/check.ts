import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compare, type SeenReport } from './compare.js';
import { type HostFolders, setHost } from './host.js';
import { publishImage } from './image.js';
import { containersOf, type Lab, type Say } from './lab.js';
import type { LabPaths } from './paths.js';
import { mustRun, run, waitUntil } from './process.js';
import { LOGIN } from './registry.js';
import { programPath } from './requirements.js';
import { type Annotation, cancelAsRunner, readActionFile, runStep } from './runner.js';
import type { Scenario } from './scenario.js';

/** One scenario, run: everything that the action wrote, and how it differs from what was expected. */
export interface RunRecord {
  scenario: string;
  description: string;
  references: string[];
  exitCode: number;
  ms: number;
  report: SeenReport | null;
  summary: string;
  outputs: Record<string, string>;
  annotations: Annotation[];
  log: string;
  post: { exitCode: number; log: string } | null;
  /** Containers that were still there afterwards; must be empty. */
  containersLeft: string[];
  /** Differences from the scenario's `expect`, and containers left behind; empty when all is well. */
  problems: string[];
}

export interface Machine {
  references: string[];
  /** PATH, DOCKER_HOST and SIMULATED_NVIDIA_CONF: what makes a process see the simulated host. */
  variables: Record<string, string>;
}

/** Makes the machine into the scenario's host and publishes its images. */
export const prepare = async (
  lab: Lab,
  scenario: Scenario,
  paths: LabPaths,
  say: Say,
): Promise<Machine> => {
  const host: HostFolders = await setHost(join(lab.runtime, 'host'), scenario.host, lab.simulation);
  const engine = await lab.engine(scenario.host.toolkit !== false);
  const references: string[] = [];
  for (const index of scenario.images.keys()) {
    references.push(
      await publishImage(
        scenario,
        index,
        {
          open: lab.registries.open.address,
          login: lab.registries.login.address,
          driver: lab.simulation.driver,
          cache: paths.cache,
          lab: paths.lab,
          layers: join(lab.runtime, 'layers'),
        },
        say,
      ),
    );
  }
  return {
    references,
    variables: {
      PATH: [host.bin, programPath()].join(':'),
      DOCKER_HOST: engine.socket,
      SIMULATED_NVIDIA_CONF: host.description,
    },
  };
};

const fillIn = (text: string, references: readonly string[]): string =>
  text.replace(/\$\{image(\d*)\}/g, (_, number: string) => {
    const reference = references[number === '' ? 0 : Number(number) - 1];
    if (reference === undefined) {
      throw new Error(`The scenario has no image for \${image${number}}`);
    }
    return reference;
  });

const logIn = async (folder: string, address: string): Promise<void> => {
  const auth = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64');
  await mkdir(join(folder, 'home', '.docker'), { recursive: true });
  await writeFile(
    join(folder, 'home', '.docker', 'config.json'),
    JSON.stringify({ auths: { [address]: { auth } } }),
  );
};

const removeImages = async (machine: Machine): Promise<void> => {
  // So that each run pulls, as on a runner that sees the image for the first time.
  for (const reference of machine.references) {
    await run('docker', ['image', 'rm', '--force', reference], {
      env: { ...machine.variables },
    });
  }
};

const cancelWhenRunning = async (
  child: ChildProcess,
  how: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
  machine: Machine,
): Promise<void> => {
  await waitUntil(async () => {
    const listed = await run('docker', ['ps', '--quiet'], { env: machine.variables });
    return listed.stdout.trim() !== '' || child.exitCode !== null;
  }, 60_000);
  if (how === 'SIGINT') {
    await cancelAsRunner(child);
  } else {
    child.kill(how);
  }
};

const readReport = async (path: string | undefined): Promise<SeenReport | null> => {
  if (path === undefined || path === '') {
    return null;
  }
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SeenReport;
  } catch {
    return null;
  }
};

export interface CheckSettings {
  /** The action's folder, see `stageAction`. */
  action: string;
  node: string;
  say: Say;
  abort: AbortSignal;
}

/** Runs the built action (main, then post) on a scenario, and compares what came out with what the scenario expects. */
export const checkScenario = async (
  lab: Lab,
  scenario: Scenario,
  paths: LabPaths,
  settings: CheckSettings,
): Promise<RunRecord> => {
  const action = await readActionFile(settings.action);
  const machine = await prepare(lab, scenario, paths, settings.say);
  const folder = join(lab.runtime, 'runs', scenario.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await removeImages(machine);
  if (scenario.action?.login === true) {
    await logIn(folder, lab.registries.login.address);
  }
  const given = Object.entries({
    images: machine.references.join('\n'),
    ...scenario.action?.inputs,
  }).map(([name, value]) => [name, fillIn(value, machine.references)]);
  const inputs: Record<string, string> = { ...action.defaults, ...Object.fromEntries(given) };
  const common = {
    node: settings.node,
    root: settings.action,
    folder,
    inputs,
    machine: machine.variables,
    limitSeconds: scenario.action?.limitSeconds ?? 120,
  };
  const cancel = scenario.action?.cancel;
  let cancelling = Promise.resolve();
  const main = await runStep({
    ...common,
    script: action.main,
    state: {},
    abort: settings.abort,
    ...(cancel === undefined
      ? {}
      : {
          onStart: (child: ChildProcess) => {
            cancelling = cancelWhenRunning(child, cancel, machine);
          },
        }),
  });
  await cancelling;
  const post =
    action.post === undefined
      ? null
      : await runStep({ ...common, script: action.post, state: main.state });
  const report = await readReport(main.outputs['report']);
  const containersLeft = await containersOf(lab.engines());
  const record: RunRecord = {
    scenario: scenario.name,
    description: scenario.description,
    references: machine.references,
    exitCode: main.exitCode,
    ms: main.ms,
    report,
    summary: main.summary,
    outputs: main.outputs,
    annotations: main.annotations,
    log: main.log,
    post: post === null ? null : { exitCode: post.exitCode, log: post.log },
    containersLeft,
    problems: [
      ...(main.timedOut ? [`the action did not end within ${common.limitSeconds} s`] : []),
      ...compare(scenario.expect, main.exitCode, report),
      ...(post !== null && post.exitCode !== 0
        ? [`the post step ended with ${post.exitCode}`]
        : []),
      ...containersLeft.map((line) => `container left behind: ${line}`),
    ],
  };
  await keepRecord(record, join(paths.runs, scenario.name));
  for (const line of containersLeft) {
    await mustRun('docker', ['rm', '--force', line.split(' ')[0] ?? ''], {
      env: machine.variables,
    });
  }
  return record;
};

const keepRecord = async (record: RunRecord, folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'record.json'), `${JSON.stringify(record, null, 2)}\n`);
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(record.report, null, 2)}\n`);
  await writeFile(join(folder, 'summary.md'), record.summary);
  await writeFile(join(folder, 'log.txt'), record.log);
};

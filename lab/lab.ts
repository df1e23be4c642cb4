import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeRuntime } from './cleanup.js';
import { type EngineProcess, startEngine } from './engine.js';
import { buildSimulation, type Simulation } from './host.js';
import type { LabPaths } from './paths.js';
import { isAlive, mustRun, waitUntil } from './process.js';
import { type RegistryProcess, startRegistry } from './registry.js';
import { programPath } from './requirements.js';

/** What runs, as the state file records it for the next command. */
interface LabState {
  runtime: string;
  registries?: { open: RegistryProcess; login: RegistryProcess };
  engines: { withToolkit?: EngineProcess; withoutToolkit?: EngineProcess };
}

export interface Lab {
  runtime: string;
  simulation: Simulation;
  registries: { open: RegistryProcess; login: RegistryProcess };
  /** The engine of a host with, or without, the container toolkit; started when it is first asked for. */
  engine(withToolkit: boolean): Promise<EngineProcess>;
  /** Those that were started. */
  engines(): EngineProcess[];
}

export type Say = (line: string) => void;

const readState = async (paths: LabPaths): Promise<LabState | undefined> => {
  try {
    return JSON.parse(await readFile(paths.stateFile, 'utf8')) as LabState;
  } catch {
    return undefined;
  }
};

const writeState = async (paths: LabPaths, state: LabState): Promise<void> => {
  await writeFile(`${paths.stateFile}.part`, JSON.stringify(state, null, 2));
  await rename(`${paths.stateFile}.part`, paths.stateFile);
};

const servicesOf = (state: LabState): number[] =>
  [
    state.engines.withToolkit?.pid,
    state.engines.withoutToolkit?.pid,
    state.registries?.open.pid,
    state.registries?.login.pid,
  ].filter((pid) => pid !== undefined);

const isRunning = (state: LabState): boolean =>
  state.registries !== undefined &&
  state.engines.withToolkit !== undefined &&
  servicesOf(state).every(isAlive);

/** Whether a lab is up, by its own record and by its processes. */
export const labIsUp = async (paths: LabPaths): Promise<boolean> => {
  const state = await readState(paths);
  return state !== undefined && isRunning(state);
};

/** Unix socket paths end at 107 bytes, so a long TMPDIR is not used. */
const runtimeParent = (): string => (tmpdir().length <= 60 ? tmpdir() : '/tmp');

/**
 * Takes everything down that the state file names, running or crashed.
 * @returns what could not be removed, in words; empty when nothing of the lab is left on the machine.
 */
export const closeLab = async (paths: LabPaths): Promise<string[]> => {
  const state = await readState(paths);
  if (state === undefined) {
    return [];
  }
  const left = await removeRuntime(state.runtime, servicesOf(state));
  if (left.length === 0) {
    await rm(paths.stateFile, { force: true });
  }
  return left;
};

const startParts = async (paths: LabPaths, say: Say): Promise<LabState> => {
  const runtime = await mkdtemp(join(runtimeParent(), 'cuda-lab-'));
  const state: LabState = { runtime, engines: {} };
  // Recorded before anything starts, so that a crash in the middle can be cleaned up.
  await writeState(paths, state);
  await mkdir(join(runtime, 'host'), { recursive: true });
  await mkdir(join(runtime, 'layers'), { recursive: true });
  const [openRegistry, login] = await Promise.all([
    startRegistry(join(runtime, 'registry'), false),
    startRegistry(join(runtime, 'registry-login'), true),
  ]);
  state.registries = { open: openRegistry, login };
  await writeState(paths, state);
  state.engines.withToolkit = await startEngine({
    folder: join(runtime, 'engine'),
    hookFolder: join(paths.cache, 'hook'),
    hostFolder: join(runtime, 'host'),
  });
  await writeState(paths, state);
  say(`Engine ${state.engines.withToolkit.socket}, registry ${openRegistry.address}`);
  return state;
};

/**
 * The running lab, or a new one. What an earlier run left behind after a crash is removed first.
 * The programs that it needs must be there, see `ensureRequirements`.
 */
export const openLab = async (paths: LabPaths, say: Say): Promise<Lab> => {
  await mkdir(paths.cache, { recursive: true });
  const simulation = await buildSimulation(paths.lab, paths.cache);
  const earlier = await readState(paths);
  let state = earlier;
  if (state === undefined || !isRunning(state)) {
    if (earlier !== undefined) {
      say('Removing what an earlier lab left behind');
      await closeLab(paths);
    }
    state = await startParts(paths, say);
  }
  const current = state;
  const registries = current.registries;
  if (registries === undefined) {
    throw new Error('The lab has no registry');
  }
  return {
    runtime: current.runtime,
    simulation,
    registries,
    engine: async (withToolkit) => {
      const name = withToolkit ? 'withToolkit' : 'withoutToolkit';
      const running = current.engines[name];
      if (running !== undefined && isAlive(running.pid)) {
        return running;
      }
      const engine = await startEngine({
        folder: join(current.runtime, withToolkit ? 'engine' : 'engine-without-toolkit'),
        ...(withToolkit ? { hookFolder: simulation.hook } : {}),
        hostFolder: join(current.runtime, 'host'),
      });
      current.engines[name] = engine;
      await writeState(paths, current);
      return engine;
    },
    engines: () => Object.values(current.engines),
  };
};

/** Every container that the engines have, running or not, as `id image status`. */
export const containersOf = async (engines: readonly EngineProcess[]): Promise<string[]> => {
  const lines: string[] = [];
  for (const engine of engines) {
    const listed = await mustRun(
      'docker',
      ['ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Image}} {{.Status}}'],
      { env: { PATH: programPath(), DOCKER_HOST: engine.socket }, timeoutMs: 20_000 },
    );
    lines.push(...listed.split('\n').filter((line) => line !== ''));
  }
  return lines;
};

/**
 * Holds the lab for one command at a time: a second command waits for the first one.
 * The lock names its process, so that one which died does not hold it.
 */
export const withLock = async <T>(
  paths: LabPaths,
  say: Say,
  abort: AbortSignal,
  work: () => Promise<T>,
): Promise<T> => {
  await mkdir(paths.state, { recursive: true });
  let waited = false;
  const take = async (): Promise<boolean> => {
    try {
      const file = await open(paths.lockFile, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
    const holder = Number(await readFile(paths.lockFile, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) {
      await rm(paths.lockFile, { force: true });
    } else if (!waited) {
      waited = true;
      say(`Another command (process ${holder}) uses the lab: waiting for it`);
    }
    return false;
  };
  const taken = await waitUntil(async () => abort.aborted || (await take()), 30 * 60_000, 200);
  if (!taken || abort.aborted) {
    throw new Error('The lab is in use by another command');
  }
  try {
    return await work();
  } finally {
    await rm(paths.lockFile, { force: true });
  }
};

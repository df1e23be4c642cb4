import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EngineProcess, startEngine } from '../engine.js';
import { setHost } from '../host.js';
import type { Lab } from '../lab.js';
import { isAlive, mustRun, signal, waitUntil } from '../process.js';
import { call, leftSince, seeingCdi } from './call.js';
import { writeSpecification } from './cdi.js';
import type { Place, RunningEngine } from './engine.js';
import { type Namespace, openNamespace, writeClient } from './namespace.js';
import { HOST } from './rows.js';
import type { SuiteRoot } from './suites.js';

export interface DockerSettings {
  readonly name: string;
  /** GPUs by the simulated hook, or by CDI devices. */
  readonly gpus: 'hook' | 'cdi';
  /** Docker before 28.2 reads no specification unless it is told to. */
  readonly features?: Readonly<Record<string, boolean>>;
}

/** The daemon of a release, in its namespace. */
export interface DockerInside extends RunningEngine {
  readonly namespace: Namespace;
  readonly process: EngineProcess;
  readonly env: Readonly<Record<string, string>>;
}

export const endProcess = async (pid: number): Promise<void> => {
  signal(pid, 'SIGTERM');
  if (!(await waitUntil(() => !isAlive(pid), 10_000))) signal(pid, 'SIGKILL');
};

/** Starts the Docker daemon of a release, and more of them where a scenario wants a host without the toolkit. */
export const startDocker = async (
  root: SuiteRoot,
  { lab, variables }: Place,
  settings: DockerSettings,
): Promise<DockerInside> => {
  const { runtime, simulation } = lab;
  const namespace = await openNamespace(root, { runtime, name: settings.name, cgroups: 'as here' });
  const hook = join(namespace.folder, 'hook');
  await cp(simulation.hook, hook, { recursive: true });
  const started: EngineProcess[] = [];
  const start = async (withHook: boolean): Promise<EngineProcess> => {
    const engine = await startEngine({
      folder: withHook === (settings.gpus === 'hook') ? namespace.folder : `${namespace.folder}-2`,
      ...(withHook ? { hookFolder: hook } : {}),
      hostFolder: join(runtime, 'host'),
      inside: namespace.inside,
      ...(settings.features === undefined ? {} : { features: settings.features }),
    });
    started.push(engine);
    return engine;
  };
  const process = await start(settings.gpus === 'hook');
  let other: EngineProcess | undefined;
  const env: Record<string, string> = {
    ...variables,
    DOCKER_HOST: process.socket,
    HOME: namespace.folder,
  };
  const ownBin = await writeClient(namespace, 'docker', { DOCKER_HOST: process.socket });
  const docker = async (...args: string[]) => mustRun('docker', args, { env });
  const ofOwn: Lab = {
    ...lab,
    engine: async (withToolkit) => {
      if (withToolkit) return process;
      other = other ?? (await start(false));
      return other;
    },
    engines: () => started,
  };
  const data = join(namespace.folder, 'data');
  const left = await leftSince({ namespace, storage: data, engine: docker });
  return {
    namespace,
    process,
    env,
    info: () => docker('info', '--format', '{{json .}}'),
    lab: ofOwn,
    call: async (cli, { faults = [], noDevices, ownClient }) => {
      await setHost(join(runtime, 'host'), { ...HOST, faults: [...faults] }, simulation);
      await writeSpecification(
        namespace.cdi,
        settings.gpus === 'hook' || noDevices ? undefined : HOST,
        faults,
        { driver: join(runtime, 'host', 'lib'), descriptions: namespace.folder },
      );
      const path = ownClient ? { PATH: `${ownBin}:${env['PATH']}` } : {};
      return call(seeingCdi(namespace.cdi, cli), { ...env, ...path });
    },
    left,
    stop: async () => {
      for (const { pid } of started) await endProcess(pid);
      await endProcess(namespace.pid);
      for (const folder of ['', '-2']) {
        await rm(`${namespace.folder}${folder}`, { recursive: true, force: true });
      }
    },
  };
};

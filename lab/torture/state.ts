import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { cgroupsOf, mountsOf } from '../cleanup.js';
import { waitUntil } from '../process.js';

/** Asks a Docker Engine over its socket, without its command line. */
export const ask = <T>(socket: string, path: string, method = 'GET'): Promise<T> =>
  new Promise((resolve, reject) => {
    const asking = request(
      { socketPath: socket.replace('unix://', ''), path, method, timeout: 20_000 },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => {
          if ((answer.statusCode ?? 500) >= 400) reject(new Error(`${path}: ${text.trim()}`));
          else resolve((text === '' ? undefined : JSON.parse(text)) as T);
        });
      },
    );
    asking.on('timeout', () => asking.destroy(new Error(`${path}: no answer`)));
    asking.on('error', reject);
    asking.end();
  });

export interface EngineContainer {
  Id: string;
  Names: string[];
  Image: string;
  State: string;
  Labels: Record<string, string>;
}

/** The action's containers, by their names: anybody's container has the labels of its image. */
export const actionContainers = async (
  socket: string,
  more: '' | '?all=1' = '',
): Promise<EngineContainer[]> =>
  (await ask<EngineContainer[]>(socket, `/containers/json${more}`)).filter(({ Names }) =>
    Names.some((name) => /^\/cuda-image-check-[0-9a-f-]{36}-\d+$/.test(name)),
  );

/** Waits until one of them runs; ends before, too, once the step has ended. */
export const containerRuns = (
  socket: string,
  ended: () => boolean,
  { withinMs, everyMs }: { withinMs: number; everyMs: number } = { withinMs: 30_000, everyMs: 30 },
): Promise<boolean> =>
  waitUntil(
    async () => ended() || (await actionContainers(socket).catch(() => [])).length > 0,
    withinMs,
    everyMs,
  );

/** Everything that an engine and the machine hold: one line for each thing, so that two states are compared as sets. */
export type MachineState = readonly string[];

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Containers with their state and time of start, images with their names, volumes, networks. */
const engineState = async (socket: string): Promise<string[]> => {
  const [containers, images, volumes, networks] = await Promise.all([
    ask<EngineContainer[]>(socket, '/containers/json?all=1'),
    ask<{ Id: string; RepoTags?: string[] | null; RepoDigests?: string[] | null }[]>(
      socket,
      '/images/json?all=1',
    ),
    ask<{ Volumes?: { Name: string }[] | null }>(socket, '/volumes'),
    ask<{ Id: string; Name: string }[]>(socket, '/networks'),
  ]);
  const details = await Promise.all(
    containers.map(({ Id }) =>
      ask<{ State: { StartedAt: string; Pid: number } }>(socket, `/containers/${Id}/json`).catch(
        () => undefined,
      ),
    ),
  );
  return [
    ...containers.map(
      ({ Id, Names, State }, at) =>
        `container ${Names.join(',')} ${Id.slice(0, 12)} ${State} ${details[at]?.State.StartedAt}`,
    ),
    ...images.flatMap(({ Id, RepoTags, RepoDigests }) =>
      [...(RepoTags ?? []), ...(RepoDigests ?? [])].map((name) => `image ${name} ${Id}`),
    ),
    ...images.map(({ Id }) => `image ${Id}`),
    ...(volumes.Volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ...networks.map(({ Id, Name }) => `network ${Name} ${Id.slice(0, 12)}`),
  ];
};

/** What the engine keeps on the disk: layers, containers, volumes. */
const storageState = async (data: string): Promise<string[]> =>
  (
    await Promise.all(
      ['overlay2', 'containers', 'volumes', 'image/overlay2/layerdb/mounts'].map(async (folder) =>
        (
          await namesIn(join(data, folder))
        )
          // The engine's own short names of layers.
          .filter((name) => name !== 'l' && name !== 'metadata.db' && name !== 'backingFsBlockDev')
          .map((name) => `disk ${folder}/${name}`),
      ),
    )
  ).flat();

/** Processes in the engine's cgroup, that is in its containers. */
const containerProcesses = async (runtime: string): Promise<string[]> => {
  const found: string[] = [];
  for (const group of await cgroupsOf(runtime)) {
    for (const name of await namesIn(group)) {
      const text = await readFile(join(group, name, 'cgroup.procs'), 'utf8').catch(() => '');
      for (const pid of text.split('\n')) if (pid !== '') found.push(`container process ${pid}`);
    }
  }
  return [...new Set(found)];
};

/** The state of an engine and of what it does on this machine. */
export const stateOf = async (
  socket: string,
  data: string,
  runtime: string,
): Promise<MachineState> =>
  (
    await Promise.all([
      engineState(socket),
      storageState(data),
      containerProcesses(runtime),
      mountsOf(runtime).then((points) => [...new Set(points)].map((point) => `mount ${point}`)),
    ])
  ).flat();

/** Processes that have a text in their environment: everything that a run of the action started, however far it went. */
export const processesWith = async (text: string): Promise<string[]> => {
  const found: string[] = [];
  for (const name of await namesIn('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const env = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
    if (!env.includes(text)) continue;
    const words = await readFile(`/proc/${name}/cmdline`, 'latin1').catch(() => '');
    if (words !== '') found.push(`process ${name} ${words.replaceAll('\0', ' ').slice(0, 120)}`);
  }
  return found;
};

/** All files below a folder, by their paths relative to it. */
export const filesBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
};

export const difference = (before: MachineState, after: MachineState): string[] => {
  const had = new Set(before);
  const has = new Set(after);
  return [
    ...after.filter((one) => !had.has(one)).map((one) => `left: ${one}`),
    ...before.filter((one) => !has.has(one)).map((one) => `gone: ${one}`),
  ];
};

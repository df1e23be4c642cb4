import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAlive, run, signal, sleep, waitUntil } from './process.js';

const CGROUPS = '/sys/fs/cgroup';

const listFolder = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
};

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
};

/** Processes whose command line names the runtime folder: the engine, its containerd and shims, the registries. Never this one. */
export const processesOf = async (runtime: string): Promise<number[]> => {
  const found: number[] = [];
  for (const name of await listFolder('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || pid === process.ppid) {
      continue;
    }
    const words = (await readText(`/proc/${name}/cmdline`)).split('\0');
    if (words.some((word) => word.includes(`${runtime}/`))) {
      found.push(pid);
    }
  }
  return found;
};

/** Mount points below the runtime folder, innermost first. */
export const mountsOf = async (runtime: string): Promise<string[]> =>
  (await readText('/proc/self/mountinfo'))
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replace(/\\040/g, ' '))
    .filter((point) => point.startsWith(`${runtime}/`))
    .reverse();

/** The cgroup folders of the lab's containers: one per hierarchy (cgroup v1) or one in all (v2). */
export const cgroupsOf = async (runtime: string): Promise<string[]> => {
  const name = basename(runtime);
  const places = [CGROUPS, ...(await listFolder(CGROUPS)).map((entry) => join(CGROUPS, entry))];
  const found: string[] = [];
  for (const place of places) {
    if ((await listFolder(join(place, name))).length > 0) {
      found.push(join(place, name));
    }
  }
  return found;
};

const foldersBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) {
      below.push(...(await foldersBelow(join(folder, entry.name))));
    }
  }
  return [...below, folder];
};

const killContainers = async (runtime: string): Promise<void> => {
  for (const group of await cgroupsOf(runtime)) {
    for (const folder of await foldersBelow(group)) {
      for (const pid of (await readText(join(folder, 'cgroup.procs'))).split('\n')) {
        if (pid !== '') {
          signal(Number(pid), 'SIGKILL');
        }
      }
    }
  }
};

const removeCgroups = async (runtime: string): Promise<void> => {
  for (const group of await cgroupsOf(runtime)) {
    for (const folder of await foldersBelow(group)) {
      // A cgroup can be removed only once the kernel has let go of its last process.
      await waitUntil(
        async () => (await readText(join(folder, 'cgroup.procs'))).trim() === '',
        2_000,
        20,
      );
      await rmdir(folder).catch(() => undefined);
    }
  }
};

/** containerd keeps its shims' sockets under /run, named by a digest of the engine's socket and the container. */
const removeShimSockets = async (runtime: string): Promise<void> => {
  for (const engine of await listFolder(runtime)) {
    const address = join(runtime, engine, 'exec', 'containerd', 'containerd.sock');
    for (const container of await listFolder(join(runtime, engine, 'data', 'containers'))) {
      const digest = createHash('sha256')
        .update(join(address, 'moby', container))
        .digest('hex');
      await rm(join('/run/containerd/s', digest), { force: true });
    }
  }
  await rmdir('/run/containerd/s').catch(() => undefined);
  await rmdir('/run/containerd').catch(() => undefined);
};

const endProcesses = async (runtime: string, services: readonly number[]): Promise<void> => {
  // Their own processes first: an engine that is asked to end waits for its containers to do so.
  await killContainers(runtime);
  const ours = new Set(await processesOf(runtime));
  // A recorded number may belong to another program by now: only those whose command line is the lab's are ended.
  for (const pid of services.filter((service) => ours.has(service))) {
    signal(pid, 'SIGTERM');
  }
  await waitUntil(() => services.every((pid) => !ours.has(pid) || !isAlive(pid)), 8_000);
  await killContainers(runtime);
  for (let round = 0; round < 5; round += 1) {
    const left = await processesOf(runtime);
    if (left.length === 0) {
      return;
    }
    for (const pid of left) {
      signal(pid, 'SIGKILL');
    }
    await sleep(100);
  }
};

/** What a lab left on the machine, in words; empty when nothing. */
const leftovers = async (runtime: string): Promise<string[]> => {
  const folder = await lstat(runtime).then(
    () => [`folder ${runtime}`],
    () => [],
  );
  return [
    ...(await processesOf(runtime)).map((pid) => `process ${pid}`),
    ...(await mountsOf(runtime)).map((point) => `mount ${point}`),
    ...(await cgroupsOf(runtime)).map((group) => `cgroup ${group}`),
    ...folder,
  ];
};

/**
 * Ends every process of a lab, running or crashed, and removes its mounts, cgroups and folder.
 * @param runtime the lab's own folder: everything of the lab names it.
 * @param services process numbers that are asked to end by themselves first.
 * @returns what is still there, in words.
 */
export const removeRuntime = async (
  runtime: string,
  services: readonly number[],
): Promise<string[]> => {
  if (!/^\/.*\/cuda-lab-[A-Za-z0-9]+$/.test(runtime)) {
    throw new Error(`${runtime} is no folder of a lab`);
  }
  await endProcesses(runtime, services);
  await removeCgroups(runtime);
  for (const point of await mountsOf(runtime)) {
    await run('umount', ['-l', point]);
  }
  await removeShimSockets(runtime);
  await waitUntil(
    async () => {
      await rm(runtime, { recursive: true, force: true }).catch(() => undefined);
      return (await listFolder(runtime)).length === 0;
    },
    5_000,
    200,
  );
  return await leftovers(runtime);
};

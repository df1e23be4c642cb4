import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mustRun, run } from '../process.js';
import { call, leftSince, seeingCdi } from './call.js';
import { writeSpecification } from './cdi.js';
import { endProcess } from './docker.js';
import type { Place, RunningEngine } from './engine.js';
import { type Namespace, openNamespace, writeClient } from './namespace.js';
import { HOST } from './rows.js';
import type { SuiteRoot } from './suites.js';

export interface PodmanSettings {
  readonly name: string;
  readonly ociRuntime: 'runc' | 'crun';
  readonly cgroups: 'as here' | 'legacy';
}

/** Far below what any machine gives: Podman's own defaults are more than one without CAP_SYS_RESOURCE may. */
const LIMITS = '"nofile=1024:1024", "nproc=4096:4096"';

/** Its containers go below the lab's cgroup, so that the lab's clean-up finds them after a crash, too. */
const IN_CGROUP =
  'if [ "$1" = create ]; then shift; exec "$0" create --cgroup-parent "/$LAB" "$@"; fi; exec "$0" "$@"';

/**
 * Settings of a Podman of a namespace: a storage of its own, low limits, a registry that speaks no TLS; nothing of it is outside of the
 * namespace's folder and /run.
 * @returns the folder for a PATH outside
 */
const preparePodman = async (
  namespace: Namespace,
  settings: { runtime: string; ociRuntime: 'runc' | 'crun'; registry: string },
): Promise<string> => {
  const folder = join(namespace.folder, 'podman');
  await mkdir(folder, { recursive: true });
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const variables = {
    HOME: folder,
    LAB: basename(settings.runtime),
    CONTAINERS_STORAGE_CONF: await file(
      'storage.conf',
      `[storage]\ndriver = "overlay"\ngraphroot = "${join(folder, 'storage')}"\nrunroot = "/run/containers/storage"\n`,
    ),
    CONTAINERS_CONF: await file(
      'containers.conf',
      `[containers]\ndefault_ulimits = [${LIMITS}]\n[engine]\nruntime = "${settings.ociRuntime}"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n`,
    ),
    CONTAINERS_REGISTRIES_CONF: await file(
      'registries.conf',
      `[[registry]]\nlocation = "${settings.registry}"\ninsecure = true\n`,
    ),
  };
  return writeClient(namespace, 'podman', variables, IN_CGROUP);
};

/** Podman of a release: no daemon, so that each command is started in the namespace. */
export const startPodman = async (
  root: SuiteRoot,
  { lab, variables }: Place,
  { name, ociRuntime, cgroups }: PodmanSettings,
): Promise<RunningEngine> => {
  const { runtime } = lab;
  const namespace = await openNamespace(root, { runtime, name, cgroups });
  const registry = lab.registries.open.address;
  const bin = await preparePodman(namespace, { runtime, ociRuntime, registry });
  const env = { ...variables, PATH: `${bin}:${variables['PATH']}`, HOME: namespace.folder };
  const podman = async (...args: string[]) => mustRun(join(bin, 'podman'), args, { env });
  const storage = join(namespace.folder, 'podman', 'storage');
  // The first command of all makes the storage, and mounts it.
  await podman('ps');
  const left = await leftSince({ namespace, storage, engine: podman });
  return {
    info: () => podman('info', '--format', 'json'),
    call: async (cli, { faults = [], noDevices, limited }) => {
      await writeSpecification(namespace.cdi, noDevices ? undefined : HOST, faults, {
        driver: join(runtime, 'host', 'lib'),
        descriptions: namespace.folder,
      });
      const bounded = limited
        ? ['prlimit', '--memlock=65536:65536', 'setpriv', '--bounding-set=-sys_resource']
        : [];
      return call(seeingCdi(namespace.cdi, [...bounded, ...cli]), env);
    },
    left,
    stop: async () => {
      await run(join(bin, 'podman'), ['rm', '--all', '--force', '--time', '0'], { env });
      await endProcess(namespace.pid);
      await rm(namespace.folder, { recursive: true, force: true });
    },
  };
};

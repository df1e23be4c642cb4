import { startDocker } from './docker.js';
import { startInContainer, startNested, startTcp } from './elsewhere.js';
import type { EngineGroup } from './engine.js';
import { startPodman } from './podman.js';
import {
  CRUN_HYBRID_ROWS,
  DOCKER_CDI_ROWS,
  DOCKER_HOOK_ROWS,
  ELSEWHERE_ROWS,
  PODMAN_ROWS,
} from './rows.js';
import type { Suite } from './suites.js';

const DOCKER = ['docker.io', 'containerd', 'runc'];

const docker = (
  name: string,
  suite: Suite,
  gpus: 'hook' | 'cdi',
  features?: Record<string, boolean>,
): EngineGroup => ({
  name,
  suite,
  packages: DOCKER,
  how:
    gpus === 'hook'
      ? 'GPUs by the prestart hook'
      : `GPUs as CDI devices${features === undefined ? '' : ', which `features.cdi` switches on'}`,
  rows: gpus === 'hook' ? DOCKER_HOOK_ROWS : DOCKER_CDI_ROWS,
  start: (root, place) =>
    startDocker(root, place, { name, gpus, ...(features === undefined ? {} : { features }) }),
});

const podman = (name: string, suite: Suite, ociRuntime: 'runc' | 'crun'): EngineGroup => ({
  name,
  suite,
  packages: ['podman', ociRuntime, 'conmon'],
  how: `rootful, CDI, ${ociRuntime}, overlay storage`,
  rows: PODMAN_ROWS,
  start: (root, place) =>
    startPodman(root, place, {
      name,
      ociRuntime,
      cgroups: ociRuntime === 'crun' ? 'legacy' : 'as here',
    }),
});

/** Newest first: what is likeliest to be new is seen first. */
export const GROUPS: readonly EngineGroup[] = [
  docker('docker-28-cdi', 'sid', 'cdi'),
  docker('docker-28-hook', 'sid', 'hook'),
  docker('docker-26-cdi', 'trixie', 'cdi', { cdi: true }),
  docker('docker-26-hook', 'trixie', 'hook'),
  podman('podman-5.8-crun', 'sid', 'crun'),
  podman('podman-5.8', 'sid', 'runc'),
  podman('podman-5.4', 'trixie', 'runc'),
  podman('podman-4.3', 'bookworm', 'runc'),
  {
    name: 'podman-crun-hybrid',
    suite: 'sid',
    packages: ['podman', 'crun'],
    how: 'crun where cgroups v1 are beside v2, which it does not support',
    rows: CRUN_HYBRID_ROWS,
    start: (root, place) =>
      startPodman(root, place, {
        name: 'podman-crun-hybrid',
        ociRuntime: 'crun',
        cgroups: 'as here',
      }),
  },
  {
    name: 'docker-tcp',
    suite: 'sid',
    packages: DOCKER,
    how: '`DOCKER_HOST=tcp://…`, from a mount namespace in which none of the daemon’s files is',
    rows: ELSEWHERE_ROWS,
    start: startTcp,
  },
  {
    name: 'runner-in-container',
    suite: 'sid',
    packages: DOCKER,
    how: 'the command line in a container that has the daemon’s socket',
    rows: ELSEWHERE_ROWS,
    start: startInContainer,
  },
  {
    name: 'docker-in-docker',
    suite: 'sid',
    packages: DOCKER,
    how: 'a daemon in a privileged container of another daemon of the same version, with the hook inside',
    rows: ELSEWHERE_ROWS,
    start: startNested,
  },
];

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mustRun, run, startService, waitUntil } from './process.js';
import { findProgram, programPath } from './requirements.js';

export interface EngineProcess {
  pid: number;
  /** `unix:///…/docker.sock`, for DOCKER_HOST. */
  socket: string;
}

export interface EngineSettings {
  /** The engine's own folder directly below the lab's runtime folder. */
  folder: string;
  /** Holds the simulated hook; left out, the engine is one of a host without the container toolkit. */
  hookFolder?: string;
  /** The simulated host that the hook looks at. */
  hostFolder: string;
  /** Runs the daemon of another Debian release: the command line that starts it there. */
  inside?: (words: readonly string[]) => string[];
  /** What the daemon's configuration switches on or off. */
  features?: Readonly<Record<string, boolean>>;
}

/** Engine versions that still write a key to /etc/docker unless they are told another place. */
const LAST_MAJOR_WITH_TRUST_KEY = 24;

const majorVersion = async ([program = '', ...args]: readonly string[]): Promise<number> => {
  const version = await mustRun(program, args, { env: { PATH: programPath() } });
  return Number(/version (\d+)\./.exec(version)?.[1] ?? Number.NaN);
};

/**
 * Starts a Docker daemon of the lab's own: socket, data, state, process file, configuration and cgroup are all apart from the
 * machine's. It has no network of its own (containers of the lab run without one), so it needs no iptables.
 */
export const startEngine = async (settings: EngineSettings): Promise<EngineProcess> => {
  const { folder } = settings;
  const inside = settings.inside ?? ((words: readonly string[]) => [...words]);
  const dockerd =
    settings.inside === undefined ? ((await findProgram('dockerd')) ?? 'dockerd') : 'dockerd';
  const major = await majorVersion(inside([dockerd, '--version']));
  const path = programPath()
    .split(':')
    // A toolkit that is really installed must not stand in for the simulated one, or be found where it is said to be missing.
    .filter((part) => part !== '');
  const socket = join(folder, 'docker.sock');
  const configuration = join(folder, 'daemon.json');
  const log = join(folder, 'log');
  await mkdir(folder, { recursive: true });
  await writeFile(
    configuration,
    JSON.stringify({
      ...(major <= LAST_MAJOR_WITH_TRUST_KEY
        ? { 'deprecated-key-path': join(folder, 'key.json') }
        : {}),
      ...(settings.features === undefined ? {} : { features: settings.features }),
    }),
  );
  const [program = '', ...args] = inside([
    dockerd,
    ...['--config-file', configuration],
    ...['--data-root', join(folder, 'data')],
    ...['--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'pid')],
    ...['--host', `unix://${socket}`],
    ...['--cgroup-parent', `/${basename(join(folder, '..'))}`],
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs'],
    ...['--shutdown-timeout', '2'],
    ...['--bridge', 'none', '--iptables=false', '--ip6tables=false'],
    ...['--ip-forward=false', '--ip-masq=false'],
    ...['--insecure-registry', '127.0.0.0/8'],
  ]);
  const child = startService(program, args, log, {
    PATH: [...(settings.hookFolder === undefined ? [] : [settings.hookFolder]), ...path].join(':'),
    HOME: folder,
    SIMULATED_NVIDIA_HOST: settings.hostFolder,
  });
  const ready = await waitUntil(
    async () =>
      child.exitCode !== null ||
      (await run('docker', ['version', '--format', '{{.Server.Version}}'], {
        env: { PATH: programPath(), HOME: folder, DOCKER_HOST: `unix://${socket}` },
      }).then((ended) => ended.code === 0)),
    60_000,
    100,
  );
  if (!ready || child.exitCode !== null || child.pid === undefined) {
    const said = (await readFile(log, 'utf8')).trim().split('\n').slice(-8).join('\n');
    throw new Error(`The lab's container engine did not start:\n${said}`);
  }
  return { pid: child.pid, socket: `unix://${socket}` };
};

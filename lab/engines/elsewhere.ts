import { mkdir } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setHost } from '../host.js';
import { mustRun, run, waitUntil } from '../process.js';
import { programPath } from '../requirements.js';
import { call, linesOf } from './call.js';
import { type DockerInside, startDocker } from './docker.js';
import type { Place, RunningEngine } from './engine.js';
import { INSIDE_PATH, MACHINE } from './namespace.js';
import { HOST } from './rows.js';
import type { SuiteRoot } from './suites.js';

const socketOf = ({ process }: DockerInside): string => process.socket.replace('unix://', '');

const toWorkingHost = ({ lab }: Place) => setHost(join(lab.runtime, 'host'), HOST, lab.simulation);

/** The daemon's socket at a port of the loopback. */
const openPort = async (socket: string): Promise<{ server: Server; address: string }> => {
  // What is attached to a container ends one way before the other.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const daemon = connect({ path: socket, allowHalfOpen: true });
    for (const [one, other] of [
      [client, daemon],
      [daemon, client],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    server,
    address: `tcp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
  };
};

/** The folder of the lab, where the daemon and the driver have their files, is empty for the command line. */
const WITHOUT_LAB = 'mount -t tmpfs tmpfs "$LAB" && exec "$@"';

/** A daemon by TCP: nothing but the connection is shared with the command line, as with another machine. */
export const startTcp = async (root: SuiteRoot, place: Place): Promise<RunningEngine> => {
  const docker = await startDocker(root, place, { name: 'docker-tcp', gpus: 'hook' });
  const { server, address } = await openPort(socketOf(docker));
  return {
    ...docker,
    call: async (cli) => {
      await toWorkingHost(place);
      const env = { PATH: programPath(), HOME: '/nonexistent', DOCKER_HOST: address };
      const own = ['unshare', '--mount', '--propagation', 'private', '--', 'sh', '-euc'];
      return call([...own, WITHOUT_LAB, 'sh', ...cli], { ...env, LAB: place.lab.runtime });
    },
    stop: async () => {
      server.close();
      await docker.stop();
    },
  };
};

/**
 * The runner's container has this machine's programs and the checkout, read-only, and the daemon's socket; the daemon sees none of the
 * container's own files, so that a bind mount would lead nowhere.
 */
export const startInContainer = async (root: SuiteRoot, place: Place): Promise<RunningEngine> => {
  const docker = await startDocker(root, place, { name: 'runner-in-container', gpus: 'hook' });
  const { root: checkout, state } = place.paths;
  return {
    ...docker,
    call: async (cli) => {
      await toWorkingHost(place);
      const mounts = [
        `${socketOf(docker)}:/run/docker.sock`,
        `${MACHINE}/usr:/usr:ro`,
        `${MACHINE}${checkout}:${checkout}:ro`,
        `${MACHINE}${state}:${state}`,
      ];
      return call(
        [
          ...['docker', 'run', '--rm', '--network', 'none'],
          ...['--env', 'DOCKER_HOST=unix:///run/docker.sock', '--env', 'HOME=/tmp'],
          ...['--env', `PATH=${programPath()}`],
          ...mounts.flatMap((mount) => ['--volume', mount]),
          place.image,
          ...cli,
        ],
        docker.env,
      );
    },
  };
};

/** A daemon in a privileged container of another one. Its programs are the release's, its data is in the lab's folder. */
export const startNested = async (root: SuiteRoot, place: Place): Promise<RunningEngine> => {
  const outer = await startDocker(root, place, { name: 'docker-in-docker', gpus: 'hook' });
  const { runtime } = place.lab;
  await toWorkingHost(place);
  const inner = join(outer.namespace.folder, 'inner');
  await mkdir(inner, { recursive: true });
  const socket = join(inner, 'docker.sock');
  const name = 'inner';
  await mustRun(
    'docker',
    [
      ...['run', '--detach', '--privileged', '--network', 'host', '--name', name],
      ...['--env', `PATH=${join(outer.namespace.folder, 'hook')}:${INSIDE_PATH}`],
      ...['--env', `SIMULATED_NVIDIA_HOST=${join(runtime, 'host')}`],
      ...['--volume', `${runtime}:${runtime}`, '--volume', '/usr:/usr:ro'],
      ...['--entrypoint', '/usr/sbin/dockerd', place.image],
      ...['--data-root', join(inner, 'data'), '--exec-root', join(inner, 'exec')],
      ...['--pidfile', join(inner, 'pid'), '--host', `unix://${socket}`],
      ...['--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'],
      ...['--insecure-registry', '127.0.0.0/8'],
    ],
    { env: outer.env },
  );
  const env = { ...outer.env, DOCKER_HOST: `unix://${socket}` };
  const answers = async () => (await run('docker', ['version'], { env })).code === 0;
  if (!(await waitUntil(answers, 60_000, 200))) {
    const log = await run('docker', ['logs', name], { env: outer.env });
    await outer.stop();
    throw new Error(`The daemon in the container did not start:\n${log.stdout}${log.stderr}`);
  }
  return {
    ...outer,
    info: () => mustRun('docker', ['info', '--format', '{{json .}}'], { env }),
    call: async (cli) => {
      await toWorkingHost(place);
      return call(cli, env);
    },
    left: async () =>
      linesOf(
        await mustRun('docker', ['ps', '--all', '--format', 'container {{.Names}}'], { env }),
      ),
    stop: async () => {
      await run('docker', ['rm', '--force', '--volumes', name], { env: outer.env });
      await outer.stop();
    },
  };
};

import { createHash } from 'node:crypto';
import type { RunOptions } from '../../src/platform/ports.js';
import type { Answer, FakeProgram } from './shell.js';

export interface FakeImage {
  id?: string;
  digests?: string[];
  env?: string[];
  user?: string;
  entrypoint?: string[];
  architecture?: string;
  /** Inherited by its containers, unless they have a label of the same name. */
  labels?: Record<string, string>;
  /** The engine does not come back from starting a container of it, nor from removing one, and lists it as created. */
  heldAtStart?: boolean;
  /** What a container of it does when it is started. */
  run?: (context: { nonce: string; args: readonly string[]; options: RunOptions }) => Answer;
}

export interface FakeContainer {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly image: string;
  copied: Uint8Array | undefined;
  state: { Status: string; ExitCode: number; OOMKilled: boolean; Error: string };
}

export interface FakeDocker {
  readonly program: FakeProgram;
  readonly containers: Map<string, FakeContainer>;
  readonly local: Set<string>;
  /** Answers given instead of the real ones, by the first words of a command line. Each may be used up. */
  readonly refusals: Map<string, Answer[]>;
}

const ARGUMENTS_WITH_VALUE = new Set([
  '--name',
  '--label',
  '--gpus',
  '--network',
  '--cap-drop',
  '--cap-add',
  '--security-opt',
  '--pids-limit',
  '--memory',
  '--log-driver',
  '--entrypoint',
]);

/** A working container engine, as small as the calls that the program makes: images in a registry, images here, containers. */
export function createFakeDocker(
  images: Readonly<Record<string, FakeImage>>,
  here: readonly string[] = [],
): FakeDocker {
  const containers = new Map<string, FakeContainer>();
  const local = new Set(here);
  const refusals = new Map<string, Answer[]>();

  const daemonError = (text: string, code = 1): Answer => ({
    code,
    stderr: `Error response from daemon: ${text}\n`,
  });

  const idOf = (name: string): string =>
    images[name]?.id ?? `sha256:${createHash('sha256').update(name).digest('hex')}`;
  /** By tag, by digest or by content id. */
  const find = (name: string): FakeImage | undefined =>
    Object.entries(images).find(
      ([tag, { digests }]) => tag === name || digests?.includes(name) || idOf(tag) === name,
    )?.[1];

  const inspectImage = (name: string): Answer => {
    const image = find(name);
    if (image === undefined || !local.has(name)) {
      return { ...daemonError(`No such image: ${name}`), stdout: '[]\n' };
    }
    return {
      stdout: JSON.stringify([
        {
          Id: idOf(name),
          RepoDigests: image.digests ?? [],
          Os: 'linux',
          Architecture: image.architecture ?? 'amd64',
          Size: 1234,
          Config: {
            Env: image.env ?? [],
            User: image.user ?? '',
            Entrypoint: image.entrypoint ?? null,
            Labels: { maintainer: 'someone' },
          },
        },
      ]),
    };
  };

  const create = (args: readonly string[]): Answer => {
    let at = 0;
    let name = '';
    const given: [string, string][] = [];
    while (args[at]?.startsWith('--')) {
      const value = args[at + 1] ?? '';
      if (args[at] === '--name') name = value;
      if (args[at] === '--label') {
        const [key = ''] = value.split('=');
        given.push([key, value.slice(key.length + 1)]);
      }
      at += ARGUMENTS_WITH_VALUE.has(args[at] ?? '') ? 2 : 1;
    }
    const state = { Status: 'created', ExitCode: 0, OOMKilled: false, Error: '' };
    const image = args[at] ?? '';
    const labels = { ...find(image)?.labels, ...Object.fromEntries(given) };
    const id = createHash('sha256').update(`container ${name}`).digest('hex');
    containers.set(name, { id, labels, args, image, copied: undefined, state });
    return { stdout: `${name}\n` };
  };

  const start = (name: string, options: RunOptions): Answer => {
    const container = containers.get(name);
    if (container === undefined) return daemonError(`No such container: ${name}`);
    const nonce = container.args[container.args.indexOf('--nonce') + 1] ?? '';
    const image = find(container.image);
    if (image?.heldAtStart) return { hangs: true };
    const answer = image?.run?.({ nonce, args: container.args, options }) ?? {};
    if (answer.stderr?.startsWith('Error response from daemon')) {
      container.state = { ...container.state, ExitCode: 127, Error: answer.stderr.trim() };
    } else {
      const ExitCode = answer.code ?? 0;
      const Status = answer.hangs ? 'running' : 'exited';
      container.state = { ...container.state, Status, ExitCode };
    }
    return answer;
  };

  const list = (args: readonly string[]): Answer => {
    const [by, ...filter] = (args[args.indexOf('--filter') + 1] ?? '').split('=');
    const wanted = filter.join('=');
    const [key = ''] = wanted.split('=');
    const found = [...containers].filter(([name, { labels }]) => {
      if (by === 'name') return name.includes(wanted);
      return wanted === key ? key in labels : labels[key] === wanted.slice(key.length + 1);
    });
    const format = args[args.indexOf('--format') + 1];
    const lines = found.map(([name, { id, labels, state }]) =>
      args.includes('--format')
        ? listed(format ?? '', { id, name, labels })
            .replace('{{.Names}}', name)
            .replace('{{.Status}}', STATUS_WORDS[state.Status] ?? '')
        : id,
    );
    return { stdout: lines.map((line) => `${line}\n`).join('') };
  };

  const program: FakeProgram = async (args, options) => {
    // A real client takes its time, so that calls can overlap.
    await new Promise((resolve) => setImmediate(resolve));
    const line = args.join(' ');
    for (const [words, answers] of refusals) {
      const answer = line.startsWith(words) ? answers.shift() : undefined;
      if (answer !== undefined) return answer;
    }
    const last = args.at(-1) ?? '';
    switch (args[0]) {
      case 'info':
        return { stdout: DOCKER_INFO };
      case 'image':
        return inspectImage(last);
      case 'manifest':
        return { code: 1, stderr: 'no such manifest\n' };
      case 'pull':
        if (find(last) === undefined) {
          return daemonError(`manifest for ${last} not found: manifest unknown`);
        }
        local.add(last);
        for (const digest of find(last)?.digests ?? []) local.add(digest);
        return { stdout: '0123456789ab: Pulling fs layer\n0123456789ab: Pull complete\n' };
      case 'create':
        return create(args.slice(1));
      case 'cp': {
        const container = containers.get(last.replace(/:\/$/, ''));
        if (container === undefined) return daemonError(`No such container:path: ${last}`);
        container.copied = options.input;
        return {};
      }
      case 'start':
        return start(last, options);
      case 'container':
        return { stdout: `${JSON.stringify(containers.get(last)?.state)}\n` };
      case 'rm': {
        const name = [...containers].find(([, { id }]) => id === last)?.[0] ?? last;
        if (find(containers.get(name)?.image ?? '')?.heldAtStart) return { hangs: true };
        return containers.delete(name)
          ? { stdout: `${last}\n` }
          : daemonError(`No such container: ${last}`);
      }
      case 'ps':
        return list(args);
      default:
        return { code: 125, stderr: `docker: unknown command: ${line}\n` };
    }
  };
  return { program, containers, local, refusals };
}

/** A template of `ps --format`, as far as it quotes an identity, a name or a label: `{{printf "%.80q" (.Label "x")}}`. */
const listed = (
  format: string,
  { id, name, labels }: { id: string; name: string; labels: Readonly<Record<string, string>> },
): string =>
  format.replaceAll(
    /\{\{printf "%\.(\d+)q" (?:\.(ID|Names)|\(\.Label "([^"]+)"\))\}\}/g,
    (_, most: string, member: string | undefined, label: string) => {
      const value = member === undefined ? (labels[label] ?? '') : member === 'ID' ? id : name;
      return JSON.stringify([...value].slice(0, Number(most)).join(''));
    },
  );

/** The engine's list says its states in words of its own. */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  created: 'Created',
  running: 'Up 5 seconds',
  exited: 'Exited (0) 1 second ago',
};

/** Of Docker Engine 20.10.24 on Debian 12, shortened. */
export const DOCKER_INFO = JSON.stringify({
  ServerVersion: '20.10.24+dfsg1',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  OSType: 'linux',
  Architecture: 'x86_64',
  DockerRootDir: '/var/lib/docker',
  Runtimes: { 'io.containerd.runc.v2': { path: 'runc' }, runc: { path: 'runc' } },
  DefaultRuntime: 'runc',
  SecurityOptions: ['name=seccomp,profile=default'],
  CDISpecDirs: null,
});

import { type CommandWorld, commandLine } from '../../src/command-line.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeDocker, type FakeImage } from '../fakes/docker.js';
import { createFakeFiles } from '../fakes/files.js';
import { createFakeShell, type FakeProgram } from '../fakes/shell.js';
import { probeFiles } from '../fakes/world.js';

export const facts = (reference: string, driver: string, cuda: string) =>
  JSON.stringify({
    schema: 'cuda-image-check/facts@1',
    host: { driver: { version: driver }, gpus: [{ index: 0, name: 'NVIDIA A100-SXM4-80GB' }] },
    image: { reference, env: { CUDA_VERSION: cuda } },
  });

export const FILES = {
  'works.json': facts('works', '570.124.06', '12.4.1'),
  'fails.json': facts('fails', '470.82.01', '12.4.1'),
  'unknown.json': '{"schema":"cuda-image-check/facts@1","image":{"reference":"unknown"}}',
  'bad.json': '{"schema":',
  'log.txt':
    'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].\n',
};

/** Runs one command in a world of fakes. */
export async function call(
  args: readonly string[],
  options: {
    stdin?: string;
    images?: Record<string, FakeImage>;
    readOnly?: string[];
    isTerminal?: boolean;
    env?: Record<string, string>;
    files?: Record<string, string>;
    fetch?: typeof fetch;
    programs?: Record<string, FakeProgram>;
    workspace?: string;
  } = {},
) {
  const out = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      out[name] += text;
    },
    isTerminal: options.isTerminal ?? false,
    columns: 80,
  });
  const docker = createFakeDocker(options.images ?? {}, Object.keys(options.images ?? {}));
  const shell = createFakeShell({ docker: docker.program, ...options.programs });
  const files = createFakeFiles(
    { ...probeFiles(), ...FILES, ...options.files, '/action/package.json': '{"version":"1.2.3"}' },
    options.readOnly,
  );
  const world: CommandWorld = {
    shell,
    files,
    clock: createFakeClock(),
    workspace: options.workspace ?? '/repository',
    event: async () => undefined,
    dist: '/action/dist',
    runId: () => 'run',
    signal: () => new AbortController().signal,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    stdin: async function* () {
      yield Buffer.from(options.stdin ?? '');
    },
    env: options.env ?? {},
    fetch: options.fetch ?? fetch,
  };
  return { code: await commandLine(args, world), ...out, files, shell, docker };
}

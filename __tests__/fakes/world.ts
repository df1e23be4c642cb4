import { createHash } from 'node:crypto';
import type { InputName } from '../../src/inputs.js';
import type { ActionWorld } from '../../src/run.js';
import { createFakeClock } from './clock.js';
import { createFakeDocker, type FakeDocker, type FakeImage } from './docker.js';
import { createFakeFiles, type FakeFiles } from './files.js';
import { createRecordingPublisher, type RecordingPublisher } from './publisher.js';
import { createFakeShell, type FakeProgram, type FakeShell } from './shell.js';

const PROBES = ['cuda-image-probe-linux-x64', 'cuda-image-probe-linux-arm64'];

/** The files of `dist/probe` with right sums. */
export function probeFiles(): Record<string, string> {
  const sum = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    ...Object.fromEntries(PROBES.map((name) => [`/action/dist/probe/${name}`, `program ${name}`])),
    '/action/dist/probe/SHA256SUMS': `${PROBES.map((name) => `${sum(`program ${name}`)}  ${name}`).join('\n')}\n`,
  };
}

/** Lines that the probe writes on a machine where all is well. */
export const probeOutput = (nonce: string, ...documents: object[]): string =>
  [{ step: 'begin' }, ...documents, { step: 'end', ms: 1 }]
    .map((document) => JSON.stringify({ probe: 'cuda-image-check/probe@1', nonce, ...document }))
    .map((line) => `${line}\n`)
    .join('');

export interface TestWorld extends ActionWorld {
  readonly docker: FakeDocker;
  readonly shell: FakeShell;
  readonly files: FakeFiles;
  readonly publisher: RecordingPublisher;
  readonly abort: AbortController;
}

export function createTestWorld(options: {
  inputs: Partial<Record<InputName, string>>;
  images?: Record<string, FakeImage>;
  here?: string[];
  programs?: Record<string, FakeProgram>;
  withoutDocker?: boolean;
  files?: Record<string, string>;
  readOnly?: string[];
  workflowFiles?: ActionWorld['workflowFiles'];
  fetch?: typeof fetch;
}): TestWorld {
  const docker = createFakeDocker(options.images ?? {}, options.here);
  const abort = new AbortController();
  return {
    docker,
    abort,
    shell: createFakeShell({
      ...(options.withoutDocker ? {} : { docker: docker.program }),
      ...options.programs,
    }),
    files: createFakeFiles({ ...probeFiles(), ...options.files }, options.readOnly),
    clock: createFakeClock(),
    publisher: createRecordingPublisher(),
    readInput: (name) => options.inputs[name],
    workflowFiles: options.workflowFiles ?? { unset: [], unusable: [] },
    workspace: '/repository',
    event: async () => undefined,
    dist: '/action/dist',
    temporary: '/temp',
    workflowUrl: async () => undefined,
    github: () => {
      throw new Error('GitHub must not be asked');
    },
    runId: 'run',
    colour: false,
    signal: abort.signal,
    fetch: options.fetch ?? fetch,
    env: {},
  };
}

import { shownOption, withoutValues } from '../image/environment.js';
import type { Clock, CommandOutcome, Files, RunOptions, Shell } from '../platform/ports.js';
import type {
  CallOptions,
  ContainerEngine,
  ContainerSpec,
  ContainerState,
  EngineName,
  EngineResult,
  GpuRequest,
  LabelledContainer,
} from './engine.js';

/** Time for an engine to answer what it should know at once. A daemon under load needs seconds, a dead one for ever. */
const ANSWER_MS = 60_000;

/** Longest answer that is read, in bytes. */
const ANSWER_BYTES = 1024 ** 2;

/** Processes that the container may have: CUDA starts several threads for each GPU. */
const PIDS_LIMIT = '2048';
/** Host memory of the container: eight GPUs' contexts and a framework fit, a runaway image does not take the runner. */
const MEMORY_LIMIT = '16g';
const LIMITS: readonly string[] = ['--pids-limit', PIDS_LIMIT, '--memory', MEMORY_LIMIT];
/** What `rm` says of a container that is not there any more. */
const GONE = /no such container/i;
/** What it says of one that somebody else is removing: the sweep of another run, or the engine for a client that is gone. */
const GOING = /removal of container \S+ is already in progress/i;
/** Pauses before looking again, in milliseconds: a removal takes less than a second, and one that hangs is to be told. */
const GOING_MS: readonly number[] = [250, 750, 2_000, 5_000];
/** Where Podman makes the container's specification: https://github.com/containers/podman */
const NO_LIMITS = /cannot (?:specify|set) resource limits without cgroups v2/i;

/** What differs between engines with Docker's command line. */
interface Dialect {
  readonly gpus: (request: GpuRequest) => readonly string[];
  /** Format of `info` that yields JSON. */
  readonly infoFormat: string;
  /** Never pull behind our back while creating. */
  readonly neverPull: readonly string[];
  /** Whether `cp -` reads an archive from standard input. */
  readonly copiesArchives: boolean;
  /** What keeps the engine from doing more with the container than running the probe. */
  readonly alone: readonly string[];
  /** What yields a label's value in a template of `ps`; undefined where only all of them in one text can be had. */
  readonly labelValue: ((label: string) => string) | undefined;
}

/**
 * An image's HEALTHCHECK is a program of its own that the engine would run beside the probe; and what an image prints without end
 * would be kept on the engine's disk, or sent to wherever its logs go, until the container is gone.
 */
const ALONE: readonly string[] = ['--no-healthcheck', '--log-driver', 'none'];

const DIALECTS: Readonly<Record<EngineName, Dialect>> = {
  docker: {
    gpus: dockerGpus,
    infoFormat: '{{json .}}',
    // Docker's `create` accepts --pull only from 20.10 on; an image that was just inspected is there anyway.
    neverPull: [],
    copiesArchives: true,
    alone: ALONE,
    labelValue: (label) => `.Label "${label}"`,
  },
  podman: {
    // Podman takes --gpus and ignores it without CDI names: https://github.com/NVIDIA/nvidia-container-runtime/issues/190
    gpus: cdiDevices,
    infoFormat: 'json',
    neverPull: ['--pull=never'],
    copiesArchives: true,
    alone: ALONE,
    // `.Label` came with Podman 5: https://github.com/containers/podman/issues/20957
    labelValue: (label) => `index .Labels "${label}"`,
  },
  nerdctl: {
    gpus: dockerGpus,
    infoFormat: '{{json .}}',
    neverPull: ['--pull=never'],
    // "support for reading a tar archive from stdin is not implemented yet": https://github.com/containerd/nerdctl
    copiesArchives: false,
    // It runs no health check by itself, and attaches to a container by way of its log.
    alone: [],
    // It joins names and values by commas and equals signs, which a value may hold; and the name is a label itself.
    labelValue: undefined,
  },
};

function dockerGpus(request: GpuRequest): readonly string[] {
  switch (request.kind) {
    case 'all':
      return ['--gpus', 'all'];
    case 'count':
      return ['--gpus', String(request.count)];
    case 'devices':
      // Quoted inside: the option's value is a CSV record, and the list is one field of it.
      return ['--gpus', `"device=${request.devices.join(',')}"`];
    case 'cdi':
      return deviceOptions(request.names);
  }
}

const deviceOptions = (names: readonly string[]): string[] =>
  names.flatMap((name) => ['--device', name]);

function cdiDevices(request: GpuRequest): readonly string[] {
  if (request.kind === 'cdi') return deviceOptions(request.names);
  const names =
    request.kind === 'all'
      ? ['all']
      : request.kind === 'count'
        ? Array.from({ length: request.count }, (_, index) => String(index))
        : request.devices;
  return deviceOptions(names.map((name) => `nvidia.com/gpu=${name}`));
}

/**
 * A container engine by its command line client, which follows contexts, remote hosts and rootless set-ups.
 * @param clock to look again at what goes on by itself
 * @param files needed to copy a program in, by engines that take it only from a file
 */
export function createCliEngine(
  name: EngineName,
  shell: Shell,
  clock: Pick<Clock, 'sleep'>,
  files?: Pick<Files, 'withProgram'>,
): ContainerEngine {
  const dialect = DIALECTS[name];
  const call = async (
    args: readonly string[],
    options: CallOptions = {},
    more: RunOptions = {},
  ): Promise<EngineResult<string>> =>
    resultOf(
      await shell.run(name, args, {
        timeoutMs: options.timeoutMs ?? ANSWER_MS,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...more,
      }),
    );
  /** A call whose answer is read; one that goes on beyond what is kept is none, whatever it begins with, and is ended. */
  const ask: typeof call = async (args, options = {}, more = {}) => {
    const keepBytes = more.keepBytes ?? ANSWER_BYTES;
    const tooLong = new AbortController();
    let bytes = 0;
    let start = '';
    const result = await call(
      args,
      {
        ...options,
        signal: AbortSignal.any([tooLong.signal, ...(options.signal ? [options.signal] : [])]),
      },
      {
        ...more,
        keepBytes,
        onStdout: (chunk) => {
          if (bytes === 0) start = Buffer.from(chunk.subarray(0, 200)).toString('utf8');
          bytes += chunk.length;
          if (bytes > keepBytes) tooLong.abort();
        },
      },
    );
    if (bytes <= keepBytes) return result;
    const command = result.ok ? result.command : result.failure.command;
    const text = `the answer is longer than ${keepBytes / 1024 ** 2} MiB: ${start}…`;
    return { ok: false, failure: { reason: 'refused', command, text } };
  };
  const done = async (running: Promise<EngineResult<string>>): Promise<EngineResult<void>> => {
    const result = await running;
    return result.ok ? { ...result, value: undefined } : result;
  };

  return {
    name,
    info: (options) => ask(['info', '--format', dialect.infoFormat], options),
    inspectImage: async (image, options) =>
      withSilence(await ask(['image', 'inspect', image], options, { keepBytes: 8 * ANSWER_BYTES })),
    manifest: (image, options = {}) =>
      ask(['manifest', 'inspect', ...(options.plainHttp ? ['--insecure'] : []), image], options),
    pull: (image, options = {}) => {
      const lines = lineSplitter(options.onLine);
      return done(call(['pull', image], options, { onStdout: lines, onStderr: lines }));
    },
    create: async (spec, options) => {
      const create = (limits: readonly string[]) => {
        const shown = { ...spec, options: spec.options.map(shownOption) };
        return done(
          call(createArguments(dialect, spec, limits), options, {
            shown: createArguments(dialect, shown, limits),
          }),
        );
      };
      const first = await create(LIMITS);
      // Rootless Podman without systemd cannot limit anything; its user's own limits hold all the same.
      const result = withSilence(
        !first.ok && NO_LIMITS.test(first.failure.text) ? await create([]) : first,
      );
      if (result.ok) return result;
      const text = withoutValues(result.failure.text, spec.options);
      return { ...result, failure: { ...result.failure, text } };
    },
    copyIn: async (container, file, program, options) => {
      if (!dialect.copiesArchives && files !== undefined) {
        return files.withProgram(program, async (path) =>
          withSilence(await done(call(['cp', path, `${container}:/${file}`], options))),
        );
      }
      const { tarOfProgram } = await import(/* webpackIgnore: true */ './tar.js');
      const input = await tarOfProgram(file, program);
      return withSilence(await done(call(['cp', '-', `${container}:/`], options, { input })));
    },
    start: (container, options) =>
      shell.run(name, ['start', '--attach', container], {
        onStdout: options.onStdout,
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
    inspectContainer: async (container, options) => {
      const result = await ask(
        ['container', 'inspect', '--format', '{{json .State}}', container],
        options,
      );
      return result.ok ? { ...result, value: parseContainerState(result.value) } : result;
    },
    listedStatus: async (container, options) => {
      // Not by tabs: where an engine lays its columns out, it makes them blanks.
      const columns = ['--format', '{{.Names}} {{.Status}}'];
      const result = await ask(
        ['ps', '--all', '--filter', `name=${container}`, ...columns],
        options,
      );
      if (!result.ok) return result;
      const rows = result.value.split('\n');
      const row = rows.find((line) => line.startsWith(`${container} `));
      return { ...result, value: row?.slice(container.length).trim() };
    },
    remove: async (container, options) => {
      const again = () => done(call(['rm', '--force', '--volumes', container], options));
      let result = await again();
      for (const pause of GOING_MS) {
        if (result.ok || !GOING.test(result.failure.text)) break;
        await clock.sleep(pause, options?.signal);
        result = await again();
      }
      // Docker answers 0 for a container that is not there since 25.0, and refuses before.
      if (!result.ok && GONE.test(result.failure.text)) {
        return { ok: true, value: undefined, command: result.failure.command };
      }
      return !result.ok && GOING.test(result.failure.text)
        ? { ok: false, failure: { ...result.failure, reason: 'under-way' } }
        : result;
    },
    listByLabel: async (label, options) => {
      const result = await ask(
        ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`],
        options,
      );
      return result.ok
        ? { ...result, value: result.value.split('\n').filter((line) => line !== '') }
        : result;
    },
    ...(dialect.labelValue === undefined
      ? {}
      : { listLabelled: labelledLister(dialect.labelValue, ask) }),
  };
}

/** Longest name or value that a listing gives: those of this program are shorter, and an image's may be without end. */
const MAX_LISTED = 80;

/** One container a line, as a JSON list: what an image wrote into a label cannot become another line or another container. */
const labelledLister =
  (
    labelValue: (label: string) => string,
    call: (args: readonly string[], options?: CallOptions) => Promise<EngineResult<string>>,
  ): NonNullable<ContainerEngine['listLabelled']> =>
  async (label, others, options) => {
    const names = [label, ...others];
    const members = ['.ID', '.Names', ...names.map((name) => `(${labelValue(name)})`)];
    const format = members.map((member) => `{{printf "%.${MAX_LISTED}q" ${member}}}`).join(',');
    const filter = ['--filter', `label=${label}`];
    const result = await call(
      ['ps', '--all', '--no-trunc', ...filter, '--format', `[${format}]`],
      options,
    );
    if (!result.ok) return result;
    const listed = result.value.split('\n').flatMap((line): LabelledContainer[] => {
      const [id = '', name = '', ...values] = wordsOfLine(line);
      const labels = Object.fromEntries(names.map((one, at) => [one, values[at] ?? '']));
      return /^[0-9a-f]{64}$/.test(id) ? [{ id, name, labels }] : [];
    });
    return { ...result, value: listed };
  };

/** Go quotes some characters as JSON does not; they are in no line of ours, and such a line is passed over. */
function wordsOfLine(line: string): string[] {
  try {
    const words: unknown = JSON.parse(line);
    return Array.isArray(words) ? words.map(String) : [];
  } catch {
    return [];
  }
}

/**
 * The image is not trusted: no network, no capability, no way to new privileges, bounded processes and memory. Root keeps
 * DAC_OVERRIDE where the image runs as root, since without it files that the real job can read would look unreadable.
 * The user's options come last, so that they win where they repeat a limit.
 */
function createArguments(
  dialect: Dialect,
  spec: ContainerSpec,
  limits: readonly string[],
): string[] {
  return [
    'create',
    ...['--name', spec.name],
    ...spec.labels.flatMap((label) => ['--label', label]),
    ...dialect.neverPull,
    ...dialect.alone,
    ...(spec.gpus === undefined ? [] : dialect.gpus(spec.gpus)),
    ...['--network', 'none', '--cap-drop', 'ALL'],
    ...(spec.keepDacOverride ? ['--cap-add', 'DAC_OVERRIDE'] : []),
    ...['--security-opt', 'no-new-privileges'],
    ...limits,
    ...(spec.entrypoint === undefined ? [] : ['--entrypoint', spec.entrypoint]),
    ...spec.options,
    spec.image,
    ...spec.command,
  ];
}

/** In words that `engine-unreachable` is recognised by. */
const SILENT_ENGINE = 'the container engine does not answer';

/** A command that needs no network and did not end is the engine's silence, and says so. */
const withSilence = <T>(result: EngineResult<T>): EngineResult<T> =>
  result.ok || result.failure.reason !== 'timed-out'
    ? result
    : {
        ok: false,
        failure: { ...result.failure, text: `${result.failure.text}\n${SILENT_ENGINE}` },
      };

function resultOf(outcome: CommandOutcome): EngineResult<string> {
  const { command } = outcome;
  switch (outcome.kind) {
    case 'exited':
      return outcome.code === 0
        ? { ok: true, value: outcome.stdout, command }
        : {
            ok: false,
            failure: {
              reason: 'refused',
              command,
              exitCode: outcome.code,
              text: wordsOf(outcome),
            },
          };
    case 'signalled':
      return {
        ok: false,
        failure: {
          reason: 'refused',
          command,
          text: [wordsOf(outcome), `ended by ${outcome.signal}`].filter(Boolean).join('\n'),
        },
      };
    case 'timed-out':
      return {
        ok: false,
        failure: {
          reason: 'timed-out',
          command,
          text: [wordsOf(outcome), `no end after ${outcome.afterMs / 1000} s`]
            .filter(Boolean)
            .join('\n'),
        },
      };
    case 'aborted':
      return { ok: false, failure: { reason: 'aborted', command, text: wordsOf(outcome) } };
    case 'not-found':
      return {
        ok: false,
        failure: {
          reason: 'not-found',
          command,
          text: `${command.split(' ')[0]}: command not found`,
        },
      };
  }
}

/** What a command said: engines write errors to standard error, Podman and pulls also to standard output. */
const wordsOf = (outcome: { stdout: string; stderr: string }): string =>
  (outcome.stderr.trim() === '' ? outcome.stdout : outcome.stderr).trim();

/** `.State` of a container: Docker and nerdctl write `OOMKilled` and `Error`, Podman the same names. */
function parseContainerState(text: string): ContainerState | undefined {
  try {
    const state: unknown = JSON.parse(text);
    if (typeof state !== 'object' || state === null) return undefined;
    const {
      Status: status,
      ExitCode: exitCode,
      OOMKilled: outOfMemory,
      Error: error,
    } = state as Record<string, unknown>;
    return {
      ...(typeof status === 'string' ? { status } : {}),
      ...(typeof exitCode === 'number' && Number.isSafeInteger(exitCode) ? { exitCode } : {}),
      ...(typeof outOfMemory === 'boolean' ? { outOfMemory } : {}),
      ...(typeof error === 'string' && error !== '' ? { error } : {}),
    };
  } catch {
    return undefined;
  }
}

/** Longest line that is passed on; a pull's own lines are far shorter. */
const MAX_LINE = 4096;

function lineSplitter(onLine: ((line: string) => void) | undefined): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n|\r/);
    rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) onLine?.(line.slice(0, MAX_LINE));
  };
}

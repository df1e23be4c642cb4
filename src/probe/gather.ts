import type { FailureFacts, FailureStage, ImageFacts, ProbeFacts } from '../core/facts.js';
import { untested } from '../core/unanswered.js';
import type {
  ContainerEngine,
  ContainerState,
  EngineFailure,
  EngineResult,
  GpuRequest,
} from '../engine/engine.js';
import type { InspectedImage } from '../image/config.js';
import type { CommandOutcome } from '../platform/ports.js';
import { PROBE_NAME, type ProbePrograms } from './program.js';
import { createProbeReader } from './protocol.js';

/** Entry points known to end in `exec "$@"`; they may choose the compat driver, as they would for the real program. */
const WRAPPERS: readonly string[] = [
  // https://gitlab.com/nvidia/container-images/cuda/-/blob/master/entrypoint.d and NGC images
  '/opt/nvidia/nvidia_entrypoint.sh',
];

/**
 * Longest time for one step of the probe: cuInit on eight GPUs or more without persistence mode takes tens of seconds, because
 * the driver starts one after the other.
 */
const MAX_STEP_MS = 60_000;
/** So many steps can hang one after the other, each to its limit, within the whole limit: cuInit, then eight GPUs by fours. */
const STEPS_WITHIN_LIMIT = 3;
/** What is kept of the limit for the start of the container and for what the probe has to say after the frameworks' tests. */
const MARGIN_MS = 10_000;
const MARGIN_SHARE = 5;
/** The longest that the probe takes. */
const MAX_FRAMEWORKS_MS = 3_600_000;
/**
 * From the probe's last line to the container's end. A driver without persistence mode takes seconds to shut the GPUs down; a
 * process that the kernel does not let go (state D) keeps the container for ever, and there is nothing more to hear from it.
 */
const END_MS = 10_000;

/** For a container of a large image, whose files some storage drivers copy one by one. */
const CREATE_MS = 10 * 60_000;

/** For 130 KB to be copied in: an engine that has a hundred runs at once on two cores takes more than one minute. */
const COPY_MS = 3 * 60_000;

/** For the engine to say whether a container of which nothing came has been started at all. */
const LISTED_MS = 10_000;
/** For the removal of a container whose start did not end: what holds its start holds its removal too. */
const HELD_MS = 10_000;

export interface ProbeSources {
  readonly engine: ContainerEngine;
  readonly programs: ProbePrograms;
  /** Name of the container; unique on the machine. */
  readonly container: string;
  readonly labels: readonly string[];
  /** Hexadecimal digits that tell the probe's lines from the image's. */
  readonly nonce: string;
  /** Undefined: none, to read the image's files alone. */
  readonly gpus: GpuRequest | undefined;
  readonly options: readonly string[];
  /** From the start of the container to the probe's end, in milliseconds. */
  readonly timeoutMs: number;
  /** For the creation of the container, in milliseconds; ten minutes unless told. */
  readonly createTimeoutMs?: number;
  /** From the probe's last line to the container's end, in milliseconds; ten seconds unless told. */
  readonly endMs?: number;
  /** Runs the work when no other container of this run has the GPUs; the next one's turn comes when `ended` has settled. */
  readonly turn: <T extends { ended: Promise<void> }>(work: () => Promise<T>) => Promise<T>;
  readonly onStart: () => void;
  readonly signal: AbortSignal;
}

export interface GatheredProbe {
  readonly probe?: ProbeFacts;
  /** What the probe read of the image's files. */
  readonly files?: ImageFacts;
  readonly failure?: FailureFacts;
  /** The removal of the container, which goes on while the facts are judged; undefined when it is gone. */
  readonly released: Promise<Unremoved | undefined>;
}

/** A container that is still there, or may come to be there. */
export interface Unremoved {
  /** Its name, why it was not removed, and the command that removes it. */
  readonly text: string;
  /** The engine still works on it: to ask again now would only wait again. */
  readonly underWay: boolean;
}

/** Runs the probe in a container of the image and tells what came of it. The container is removed whatever happened. */
export async function gatherProbe(
  image: InspectedImage,
  sources: ProbeSources,
): Promise<GatheredProbe> {
  const { engine, container, signal } = sources;
  const program = sources.programs[programPlatform(image)];
  if (program === undefined) {
    const text = `there is no probe for the platform ${image.facts.platform}`;
    return { failure: { stage: 'create', text }, released: Promise.resolve(undefined) };
  }
  // Not ended by the signal: a client that is killed while creating leaves a container that nobody may have a name for.
  const spec = {
    name: container,
    image: image.pinned,
    labels: sources.labels,
    ...(sources.gpus === undefined ? {} : { gpus: sources.gpus }),
    keepDacOverride: runsAsRoot(userOption(sources.options) ?? image.facts.user),
    options: sources.gpus === undefined ? [...sources.options, ...WITHOUT_GPUS] : sources.options,
    ...commandFor(image, sources),
  };
  const created = await engine.create(spec, { timeoutMs: sources.createTimeoutMs ?? CREATE_MS });
  const release = async (options: { timeoutMs?: number } = {}): Promise<Unremoved | undefined> => {
    const removed = await engine.remove(container, options);
    if (removed.ok) return undefined;
    const { text, command, reason } = removed.failure;
    return {
      text: `${container}: ${text}. To remove it: ${command}`,
      underWay: reason === 'timed-out' || reason === 'under-way',
    };
  };
  if (!created.ok) {
    const { reason, command } = created.failure;
    // The engine may go on after its client was ended, and make the container that was not there to remove.
    const unsure: Unremoved | undefined =
      reason === 'timed-out'
        ? { text: `${command}: ended at its limit, the container may come later`, underWay: false }
        : undefined;
    return {
      failure: failureOf('create', created.failure),
      released: release().then((problem) => problem ?? unsure),
    };
  }
  try {
    const copied = await engine.copyIn(container, PROBE_NAME, program, {
      signal,
      timeoutMs: COPY_MS,
    });
    if (!copied.ok) {
      return { failure: failureOf('create', copied.failure), released: release() };
    }
    const { ended, ...run } = await sources.turn(() => runProbe(sources));
    const isHeld = run.failure?.stage === 'start' && run.probe?.timedOut === true;
    const released = release(isHeld ? { timeoutMs: HELD_MS } : {});
    return {
      ...run,
      released: Promise.all([released, ended]).then(([problem]) => problem),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Where the NVIDIA runtime is the default one, an image's own NVIDIA_VISIBLE_DEVICES would bring the GPUs of this machine in. */
const WITHOUT_GPUS: readonly string[] = ['--env=NVIDIA_VISIBLE_DEVICES=void'];

function requestedGpus(request: GpuRequest | undefined): NonNullable<ProbeFacts['requestedGpus']> {
  if (request === undefined) return 0;
  switch (request.kind) {
    case 'all':
      return 'all';
    case 'count':
      return request.count;
    case 'devices':
      return [...request.devices];
    case 'cdi': {
      const names = request.names.map((name) => name.slice(name.indexOf('=') + 1));
      return names.includes('all') ? 'all' : names;
    }
  }
}

/** The image's platform without a variant; a program for this machine where the image does not say. */
const programPlatform = ({ facts }: InspectedImage): string =>
  facts.platform === undefined ? 'linux/amd64' : facts.platform.split('/').slice(0, 2).join('/');

/** The last `--user=` wins, as it does for the engine. */
const userOption = (options: readonly string[]): string | undefined =>
  options.findLast((word) => word.startsWith('--user='))?.slice('--user='.length);

/** Whether the image's program runs as root: no user, `root`, `0`, each with or without a group. */
const runsAsRoot = (user: string | undefined): boolean => /^(?:|root|0)(?::.*)?$/.test(user ?? '');

function commandFor(
  image: InspectedImage,
  { nonce, timeoutMs, gpus }: ProbeSources,
): { entrypoint?: string; command: string[] } {
  const stepMs = Math.min(MAX_STEP_MS, Math.ceil(timeoutMs / STEPS_WITHIN_LIMIT));
  // Without GPUs there is nothing for them to prove.
  const frameworksMs =
    gpus === undefined ? 0 : timeoutMs - Math.min(MARGIN_MS, Math.ceil(timeoutMs / MARGIN_SHARE));
  const options = [
    ...['--nonce', nonce, '--step-timeout', String(stepMs)],
    ...['--frameworks-timeout', String(Math.min(frameworksMs, MAX_FRAMEWORKS_MS))],
  ];
  const [first, ...rest] = image.facts.entrypoint ?? [];
  const wrapped = first !== undefined && rest.length === 0 && WRAPPERS.includes(first);
  return wrapped
    ? { command: [`/${PROBE_NAME}`, ...options] }
    : { entrypoint: `/${PROBE_NAME}`, command: options };
}

async function runProbe({
  engine,
  container,
  nonce,
  gpus,
  timeoutMs,
  signal,
  onStart,
  endMs = END_MS,
}: ProbeSources): Promise<ProbeRun> {
  const reader = createProbeReader(nonce);
  const leave = new AbortController();
  let leaving: NodeJS.Timeout | undefined;
  let heardAll = () => {};
  const complete = new Promise<'complete'>((resolve) => {
    heardAll = () => resolve('complete');
  });
  const starting = engine.start(container, {
    timeoutMs,
    signal: AbortSignal.any([signal, leave.signal]),
    onStdout: (chunk) => {
      reader.push(chunk);
      if (!reader.isComplete()) return;
      leaving ??= setTimeout(() => leave.abort(), endMs);
      heardAll();
    },
  });
  onStart();
  const ended = starting.then(() => clearTimeout(leaving));
  // With the last line everything is said: what the engine needs to take the container down is not waited for here.
  const outcome = await Promise.race([complete, starting]);
  const { facts: seen, image, noise } = reader.end();
  const facts: ProbeFacts = { ...seen, requestedGpus: requestedGpus(gpus) };
  const read = { ended, ...(image === undefined ? {} : { files: image }) };
  if (outcome === 'complete' || facts.complete) {
    return { ...judgeComplete(facts, `${engine.name} start --attach ${container}`), ...read };
  }
  if (outcome.kind === 'timed-out') {
    if (facts.started === true) return { probe: { ...facts, timedOut: true }, ...read };
    const listed = await engine.listedStatus(container, { timeoutMs: LISTED_MS });
    return { ...judgeSilence(outcome, facts, listed), ...read };
  }
  const state = await engine.inspectContainer(container);
  return { ...judgeEnd(outcome, facts, noise, state.ok ? (state.value ?? {}) : {}), ...read };
}

/** Whether a container of which nothing came ran, or its start did not end, by what the engine's list says of it. */
function judgeSilence(
  { command, afterMs }: Extract<CommandOutcome, { kind: 'timed-out' }>,
  facts: ProbeFacts,
  listed: EngineResult<string | undefined>,
): { probe: ProbeFacts; failure?: FailureFacts } {
  const probe: ProbeFacts = { ...facts, timedOut: true };
  // It may be gone, or the engine with it, or Podman does not answer while a start holds the container: then nobody knows.
  if (!listed.ok || listed.value === undefined) return { probe };
  const silent = { ...probe, started: false };
  if (/^(?:up|running|exited)\b/i.test(listed.value)) {
    return { probe: { ...silent, containerStarted: true } };
  }
  if (!/^(?:created|initialized)\b/i.test(listed.value)) return { probe };
  const text = `no end after ${afterMs / 1000} s; the engine lists the container as "${listed.value}"`;
  return { probe: silent, failure: failure('start', command, undefined, text) };
}

interface ProbeRun {
  readonly probe?: ProbeFacts;
  readonly files?: ImageFacts;
  readonly failure?: FailureFacts;
  /** The container has let go of the GPUs, or nobody waits for it any more. */
  readonly ended: Promise<void>;
}

/** A probe that said that it was done; what it has no answer about is a failure of the run, never a silent success. */
function judgeComplete(
  probe: ProbeFacts,
  command: string,
): { probe: ProbeFacts; failure?: FailureFacts } {
  const text = untested(probe);
  if (text === undefined) return { probe };
  return { probe, failure: failure('run', command, undefined, text) };
}

/** What happened to a probe that did not say that it was done. */
function judgeEnd(
  outcome: CommandOutcome,
  facts: ProbeFacts,
  noise: string,
  state: ContainerState,
): { probe?: ProbeFacts; failure?: FailureFacts } {
  const ended =
    outcome.kind === 'signalled' ? `the engine's client was ended by ${outcome.signal}` : '';
  const words = [outcome.stderr.trim(), noise.trim(), ended];
  const text = words.filter((part) => part !== '').join('\n');
  const { command } = outcome;
  if (outcome.kind === 'aborted') {
    return {
      ...(facts.started ? { probe: facts } : {}),
      failure: { stage: 'run', command, text: text || CANCELLED, cancelled: true },
    };
  }
  const code = outcome.kind === 'exited' ? outcome.code : undefined;
  const neverRan = state.status === 'created' || state.error !== undefined;
  if (!facts.started && (neverRan || outcome.kind === 'not-found')) {
    return { failure: failure('start', command, code, text || state.error || 'no message') };
  }
  const exitCode = state.exitCode ?? code;
  const killedBy = exitCode === undefined ? undefined : SIGNALS[exitCode - 128];
  const probe: ProbeFacts = {
    ...facts,
    started: facts.started ?? false,
    ...(RAN.has(state.status ?? '') ? { containerStarted: true } : {}),
    ...(killedBy === undefined ? {} : { killedBy }),
    ...(state.outOfMemory === undefined ? {} : { outOfMemory: state.outOfMemory }),
  };
  return {
    probe,
    failure: failure(
      'run',
      command,
      exitCode,
      text || `ended with code ${exitCode} and no message`,
    ),
  };
}

/** States of a container whose program was started, with an end or without one. */
const RAN: ReadonlySet<string> = new Set(['running', 'paused', 'exited', 'stopped', 'stopping']);

/** Signals by number, the same on every Linux that CUDA runs on; an engine reports 128 and the number. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
  31: 'SIGSYS',
};

const failure = (
  stage: FailureStage,
  command: string,
  exitCode: number | undefined,
  text: string,
): FailureFacts => ({ stage, command, ...(exitCode === undefined ? {} : { exitCode }), text });

const failureOf = (stage: FailureStage, given: EngineFailure): FailureFacts => {
  const { command, exitCode, text, reason } = given;
  return reason === 'aborted'
    ? { stage, command, text: text || CANCELLED, cancelled: true }
    : failure(stage, command, exitCode, text);
};

const CANCELLED = 'the run was cancelled';

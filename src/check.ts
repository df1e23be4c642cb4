import { mapBounded } from './bounded.js';
import { FACTS_SCHEMA, type Facts, type FailureFacts, type HostFacts } from './core/facts.js';
import type { ContainerEngine, GpuRequest } from './engine/engine.js';
import { foretell } from './foretell.js';
import { gatherHost } from './host/gather.js';
import { withoutValues } from './image/environment.js';
import { withFiles } from './image/files.js';
import { gatherImage, type PullPolicy } from './image/gather.js';
import type { ImageReference } from './image/reference.js';
import type { Clock, Files, Progress, Shell } from './platform/ports.js';
import { gatherProbe, type Unremoved } from './probe/gather.js';
import type { ProbePrograms } from './probe/program.js';
import type { RegistryReader } from './registry/reader.js';
import type { Basis, ImageReport } from './report/report.js';
import { containerLabels, containerName } from './sweep.js';
import type { WaiverFile } from './waiver-file.js';

export interface CheckRequest {
  readonly images: readonly ImageReference[];
  /** Undefined: none, to read the images' files alone (`scan`). */
  readonly gpus: GpuRequest | undefined;
  /** In a scan, the runner that the images are judged against; nothing is known of one without it. */
  readonly runner?: HostFacts | undefined;
  readonly pull: PullPolicy;
  /** What is waived is no reason to leave a check out. */
  readonly waiverFile?: WaiverFile | undefined;
  readonly timeoutMs: number;
  readonly pullTimeoutMs: number;
  /** Allowed options, split into words. */
  readonly containerOptions: readonly string[];
  /** Images worked on at once. */
  readonly concurrency: number;
}

export interface CheckPorts {
  readonly engine: ContainerEngine;
  readonly shell: Shell;
  readonly files: Files;
  readonly clock: Clock;
  /** Awaited before the first container is made; fails where they are damaged. */
  readonly programs: Promise<ProbePrograms>;
  /** Unique to this run; letters, digits and hyphens. */
  readonly runId: string;
  readonly progress: Progress;
  /** Awaited before the first container is made. */
  readonly recorded: Promise<void>;
  /** Called when a container has been started and there is time to prepare what comes after. */
  readonly whileWaiting: () => void;
  readonly signal: AbortSignal;
  /** Asked before a pull with `pull: unless-certain`, and never else. */
  readonly registry: () => Promise<Pick<RegistryReader, 'read'>>;
}

export interface Checked {
  /** In the order of the request. */
  readonly images: ImageReport[];
  /** Ends when every container is gone; tells of those that are not. */
  readonly released: Promise<Unremoved[]>;
}

/**
 * The main job, for one or several images on one machine. Images are pulled and their containers prepared side by side, and
 * probed one after the other: a GPU in exclusive-process mode admits one process, and times would mean little.
 */
export async function check(request: CheckRequest, ports: CheckPorts): Promise<Checked> {
  // Asked once a container is starting, not before: until then our own calls are what the run waits for.
  const host = lazily(() =>
    gatherHost({
      ...ports,
      gpus: request.gpus,
      runtime: optionValue(request.containerOptions, '--runtime'),
    }),
  );
  const turn = oneAtATime();
  const assessing = lazily(() => import(/* webpackIgnore: true */ './work.js'));

  // A scan may run on any machine: what this one has says nothing about the runner.
  const isScan = request.gpus === undefined;
  const outcomes = await mapBounded(request.images, request.concurrency, async (image, index) => {
    const gathered = await gatherOne(image, `${index + 1}`, request, ports, {
      turn,
      host: async () => {
        const { facts, storage } = await host();
        return { platform: facts.platform, storage };
      },
      foretell: async () =>
        foretell(image, request, isScan ? request.runner : (await host()).facts, ports),
      onStart: () => {
        if (!isScan) void host();
        void assessing();
        ports.whileWaiting();
      },
    });
    ports.progress(`${image.raw}: facts are in`, 'passing');
    return gathered;
  });

  const facts = isScan ? request.runner : (await host()).facts;
  const { assess } = await assessing();
  return {
    images: outcomes.map((outcome) =>
      assess(documentOf(facts, outcome), outcome.basis ?? (isScan ? 'scan' : 'probe')),
    ),
    released: Promise.all(outcomes.map(({ released }) => released)).then((problems) =>
      problems.filter((problem) => problem !== undefined),
    ),
  };
}

const CANCELLED = 'the run was cancelled';

interface Gathered extends Pick<Facts, 'image' | 'probe' | 'failure'> {
  /** Where it is not what the command is for. */
  readonly basis?: Basis;
  readonly released: Promise<Unremoved | undefined>;
}

/** One image: there, inspected, probed. A stage that fails ends the story with a fact. */
async function gatherOne(
  reference: ImageReference,
  suffix: string,
  request: CheckRequest,
  ports: CheckPorts,
  shared: {
    turn: Turn;
    host: () => Promise<{ platform?: string | undefined; storage?: string | undefined }>;
    foretell: () => Promise<Facts['image']>;
    onStart: () => void;
  },
): Promise<Gathered> {
  const cancelled = (image: Facts['image'] = { reference: reference.raw }): Gathered => ({
    image,
    failure: { text: CANCELLED, cancelled: true } satisfies FailureFacts,
    released: Promise.resolve(undefined),
  });
  if (ports.signal.aborted) return cancelled();
  const gathered = await gatherImage(reference, {
    ...ports,
    policy: request.pull,
    pullTimeoutMs: request.pullTimeoutMs,
    host: shared.host,
    foretell: shared.foretell,
  });
  if (!gathered.ok) {
    return {
      image: gathered.facts,
      ...(gathered.failure === undefined ? { basis: 'prediction' } : { failure: gathered.failure }),
      released: Promise.resolve(undefined),
    };
  }
  await ports.recorded;
  if (ports.signal.aborted) return cancelled(gathered.image.facts);
  const what = request.gpus === undefined ? 'reading its files' : 'starting the probe';
  ports.progress(`${reference.raw}: ${what}`, 'passing');
  const probed = await gatherProbe(gathered.image, {
    engine: ports.engine,
    programs: await ports.programs,
    container: containerName(ports.runId, suffix),
    labels: containerLabels(
      ports.runId,
      ports.clock.now(),
      request.images.length * (request.pullTimeoutMs + request.timeoutMs),
    ),
    nonce: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex'),
    gpus: request.gpus,
    options: request.containerOptions,
    timeoutMs: request.timeoutMs,
    createTimeoutMs: request.pullTimeoutMs,
    signal: ports.signal,
    turn: shared.turn,
    onStart: shared.onStart,
  });
  const { files, ...run } = probed;
  const failure = probed.failure && {
    ...probed.failure,
    text: withoutValues(probed.failure.text, request.containerOptions),
  };
  const image = withFiles(gathered.image.facts, files, probed.probe);
  return { image, ...run, ...(failure === undefined ? {} : { failure }) };
}

function documentOf(
  host: HostFacts | undefined,
  { image, probe, failure }: Pick<Facts, 'image' | 'probe' | 'failure'>,
): Facts {
  return {
    schema: FACTS_SCHEMA,
    ...(host === undefined ? {} : { host }),
    ...(image === undefined ? {} : { image }),
    ...(probe === undefined ? {} : { probe }),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** The value of an option in a list of words, written `--name value` or `--name=value`. */
function optionValue(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = words[at];
  return word === name ? words[at + 1] : word?.slice(name.length + 1);
}

type Turn = <T extends { ended: Promise<void> }>(work: () => Promise<T>) => Promise<T>;

function oneAtATime(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.then(({ ended }) => ended).catch(() => {});
    return next;
  };
}

function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

import type { FailureFacts, ImageFacts } from '../core/facts.js';
import type { ContainerEngine, EngineFailure } from '../engine/engine.js';
import type { Clock, Files, Progress } from '../platform/ports.js';
import { type InspectedImage, parseImageInspect } from './config.js';
import { entryFor, parseManifest } from './manifest.js';
import { canonical, type ImageReference, repository } from './reference.js';
import { isPassing, RETRY_WAITS_MS } from './retry.js';

/** `unless-certain`: as `missing`, but not where the registry's few KB already tell a certain failure. */
export type PullPolicy = 'always' | 'missing' | 'never' | 'unless-certain';

export const PULL_POLICIES: readonly PullPolicy[] = [
  'always',
  'missing',
  'never',
  'unless-certain',
];

/** The registry's answer about a size is a courtesy and must not hold the pull up. */
const MANIFEST_MS = 20_000;

export interface ImageSources {
  readonly engine: ContainerEngine;
  readonly files: Files;
  readonly clock: Clock;
  readonly policy: PullPolicy;
  /** Limit of one try of a pull, in milliseconds. */
  readonly pullTimeoutMs: number;
  /** Platform of the engine, `linux/amd64`, and the folder of its images if that is on this machine. */
  readonly host: () => Promise<{ platform?: string | undefined; storage?: string | undefined }>;
  /** With `unless-certain`: what the registry tells of an image that certainly fails here, undefined of any other. */
  readonly foretell: () => Promise<ImageFacts | undefined>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export type GatheredImage =
  | { readonly ok: true; readonly image: InspectedImage }
  | NotThere
  /** It was not pulled, as its failure is certain from these facts. */
  | { readonly ok: false; readonly facts: ImageFacts; readonly failure?: never };

interface NotThere {
  readonly ok: false;
  readonly facts: ImageFacts;
  readonly failure: FailureFacts;
}

const NOT_HERE = 'the image is not on this machine, and with pull: never it is not pulled';

/** Makes sure that the image is there, as the policy says, and reads its configuration. */
export async function gatherImage(
  reference: ImageReference,
  sources: ImageSources,
): Promise<GatheredImage> {
  const { policy } = sources;
  if (policy !== 'always') {
    const present = await inspect(reference, sources);
    if (present.ok || !present.missing) return present;
    if (policy === 'never') {
      const text = `${present.failure.text}\n${NOT_HERE}`;
      return { ok: false, facts: present.facts, failure: { ...present.failure, text } };
    }
    if (policy === 'unless-certain') {
      const facts = await sources.foretell();
      if (facts !== undefined) return { ok: false, facts };
    }
  }

  const pulling = new AbortController();
  const signal = AbortSignal.any([sources.signal, pulling.signal]);
  const sizing = compressedBytes(reference, { ...sources, signal });
  const { failure, heard } = await pull(reference, sources);
  // A registry that does not answer the one does not answer the other, and the program would wait for it.
  if (failure !== undefined) pulling.abort();
  if (failure?.reason === 'timed-out') {
    const text = `${failure.text}\n${UNHEARD[heard]}the pull was ended at pull-timeout: give it more time, or pull the image in an earlier step`;
    return failed(reference, { ...failure, text });
  }
  if (failure !== undefined) return failed(reference, failure);
  const pulled = await inspect(reference, sources);
  if (!pulled.ok) return pulled;
  const bytes = await sizing;
  if (bytes === undefined) return pulled;
  return {
    ok: true,
    image: { ...pulled.image, facts: { ...pulled.image.facts, compressedBytes: bytes } },
  };
}

async function pull(
  reference: ImageReference,
  { engine, clock, progress, pullTimeoutMs, signal }: ImageSources,
): Promise<{ failure: EngineFailure | undefined; heard: Heard }> {
  for (let attempt = 0; ; attempt += 1) {
    progress(`pulling ${reference.raw}`, 'passing');
    const layers = layerProgress(
      (line) => progress(`pulling ${reference.raw}: ${line}`, 'passing'),
      clock.now,
    );
    const result = await engine.pull(reference.raw, {
      timeoutMs: pullTimeoutMs,
      signal,
      onLine: layers.onLine,
    });
    const heard = layers.heard();
    if (result.ok) return { failure: undefined, heard };
    const usual = RETRY_WAITS_MS[attempt];
    if (usual === undefined || signal.aborted || !isPassing(result.failure.text)) {
      return { failure: result.failure, heard };
    }
    const wait = clock.spread(usual);
    progress(`the registry did not answer well, next try in ${(wait / 1000).toFixed(1)} s`);
    await clock.sleep(wait, signal);
  }
}

async function inspect(
  reference: ImageReference,
  { engine, signal }: ImageSources,
): Promise<
  { readonly ok: true; readonly image: InspectedImage } | (NotThere & { missing: boolean })
> {
  const result = await engine.inspectImage(reference.raw, { signal });
  if (!result.ok) {
    return {
      ...failed(reference, result.failure),
      missing:
        result.failure.reason === 'refused' &&
        /no such (?:image|object)|image not known|not found|does not exist|no image found/i.test(
          result.failure.text,
        ),
    };
  }
  const image = parseImageInspect(result.value, reference);
  return image === undefined
    ? {
        ...failed(reference, {
          command: result.command,
          text: 'the engine answered, but not with the description of an image',
        }),
        missing: false,
      }
    : { ok: true, image };
}

const failed = (
  reference: ImageReference,
  {
    command,
    exitCode,
    text,
    reason,
  }: Pick<EngineFailure, 'command' | 'exitCode' | 'text'> & { reason?: EngineFailure['reason'] },
): NotThere => ({
  ok: false,
  facts: {
    reference: reference.raw,
    ...(reference.digest === undefined ? {} : { digest: reference.digest }),
  },
  failure: {
    stage: 'pull',
    command,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === 'aborted'
      ? { text: text || 'the run was cancelled', cancelled: true }
      : { text }),
  },
});

/** What a pull has heard of the registry: nothing, layers that break off and are begun again, or an answer. */
type Heard = 'nothing' | 'retrying' | 'answer';

/** In words that `registry-unreachable` is recognised by. */
const UNHEARD: Readonly<Record<Heard, string>> = {
  nothing: 'the registry did not answer before pull-timeout\n',
  retrying: 'the registry broke off, and the engine began layers again, until pull-timeout\n',
  answer: '',
};

/** What Docker and Podman say before they have asked anybody. */
const UNASKED = /^(?:Using default tag: |Trying to pull |\s*$)/;

/** A layer that was begun again longer ago goes on: while it does, Docker says nothing to a log. */
const RECENT_MS = 60_000;

/** One line for each layer that is complete, out of those that were announced so far; the engine's own text is not passed on. */
export function layerProgress(
  progress: (line: string) => void,
  now: () => number,
): {
  onLine: (line: string) => void;
  heard: () => Heard;
} {
  const layers = new Set<string>();
  const complete = new Set<string>();
  const retried = new Map<string, number>();
  let answered = false;
  const onLine = (line: string): void => {
    if (UNASKED.test(line)) return;
    answered = true;
    const [, layer, state = ''] =
      /^([0-9a-f]{12}): (Pulling fs layer|Already exists|Pull complete|Retrying in |Download complete)/.exec(
        line,
      ) ?? [];
    if (layer === undefined) return;
    if (state === 'Retrying in ') retried.set(layer, now());
    else retried.delete(layer);
    if (state === 'Pulling fs layer') layers.add(layer);
    if (state !== 'Already exists' && state !== 'Pull complete') return;
    layers.add(layer);
    complete.add(layer);
    if (state === 'Pull complete') progress(`${complete.size} of ${layers.size} layers`);
  };
  const heard = (): Heard => {
    if (!answered) return 'nothing';
    return [...retried.values()].some((at) => now() - at < RECENT_MS) ? 'retrying' : 'answer';
  };
  return { onLine, heard };
}

/** Registries that engines talk to without TLS unless told otherwise. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;

/**
 * Size of the image's layers as the registry transfers them, compared with the free space where the engine keeps images.
 * Not asked of Docker Hub, where reading a manifest counts against the pull limit
 * (https://docs.docker.com/docker-hub/usage/pulls/).
 */
async function compressedBytes(
  reference: ImageReference,
  { engine, files, host, progress, signal }: ImageSources,
): Promise<number | undefined> {
  if (reference.domain === 'docker.io') return undefined;
  const ask = async (image: string) => {
    const result = await engine.manifest(image, {
      timeoutMs: MANIFEST_MS,
      signal,
      plainHttp: LOOPBACK.test(reference.domain),
    });
    return result.ok ? parseManifest(result.value) : undefined;
  };
  let manifest = await ask(canonical(reference));
  const { platform, storage } = await host();
  if (manifest?.kind === 'index') {
    const entry = platform === undefined ? undefined : entryFor(manifest.entries, platform);
    manifest = entry && (await ask(`${repository(reference)}@${entry.digest}`));
  }
  if (manifest?.kind !== 'image') return undefined;
  const free = storage === undefined ? undefined : await files.freeBytes(storage);
  if (free !== undefined && free < manifest.compressedBytes) {
    progress(
      `${reference.raw} is ${inGigabytes(manifest.compressedBytes)} compressed, and ${inGigabytes(free)} are free where the engine keeps images: the pull will probably fail`,
    );
  }
  return manifest.compressedBytes;
}

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

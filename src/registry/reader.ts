import type { FailureFacts, ImageFacts, RegistryLimit } from '../core/facts.js';
import { parseImageConfig, recordedLabels } from '../image/config.js';
import { type Descriptor, entryFor, entryPlatform, parseManifest } from '../image/manifest.js';
import { canonical, type ImageReference } from '../image/reference.js';
import type { Files, Shell } from '../platform/ports.js';
import { cacheFolder, createCache } from './cache.js';
import { createLogins } from './credentials.js';
import { digestOf, isDigest, matches } from './digest.js';
import { type Endpoint, endpointsOf, readDaemonConfig } from './endpoints.js';
import { RegistryFailure, registryWords, shownRequest } from './failure.js';
import {
  createHttp,
  HTTP_LIMITS,
  type HttpAnswer,
  type HttpLimits,
  type HttpPorts,
} from './http.js';
import { createSession, type Session, statusWords } from './session.js';

export interface RegistryPorts extends Omit<HttpPorts, 'random'> {
  readonly shell: Shell;
  readonly files: Files;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type RegistryAnswer =
  | { readonly ok: true; readonly facts: ImageFacts }
  | { readonly ok: false; readonly facts: ImageFacts; readonly failure: FailureFacts };

export interface RegistryReader {
  /**
   * What the registry tells of an image without its layers: digest, platform, size, environment, labels, user, entry point. Never
   * throws for what a registry does; a login, a rate limit or a broken image is a failure in the engines' words.
   * @param platform `linux/arm64`; undefined takes linux/amd64 where there is one, else the first
   */
  read(reference: ImageReference, platform?: string): Promise<RegistryAnswer>;
  /** Ends when the cache on disk holds what was read. */
  settled(): Promise<void>;
  /** Requests sent and bytes of bodies read so far. */
  readonly traffic: { readonly requests: number; readonly bytes: number };
}

/** Registries take manifests of up to 4 MiB (OCI distribution specification); a configuration is not bounded by it. */
const MAX_MANIFEST_BYTES = 4_194_304;
const MAX_CONFIG_BYTES = 10_000_000;

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const USUAL_PLATFORM = 'linux/amd64';

interface Found {
  readonly digest: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly limit?: RegistryLimit;
}

/** A reader for one run: what two images share is asked for once. */
export function createRegistryReader(
  ports: RegistryPorts,
  limits: HttpLimits = HTTP_LIMITS,
): RegistryReader {
  const http = createHttp({ ...ports, random: Math.random }, limits);
  const cache = createCache(ports.files, cacheFolder(ports.env));
  const findLogin = createLogins(ports);
  const daemon = once(() => readDaemonConfig(ports.files));
  const sessions = new Map<string, Session>();
  const tops = new Map<string, Promise<Found>>();
  const blobs = new Map<string, Promise<Found>>();
  const told = new Set<string>();
  const writes: Promise<void>[] = [];

  const sessionOf = (endpoint: Endpoint, domain: string): Session =>
    remembered(sessions, endpoint.origin, () =>
      createSession(endpoint, http, (repository) => findLogin(domain, repository)),
    );

  /** What the reference names: an image or an index. */
  async function top(endpoint: Endpoint, reference: ImageReference): Promise<Found> {
    const session = sessionOf(endpoint, reference.domain);
    const place = reference.digest ?? reference.tag ?? 'latest';
    const request = {
      repository: reference.path,
      path: `manifests/${place}`,
      maxBytes: MAX_MANIFEST_BYTES,
      what: 'invalid image manifest: the manifest',
    };
    const shown = shownManifest(endpoint, reference, place);
    const name = canonical(reference);
    const last = reference.digest ?? (await cache.lastDigest(name));
    const kept = last === undefined ? undefined : await cache.read(last);
    if (last !== undefined && kept !== undefined) {
      // Docker Hub counts a GET as a pull, and a HEAD not (https://docs.docker.com/docker-hub/usage/pulls/).
      const headers = { accept: ACCEPT, 'if-none-match': `"${last}"` };
      const answer = await session.send({ ...request, method: 'HEAD', headers });
      const now = answer.headers.get('docker-content-digest');
      if (answer.status === 304 || (answer.status === 200 && now === last)) {
        return { digest: last, bytes: kept, mediaType: '', ...limitIn(answer, reference) };
      }
      if (![200, 404, 405].includes(answer.status)) throw refused(shown, answer, reference);
    }
    const answer = await session.send({ ...request, method: 'GET', headers: { accept: ACCEPT } });
    if (answer.status !== 200) throw refused(shown, answer, reference);
    // Its digest is that of the bytes without their signatures.
    if (isSchema1(answer.body)) throw broken(shown, SCHEMA_1);
    const digest = verified(answer, reference.digest, shown);
    writes.push(cache.keep(digest, answer.body), cache.remember(name, digest));
    return {
      digest,
      bytes: answer.body,
      mediaType: answer.headers.get('content-type') ?? '',
      ...limitIn(answer, reference),
    };
  }

  function limitIn(answer: HttpAnswer, { domain }: ImageReference): { limit?: RegistryLimit } {
    const limit = rateLimit(answer.headers);
    if (limit === undefined) return {};
    if (limit.remaining !== undefined && !told.has(domain)) {
      told.add(domain);
      ports.progress(
        `${domain}: ${limit.remaining} of ${limit.limit ?? 'unknown'} pulls are left in this period`,
      );
    }
    return { limit };
  }

  /** A manifest or configuration by its digest. */
  async function blob(
    endpoint: Endpoint,
    reference: ImageReference,
    kind: 'manifests' | 'blobs',
    { digest, size }: Descriptor,
  ): Promise<Found> {
    const what = kind === 'manifests' ? 'the manifest' : 'the configuration';
    // Half of a surrogate pair, which it may hold as long as it is not looked at, would throw.
    const place = encodeURIComponent(Buffer.from(digest).toString());
    const shown = shownRequest(
      'GET',
      new URL(`${endpoint.origin}/v2/${reference.path}/${kind}/${place}`),
    );
    if (!isDigest(digest)) {
      throw broken(shown, `${what} has the digest "${digest.slice(0, 200)}", which is none`);
    }
    const maxBytes = kind === 'manifests' ? MAX_MANIFEST_BYTES : MAX_CONFIG_BYTES;
    if (size !== undefined && size > maxBytes) {
      throw broken(
        shown,
        `${what} is too large: ${inBytes(size)}, and ${inBytes(maxBytes)} are the most`,
      );
    }
    const kept = await cache.read(digest);
    if (kept !== undefined) return { digest, bytes: kept, mediaType: '' };
    const answer = await sessionOf(endpoint, reference.domain).send({
      method: 'GET',
      repository: reference.path,
      path: `${kind}/${digest}`,
      headers: kind === 'manifests' ? { accept: ACCEPT } : {},
      maxBytes,
      what: `invalid image manifest: ${what}`,
    });
    if (answer.status === 404) {
      throw broken(shown, `${what} ${digest} is not in the registry (blob unknown)`);
    }
    if (answer.status !== 200) throw refused(shown, answer, reference);
    verified(answer, digest, shown);
    writes.push(cache.keep(digest, answer.body));
    return { digest, bytes: answer.body, mediaType: answer.headers.get('content-type') ?? '' };
  }

  async function readFrom(
    endpoint: Endpoint,
    reference: ImageReference,
    platform: string | undefined,
    tell: (facts: ImageFacts) => void,
  ): Promise<ImageFacts> {
    const first = await remembered(tops, `${endpoint.origin} ${canonical(reference)}`, () =>
      top(endpoint, reference),
    );
    let facts: ImageFacts = {
      reference: reference.raw,
      digest: first.digest,
      ...(first.limit === undefined ? {} : { registryLimit: first.limit }),
    };
    tell(facts);
    const shown = shownManifest(endpoint, reference, first.digest);
    const part = (kind: 'manifests' | 'blobs', descriptor: Descriptor) =>
      remembered(blobs, `${endpoint.origin}/${reference.path} ${descriptor.digest}`, () =>
        blob(endpoint, reference, kind, descriptor),
      );
    let manifest = manifestIn(first, shown);
    let annotations = manifest.annotations;
    if (manifest.kind === 'index') {
      const { entries } = manifest;
      const entry =
        entryFor(entries, platform ?? USUAL_PLATFORM) ??
        (platform === undefined ? entries[0] : undefined);
      if (entry === undefined) throw withoutPlatform(shown, entries.map(entryPlatform), platform);
      const told = entryPlatform(entry);
      facts = { ...facts, ...(told === '' ? {} : { platform: told }) };
      tell(facts);
      manifest = manifestIn(await part('manifests', entry), shown);
      annotations = { ...annotations, ...entry.annotations, ...manifest.annotations };
    }
    if (manifest.kind === 'index') throw broken(shown, 'it is an index of an index');
    facts = { ...facts, compressedBytes: manifest.compressedBytes };
    tell(facts);
    if (manifest.config === undefined) throw broken(shown, 'it names no configuration');
    const { bytes } = await part('blobs', manifest.config);
    const config = parseImageConfig(Buffer.from(bytes).toString('utf8'));
    if (config === undefined) {
      const { mediaType } = manifest.config;
      throw broken(
        shown,
        `its configuration (${mediaType || 'no media type'}) is not that of a container image`,
      );
    }
    return {
      ...facts,
      ...config,
      // What the registry says about an image stands in annotations; a label of the image itself outweighs it.
      labels: { ...recordedLabels(annotations), ...config.labels },
    };
  }

  return {
    traffic: http.traffic,
    settled: async () => {
      await Promise.all(writes);
    },
    read: async (reference, platform) => {
      let known: ImageFacts = {
        reference: reference.raw,
        ...(reference.digest === undefined ? {} : { digest: reference.digest }),
      };
      const endpoints = endpointsOf(reference.domain, await daemon());
      for (const [at, endpoint] of endpoints.entries()) {
        try {
          const facts = await readFrom(endpoint, reference, platform, (facts) => {
            known = facts;
          });
          return { ok: true, facts };
        } catch (error) {
          if (!(error instanceof RegistryFailure)) throw error;
          const { signal } = ports;
          if (at === endpoints.length - 1 || signal.aborted) {
            const failure = { ...error.facts(), ...(signal.aborted ? { cancelled: true } : {}) };
            return { ok: false, facts: known, failure };
          }
          ports.progress(`the mirror ${endpoint.origin} did not have ${reference.raw}`);
        }
      }
      throw new Error('a registry has at least one endpoint');
    },
  };
}

const inBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

const shownManifest = (endpoint: Endpoint, { path }: ImageReference, place: string): string =>
  shownRequest('GET', new URL(`${endpoint.origin}/v2/${path}/manifests/${place}`));

/** The image is there, and cannot be used. */
const broken = (shown: string, why: string): RegistryFailure =>
  new RegistryFailure(shown, `invalid image manifest: ${why}`);

function manifestIn({ bytes, mediaType, digest }: Found, shown: string) {
  const text = Buffer.from(bytes).toString('utf8');
  const manifest = parseManifest(text);
  if (manifest !== undefined) return manifest;
  if (/^text\//.test(mediaType)) {
    throw new RegistryFailure(
      shown,
      `unexpected answer of the registry: ${mediaType.slice(0, 60)} in place of a manifest`,
    );
  }
  throw broken(
    shown,
    `${digest} (${mediaType.slice(0, 100) || 'no media type'}) is neither an image nor an index of images`,
  );
}

const SCHEMA_1 = 'it is of the manifest version 2, schema 1, which engines no longer pull';

const isSchema1 = (bytes: Uint8Array): boolean =>
  /^\s*\{[^{}[\]]{0,200}"schemaVersion"\s*:\s*1\b/.test(
    Buffer.from(bytes.subarray(0, 400)).toString('utf8'),
  );

const MOST_PLATFORMS = 12;

/** In the words of Docker. */
const withoutPlatform = (
  shown: string,
  offered: readonly string[],
  platform = USUAL_PLATFORM,
): RegistryFailure =>
  new RegistryFailure(
    shown,
    offered.length === 0
      ? 'invalid image manifest: the index names no image'
      : `no matching manifest for ${platform} in the manifest list entries: it has ${[...new Set(offered)].slice(0, MOST_PLATFORMS).join(', ')}`,
  );

function refused(shown: string, answer: HttpAnswer, reference: ImageReference): RegistryFailure {
  const said = registryWords(answer.body);
  const words =
    answer.status === 404
      ? `manifest for ${reference.raw} not found: manifest unknown`
      : statusWords(answer.status);
  return new RegistryFailure(shown, [words, said].filter(Boolean).join(': '));
}

/** The digest of an answer whose bytes are the ones that were asked for and that the registry says it sent. */
function verified(answer: HttpAnswer, wanted: string | undefined, shown: string): string {
  const claimed = answer.headers.get('docker-content-digest') ?? undefined;
  const expected = wanted ?? (claimed !== undefined && isDigest(claimed) ? claimed : undefined);
  if (expected === undefined) return digestOf(answer.body);
  if (matches(answer.body, expected)) return expected;
  const algorithm = expected.slice(0, expected.indexOf(':'));
  throw new RegistryFailure(
    shown,
    `manifest verification failed for digest ${expected}: the bytes that came have ${digestOf(answer.body, algorithm)}`,
  );
}

/**
 * The state of Docker Hub's limit of pulls, `100;w=21600`; undefined for a registry that tells nothing.
 * https://docs.docker.com/docker-hub/usage/pulls/#view-hourly-pull-rate-and-limit
 */
export function rateLimit(headers: Headers): RegistryLimit | undefined {
  const read = (name: string) => {
    const [, count, window] =
      /^\s*(\d{1,9})\s*(?:;\s*w=(\d{1,9}))?/.exec(headers.get(name) ?? '') ?? [];
    return { count, window };
  };
  const limit = read('ratelimit-limit');
  const remaining = read('ratelimit-remaining');
  const window = remaining.window ?? limit.window;
  if (limit.count === undefined && remaining.count === undefined) return undefined;
  return {
    ...(limit.count === undefined ? {} : { limit: Number(limit.count) }),
    ...(remaining.count === undefined ? {} : { remaining: Number(remaining.count) }),
    ...(window === undefined ? {} : { windowSeconds: Number(window) }),
  };
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

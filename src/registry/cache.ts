import type { Files } from '../platform/ports.js';
import { digestOf, isDigest, matches } from './digest.js';

/**
 * Manifests and configurations of earlier runs on disk, by content: what is read back is verified, so a damaged or planted file
 * counts as absent. Written beside and renamed, so that several runs can share it. Nothing here fails: without a place to write
 * there is no cache.
 */
export interface RegistryCache {
  read(digest: string): Promise<Uint8Array | undefined>;
  keep(digest: string, bytes: Uint8Array): Promise<void>;
  /** The digest that a reference led to last time. */
  lastDigest(reference: string): Promise<string | undefined>;
  remember(reference: string, digest: string): Promise<void>;
}

/** Configurations of NVIDIA's images have up to 60 KB. */
const MAX_BYTES = 262_144;
const MAX_FILES = 4_000;
/** Configurations of private images are for whoever logged in. */
const PRIVATE = 0o600;

type CacheFiles = Pick<Files, 'readBytes' | 'readText' | 'writeText' | 'keepNewest'>;

/** @param folder undefined: nothing is kept */
export function createCache(files: CacheFiles, folder: string | undefined): RegistryCache {
  if (folder === undefined) return NO_CACHE;
  const place = (digest: string) => `${folder}/${digest.replace(':', '-')}`;
  const name = (reference: string) => `${place(digestOf(Buffer.from(reference)))}.last`;
  let pruned: Promise<void> | undefined;
  const write = async (path: string, text: string): Promise<void> => {
    pruned ??= files.keepNewest(folder, MAX_FILES).catch(() => {});
    await pruned;
    await files.writeText(path, text, PRIVATE).catch(() => {});
  };
  return {
    read: async (digest) => {
      if (!isDigest(digest)) return undefined;
      const bytes = await files.readBytes(place(digest));
      return bytes !== undefined && matches(bytes, digest) ? bytes : undefined;
    },
    keep: async (digest, bytes) => {
      if (bytes.length <= MAX_BYTES && matches(bytes, digest)) {
        await write(place(digest), Buffer.from(bytes).toString('utf8'));
      }
    },
    lastDigest: async (reference) => {
      const text = (await files.readText(name(reference)))?.trim() ?? '';
      return isDigest(text) ? text : undefined;
    },
    remember: async (reference, digest) => {
      if (isDigest(digest)) await write(name(reference), `${digest}\n`);
    },
  };
}

const NO_CACHE: RegistryCache = {
  read: async () => undefined,
  keep: async () => {},
  lastDigest: async () => undefined,
  remember: async () => {},
};

/** The folder of the cache, by the runner's and the user's conventions; undefined where neither says a place. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const {
    XDG_CACHE_HOME: xdg,
    RUNNER_TOOL_CACHE: tools,
    HOME: home,
  } = env as Readonly<Partial<Record<'XDG_CACHE_HOME' | 'RUNNER_TOOL_CACHE' | 'HOME', string>>>;
  const parent = xdg || tools || (home && `${home}/.cache`);
  return parent ? `${parent}/cuda-image-check/registry` : undefined;
}

/**
 * A registry's answer to the name of an image: an OCI or Docker manifest, or an index of several. Pure.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md and `image-index.md`
 */
export type Manifest =
  | {
      readonly kind: 'image';
      /** Bytes of the layers as the registry transfers them. */
      readonly compressedBytes: number;
      /** Absent where the manifest names none, as in the engine's own listing. */
      readonly config?: Descriptor;
      readonly annotations: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'index';
      readonly entries: readonly IndexEntry[];
      readonly annotations: Readonly<Record<string, string>>;
    };

export interface Descriptor {
  readonly digest: string;
  readonly mediaType: string;
  /** In bytes; absent where it is not told. */
  readonly size?: number;
}

export interface IndexEntry extends Descriptor {
  /** Empty, as the architecture then is, where the index does not say which platform the image is for. */
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** @returns undefined when the text is neither, or could be read as both */
export function parseManifest(text: string): Manifest | undefined {
  const document = record(parseJson(text));
  if (document === undefined) return undefined;
  const { layers, manifests } = document;
  const annotations = strings(document['annotations']);
  // A document of both kinds is one that two readers understand differently (CVE-2021-41190).
  if (Array.isArray(layers) && Array.isArray(manifests)) return undefined;
  if (Array.isArray(layers)) {
    const sizes = layers.map((layer: unknown) => size(record(layer)?.['size']));
    if (sizes.includes(undefined)) return undefined;
    const config = descriptor(document['config']);
    return {
      kind: 'image',
      compressedBytes: sizes.reduce<number>((sum, one) => sum + (one ?? 0), 0),
      ...(config === undefined ? {} : { config }),
      annotations,
    };
  }
  return Array.isArray(manifests)
    ? { kind: 'index', entries: manifests.flatMap(entry), annotations }
    : undefined;
}

/**
 * The entry of an index for a platform, as engines choose it: the same variant where one is wanted, else the baseline (`v8` for
 * arm64), else the first; where none is for that platform, one that says no platform. Pure.
 * https://github.com/containerd/platforms/blob/v1.0.0-rc.1/database.go (normalisation)
 */
export function entryFor(entries: readonly IndexEntry[], platform: string): IndexEntry | undefined {
  const [os = '', architecture = '', variant = ''] = platform.split('/');
  const same = entries.filter(
    (one) =>
      one.os === os && normalArchitecture(one.architecture) === normalArchitecture(architecture),
  );
  const wanted = normalVariant(architecture, variant);
  const exact = same.find((one) => normalVariant(one.architecture, one.variant) === wanted);
  // A newer variant than the machine's could not start.
  return exact ?? (variant === '' ? same[0] : undefined) ?? entries.find((one) => isUntold(one));
}

const isUntold = ({ os, architecture }: IndexEntry): boolean => os === '' && architecture === '';

const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
]);

const normalArchitecture = (name: string): string => ARCHITECTURES.get(name) ?? name;

function normalVariant(architecture: string, variant: string): string {
  const normal = normalArchitecture(architecture);
  if (normal === 'arm64' && (variant === '8' || variant === 'v8')) return '';
  return normal === 'amd64' && variant === 'v1' ? '' : variant;
}

/** `linux/arm64/v8` of an entry, without a variant that says nothing. */
export const entryPlatform = ({ os, architecture, variant }: IndexEntry): string =>
  [os, architecture, normalVariant(architecture, variant)].filter(Boolean).join('/');

const ATTESTATION = 'vnd.docker.reference.type';

function entry(manifest: unknown): IndexEntry[] {
  const found = descriptor(manifest);
  const { platform, annotations: given } = record(manifest) ?? {};
  const { os = '', architecture = '', variant } = record(platform) ?? {};
  const annotations = strings(given);
  if (found === undefined || typeof os !== 'string' || typeof architecture !== 'string') return [];
  // What BuildKit attaches about an image (provenance, SBOM) stands beside the images of an index.
  if (annotations[ATTESTATION] !== undefined || os === 'unknown') return [];
  return [
    {
      ...found,
      os,
      architecture,
      variant: typeof variant === 'string' ? variant : '',
      annotations,
    },
  ];
}

function descriptor(value: unknown): Descriptor | undefined {
  const { digest, mediaType, size: bytes } = record(value) ?? {};
  if (typeof digest !== 'string') return undefined;
  const known = size(bytes);
  return {
    digest,
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    ...(known === undefined ? {} : { size: known }),
  };
}

const size = (bytes: unknown): number | undefined =>
  typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;

const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record(value) ?? {}).filter(
      (one): one is [string, string] => typeof one[1] === 'string',
    ),
  );

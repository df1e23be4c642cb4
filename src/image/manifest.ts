/**
 * Sizes in a registry's answer (`manifest inspect`): an OCI or Docker manifest, or an index of several. Pure.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md and `image-index.md`
 */
export type Manifest =
  | { readonly kind: 'image'; readonly compressedBytes: number }
  | { readonly kind: 'index'; readonly digests: Readonly<Record<string, string>> };

/** @returns undefined when the text is neither */
export function parseManifest(text: string): Manifest | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const { layers, manifests } = document as { layers?: unknown; manifests?: unknown };
  if (Array.isArray(layers)) {
    const sizes = layers.map((layer: unknown) => size(layer));
    return sizes.includes(undefined)
      ? undefined
      : { kind: 'image', compressedBytes: sizes.reduce<number>((sum, one) => sum + (one ?? 0), 0) };
  }
  if (!Array.isArray(manifests)) return undefined;
  return { kind: 'index', digests: Object.fromEntries(manifests.flatMap(entry)) };
}

function entry(manifest: unknown): [string, string][] {
  if (typeof manifest !== 'object' || manifest === null) return [];
  const { digest, platform } = manifest as { digest?: unknown; platform?: unknown };
  if (typeof digest !== 'string' || typeof platform !== 'object' || platform === null) return [];
  const { os, architecture } = platform as { os?: unknown; architecture?: unknown };
  return typeof os === 'string' && typeof architecture === 'string'
    ? [[`${os}/${architecture}`, digest]]
    : [];
}

function size(layer: unknown): number | undefined {
  if (typeof layer !== 'object' || layer === null) return undefined;
  const { size: bytes } = layer as { size?: unknown };
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}

import type { ImageFacts } from '../core/facts.js';
import { isRecorded, isRecordedLabel } from './environment.js';
import { type ImageReference, parseReference, repository } from './reference.js';

export interface InspectedImage {
  readonly facts: ImageFacts;
  /** Content id of the local image, `sha256:…`. */
  readonly id: string;
  /** Names the image by content: `repository@sha256:…` where it came from a registry, else its id. */
  readonly pinned: string;
}

/**
 * The answer of `image inspect` (Docker, Podman, nerdctl: one object, or a list of one) as facts. Pure.
 * @returns undefined when the text is not such an answer
 */
export function parseImageInspect(
  text: string,
  reference: ImageReference,
): InspectedImage | undefined {
  const image = firstObject(text);
  const id = image?.['Id'];
  if (image === undefined || typeof id !== 'string' || id === '') return undefined;
  const digest = repositoryDigest(strings(image['RepoDigests']), reference);
  const size = image['Size'];
  const contentId = id.includes(':') ? id : `sha256:${id}`;
  return {
    id: contentId,
    pinned: digest?.name ?? contentId,
    facts: {
      reference: reference.raw,
      ...(digest === undefined ? {} : { digest: digest.digest }),
      ...(typeof size === 'number' && Number.isSafeInteger(size) && size > 0
        ? { sizeBytes: size }
        : {}),
      ...configFacts(image['Os'], image['Architecture'], image['Variant'], image['Config']),
    },
  };
}

/**
 * A registry's configuration document of an image as facts; the same facts as its `image inspect` gives once it was pulled. Pure.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 * @returns undefined when the text is no such document
 */
export function parseImageConfig(text: string): ImageFacts | undefined {
  const document = firstObject(text);
  const { os, architecture, variant, config } = document ?? {};
  // The configuration of what is no container image (a Helm chart, a model) has neither.
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return configFacts(os, architecture, variant, config);
}

function configFacts(
  os: unknown,
  architecture: unknown,
  variant: unknown,
  given: unknown,
): ImageFacts {
  const config = record(given) ?? {};
  const platform = platformOf(os, architecture, variant);
  return {
    ...(platform === undefined ? {} : { platform }),
    env: environment(strings(config['Env'])),
    labels: recordedLabels(stringRecord(config['Labels'])),
    user: typeof config['User'] === 'string' ? config['User'] : '',
    entrypoint: strings(config['Entrypoint']),
  };
}

/** Of labels or annotations, those that may stand in a report. */
export const recordedLabels = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => isRecordedLabel(name, value)),
  );

/** The digest under which this repository has the image; an image can have come from several. */
function repositoryDigest(
  names: readonly string[],
  reference: ImageReference,
): { name: string; digest: string } | undefined {
  const found = names.flatMap((name) => {
    const parsed = parseReference(name);
    return parsed.ok &&
      parsed.reference.digest !== undefined &&
      repository(parsed.reference) === repository(reference)
      ? [{ name, digest: parsed.reference.digest }]
      : [];
  });
  // The same image can be known there under several manifests; the one that was asked for leads.
  return found.find(({ digest }) => digest === reference.digest) ?? found[0];
}

/** `A=1`, `B=2=3`, `C` as a record of what may be recorded; a later line wins. */
function environment(lines: readonly string[]): Record<string, string> {
  const entries = lines.map((line): [string, string] => {
    const equals = line.indexOf('=');
    return equals === -1 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
  });
  return Object.fromEntries(entries.filter(([name, value]) => isRecorded(name, value)));
}

function platformOf(os: unknown, architecture: unknown, variant: unknown): string | undefined {
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  if (os === '' || architecture === '') return undefined;
  // arm64 has the one variant v8, which nothing distinguishes.
  const suffix =
    typeof variant === 'string' && variant !== '' && architecture !== 'arm64' ? `/${variant}` : '';
  return `${os}/${architecture}${suffix}`;
}

function firstObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return record(Array.isArray(parsed) ? parsed[0] : parsed);
  } catch {
    return undefined;
  }
}

const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

const stringRecord = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record(value) ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

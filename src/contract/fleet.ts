import { type Document, isMap, isNode, isSeq, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { RunnerProfile } from '../core/profile.js';
import { FLEET_SCHEMA, fleetSchema } from './fleet-schema.js';
import { customIssue, readYamlFile } from './yaml-file.js';

export type ParsedFleet =
  | { readonly ok: true; readonly profiles: readonly RunnerProfile[] }
  /** One line for each mistake: `FILE:LINE:COLUMN: PATH: found …, expected …`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What is wrong with a GPU's name, as `problemLines` words it, or undefined. */
export type GpuNameProblem = (name: string) => string | undefined;

/**
 * Reads a fleet file (YAML or JSON), with every mistake at once and where it stands. Pure; never throws.
 * @param file what the problems call it
 */
export function parseFleet(text: string, file: string, gpuProblem: GpuNameProblem): ParsedFleet {
  const read = readYamlFile(text, file, {
    schema: fleetSchema,
    keys: KEYS,
    examples: EXAMPLES,
    check: ({ profiles }) => namesOf(profiles, gpuProblem),
  });
  return read.ok ? { ok: true, profiles: read.value.profiles } : read;
}

function namesOf(
  profiles: readonly RunnerProfile[],
  gpuProblem: GpuNameProblem,
): z.core.$ZodIssue[] {
  return profiles.flatMap(({ gpus = [] }, at) =>
    gpus.flatMap(({ name, computeCapability }, index) => {
      if (name === undefined || computeCapability !== undefined) return [];
      const message = gpuProblem(name);
      return message === undefined
        ? []
        : [customIssue(['profiles', at, 'gpus', index, 'name'], name, message)];
    }),
  );
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(fleetSchema.shape),
  profiles: [
    'name',
    'labels',
    'platform',
    'driver',
    'driverCuda',
    'kernelModule',
    'gpus',
    'engine',
    'containerToolkit',
  ],
  gpus: ['name', 'computeCapability', 'count', 'memoryMiB', 'mig'],
  engine: ['name', 'version', 'gpuMode', 'rootless'],
  containerToolkit: ['version', 'disableRequire'],
};

const PROFILES = 'profiles: [{ name: h100, driver: "550.54.15" }]';

const EXAMPLES: Readonly<Record<string, string>> = {
  '': PROFILES,
  profiles: PROFILES,
  'profiles[]': '{ name: h100, driver: "550.54.15" }',
  name: 'name: h100',
  driver: 'driver: "550.54.15"',
  labels: 'labels: [self-hosted, gpu]',
  gpus: 'gpus: [{ name: NVIDIA L4 }]',
  'gpus[]': '{ name: NVIDIA L4 }',
  engine: 'engine: { name: docker, gpuMode: cdi }',
  containerToolkit: 'containerToolkit: { version: "1.17.8" }',
};

const HEADER = `# The GPU runners that images of this repository are judged against.
# yaml-language-server: $schema=https://raw.githubusercontent.com/cuda-image-check/cuda-image-check/main/schema/gpu-fleet@1.json
`;

/**
 * A fleet file with one profile added or brought up to date. Comments, order and the fields that the profile does not have stay as
 * they are; the GPUs are those of the profile. Pure.
 * @param text of the file, or undefined where there is none; it must be one that `parseFleet` reads
 */
export function withProfile(text: string | undefined, profile: RunnerProfile): string {
  const empty = text === undefined || text.trim() === '';
  const document = parseDocument(
    empty ? `${HEADER}schema: ${FLEET_SCHEMA}\nprofiles: []\n` : (text ?? ''),
    { logLevel: 'error' },
  );
  const profiles = document.get('profiles');
  if (!isSeq(profiles)) throw new Error('a fleet file has profiles');
  profiles.flow = false;
  const at = profiles.items.findIndex((one) => isMap(one) && one.get('name') === profile.name);
  if (at === -1) profiles.add(document.createNode(profile));
  else update(document, ['profiles', at], profile as unknown as Record<string, unknown>);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function update(
  document: Document,
  path: readonly (string | number)[],
  values: Readonly<Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(values)) {
    const inner = [...path, key];
    const node = document.getIn(inner, true);
    const before: unknown = isNode(node) ? node.toJSON() : node;
    if (JSON.stringify(before) === JSON.stringify(value)) continue;
    if (isMap(node) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      update(document, inner, value as Record<string, unknown>);
    } else if (Array.isArray(value) && isSeq(node) && node.items.length === value.length) {
      // The same number of kinds of GPU: each keeps its comments.
      for (const [at, one] of value.entries()) {
        update(document, [...inner, at], one as Record<string, unknown>);
        forget(document, [...inner, at], one as Record<string, unknown>);
      }
    } else document.setIn(inner, document.createNode(value));
  }
}

/** Takes out what is recorded of a GPU and no longer so. */
function forget(
  document: Document,
  path: readonly (string | number)[],
  values: Readonly<Record<string, unknown>>,
): void {
  const node = document.getIn(path, true);
  if (!isMap(node)) return;
  for (const { key } of [...node.items]) {
    const name = String(isNode(key) ? key.toJSON() : key);
    if (!(name in values) && !(name === 'count' && values['count'] === undefined)) node.delete(key);
  }
}

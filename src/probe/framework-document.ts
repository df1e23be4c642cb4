import type { ProbeFramework, ProbeFrameworkDevice } from '../core/facts.js';
import {
  count,
  type Document,
  flag,
  isDocument,
  oneOf,
  present,
  signal,
  text,
  texts,
  version,
} from './values.js';

/** Frameworks times interpreters; the probe tests fewer. */
export const MAX_FRAMEWORKS = 64;
const MAX_DEVICES = 64;
const MAX_TARGETS = 64;
const MAX_OPERATIONS = 8;
const MAX_WARNINGS = 16;
const MAX_PACKAGES = 64;

const STAGES = ['start', 'import', 'initialise', 'compute', 'nccl'] as const;
const OPERATIONS: ReadonlySet<string> = new Set(['matmul', 'convolution', 'kernel']);

/** What a document `framework` says; undefined when it names none. A field of a wrong type or size is left out. */
export function frameworkOf(document: Document): ProbeFramework | undefined {
  const name = nameOf(document['name']);
  if (name === undefined) return undefined;
  const printed = text(document['printed']);
  const warnings = [
    ...texts(document['warnings'], MAX_WARNINGS),
    ...(printed === undefined ? [] : [printed]),
  ];
  const targets = texts(document['targets'], MAX_TARGETS).filter((one) => TARGET.test(one));
  const devices = devicesOf(document['devices']);
  const { packages } = document;
  return present({
    name,
    version: versionOf(document['version']),
    interpreter: text(document['interpreter']),
    onPath: flag(document['onPath']),
    path: text(document['path']),
    cuda: document['cuda'] === null ? null : version(document['cuda']),
    cudnn: version(document['cudnn']),
    targets: targets.length > 0 ? targets : undefined,
    available: flag(document['available']),
    devices,
    nccl: ncclOf(document['nccl']),
    warnings: warnings.length > 0 ? warnings : undefined,
    error: errorOf(document['error'] ?? leaving(document)),
    stage: oneOf(document['stage'], STAGES),
    timedOut: document['timedOut'] === true ? true : undefined,
    signal: signal(document['signal']),
    untested: document['untested'] === true ? true : undefined,
    // An empty list is a fact, too: it has none.
    packages: Array.isArray(packages)
      ? texts(packages, MAX_PACKAGES).filter((one) => PACKAGE.test(one))
      : undefined,
  });
}

/** Each device once; an empty list is a fact (the framework saw none), what is no list is not. */
function devicesOf(value: unknown): ProbeFrameworkDevice[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const byIndex = new Map<number, ProbeFrameworkDevice>();
  for (const entry of value.slice(0, MAX_DEVICES) as unknown[]) {
    const index = isDocument(entry) ? count(entry['index']) : undefined;
    if (!isDocument(entry) || index === undefined || byIndex.has(index)) continue;
    const operations = texts(entry['operations'], MAX_OPERATIONS).filter((one) =>
      OPERATIONS.has(one),
    );
    const device = present({
      index,
      name: text(entry['name']),
      correct: flag(entry['correct']),
      operations: operations.length > 0 ? operations : undefined,
      error: errorOf(entry['error']),
    });
    byIndex.set(index, device);
  }
  return [...byIndex.values()];
}

function ncclOf(value: unknown): ProbeFramework['nccl'] {
  if (!isDocument(value)) return undefined;
  const nccl = present({ correct: flag(value['correct']), error: errorOf(value['error']) });
  return Object.keys(nccl).length > 0 ? nccl : undefined;
}

/** The error of a process that left by itself before it had said everything; else as it was said. */
function leaving(document: Document): unknown {
  const status = count(document['exitStatus']);
  return status === undefined
    ? document['error']
    : `its process left by itself with status ${status}`;
}

/** Null is an answer: it ended without an error. */
const errorOf = (value: unknown): string | null | undefined =>
  value === null ? null : text(value);

const TARGET = /^(?:sm|compute)_\d{2,3}[af]?$/;

const PACKAGE = /^[a-z][a-z0-9._-]{0,63}$/;

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[a-z][a-z0-9_-]{0,39}$/.test(value) ? value : undefined;

/** A version of a Python package: `2.9.0+cu128`. */
const versionOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,79}$/.test(value)
    ? value
    : undefined;

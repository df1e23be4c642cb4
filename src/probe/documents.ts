import type {
  DeviceNode,
  ImageFacts,
  ProbeFacts,
  ProbeFramework,
  ProbeGpu,
  ProbeStep,
} from '../core/facts.js';
import { frameworkOf, MAX_FRAMEWORKS } from './framework-document.js';
import { createImageCollector } from './image-documents.js';
import {
  code,
  count,
  type Document,
  flag,
  isDocument,
  MAX_TEXT,
  milliseconds,
  oneOf,
  present,
  signal,
  text,
  texts,
  version,
} from './values.js';

/** As many GPUs as the probe visits. */
const MAX_GPUS = 64;
const MAX_NODES = 160;
const MAX_VARIABLES = 64;
const MAX_PLACES = 48;

export interface FactsCollector {
  /** Takes one document; false when it is not one of this protocol, comes twice, or comes after the last. */
  take(document: Document): boolean;
  /** Whether the last document was taken. */
  isComplete(): boolean;
  facts(): ProbeFacts;
  /** What was read of the image's files; undefined when nothing was. */
  image(): ImageFacts | undefined;
}

/**
 * Puts the probe's documents together. The first document of a step (and GPU) counts and a later one changes nothing; a
 * field of a wrong type or size is left out, as if the probe had not known it. Documents about the image's files are many of a step. probe/PROTOCOL.md describes every field.
 */
export function createFactsCollector(): FactsCollector {
  const facts: ProbeFacts = {};
  const seen = new Set<string>();
  const gpus = new Map<number, ProbeGpu>();
  const frameworks: ProbeFramework[] = [];
  const unreadable = new Set<string>();
  const image = createImageCollector();
  let deviceCount = MAX_GPUS;
  let saidCount = 0;

  const change = (index: number, more: Omit<ProbeGpu, 'index'>): void => {
    gpus.set(index, { ...gpus.get(index), ...more, index });
  };

  const noteUnreadable = (document: Document): void => {
    for (const place of texts(document['unreadable'], MAX_PLACES)) unreadable.add(place);
  };

  const takeFramework = (document: Document): boolean => {
    const framework = frameworkOf(document);
    if (framework === undefined || frameworks.length === MAX_FRAMEWORKS) return false;
    const isThere = ({ name, interpreter, path }: ProbeFramework) =>
      name === framework.name && interpreter === framework.interpreter && path === framework.path;
    if (frameworks.some(isThere)) return false;
    frameworks.push(framework);
    facts.lastStep = `framework ${framework.name}`;
    return true;
  };

  const take = (document: Document): boolean => {
    const step = text(document['step']);
    if (step === undefined || facts.complete) return false;
    if (step === 'framework') return takeFramework(document);
    if (image.take(step, document)) {
      facts.lastStep = step;
      if (step === 'files') noteUnreadable(document);
      return true;
    }
    const perGpu = step === 'device' || step === 'kernel';
    const index = perGpu ? count(document['index']) : 0;
    if (index === undefined || (perGpu && index >= deviceCount)) return false;
    const key = perGpu ? `${step} ${index}` : step;
    const reader = Object.hasOwn(READERS, step) ? READERS[step] : undefined;
    if (seen.has(key) || (reader === undefined && !perGpu)) return false;
    seen.add(key);

    facts.lastStep = step;
    noteUnreadable(document);
    if (step === 'device') change(index, deviceOf(document));
    else if (step === 'kernel') change(index, { kernel: kernelOf(document) });
    else Object.assign(facts, reader?.(document));
    if (step === 'init' && facts.init?.code === 0) {
      saidCount = Math.min(count(document['deviceCount']) ?? 0, MAX_GPUS);
      deviceCount = document['deviceCount'] === undefined ? MAX_GPUS : saidCount;
    }
    return true;
  };

  return {
    take,
    isComplete: () => facts.complete === true,
    image: image.facts,
    facts() {
      const initialised = facts.init?.code === 0;
      if (initialised && facts.complete) {
        // A GPU that nothing was said about is one that was not tested, and must be seen as such.
        for (let index = 0; index < saidCount; index++) change(index, {});
      }
      const listed = [...gpus.values()].sort((one, other) => one.index - other.index);
      const { lastStep, ...rest } = facts;
      return {
        ...rest,
        ...withoutDriver(facts),
        ...(facts.init?.code === STUB_LIBRARY
          ? { libcuda: { ...facts.libcuda, origin: 'stub' } }
          : {}),
        ...(initialised || listed.length > 0 ? { gpus: listed } : {}),
        ...(frameworks.length > 0 ? { frameworks } : {}),
        ...(unreadable.size > 0 ? { unreadable: [...unreadable] } : {}),
        ...(facts.complete || lastStep === undefined ? {} : { lastStep }),
      };
    },
  };
}

/** cudaErrorInsufficientDriver: libcudart answers so as well when it finds no libcuda that loads; then it says nothing of versions. */
const INSUFFICIENT_DRIVER = 35;

function withoutDriver({ runtime, init }: ProbeFacts): Pick<ProbeFacts, 'runtime'> {
  if (runtime?.code !== INSUFFICIENT_DRIVER || init !== undefined) return {};
  const { path, version } = runtime;
  return { runtime: present({ path, version }) };
}

/** CUDA_ERROR_STUB_LIBRARY: the toolkit's stub says so of itself, wherever it lies. */
const STUB_LIBRARY = 34;

const READERS: Readonly<Record<string, (document: Document) => Partial<ProbeFacts>>> = {
  begin: () => ({ started: true }),
  limits: (document) => ({
    limits: present({
      shmBytes: count(document['shmBytes']),
      memlockBytes: document['memlockBytes'] === null ? null : count(document['memlockBytes']),
    }),
    libc: present({ family: 'glibc', version: text(document['glibc']) }),
    user: present({ uid: count(document['uid']), gid: count(document['gid']) }),
    env: variables(document['env']),
  }),
  nodes: (document) => {
    const listed = nodesOf(document['nodes']);
    // An empty list is a fact only where the step came to its end.
    const ended = unfinished(document) === undefined && document['error'] === undefined;
    return ended || listed.length > 0 ? { deviceNodes: listed } : {};
  },
  libcuda: (document) => ({
    libcuda: present({
      path: text(document['path']),
      origin: oneOf(document['origin'], ORIGINS),
      cuda: version(document['cuda']),
      error: text(document['error']) ?? unfinished(document),
    }),
  }),
  init: (document) => ({ init: stepOf(document) }),
  runtime: (document) =>
    document['found'] === false
      ? {}
      : {
          runtime: present({
            ...stepOf(document),
            path: text(document['path']),
            version: version(document['version']),
            deviceCount: count(document['deviceCount']),
          }),
        },
  nvml: (document) => ({
    nvml: present({
      path: text(document['path']),
      code: code(document['code']),
      driver: version(document['driver']),
      cuda: version(document['cuda']),
      gpuCount: count(document['gpuCount']),
      error: text(document['error']) ?? (document['signal'] ? unfinished(document) : undefined),
      timedOut: document['timedOut'] === true ? true : undefined,
    }),
  }),
  end: () => ({ complete: true }),
};

const ORIGINS = ['host', 'compat', 'stub', 'image', 'empty', 'absent'] as const;
const ACCESSES = ['rw', 'r', 'none', 'unknown'] as const;

function stepOf(document: Document): ProbeStep {
  return present({
    code: code(document['code']),
    timedOut: document['timedOut'] === true ? true : undefined,
    signal: signal(document['signal']),
    error: text(document['error']),
  });
}

function deviceOf(document: Document): Omit<ProbeGpu, 'index'> {
  return present({
    uuid: text(document['uuid']),
    name: text(document['name']),
    computeCapability: version(document['computeCapability']),
    memoryMiB: count(document['memoryMiB']),
    mig: flag(document['mig']),
  });
}

function kernelOf(document: Document): NonNullable<ProbeGpu['kernel']> {
  return present({
    ...stepOf(document),
    call: text(document['call']),
    correct: flag(document['correct']),
    wrongElements: count(document['wrongElements']),
    ms: milliseconds(document['ms']),
  });
}

/** A node whose opening never returned keeps the access `unknown`, which is neither a right nor the lack of one. */
function nodesOf(value: unknown): DeviceNode[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_NODES).flatMap((entry: unknown): DeviceNode[] => {
    if (!isDocument(entry)) return [];
    const path = text(entry['path']);
    const access = oneOf(entry['access'], ACCESSES);
    if (path === undefined || access === undefined) return [];
    const error = access === 'unknown' ? 'did not return' : text(entry['error']);
    return [present({ path, access, error })];
  });
}

/** Why a step has no answer, in words, for the facts that have no field for it. */
function unfinished(document: Document): string | undefined {
  const call = text(document['call']) ?? 'it';
  if (document['timedOut'] === true) return `${call} did not return`;
  const ended = signal(document['signal']);
  return ended === undefined ? undefined : `${call} ended in ${ended}`;
}

function variables(value: unknown): Record<string, string> {
  if (!isDocument(value)) return {};
  const pairs = Object.entries(value).flatMap(([name, content]): [string, string][] =>
    /^[A-Z_][A-Z0-9_]{0,127}$/.test(name) &&
    typeof content === 'string' &&
    content.length <= MAX_TEXT
      ? [[name, content]]
      : [],
  );
  return Object.fromEntries(pairs.slice(0, MAX_VARIABLES));
}

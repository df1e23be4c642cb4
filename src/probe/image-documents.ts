import type {
  DeviceCode,
  DriverFile,
  ImageCache,
  ImageFacts,
  ImageFiles,
  ImageFramework,
  ImageInterpreter,
  ImageLibrary,
  MissingLibrary,
  PtxCode,
} from '../core/facts.js';
import {
  count,
  type Document,
  flag,
  isDocument,
  oneOf,
  present,
  text,
  texts,
  version,
} from './values.js';

/** More than any image is known to have; what comes beyond is left out, and the walk then counts as incomplete. */
const MOST = {
  code: 4096,
  library: 2048,
  missing: 512,
  cache: 128,
  python: 64,
  package: 128,
} as const;
/** Of all documents about files together, in characters of what is kept of them. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
const MAX_TARGETS = 64;
const MAX_PLACES = 48;

export interface ImageCollector {
  /** Takes one document about the image's files; false when it is none, is malformed, or comes twice. */
  take(step: string, document: Document): boolean;
  /** What was read of the image's files; undefined when no such document came. */
  facts(): ImageFacts | undefined;
}

/**
 * Puts together what the probe says about the image's files: many documents of each step, each file once. Files that came into
 * the container from outside (`mounted`) are not the image's and leave no trace.
 */
export function createImageCollector(): ImageCollector {
  const code: DeviceCode[] = [];
  const libraries: ImageLibrary[] = [];
  const driverFiles: DriverFile[] = [];
  const compat: NonNullable<ImageFacts['compatDriver']>[] = [];
  const missing: MissingLibrary[] = [];
  const caches: ImageCache[] = [];
  const interpreters: ImageInterpreter[] = [];
  const frameworks: ImageFramework[] = [];
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  let walk: ImageFiles | undefined;
  let characters = 0;
  let came = false;
  let dropped = false;

  const keep = <T extends object>(step: keyof typeof MOST, list: T[], entry: T): true => {
    const number = counts.get(step) ?? 0;
    characters += JSON.stringify(entry).length;
    if (number >= MOST[step] || characters > MOST_CHARACTERS) dropped = true;
    else list.push(entry);
    counts.set(step, number + 1);
    return true;
  };

  const takers: Readonly<Record<string, (document: Document) => boolean>> = {
    code: (document) => {
      const entry = codeOf(document);
      return entry !== undefined && keep('code', code, entry);
    },
    library: (document) => {
      const entry = libraryOf(document);
      if (entry === undefined) return false;
      const { bytes, kind, ...library } = entry;
      const file = present({ path: library.path, bytes, version: driverNumber(library.version) });
      if (kind === 'driver' || kind === 'empty') return keep('library', driverFiles, file);
      if (kind !== 'compat') return keep('library', libraries, present({ ...library, kind }));
      // The compat package has a number of libraries; the one of the driver API stands for it.
      return library.name === 'cuda'
        ? keep('library', compat, present({ ...file, bytes: undefined }))
        : true;
    },
    missing: (document) => {
      const soname = sonameOf(document['soname']);
      if (soname === undefined) return false;
      return keep(
        'missing',
        missing,
        present({
          soname,
          neededBy: text(document['neededBy']),
          elsewhere: text(document['elsewhere']),
        }),
      );
    },
    cache: (document) => {
      const path = text(document['path']);
      const what = text(document['what'])?.slice(0, 80);
      return path !== undefined && what !== undefined && keep('cache', caches, { path, what });
    },
    python: (document) => {
      const path = text(document['path']);
      if (path === undefined) return false;
      return keep(
        'python',
        interpreters,
        present({
          path,
          version: releaseOf(document['version']),
          onPath: flag(document['onPath']),
        }),
      );
    },
    package: (document) => {
      const entry = packageOf(document);
      return entry !== undefined && keep('package', frameworks, entry);
    },
    files: (document) => {
      walk = walkOf(document);
      return true;
    },
  };

  return {
    take(step, document) {
      const taker = Object.hasOwn(takers, step) ? takers[step] : undefined;
      if (taker === undefined) return false;
      const key = identity(step, document);
      if (seen.has(key)) return false;
      if (document['mounted'] === true) return true;
      if (!taker(document)) return false;
      came = true;
      // Its size is bounded like the lists that it guards.
      if (!dropped) seen.add(key);
      return true;
    },
    facts() {
      if (!came) return undefined;
      const complete = walk?.complete === true && !dropped;
      // Only a walk that saw everything proves that there is no device code, no compat library and no framework.
      const isWhole = complete && (walk?.unreadable ?? []).length === 0;
      return {
        ...(code.length > 0 || isWhole ? { deviceCode: code } : {}),
        ...list('libraries', libraries),
        ...list('missingLibraries', missing),
        ...list('driverFiles', driverFiles),
        ...(frameworks.length > 0 || isWhole ? { frameworks } : {}),
        ...list('interpreters', interpreters),
        ...list('caches', caches),
        ...newest(compat),
        files: { ...walk, complete },
      };
    },
  };
}

const list = <K extends keyof ImageFacts, T>(name: K, entries: readonly T[]) =>
  entries.length > 0 ? { [name]: entries } : {};

/** The one with the highest number: the others are what it replaced, or links to it. */
function newest(found: readonly NonNullable<ImageFacts['compatDriver']>[]) {
  const sorted = [...found].sort((a, b) => compareNumbers(b.version ?? '', a.version ?? ''));
  const [first] = sorted;
  return first === undefined ? {} : { compatDriver: first };
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What makes a second document of a step the same one again. */
function identity(step: string, document: Document): string {
  const parts =
    step === 'missing' ? ['soname', 'neededBy'] : step === 'files' ? [] : ['path', 'name'];
  return JSON.stringify([step, ...parts.map((part) => text(document[part]) ?? '')]);
}

function codeOf(document: Document): DeviceCode | undefined {
  const path = text(document['path']);
  const cubins = distinct(texts(document['cubins'], MAX_TARGETS).filter((one) => CUBIN.test(one)));
  const ptx = ptxOf(document['ptx']);
  const malformed = text(document['malformed'])?.slice(0, 200);
  if (path === undefined) return undefined;
  if (cubins.length === 0 && ptx.length === 0 && malformed === undefined) return undefined;
  return present({
    path,
    kind: oneOf(document['kind'], CODE_KINDS),
    ...(cubins.length > 0 ? { cubins } : {}),
    ...(ptx.length > 0 ? { ptx } : {}),
    malformed,
  });
}

const CODE_KINDS = ['elf', 'cubin', 'ptx', 'fatbin', 'archive'] as const;
const CUBIN = /^sm_\d{2,3}[af]?$/;
const PTX = /^compute_\d{2,3}[af]?$/;

function ptxOf(value: unknown): PtxCode[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_TARGETS).flatMap((entry: unknown): PtxCode[] => {
    const target = isDocument(entry) ? text(entry['target']) : undefined;
    if (!isDocument(entry) || target === undefined || !PTX.test(target)) return [];
    return [present({ target, isa: version(entry['isa']) })];
  });
}

const distinct = (items: readonly string[]): string[] => [...new Set(items)];

function libraryOf(
  document: Document,
): (ImageLibrary & { path: string; bytes?: number }) | undefined {
  const name = nameOf(document['name']);
  const path = text(document['path']);
  if (name === undefined || path === undefined) return undefined;
  return present({
    name,
    path,
    version: releaseOf(document['version']),
    soname: sonameOf(document['soname']),
    loaded: flag(document['loaded']),
    via: oneOf(document['via'], VIAS),
    kind: oneOf(document['kind'], LIBRARY_KINDS),
    versionFrom: oneOf(document['versionFrom'], VERSION_SOURCES),
    bytes: count(document['bytes']),
  });
}

const VIAS = ['LD_LIBRARY_PATH', 'runpath', 'cache', 'default'] as const;
const LIBRARY_KINDS = ['library', 'stub', 'compat', 'driver', 'empty'] as const;
const VERSION_SOURCES = ['file name', 'package', 'function'] as const;

function packageOf(document: Document): ImageFramework | undefined {
  const name = nameOf(document['name']);
  if (name === undefined) return undefined;
  return present({
    name,
    version: releaseOf(document['version']),
    cuda: document['cuda'] === null ? null : cudaOf(document['cuda']),
    cudnn: version(document['cudnn']),
    path: text(document['path']),
    onPath: flag(document['onPath']),
  });
}

function walkOf(document: Document): ImageFiles {
  const skipped = Array.isArray(document['skipped']) ? document['skipped'] : [];
  const unreadable = texts(document['unreadable'], MAX_PLACES);
  return present({
    files: count(document['files']),
    folders: count(document['folders']),
    complete: document['complete'] === true,
    skipped: skipped.slice(0, MAX_PLACES).flatMap((entry: unknown) => {
      const path = isDocument(entry) ? text(entry['path']) : undefined;
      const why = isDocument(entry) ? text(entry['why']) : undefined;
      return path === undefined || why === undefined ? [] : [{ path, why: why.slice(0, 200) }];
    }),
    ...(unreadable.length > 0 ? { unreadable } : {}),
  });
}

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_+.-]{0,63}$/.test(value) ? value : undefined;

const sonameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w+.-]{1,160}$/.test(value) ? value : undefined;

/** `2.9.0+cu128`, `12.8.90`, `2.1.0a0+32f93b1`. */
const releaseOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,79}$/.test(value)
    ? value
    : undefined;

/** A CUDA version of a build has its major and minor number. */
const cudaOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[1-9]\d?(?:\.\d{1,4}){0,3}$/.test(value) ? value : undefined;

/** Of a driver, as facts may hold it; anything else is not known. */
const driverNumber = (value: string | undefined): string | undefined =>
  value !== undefined && /^[1-9]\d{2}(?:\.\d{1,5}){1,3}$/.test(value) ? value : undefined;

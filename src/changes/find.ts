import { discover } from '../discover/discover.js';
import type { Discovered } from '../discover/found.js';
import { type FileKind, kindOf } from '../discover/kinds.js';
import type { Against } from './event.js';
import type { Answer, ChangedFile, Repository } from './git.js';
import { type Change, changesOf, type Placed } from './pair.js';

export interface FoundImages {
  /** The commit that the working tree was compared with; null where every image of the repository counts. */
  readonly base: string | null;
  /** What was compared with, or why nothing was, as words for a sentence. */
  readonly because: string;
  /** Files that were read. */
  readonly files: number;
  /** In the order of files and lines. Without a base, every place that names an image, as if it were new. */
  readonly changes: readonly Change[];
  /** Files that could not be read as what they are. */
  readonly problems: readonly FileTrouble[];
}

export interface FileTrouble {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

export interface FindPorts {
  readonly repository: Repository;
  /** A file of the working tree by its path in the repository. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

/** The images of a repository that a change touches, or all of them. Only files that can name images are read. */
export function findImages(against: Against, ports: FindPorts): Promise<Answer<FoundImages>> {
  return against.kind === 'nothing'
    ? allImages(against.because, ports)
    : changedImages(against, ports);
}

async function allImages(because: string, ports: FindPorts): Promise<Answer<FoundImages>> {
  const listed = await ports.repository.files();
  if (!listed.ok) return listed;
  const paths = new Set(listed.value);
  const candidates = listed.value.filter((path) => kindOf(path) !== undefined).sort();
  const texts = await readAll(
    [...candidates, ...dotenvsOf(candidates).filter((path) => paths.has(path))],
    ports,
  );
  const changes: Change[] = [];
  const problems: FileTrouble[] = [];
  for (const path of candidates) {
    const found = discoverIn(path, texts);
    for (const after of placed(path, found)) {
      changes.push({ before: undefined, after, at: { file: path, range: after.reference.range } });
    }
    problems.push(...found.problems.map((problem) => ({ file: path, ...problem })));
  }
  return { ok: true, value: { base: null, because, files: candidates.length, changes, problems } };
}

async function changedImages(
  against: Exclude<Against, { kind: 'nothing' }>,
  ports: FindPorts,
): Promise<Answer<FoundImages>> {
  const { repository } = ports;
  const base = await repository.base(against);
  if (!base.ok) return base;
  const changed = await repository.changed(base.value);
  if (!changed.ok) return changed;
  const files = await withNeighbours(changed.value, repository);
  if (!files.ok) return files;
  const candidates = files.value;
  const paths = candidates.flatMap(({ path }) => path ?? []);
  const old = candidates.flatMap(({ before }) => (before === undefined ? [] : [before]));
  const oldDotenvs = dotenvsOf(old.map(({ path }) => path));
  const [after, objects] = await Promise.all([
    readAll([...paths, ...dotenvsOf(paths)], ports),
    repository.contents([
      ...old.map(({ object }) => object),
      ...oldDotenvs.map((path) => `${base.value}:${path}`),
    ]),
  ]);
  if (!objects.ok) return objects;
  const before = new Map<string, string>();
  for (const path of oldDotenvs) {
    const text = objects.value.get(`${base.value}:${path}`);
    if (text !== undefined) before.set(path, text);
  }
  for (const { path, object } of old) {
    const text = objects.value.get(object);
    if (text !== undefined) before.set(path, text);
  }
  const changes: Change[] = [];
  const problems: FileTrouble[] = [];
  for (const file of candidates) {
    const is = file.path === undefined ? EMPTY : discoverIn(file.path, after);
    const name = file.path ?? file.before?.path ?? '';
    const was = file.before === undefined ? EMPTY : discoverIn(file.before.path, before);
    changes.push(...changesOf(placed(name, was), placed(name, is)));
    problems.push(...is.problems.map((problem) => ({ file: name, ...problem })));
  }
  return {
    ok: true,
    value: {
      base: base.value,
      because: against.because,
      files: candidates.length,
      changes,
      problems,
    },
  };
}

const EMPTY: Discovered = { references: [], problems: [] };

const DOTENV = /(?:^|\/)\.env$/;

/** The changed files that can name images, and those whose variables a changed `.env` holds. */
async function withNeighbours(
  changed: readonly ChangedFile[],
  repository: Repository,
): Promise<Answer<readonly ChangedFile[]>> {
  const own = changed.filter(
    ({ path, before }) =>
      (path !== undefined && kindOf(path) !== undefined) ||
      (before !== undefined && kindOf(before.path) !== undefined),
  );
  const folders = new Set(
    changed.flatMap(({ path, before }) =>
      [path, before?.path].flatMap((one) =>
        one !== undefined && DOTENV.test(one) ? [folderOf(one)] : [],
      ),
    ),
  );
  if (folders.size === 0) return { ok: true, value: own };
  const all = await repository.files();
  if (!all.ok) return all;
  const known = new Set(own.map(({ path }) => path));
  const neighbours = all.value.filter(
    (path) => folders.has(folderOf(path)) && takesDotenv(path) && !known.has(path),
  );
  // They did not change, so that what they are is what they were.
  return {
    ok: true,
    value: [...own, ...neighbours.map((path) => ({ path, before: { path, object: `:${path}` } }))],
  };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

const takesDotenv = (path: string): boolean => {
  const kind = kindOf(path);
  return kind === 'compose' || kind === 'yaml';
};

const dotenvsOf = (paths: readonly string[]): string[] => [
  ...new Set(paths.filter(takesDotenv).map((path) => `${folderOf(path)}.env`)),
];

/** Files read at once. */
const READS = 32;

async function readAll(
  paths: readonly string[],
  { readText }: FindPorts,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const queue = paths.values();
  const worker = async () => {
    for (const path of queue) {
      const text = await readText(path);
      if (text !== undefined) texts.set(path, text);
    }
  };
  await Promise.all(Array.from({ length: READS }, worker));
  return texts;
}

function discoverIn(path: string, texts: ReadonlyMap<string, string>): Discovered {
  const kind: FileKind | undefined = kindOf(path);
  if (kind === undefined) return EMPTY;
  const text = texts.get(path);
  if (text === undefined) {
    return { references: [], problems: [{ line: 1, column: 1, why: 'the file cannot be read' }] };
  }
  const env = `${folderOf(path)}.env`;
  const values = texts.get(env);
  return discover({
    path,
    kind,
    text: text.replace(/^\ufeff/, ''),
    ...(values === undefined ? {} : { dotenv: { path: env, text: values } }),
  });
}

const placed = (file: string, { references }: Discovered): Placed[] =>
  references.map((reference) => ({ file, reference }));

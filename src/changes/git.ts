import type { CommandOutcome, RunOptions, Shell } from '../platform/ports.js';
import type { Against } from './event.js';

/** A file that differs between a commit and the working tree. */
export interface ChangedFile {
  /** Undefined where the file is gone. */
  readonly path: string | undefined;
  /** What it was called, and the object that holds what it was; undefined where it is new. */
  readonly before: { readonly path: string; readonly object: string } | undefined;
}

export interface GitProblem {
  /** What is wrong, as a clause. */
  readonly why: string;
  readonly fix: string;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: GitProblem };

/** What is asked of git; nothing here touches the network, the index or the working tree. */
export interface Repository {
  /** The folder that all paths are relative to. */
  readonly root: string;
  /** The commit to compare with. */
  base(against: Exclude<Against, { kind: 'nothing' }>): Promise<Answer<string>>;
  /** Regular files that git knows, and new ones that it does not ignore; paths relative to the folder. */
  files(): Promise<Answer<readonly string[]>>;
  /** What differs from a commit, renames followed. */
  changed(base: string): Promise<Answer<readonly ChangedFile[]>>;
  /** Contents of objects, by their name (`<id>` or `<commit>:<path>`); those that are not there are left out. */
  contents(objects: readonly string[]): Promise<Answer<ReadonlyMap<string, string>>>;
}

const TIMEOUT_MS = 60_000;
const KEEP_BYTES = 64 * 1024 * 1024;
const REGULAR = /^100/;
/** A file that the index holds, but no text of the repository: a symbolic link may lead out of it, a submodule is another repository. */
const MISSING_MODE = '000000';

/** The repository that a folder is in, over git's command line. Monitors that its configuration names are not run. */
export async function openRepository(shell: Shell, folder: string): Promise<Answer<Repository>> {
  const top = await shell.run('git', ['-C', folder, 'rev-parse', '--show-toplevel'], {
    timeoutMs: TIMEOUT_MS,
  });
  if (!succeeded(top)) return failed(top, folder);
  const root = top.stdout.replace(/\n$/, '');
  return { ok: true, value: createRepository(shell, root) };
}

function createRepository(shell: Shell, root: string): Repository {
  const git = (args: readonly string[], options: RunOptions = {}) =>
    shell.run('git', ['-C', root, '--no-optional-locks', '-c', 'core.fsmonitor=false', ...args], {
      timeoutMs: TIMEOUT_MS,
      keepBytes: KEEP_BYTES,
      ...options,
    });
  const commitOf = async (name: string): Promise<string | undefined> => {
    const outcome = await git([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ]);
    return succeeded(outcome) ? outcome.stdout.trim() : undefined;
  };
  return {
    root,
    base: async (against) => {
      const name = against.kind === 'commit' ? against.commit : against.base;
      if (against.kind === 'common' && against.head !== undefined) {
        const [first, second, third, head] = await Promise.all([
          commitOf('HEAD^1'),
          commitOf('HEAD^2'),
          commitOf('HEAD^3'),
          commitOf('HEAD'),
        ]);
        // The checkout of `refs/pull/N/merge`: exactly what merging would change.
        if (second === against.head && third === undefined && first !== undefined) {
          return { ok: true, value: first };
        }
        if (head === against.base && head !== against.head) {
          return wrong(
            'the base of the pull request is checked out, not the pull request',
            'check out the pull request: actions/checkout with ref: refs/pull/N/merge',
          );
        }
      }
      const commit = await commitOf(name);
      if (commit === undefined) return wrong(`commit ${name} is not in this clone`, DEEPER);
      if (against.kind === 'commit') return { ok: true, value: commit };
      const merge = await git(['merge-base', commit, 'HEAD']);
      return succeeded(merge)
        ? { ok: true, value: merge.stdout.trim() }
        : wrong(`this clone does not reach back to where the work left ${name}`, DEEPER);
    },
    files: async () => {
      const [known, others] = await Promise.all([
        git(['ls-files', '-z', '--stage']),
        git(['ls-files', '-z', '--others', '--exclude-standard']),
      ]);
      if (!succeeded(known)) return failed(known, root);
      if (!succeeded(others)) return failed(others, root);
      const paths = split(known.stdout).flatMap((entry) =>
        REGULAR.test(entry) ? [entry.slice(entry.indexOf('\t') + 1)] : [],
      );
      return { ok: true, value: [...new Set([...paths, ...split(others.stdout)])] };
    },
    changed: async (base) => {
      const [differing, others] = await Promise.all([
        git([
          'diff',
          '--raw',
          '-z',
          '--no-abbrev',
          '--find-renames',
          '--no-ext-diff',
          '--no-textconv',
          '--ignore-submodules=all',
          '--no-relative',
          base,
          '--',
        ]),
        git(['ls-files', '-z', '--others', '--exclude-standard']),
      ]);
      if (!succeeded(differing)) return failed(differing, root);
      if (!succeeded(others)) return failed(others, root);
      const fresh = split(others.stdout).map((path) => ({ path, before: undefined }));
      return { ok: true, value: [...parseRaw(split(differing.stdout)), ...fresh] };
    },
    contents: async (objects) => {
      const asked = objects.filter((name) => !name.includes('\n'));
      if (asked.length === 0) return { ok: true, value: new Map() };
      const chunks: Uint8Array[] = [];
      const outcome = await git(['cat-file', '--batch', '--buffer'], {
        input: Buffer.from(`${asked.join('\n')}\n`),
        onStdout: (chunk) => chunks.push(chunk),
        keepBytes: 0,
      });
      return succeeded(outcome)
        ? { ok: true, value: parseBatch(Buffer.concat(chunks), asked) }
        : failed(outcome, root);
    },
  };
}

const DEEPER =
  'let actions/checkout fetch the history: fetch-depth: 0 (for the merge commit of a pull request, fetch-depth: 2 is enough)';

const wrong = (why: string, fix: string): { ok: false; problem: GitProblem } => ({
  ok: false,
  problem: { why, fix },
});

const succeeded = (outcome: CommandOutcome): boolean =>
  outcome.kind === 'exited' && outcome.code === 0;

function failed(outcome: CommandOutcome, folder: string): { ok: false; problem: GitProblem } {
  if (outcome.kind === 'not-found') {
    return wrong('there is no git in PATH', 'install git, or name the images');
  }
  const words = outcome.stderr.trim().split('\n')[0] ?? '';
  if (/dubious ownership/.test(words)) {
    return wrong(words, `git config --global --add safe.directory ${folder}`);
  }
  if (/not a git repository/.test(words)) {
    return wrong(
      'this folder is no git repository',
      'check the repository out first (actions/checkout)',
    );
  }
  return wrong(`${outcome.command}: ${words || outcome.kind}`, 'see what git says there');
}

const split = (text: string): string[] => text.split('\0').filter((part) => part !== '');

/** The records of `git diff --raw -z`: `:modes objects status`, then one path, or two of a rename. */
function parseRaw(fields: readonly string[]): ChangedFile[] {
  const found: ChangedFile[] = [];
  for (let at = 0; at < fields.length; ) {
    const [oldMode = '', newMode = '', object = '', , status = ''] = (fields[at] ?? '')
      .slice(1)
      .split(' ');
    const first = fields[at + 1] ?? '';
    const renamed = /^[RC]/.test(status);
    const second = renamed ? (fields[at + 2] ?? '') : first;
    at += renamed ? 3 : 2;
    const path = newMode !== MISSING_MODE && REGULAR.test(newMode) ? second : undefined;
    const before = REGULAR.test(oldMode) ? { path: first, object } : undefined;
    if (path !== undefined || before !== undefined) found.push({ path, before });
  }
  return found;
}

/** The answers of `git cat-file --batch`, in the order of the questions. */
function parseBatch(bytes: Buffer, asked: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  for (const name of asked) {
    const end = bytes.indexOf(0x0a, at);
    if (end === -1) break;
    const header = bytes.toString('utf8', at, end);
    at = end + 1;
    const size =
      / blob (\d+)$/.exec(header)?.[1] ?? / (?:tree|commit|tag) (\d+)$/.exec(header)?.[1];
    if (size === undefined) continue;
    const stop = at + Number(size);
    if (/ blob \d+$/.test(header)) found.set(name, bytes.toString('utf8', at, stop));
    at = stop + 1;
  }
  return found;
}

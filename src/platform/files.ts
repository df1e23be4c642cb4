import { createReadStream } from 'node:fs';
import {
  access,
  appendFile,
  chmod,
  constants,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Files } from './ports.js';

/** The real file system. */
export function createFiles(): Files {
  return {
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    readBytes: (path) => readFile(path).catch(() => undefined),
    size: (path) =>
      stat(path).then(
        (found) => (found.isFile() ? found.size : undefined),
        () => undefined,
      ),
    list: (folder) => readdir(folder).catch(() => []),
    writeText,
    keepNewest,
    append: (path, text) => appendFile(path, text),
    whyNotAppendable,
    whyNotWritable,
    readStream: (path) => createReadStream(path),
    withProgram: async (program, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'cuda-image-check-'));
      try {
        const path = join(folder, 'program');
        await writeFile(path, program, { flag: 'wx' });
        // The mode of an open call is cut by the umask; the container's user must be able to run it.
        await chmod(path, 0o555);
        return await use(path);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    freeBytes: async (path) => {
      try {
        const { bavail, bsize } = await statfs(path);
        return bavail * bsize;
      } catch {
        return undefined;
      }
    },
  };
}

type Target =
  /** A file to be put in the place of `path`, which is free or holds a regular file. */
  | { readonly kind: 'file'; readonly path: string }
  /** Something that belongs to others, such as /dev/null or the file behind /dev/stdout, to be written into as it is. */
  | { readonly kind: 'existing'; readonly path: string }
  | { readonly kind: 'refused'; readonly why: string };

/** What writing to `path` would meet; nothing is opened, since opening a pipe waits for its other end. */
async function targetAt(path: string): Promise<Target> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return { kind: 'file', path };
  if (found.isCharacterDevice()) return { kind: 'existing', path };
  if (found.isDirectory()) return { kind: 'refused', why: 'it is a folder' };
  if (!found.isFile()) {
    const what = found.isFIFO() ? 'a pipe' : found.isSocket() ? 'a socket' : 'a block device';
    return { kind: 'refused', why: `it is ${what}, not a regular file` };
  }
  // /dev/stdout, /dev/fd/N and /proc/self/fd/N name what a process has open: another file in its place is not that.
  if (/^\/(?:dev|proc)\//.test(path)) return { kind: 'existing', path };
  return { kind: 'file', path: await realpath(path) };
}

async function writeText(given: string, text: string, mode = 0o666): Promise<void> {
  const target = await targetAt(given);
  if (target.kind === 'refused') throw new Error(`${given}: ${target.why}`);
  if (target.kind === 'existing') return appendFile(target.path, text);
  const { path } = target;
  const beside = besideOf(path);
  await makeFolder(dirname(path));
  try {
    const file = await open(beside, 'wx', mode);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function keepNewest(folder: string, count: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length <= count) return;
  const dated = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // One that another run has removed meanwhile is the first to go.
      return {
        path,
        at: await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      };
    }),
  );
  const oldest = dated.sort((a, b) => a.at - b.at).slice(0, names.length - count);
  await Promise.all(oldest.map(({ path }) => rm(path, { force: true })));
}

/**
 * The reason why a file could not be written at `path`, or undefined. Asked by writing a file beside it: permission bits do
 * not tell for root, for a read-only mount or for a full disk.
 */
async function whyNotWritable(given: string): Promise<string | undefined> {
  let beside: string | undefined;
  try {
    const target = await targetAt(given);
    if (target.kind === 'refused') return target.why;
    if (target.kind === 'existing') {
      await access(target.path, constants.W_OK);
      return undefined;
    }
    await makeFolder(dirname(target.path));
    beside = besideOf(target.path);
    await (await open(beside, 'wx')).close();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    if (beside !== undefined) await rm(beside, { force: true }).catch(() => {});
  }
}

async function whyNotAppendable(
  path: string,
): Promise<{ why: string; absent: boolean } | undefined> {
  try {
    const target = await targetAt(path);
    if (target.kind === 'refused') return { why: target.why, absent: true };
    // Opened to add to it, and never to make it.
    await (await open(path, constants.O_WRONLY | constants.O_APPEND)).close();
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { why: 'the file does not exist', absent: true }
      : { why: message, absent: false };
  }
}

/** Not `mkdir` with `recursive`, which in Node 20 never ends below /proc, where making a folder fails with ENOENT. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again;
    });
  }
}

const besideOf = (path: string): string =>
  join(dirname(path), `.${basename(path).slice(0, 100)}.${crypto.randomUUID()}.tmp`);

/** The system's folder for temporary files. */
export const temporaryFolder = (): string => tmpdir();

import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Files } from './ports.js';

/** The real file system. */
export function createFiles(): Files {
  return {
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    readBytes: (path) => readFile(path).catch(() => undefined),
    list: (folder) => readdir(folder).catch(() => []),
    writeText,
    append: (path, text) => appendFile(path, text),
    whyNotWritable,
    readStream: (path) => createReadStream(path),
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

async function writeText(path: string, text: string): Promise<void> {
  const beside = besideOf(path);
  await makeFolder(dirname(path));
  try {
    const file = await open(beside, 'wx');
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

/**
 * The reason why a file could not be written at `path`, or undefined. Asked by writing a file beside it: permission bits do
 * not tell for root, for a read-only mount or for a full disk.
 */
async function whyNotWritable(path: string): Promise<string | undefined> {
  const beside = besideOf(path);
  try {
    await makeFolder(dirname(path));
    const present = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    try {
      if ((await present?.stat())?.isDirectory()) return 'it is a folder';
    } finally {
      await present?.close();
    }
    await (await open(beside, 'wx')).close();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    await rm(beside, { force: true }).catch(() => {});
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

import { dirname } from 'node:path';
import type { Files } from '../../src/platform/ports.js';

export interface FakeFiles extends Files {
  readonly contents: Map<string, string | Uint8Array>;
}

/** Files in memory. Paths under a prefix of `readOnly` cannot be written. */
export function createFakeFiles(
  given: Readonly<Record<string, string | Uint8Array>> = {},
  readOnly: readonly string[] = [],
): FakeFiles {
  const contents = new Map<string, string | Uint8Array>(Object.entries(given));
  const refuse = (path: string): void => {
    if (readOnly.some((prefix) => path.startsWith(prefix))) {
      throw new Error(`EROFS: read-only file system, open '${path}'`);
    }
  };
  const textOf = (path: string): string | undefined => {
    const content = contents.get(path);
    return content === undefined ? undefined : Buffer.from(content).toString();
  };
  return {
    contents,
    readText: async (path) => textOf(path),
    readBytes: async (path) => {
      const content = contents.get(path);
      return content === undefined ? undefined : Buffer.from(content);
    },
    size: async (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : Buffer.byteLength(text);
    },
    list: async (folder) =>
      [...contents.keys()]
        .filter((path) => dirname(path) === folder)
        .map((path) => path.slice(folder.length + 1)),
    writeText: async (path, text) => {
      refuse(path);
      contents.set(path, text);
    },
    keepNewest: async (folder, count) => {
      const names = [...contents.keys()].filter((path) => dirname(path) === folder);
      for (const path of names.slice(0, Math.max(0, names.length - count))) contents.delete(path);
    },
    append: async (path, text) => {
      refuse(path);
      contents.set(path, (textOf(path) ?? '') + text);
    },
    whyNotAppendable: async (path) => {
      if (!contents.has(path)) return { why: 'the file does not exist', absent: true };
      try {
        refuse(path);
        return undefined;
      } catch (error) {
        return { why: String(error), absent: false };
      }
    },
    whyNotWritable: async (path) => {
      try {
        refuse(path);
        return undefined;
      } catch {
        return 'EROFS';
      }
    },
    readStream: async function* (path) {
      const text = textOf(path);
      if (text === undefined) {
        throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), {
          syscall: 'open',
        });
      }
      yield Buffer.from(text);
    },
    withProgram: async (program, use) => {
      contents.set('/tmp/program', program);
      try {
        return await use('/tmp/program');
      } finally {
        contents.delete('/tmp/program');
      }
    },
    freeBytes: async () => 1e12,
  };
}

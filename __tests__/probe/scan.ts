import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROBE_X64 } from './simulated.js';

/** What the program says of one file with device code; probe/PROTOCOL.md. */
export interface CodeDocument {
  readonly step: 'code';
  readonly path: string;
  readonly kind: string;
  readonly cubins: readonly string[];
  readonly ptx: readonly { readonly target: string; readonly isa?: string }[];
  readonly containers?: number;
  readonly entries?: number;
  readonly compressed?: number;
  readonly otherKinds?: readonly number[];
  readonly malformed?: string;
}

interface FilesDocument {
  readonly step: 'files';
  readonly files: number;
  readonly folders: number;
  readonly opened: number;
  readonly complete: boolean;
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  readonly unreadable?: readonly string[];
  readonly ms: number;
}

type Read = CodeDocument | FilesDocument | { readonly step: 'cache'; path: string; what: string };

interface Scanned {
  readonly documents: readonly Read[];
  readonly code: readonly CodeDocument[];
  readonly files: FilesDocument;
  readonly status: number | null;
  readonly stderr: string;
}

/** Runs `--scan` on these paths with the committed program, or another command in its place. */
export function scan(paths: readonly string[], command: readonly string[] = [PROBE_X64]): Scanned {
  const [program = '', ...before] = command;
  const run = spawnSync(program, [...before, '--scan', ...paths], {
    env: {},
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 26,
  });
  if (run.error !== undefined) throw run.error;
  if (run.signal !== null) throw new Error(`${program} ended in ${run.signal}: ${run.stderr}`);
  return { ...documentsOf(run.stdout), status: run.status, stderr: run.stderr };
}

/** The documents on these lines. A line that is none throws. */
function documentsOf(lines: string): Pick<Scanned, 'documents' | 'code' | 'files'> {
  const documents: Read[] = lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const files = documents.find((one): one is FilesDocument => one.step === 'files');
  if (files === undefined) throw new Error(`no document "files" in: ${lines}`);
  return {
    documents,
    code: documents.filter((one): one is CodeDocument => one.step === 'code'),
    files,
  };
}

export interface Tree {
  readonly folder: string;
  /** Writes a file below the folder and gives its path. */
  write(name: string, bytes: string | Uint8Array): string;
  [Symbol.dispose](): void;
}

/** A temporary folder to be filled with files. */
export function createTree(): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'probe-scan-'));
  return {
    folder,
    write(name, bytes) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      return path;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

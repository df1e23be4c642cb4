import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROBE_X64, type Probed, probe } from './simulated.js';

/** Where Debian's loader and libc look first. */
export const LIBRARY_FOLDER = '/usr/lib/x86_64-linux-gnu';

export interface Root {
  readonly folder: string;
  /** Puts a copy of a file of this machine at a place inside. */
  copy(from: string, to: string): void;
  /** Makes an empty file inside, for a mount to cover or to stay empty. */
  empty(path: string): void;
  write(path: string, text: string): void;
  /**
   * Runs the probe with this folder as its root, in a mount namespace of its own that ends with it. `mounts` are pairs of a
   * path outside and a path inside; a path outside that begins with `root:` is one inside.
   */
  probe(options?: {
    mounts?: readonly (readonly [string, string])[];
    env?: Readonly<Record<string, string>>;
    user?: string;
    stepMs?: number;
    withoutProc?: boolean;
    files?: boolean;
    frameworksMs?: number;
  }): Probed;
  [Symbol.dispose](): void;
}

/** A folder with nothing in it but this machine's dynamic linker, libc and the probe: the smallest image there is. */
export function createRoot(): Root {
  const folder = mkdtempSync(join(tmpdir(), 'probe-root-'));
  chmodSync(folder, 0o755);
  const inside = (path: string): string => {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    return full;
  };
  const copy = (from: string, to: string): void => copyFileSync(from, inside(to));
  copy('/lib64/ld-linux-x86-64.so.2', '/lib64/ld-linux-x86-64.so.2');
  for (const name of ['libc.so.6', 'libdl.so.2']) {
    copy(libraryOfThisMachine(name), join(LIBRARY_FOLDER, name));
  }
  copy(PROBE_X64, '/cuda-image-probe');
  for (const name of ['proc', 'dev', 'etc']) mkdirSync(join(folder, name));
  // The loader's built-in folders begin with /lib/x86_64-linux-gnu.
  execFileSync('ln', ['-s', 'usr/lib', join(folder, 'lib')]);
  return {
    folder,
    copy,
    empty: (path) => writeFileSync(inside(path), ''),
    write: (path, text) => writeFileSync(inside(path), text),
    probe({
      mounts = [],
      env = {},
      user,
      stepMs = 10_000,
      withoutProc = false,
      files = false,
      frameworksMs = 0,
    } = {}) {
      const pairs = mounts.flatMap(([from, to]) => [
        from.startsWith('root:') ? join(folder, from.slice(5)) : from,
        inside(to),
      ]);
      const script = `root=$1 user=$2 count=$3; shift 3
        mount --bind "$root" "$root"
        ${withoutProc ? '' : 'mount --bind /proc "$root/proc"'}
        while [ "$count" -gt 0 ]; do mount --bind "$1" "$2"; shift 2; count=$((count - 1)); done
        exec chroot $user "$root" /cuda-image-probe "$@"`;
      return probe({
        command: [
          'unshare',
          ...['--mount', '--propagation', 'private', 'sh', '-ec', script, 'sh'],
          ...[folder, user === undefined ? '' : `--userspec=${user}`, String(mounts.length)],
          ...pairs,
          ...['--frameworks-timeout', String(frameworksMs)],
        ],
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
        stepMs,
        files,
      });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function libraryOfThisMachine(name: string): string {
  const listed = execFileSync('ldd', ['/bin/sh'], { encoding: 'utf8' });
  const libc = /=> (\/\S+\/)libc\.so\.6 /.exec(listed)?.[1];
  if (libc === undefined) throw new Error(`ldd does not name libc: ${listed}`);
  return join(libc, name);
}

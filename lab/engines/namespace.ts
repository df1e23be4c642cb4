import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, mustRun, startService, waitUntil } from '../process.js';
import { programPath } from '../requirements.js';
import type { SuiteRoot } from './suites.js';

/** A mount namespace whose root is that of a Debian release: its programs, a /run and an /etc/cdi of its own, this machine's kernel. */
export interface Namespace {
  /** Its own folder below the lab's runtime folder. Outside and inside it has the same path, as the whole runtime folder. */
  readonly folder: string;
  /** What is in it is in /etc/cdi there. */
  readonly cdi: string;
  /** The process that holds it. */
  readonly pid: number;
  readonly root: SuiteRoot;
  /** The command line, run inside from outside; input, output and signals are the program's own. */
  inside(words: readonly string[]): string[];
}

/** Where the file system of this machine is inside. */
export const MACHINE = '/machine';

/** PATH inside. */
export const INSIDE_PATH = '/usr/sbin:/usr/bin';

/**
 * pivot_root and not chroot: runc pivots once more for each container, which the kernel refuses a process that was only chrooted.
 * Of cgroups v1 beside v2, crun takes neither as long as it sees both: with `legacy`, v2 is hidden from it.
 */
const ENTER = `
suite=$1 runtime=$2 folder=$3 cgroups=$4
new="$folder/root"
mount -t tmpfs -o mode=755 tmpfs "$new"
cd "$new"
mkdir -p usr etc proc sys dev tmp run var/lib var/tmp root ".$runtime" machine old
chmod 1777 tmp var/tmp
for name in bin sbin lib lib64; do ln -s "usr/$name" "$name"; done
ln -s /run var/run
mount --bind "$suite/usr" usr
mount -o remount,bind,ro usr
cp -a "$suite/etc/." etc/
mkdir -p etc/cdi
mount --bind "$folder/cdi" etc/cdi
for name in proc sys dev; do mount --rbind "/$name" "$name"; done
mount --bind "$runtime" ".$runtime"
mount --bind / machine
mount -t tmpfs -o mode=755 tmpfs run
pivot_root . old
umount -l /old
rmdir /old
if [ "$cgroups" = legacy ] && mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
echo ready >"$folder/holder"
exec tail -f "$folder/holder"
`;

/**
 * Opens such a namespace. It lasts as long as its holder, whose command line names the lab's runtime folder, so that the lab's
 * clean-up ends it; its mounts are seen by nothing outside and go with it.
 */
export const openNamespace = async (
  root: SuiteRoot,
  { runtime, name, cgroups }: { runtime: string; name: string; cgroups: 'as here' | 'legacy' },
): Promise<Namespace> => {
  const folder = join(runtime, name);
  const cdi = join(folder, 'cdi');
  const holder = join(folder, 'holder');
  const log = join(folder, 'namespace.log');
  for (const path of [join(folder, 'root'), cdi]) await mkdir(path, { recursive: true });
  await writeFile(holder, '');
  const child = startService(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', '--', 'sh', '-euc', ENTER, 'sh'],
      ...[root.folder, runtime, folder, cgroups],
    ],
    log,
    { PATH: programPath() },
  );
  const isReady = async () => (await readFile(holder, 'utf8')) !== '';
  await waitUntil(async () => child.exitCode !== null || (await isReady()), 20_000);
  const { pid } = child;
  if (pid === undefined || !isAlive(pid) || !(await isReady())) {
    throw new Error(`No namespace for ${name}: ${(await readFile(log, 'utf8')).trim()}`);
  }
  return {
    folder,
    cdi,
    pid,
    root,
    inside: (words) => ['nsenter', '--target', String(pid), '--mount', '--', ...words],
  };
};

/** Mount points below a folder, as the namespace sees them. */
export const mountsInside = async (namespace: Namespace, below: string): Promise<string[]> => {
  const text = await readFile(`/proc/${namespace.pid}/mountinfo`, 'utf8');
  return text
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${below}/`));
};

/** Writes a program that runs one of the namespace's programs there, for a PATH outside. @returns the folder that it is in */
export const writeClient = async (
  namespace: Namespace,
  program: string,
  variables: Readonly<Record<string, string>>,
  script = 'exec "$0" "$@"',
): Promise<string> => {
  const bin = join(namespace.folder, 'bin');
  await mkdir(bin, { recursive: true });
  const settings = Object.entries({ PATH: INSIDE_PATH, ...variables });
  const words = [
    ...namespace.inside(['env', '--ignore-environment']),
    ...settings.map(([name, value]) => `${name}=${value}`),
    ...['sh', '-c', script, program],
  ];
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  await writeFile(join(bin, program), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  await mustRun('chmod', ['0755', join(bin, program)]);
  return bin;
};

import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROBE_X64 } from './simulated.js';

export interface Linked {
  readonly soname?: string;
  readonly needs?: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  readonly machine?: 'x86_64' | 'aarch64';
  /** C source; nothing unless told. */
  readonly source?: string;
}

type Document = Readonly<Record<string, unknown>>;

export interface ImageTree {
  readonly folder: string;
  /** Links a real shared library that holds nothing. */
  library(path: string, linked?: Linked): void;
  /** Links a real program that holds nothing. */
  program(path: string, linked?: Linked): void;
  write(path: string, content?: string | Uint8Array): void;
  link(path: string, target: string): void;
  /** Runs the real ldconfig over these folders. */
  ldconfig(folders: readonly string[], format?: 'new' | 'old' | 'compat'): void;
  /** What `--scan` says about the tree as a root of an image, from outside. */
  scan(): readonly Document[];
  /** What `--scan /` says inside, with this environment. */
  scanInside(env?: Readonly<Record<string, string>>): readonly Document[];
  /** What the real dynamic linker says a program needs: soname to path, null for `not found`; or its error. */
  trace(
    program: string,
    env?: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string | null>> | string;
  [Symbol.dispose](): void;
}

/** Links are made once for the same options: they are what takes time. */
const linked = new Map<string, string>();
let workshop: string | undefined;

function makeElf(kind: 'library' | 'program', options: Linked): string {
  const key = JSON.stringify([kind, options]);
  const known = linked.get(key);
  if (known !== undefined) return known;
  workshop ??= mkdtempSync(join(tmpdir(), 'elf-workshop-'));
  const folder = mkdtempSync(join(workshop, 'e-'));
  const { soname, needs = [], rpath, runpath, machine = 'x86_64', source = '' } = options;
  writeFileSync(
    join(folder, 'a.c'),
    `${source}\n${kind === 'program' ? 'void _start(void) {}' : ''}`,
  );
  for (const need of needs) {
    copyFileSync(makeElf('library', { soname: need, machine }), join(folder, need));
  }
  const output = join(folder, 'output');
  execFileSync(`${machine}-linux-gnu-gcc`, [
    ...[
      '-nostdlib',
      '-fPIC',
      kind === 'library' ? '-shared' : '-pie',
      '-o',
      output,
      join(folder, 'a.c'),
    ],
    ...(soname === undefined ? [] : [`-Wl,-soname,${soname}`]),
    ...(rpath === undefined ? [] : ['-Wl,--disable-new-dtags', `-Wl,-rpath,${rpath}`]),
    ...(runpath === undefined ? [] : ['-Wl,--enable-new-dtags', `-Wl,-rpath,${runpath}`]),
    ...['-Wl,--no-as-needed', '-Wl,--allow-shlib-undefined', `-L${folder}`],
    ...needs.map((need) => `-l:${need}`),
  ]);
  linked.set(key, output);
  return output;
}

/** Removes what was linked for the trees of a test file. */
export function closeWorkshop(): void {
  if (workshop !== undefined) rmSync(workshop, { recursive: true, force: true });
  workshop = undefined;
  linked.clear();
}

const LOADER = '/lib64/ld-linux-x86-64.so.2';

/** An image's files with this machine's dynamic linker, and nothing else that CUDA would need. */
export function createImageTree(): ImageTree {
  const folder = mkdtempSync(join(tmpdir(), 'image-tree-'));
  const inside = (path: string): string => {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    return full;
  };
  const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
    spawnSync(program, args, {
      env: { ...env },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      timeout: 60_000,
    });
  const documents = (result: ReturnType<typeof run>): Document[] => {
    if (result.status !== 0)
      throw new Error(`the probe left with ${result.status ?? result.signal}: ${result.stderr}`);
    return result.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Document);
  };
  copyFileSync(LOADER, inside(LOADER));
  return {
    folder,
    library: (path, options = {}) => copyFileSync(makeElf('library', options), inside(path)),
    program: (path, options = {}) => copyFileSync(makeElf('program', options), inside(path)),
    write: (path, content = '') => writeFileSync(inside(path), content),
    link: (path, target) => symlinkSync(target, inside(path)),
    ldconfig(folders, format = 'new') {
      writeFileSync(inside('/etc/ld.so.conf'), folders.map((one) => `${one}\n`).join(''));
      execFileSync('/sbin/ldconfig', ['-r', folder, '-c', format], {
        stdio: ['ignore', 'ignore', 'ignore'],
      });
    },
    scan: () => documents(run(PROBE_X64, ['--scan', folder], {})),
    scanInside(env = {}) {
      if (!existsSync(join(folder, 'probe'))) {
        copyFileSync(PROBE_X64, inside('/probe'));
        const libc = join(folder, '.libc');
        mkdirSync(libc);
        for (const name of ['libc.so.6', 'libdl.so.2'])
          copyFileSync(libraryOfThisMachine(name), join(libc, name));
      }
      // The probe's own libc lies where no search of the image leads.
      const command = [LOADER, '--library-path', '/.libc', '/probe', '--scan', '/'];
      return documents(run('/usr/sbin/chroot', [folder, ...command], env));
    },
    trace(program, env = {}) {
      const { stdout, stderr, status } = run(
        '/usr/sbin/chroot',
        [folder, LOADER, '--list', program],
        env,
      );
      const absent = /: (\S+): cannot open shared object file: No such file or directory$/.exec(
        stderr.trim(),
      )?.[1];
      if (status !== 0) return absent === undefined ? stderr.trim() : { [absent]: null };
      const found: Record<string, string | null> = {};
      for (const [, soname, place] of stdout.matchAll(
        /^\s+(\S+) => (.+?)(?: \(0x[0-9a-f]+\))?$/gm,
      )) {
        if (soname !== undefined && place !== undefined)
          found[soname] = place === 'not found' ? null : place;
      }
      return found;
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

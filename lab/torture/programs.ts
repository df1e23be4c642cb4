import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../process.js';
import { programPath } from '../requirements.js';

/** Hostile programs, compiled from `programs/`. */
export interface Programs {
  /** Stands in for the dynamic linker and writes a forged success; one that hangs; one that only ends with 0. */
  linker: Uint8Array;
  hangingLinker: Uint8Array;
  quietLinker: Uint8Array;
  /** Libraries whose constructors do the same. */
  library: Uint8Array;
  hangingLibrary: Uint8Array;
  quietLibrary: Uint8Array;
  /** Path of a library that makes a process's clock wrong, see `programs/clock.c`. */
  clock: string;
}

/** Compiles them into `folder`; takes well under a second. */
export const buildPrograms = async (lab: string, folder: string): Promise<Programs> => {
  const sources = join(lab, 'torture', 'programs');
  await mkdir(folder, { recursive: true });
  const env = { ...process.env, PATH: programPath() };
  const compile = async (name: string, source: string, flags: readonly string[]) => {
    const file = join(folder, name);
    await mustRun('gcc', ['-O1', '-Wall', '-Wextra', ...flags, '-o', file, join(sources, source)], {
      env,
    });
    return file;
  };
  const bare = ['-nostdlib', '-ffreestanding', '-fno-stack-protector', '-fno-builtin'];
  const linker = [...bare, '-static-pie', '-fPIE'];
  const library = [...bare, '-shared', '-fPIC', '-DLIBRARY'];
  const [one, two, three, four, five, six, clock] = await Promise.all([
    compile('linker', 'forger.c', linker),
    compile('hanging-linker', 'forger.c', [...linker, '-DHANG']),
    compile('quiet-linker', 'forger.c', [...linker, '-DQUIET']),
    compile('forger.so', 'forger.c', library),
    compile('hanging.so', 'forger.c', [...library, '-DHANG']),
    compile('quiet.so', 'forger.c', [...library, '-DQUIET']),
    compile('clock.so', 'clock.c', ['-shared', '-fPIC']),
  ]);
  return {
    linker: await readFile(one),
    hangingLinker: await readFile(two),
    quietLinker: await readFile(three),
    library: await readFile(four),
    hangingLibrary: await readFile(five),
    quietLibrary: await readFile(six),
    clock,
  };
};

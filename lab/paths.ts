import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders of the lab. Compiled files lie in `.lab/build`. */
export interface LabPaths {
  /** The checkout. */
  root: string;
  /** Sources: scenarios, schema, the hook's C files. */
  lab: string;
  /** `.lab`: state, cache and the records of runs; git-ignored. */
  state: string;
  cache: string;
  runs: string;
  /** Names the running lab, for the next command and for a clean-up after a crash. */
  stateFile: string;
  lockFile: string;
}

export const pathsFrom = (root: string): LabPaths => {
  const state = join(root, '.lab');
  return {
    root,
    lab: join(root, 'lab'),
    state,
    cache: join(state, 'cache'),
    runs: join(state, 'runs'),
    stateFile: join(state, 'state.json'),
    lockFile: join(state, 'lock'),
  };
};

/** The checkout that a compiled file of the lab belongs to. */
export const checkoutOf = (moduleUrl: string): string =>
  dirname(dirname(dirname(fileURLToPath(moduleUrl))));

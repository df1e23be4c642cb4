import type { Lab } from '../lab.js';
import type { LabPaths } from '../paths.js';
import type { CommandRow, EngineRow } from './rows.js';
import type { Suite, SuiteRoot } from './suites.js';

/** What every engine of a run has: the lab, its image, and the variables that let a process see the simulated host. */
export interface Place {
  readonly lab: Lab;
  readonly paths: LabPaths;
  readonly node: string;
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

/** An engine that runs, and what the command line finds when it is started for it. */
export interface RunningEngine {
  /** What it says of itself now, JSON: `docker info`, `podman info`. */
  info(): Promise<string>;
  /** Runs the command line, makes the machine into the row's before. */
  call(cli: readonly string[], row: CommandRow): Promise<Called>;
  /** Containers, volumes and mounts that it has beside those it had when it was started, in words. */
  left(): Promise<string[]>;
  /** A lab whose engine it is, for scenarios. */
  readonly lab?: Lab;
  stop(): Promise<void>;
}

export interface Called {
  readonly code: number;
  readonly log: string;
}

/** An engine of a release of Debian, and what is run on it. */
export interface EngineGroup {
  readonly name: string;
  readonly suite: Suite;
  /** The packages whose versions say what was run. */
  readonly packages: readonly string[];
  readonly how: string;
  readonly rows: readonly EngineRow[];
  start(root: SuiteRoot, place: Place): Promise<RunningEngine>;
}

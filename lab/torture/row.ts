import type { ChildProcess } from 'node:child_process';
import type { SeenReport } from '../compare.js';
import type { Lab } from '../lab.js';
import type { LabPaths } from '../paths.js';
import type { Annotation } from '../runner.js';
import type { Host } from '../scenario.js';
import type { HostileImage } from './image.js';
import type { Programs } from './programs.js';

/** One fault or attack, what is done about it, and what must come out. */
export interface Row {
  name: string;
  /** A sentence of the table in docs/reliability.md: what the image, or the machine, does. */
  what: string;
  /** How it is produced here. */
  how: string;
  /** The part of the table that it stands in. */
  part: Part;
  /** Seconds within which the main step must have ended. */
  limitSeconds: number;
  run: (bench: Bench) => Promise<Outcome>;
}

export const PARTS = {
  output: 'What an image prints',
  forgery: 'An image that lies, and one that replaces its programs',
  files: 'Files where the walk goes',
  config: 'What an image’s configuration asks for',
  resources: 'Processes, memory and disk',
  registry: 'The registry',
  signals: 'The action is ended',
  engine: 'The container engine',
  machine: 'The machine dies, its clock is wrong, many runs at once',
  disk: 'A full disk',
  runner: 'The runner’s files',
} as const;

export type Part = keyof typeof PARTS;

export interface Outcome {
  /** What happened, in words of the table; the verdict and the exit code of the main step lead. */
  seen: string;
  /** Differences from what must be; empty when all is well. */
  problems: string[];
}

/** A run of the action, as the rows look at it. */
export interface Acted {
  exitCode: number;
  ms: number;
  timedOut: boolean;
  log: string;
  /** Undefined when there is none, null when it is there and is no JSON. */
  report: SeenReport | null | undefined;
  reportText: string;
  summary: string;
  outputs: Record<string, string>;
  state: Record<string, string>;
  annotations: Annotation[];
  /** Highest resident memory of the action's process, in MiB. */
  peakMiB: number;
  /** The run's folder: home, runner's temporary folder, workspace. */
  folder: string;
}

export interface ActSettings {
  images: readonly string[];
  inputs?: Record<string, string>;
  /** Variables of the step on top of the runner's and the machine's. */
  machine?: Record<string, string>;
  limitSeconds: number;
  onStart?: (child: ChildProcess) => void;
  /** A name for the run's folder, where a row runs the action more than once. */
  as?: string;
  /** Shell lines that stand before the real `docker`; see `shim`. */
  shim?: string;
}

export interface Bench {
  paths: LabPaths;
  lab: Lab;
  programs: Programs;
  /** `unix:///…`, the engine with the simulated toolkit. */
  socket: string;
  /** Address of the registry. */
  registry: string;
  publish(name: string, image: HostileImage): Promise<string>;
  setHost(host: Partial<Host>): Promise<void>;
  /** The main step. */
  act(name: string, settings: ActSettings): Promise<Acted>;
  /** The post step of a run. */
  post(
    name: string,
    run: Pick<Acted, 'state'>,
    settings?: Partial<ActSettings>,
  ): Promise<{ exitCode: number; log: string }>;
  /** A folder of the row's own, gone when it ends. */
  folder(name: string): Promise<string>;
  node: string;
}

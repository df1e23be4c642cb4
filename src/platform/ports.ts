/** What the program needs from the world, small enough that a test can implement each in a few lines. */

export interface Shell {
  /** Runs a program without a shell. Never throws for what the program does: each outcome is a value. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<CommandOutcome>;
  /** The file that PATH resolves a program to, or undefined. */
  find(program: string): Promise<string | undefined>;
}

export interface RunOptions {
  /** Milliseconds; then SIGTERM, and SIGKILL shortly after. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly input?: Uint8Array;
  /** The arguments as the outcome's `command` tells them, where the real ones hold what must not be recorded. */
  readonly shown?: readonly string[];
  /** Chunks of standard output as they come. */
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  /** Bytes of each stream that are kept, 1 MiB unless told; the rest is read and dropped. */
  readonly keepBytes?: number;
}

export type CommandOutcome =
  | CommandEnd<'exited', { readonly code: number }>
  | CommandEnd<'signalled', { readonly signal: string }>
  | CommandEnd<'timed-out', { readonly afterMs: number }>
  | CommandEnd<'aborted', object>
  | {
      readonly kind: 'not-found';
      readonly command: string;
      readonly stdout: '';
      readonly stderr: '';
    };

type CommandEnd<Kind extends string, More> = {
  readonly kind: Kind;
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  /** True when more than `keepBytes` came. */
  readonly truncated: boolean;
} & More;

export interface Files {
  /** The file's text, or undefined when it does not exist or cannot be read. */
  readText(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** Bytes of a regular file, or undefined where there is none. */
  size(path: string): Promise<number | undefined>;
  /** File names in a folder; empty when there is none. */
  list(folder: string): Promise<string[]>;
  /** Written beside the target and renamed, so that it is whole or absent. Throws when the place cannot be written. `mode`: permissions of a new file, 0o666 less the umask unless told. */
  writeText(path: string, text: string, mode?: number): Promise<void>;
  /** Removes the files of a folder that were written first, until `count` are left; nothing where there is no folder. */
  keepNewest(folder: string, count: number): Promise<void>;
  /** Adds to the end of a file. Throws when the place cannot be written. */
  append(path: string, text: string): Promise<void>;
  /**
   * The reason why `append(path, …)` would fail to a file that must be there, or undefined when it would not. `absent` where no regular file
   * or device is at the path. Nothing is made there.
   */
  whyNotAppendable(path: string): Promise<{ why: string; absent: boolean } | undefined>;
  /** The reason why `writeText(path, …)` would fail, for example `EROFS`, or undefined when it would not. */
  whyNotWritable(path: string): Promise<string | undefined>;
  /** The bytes of a file as they are read; iterating fails when it cannot be read. */
  readStream(path: string): AsyncIterable<Uint8Array>;
  /**
   * Puts an executable into a folder of its own that only this user can read, and takes both away when `use` has ended. Throws
   * when it cannot be written.
   */
  withProgram<T>(program: Uint8Array, use: (path: string) => Promise<T>): Promise<T>;
  /** Free bytes of the file system that holds `path`, or undefined. */
  freeBytes(path: string): Promise<number | undefined>;
}

/**
 * Tells whoever watches a line. One that is `passing` is of use only for as long as it is true: a terminal shows it until the next one, a log has it
 * like any other.
 */
export type Progress = (line: string, lasts?: 'passing') => void;

export interface Clock {
  /** Milliseconds since 1970, in UTC. */
  now(): number;
  /** Calls `tick` every so many milliseconds until the answer is called; keeps no process alive. */
  every(ms: number, tick: () => void): () => void;
  /** Waits so many milliseconds, or until the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** About so many milliseconds, from half to one and a half times at random: runs that failed together do not come back together. */
  spread(ms: number): number;
}

/** Where a run's results go: the job's page, log and outputs, or a terminal. */
export interface Publisher {
  /** A line of progress for whoever watches. Untrusted text must have been neutralised. */
  progress(line: string): void;
  /** Shows an annotation; implementations escape what the runner would take for a command. */
  annotate(annotation: PublishedAnnotation): Promise<void>;
  /** Loads what publishing needs ahead of time. */
  prepare(): Promise<void>;
  /** Adds Markdown to the job's summary. */
  summary(markdown: string): Promise<void>;
  output(name: string, value: string): Promise<void>;
  /** Keeps a value for the action's post step. */
  saveState(name: string, value: string): Promise<void>;
}

export interface PublishedAnnotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** GitHub's REST and GraphQL interfaces, one request a call. Never throws for what the other side does: each outcome is a value. */
export interface GitHubApi {
  /** @param route method and template as GitHub documents them, such as `POST /repos/{owner}/{repo}/check-runs`. */
  rest(route: string, parameters: Readonly<Record<string, unknown>>): Promise<ApiAnswer>;
  /** The answer's `data` is the whole document, with `data` and, where GitHub refused, `errors`. */
  graphql(query: string, variables: Readonly<Record<string, unknown>>): Promise<ApiAnswer>;
}

export type ApiAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** By name in lower case. */
      readonly headers: Readonly<Record<string, string | number | undefined>>;
      /** Not validated. */
      readonly data: unknown;
    }
  /** Nothing came back: no connection, no answer in time, or the run was cancelled. */
  | { readonly kind: 'unreachable'; readonly why: string };

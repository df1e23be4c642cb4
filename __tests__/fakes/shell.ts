import type { CommandOutcome, RunOptions, Shell } from '../../src/platform/ports.js';

/** What a program of a fake shell answers; absent fields are those of a quiet success. */
export interface Answer {
  code?: number;
  stdout?: string;
  stderr?: string;
  /** Runs for ever: until its limit or the abort. */
  hangs?: boolean;
}

export type FakeProgram = (
  args: readonly string[],
  options: RunOptions,
) => Answer | Promise<Answer>;

export interface FakeShell extends Shell {
  /** Command lines in the order of their start. */
  readonly calls: string[];
  /** Programs running now, and the most at once so far. */
  readonly running: { now: number; most: number };
}

/** A shell whose programs are functions. What it keeps of an answer is counted in characters. Limits and aborts are kept as the real one keeps them, without waiting. */
export function createFakeShell(programs: Readonly<Record<string, FakeProgram>>): FakeShell {
  const calls: string[] = [];
  const running = { now: 0, most: 0 };
  return {
    calls,
    running,
    find: async (program) => (program in programs ? `/usr/bin/${program}` : undefined),
    run: async (program, args, options = {}): Promise<CommandOutcome> => {
      const command = [program, ...(options.shown ?? args)].join(' ');
      const body = programs[program];
      if (body === undefined) return { kind: 'not-found', command, stdout: '', stderr: '' };
      const nothing = { command, stdout: '', stderr: '', truncated: false };
      if (options.signal?.aborted) return { kind: 'aborted', ...nothing };
      calls.push(command);
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      try {
        const answer = await body(args, options);
        const said = { stdout: answer.stdout ?? '', stderr: answer.stderr ?? '' };
        if (said.stdout !== '') options.onStdout?.(Buffer.from(said.stdout));
        if (said.stderr !== '') options.onStderr?.(Buffer.from(said.stderr));
        const keep = options.keepBytes ?? 1024 * 1024;
        const stdout = said.stdout.slice(0, keep);
        const stderr = said.stderr.slice(0, keep);
        const truncated = stdout !== said.stdout || stderr !== said.stderr;
        if (answer.hangs) {
          if (options.timeoutMs !== undefined && options.signal?.aborted !== true) {
            return { ...nothing, stdout, stderr, kind: 'timed-out', afterMs: options.timeoutMs };
          }
          return { ...nothing, stdout, stderr, kind: 'aborted' };
        }
        return { ...nothing, stdout, stderr, truncated, kind: 'exited', code: answer.code ?? 0 };
      } finally {
        running.now -= 1;
      }
    },
  };
}

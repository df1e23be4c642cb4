import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CommandOutcome, RunOptions, Shell } from './ports.js';

const KEEP_BYTES = 1024 * 1024;
/** Between SIGTERM and SIGKILL, and between a program's end and the end of waiting for output its children hold open. */
const GRACE_MS = 2_000;

/**
 * Programs by `child_process.spawn`. Not by `@actions/exec`: that has no time limit and no abort signal, throws where a
 * program is missing, and collects a line without end (an untrusted image can print one) in a buffer that only grows.
 * Each child leads a process group of its own, so that a limit ends its children too and Ctrl-C reaches only us, who must
 * still be able to remove containers.
 */
export function createShell(env: Readonly<Record<string, string | undefined>>): Shell {
  return {
    run: (program, args, options = {}) => runProgram(env, program, args, options),
    find: (program) => findProgram(env['PATH'] ?? '', program),
  };
}

/** The file that PATH resolves `program` to, or undefined. */
async function findProgram(path: string, program: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, program);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Keeps the first `limit` bytes of a stream and remembers whether more came. */
class Kept {
  readonly #limit: number;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    const room = this.#limit - this.#bytes;
    if (chunk.length > room) this.truncated = true;
    if (room <= 0) return;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#chunks.push(part);
    this.#bytes += part.length;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

async function runProgram(
  env: Readonly<Record<string, string | undefined>>,
  program: string,
  args: readonly string[],
  options: RunOptions,
): Promise<CommandOutcome> {
  const command = commandLine(program, options.shown ?? args);
  if (options.signal?.aborted) {
    return { kind: 'aborted', command, stdout: '', stderr: '', truncated: false };
  }
  // Loaded only here: it is a tenth of the start time of a command that runs no program.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    const stdout = new Kept(options.keepBytes ?? KEEP_BYTES);
    const stderr = new Kept(options.keepBytes ?? KEEP_BYTES);
    const child = spawn(program, [...args], {
      env,
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });

    let stopped: 'timed-out' | 'aborted' | undefined;
    let done = false;
    const timers: NodeJS.Timeout[] = [];
    const stop = (why: 'timed-out' | 'aborted') => {
      if (stopped !== undefined) return;
      stopped = why;
      endGroup(child, 'SIGTERM');
      timers.push(setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS));
    };
    const onAbort = () => stop('aborted');
    if (options.timeoutMs !== undefined) {
      timers.push(setTimeout(() => stop('timed-out'), options.timeoutMs));
    }
    options.signal?.addEventListener('abort', onAbort, { once: true });

    const settle = (outcome: CommandOutcome) => {
      if (done) return;
      done = true;
      for (const timer of timers) clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(outcome);
    };
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      const output = {
        command,
        stdout: stdout.text(),
        stderr: stderr.text(),
        truncated: stdout.truncated || stderr.truncated,
      };
      if (stopped === 'timed-out') {
        settle({ kind: 'timed-out', afterMs: options.timeoutMs ?? 0, ...output });
      } else if (stopped === 'aborted') {
        settle({ kind: 'aborted', ...output });
      } else if (signal !== null) {
        settle({ kind: 'signalled', signal, ...output });
      } else {
        settle({ kind: 'exited', code: code ?? 0, ...output });
      }
    };

    child.stdout?.on('data', (chunk: Uint8Array) => {
      stdout.push(chunk);
      options.onStdout?.(chunk);
    });
    child.stderr?.on('data', (chunk: Uint8Array) => {
      stderr.push(chunk);
      options.onStderr?.(chunk);
    });
    if (child.stdin !== null) {
      // A program that ends without reading its input breaks the pipe; its exit status tells the story.
      child.stdin.on('error', () => {});
      child.stdin.end(options.input);
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && child.pid === undefined) {
        settle({ kind: 'not-found', command, stdout: '', stderr: '' });
      } else if (child.pid === undefined) {
        // 126 is what a shell answers for a file that is there and cannot be executed.
        settle({
          kind: 'exited',
          code: 126,
          command,
          stdout: '',
          stderr: `${program}: ${error.message}`,
          truncated: false,
        });
      }
    });
    child.on('exit', (code, signal) => {
      timers.push(setTimeout(() => finish(code, signal), GRACE_MS));
    });
    child.on('close', finish);
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended meanwhile.
  }
}

/** A command line as one would type it, for messages and facts. */
export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args]
    .map((word) =>
      /^[\w@%+=:,./{}[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
    )
    .join(' ');
}

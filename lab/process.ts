import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunSettings {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  timeoutMs?: number;
}

/** A program of the lab that did not do its job; the message has the command and the last of what it said. */
export class ProgramError extends Error {}

/** Runs a program to its end and returns what it wrote, whatever its exit code. Throws when it cannot be started. */
export const run = (
  program: string,
  args: readonly string[],
  settings: RunSettings = {},
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: settings.env ?? process.env,
      ...(settings.cwd === undefined ? {} : { cwd: settings.cwd }),
      ...(settings.timeoutMs === undefined ? {} : { timeout: settings.timeoutMs }),
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new ProgramError(`${program} is not installed or not on the PATH`)
          : error,
      ),
    );
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });

/**
 * Runs a program that must succeed and returns its standard output.
 * @throws ProgramError with the command and its last lines.
 */
export const mustRun = async (
  program: string,
  args: readonly string[],
  settings: RunSettings = {},
): Promise<string> => {
  const ended = await run(program, args, settings);
  if (ended.code !== 0) {
    const said = (ended.stderr.trim() || ended.stdout.trim()).split('\n').slice(-12).join('\n');
    throw new ProgramError(
      `${[program, ...args].join(' ')} ended with ${ended.signal ?? ended.code}:\n${said}`,
    );
  }
  return ended.stdout;
};

/** Starts a program that outlives this one, in its own session, so that a Ctrl-C at the terminal does not reach it first. */
export const startService = (
  program: string,
  args: readonly string[],
  logFile: string,
  env: NodeJS.ProcessEnv,
): ChildProcess => {
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
};

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `test` gives true, asking every `everyMs`; false when `limitMs` have passed. */
export const waitUntil = async (
  test: () => Promise<boolean> | boolean,
  limitMs: number,
  everyMs = 50,
): Promise<boolean> => {
  const end = Date.now() + limitMs;
  while (!(await test())) {
    if (Date.now() >= end) {
      return false;
    }
    await sleep(everyMs);
  }
  return true;
};

/** Whether a process runs. One that has ended and waits for its parent to notice does not. */
export const isAlive = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return false;
  }
};

/** Sends a signal to one process or, with a negative number, to its group; nothing happens when it is gone. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what the signal was for.
  }
};

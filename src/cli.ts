import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine, type TextSink } from './command-line.js';
import { createClock } from './platform/clock.js';
import { createFiles } from './platform/files.js';
import { workflowEvent } from './platform/runner.js';
import { createShell } from './platform/shell.js';
import { abortOnSignals } from './platform/signals.js';

const { env } = process;
/** Opened on first use: each of the standard streams costs some milliseconds, and few commands need all. */
const sink = (name: 'stdout' | 'stderr'): TextSink => {
  let opened = false;
  return {
    write: (text) => {
      // Whoever reads our output may stop reading: `… | head`.
      if (!opened) process[name].on('error', () => {});
      opened = true;
      process[name].write(text);
    },
    get isTerminal() {
      return process[name].isTTY === true;
    },
    get columns() {
      return process[name].columns ?? 80;
    },
  };
};

const files = createFiles();

process.exitCode = await commandLine(process.argv.slice(2), {
  shell: createShell(env),
  files,
  workspace: process.cwd(),
  event: () => workflowEvent(env, files),
  clock: createClock(),
  dist: dirname(fileURLToPath(import.meta.url)),
  runId: () => crypto.randomUUID(),
  signal: () => abortOnSignals(process),
  stdout: sink('stdout'),
  stderr: sink('stderr'),
  stdin: () => process.stdin,
  env,
  fetch,
});

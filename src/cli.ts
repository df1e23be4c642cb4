import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine, type TextSink } from './command-line.js';
import { createClock } from './platform/clock.js';
import { createFiles } from './platform/files.js';
import { createShell } from './platform/shell.js';
import { abortOnSignals } from './platform/signals.js';

const { env, stdout, stderr, stdin } = process;
const sink = (stream: NodeJS.WriteStream): TextSink => ({
  write: (text) => void stream.write(text),
  isTerminal: stream.isTTY === true,
  columns: stream.columns ?? 80,
});
// Whoever reads our output may stop reading: `… | head`.
stdout.on('error', () => {});

process.exitCode = await commandLine(process.argv.slice(2), {
  shell: createShell(env),
  files: createFiles(),
  clock: createClock(),
  dist: dirname(fileURLToPath(import.meta.url)),
  runId: () => crypto.randomUUID(),
  signal: () => abortOnSignals(process),
  stdout: sink(stdout),
  stderr: sink(stderr),
  stdin,
  env,
});

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGitHubApi } from './platform/api.js';
import { createClock } from './platform/clock.js';
import { createFiles, temporaryFolder } from './platform/files.js';
import { createPublisher } from './platform/publisher.js';
import { readInput, withoutToken, workflowEvent, workflowFiles } from './platform/runner.js';
import { createShell } from './platform/shell.js';
import { abortOnSignals } from './platform/signals.js';
import { workflowRunUrl } from './platform/workflow.js';
import { wantsColour } from './progress-line.js';
import { run } from './run.js';

const env = withoutToken(process.env);
const files = createFiles();
const runnerFiles = await workflowFiles(env, files);

process.exitCode = await run({
  shell: createShell(env),
  files,
  clock: createClock(),
  publisher: createPublisher(env, files),
  readInput: (name) => readInput(process.env, name),
  workflowFiles: runnerFiles,
  workspace: env['GITHUB_WORKSPACE'] || process.cwd(),
  event: () => workflowEvent(env, files),
  dist: dirname(fileURLToPath(import.meta.url)),
  temporary: env['RUNNER_TEMP'] || temporaryFolder(),
  workflowUrl: () => workflowRunUrl(env),
  github: (token, cancelled) => createGitHubApi(env, token, cancelled),
  runId: crypto.randomUUID(),
  // The job log is no terminal and shows colours all the same.
  colour: wantsColour({ ...env, TERM: undefined }, true),
  signal: abortOnSignals(process),
  fetch,
  env,
});

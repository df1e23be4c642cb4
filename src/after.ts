import { createCliEngine } from './engine/cli.js';
import { ENGINE_NAMES } from './engine/engine.js';
import type { Shell } from './platform/ports.js';
import { ENGINE_STATE, RUN_STATE, sweep } from './sweep.js';

/**
 * The action's post step: removes the containers of the main step, if it was ended before it could. Returns lines for the log;
 * empty when there was nothing to say.
 */
export async function cleanUpAfter(
  readState: (name: string) => string,
  shell: Shell,
): Promise<string[]> {
  const runId = readState(RUN_STATE);
  const name = ENGINE_NAMES.find((one) => one === readState(ENGINE_STATE));
  if (runId === '' || name === undefined) return [];
  const problems = await sweep(createCliEngine(name, shell), runId);
  return problems.map((problem) => `::warning title=Container not removed::${escapeData(problem)}`);
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

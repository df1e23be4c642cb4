import { createCliEngine } from './engine/cli.js';
import { ENGINE_NAMES } from './engine/engine.js';
import type { Clock, PublishedAnnotation, Shell } from './platform/ports.js';
import { ENGINE_STATE, RUN_STATE, sweep } from './sweep.js';

/**
 * The action's post step: removes the containers of the main step, if it was ended before it could, and those of runs that died without one.
 * Returns what is to be said; empty when there is nothing.
 */
export async function cleanUpAfter(
  readState: (name: string) => string,
  shell: Shell,
  clock: Clock,
): Promise<PublishedAnnotation[]> {
  const runId = readState(RUN_STATE);
  const name = ENGINE_NAMES.find((one) => one === readState(ENGINE_STATE));
  if (runId === '' || name === undefined) return [];
  const problems = await sweep(createCliEngine(name, shell, clock), runId, clock.now());
  return problems.map((message) => ({ level: 'warning', title: 'Container not removed', message }));
}

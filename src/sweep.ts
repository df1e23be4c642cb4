import type { ContainerEngine } from './engine/engine.js';

/** Label of every container that this program makes; its value is the run's id. */
export const RUN_LABEL = 'cuda-image-check.run';

/** State that the action's main step keeps for its post step. */
export const RUN_STATE = 'run-id';
export const ENGINE_STATE = 'engine';

/** Removes what a run left behind, by its label: after a cancel, a crash, or from the post step. Returns what went wrong. */
export async function sweep(engine: ContainerEngine, runId: string): Promise<string[]> {
  const listed = await engine.listByLabel(`${RUN_LABEL}=${runId}`);
  if (!listed.ok) return [`${listed.failure.command}: ${listed.failure.text}`];
  const removed = await Promise.all(listed.value.map((id) => engine.remove(id)));
  return removed.flatMap((result) =>
    result.ok ? [] : [`${result.failure.command}: ${result.failure.text}`],
  );
}

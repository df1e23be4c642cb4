import { annotationLine } from './annotation.js';
import type { Publisher } from './ports.js';

/**
 * The job page, log and outputs of GitHub Actions. `@actions/core` is loaded on first use: the HTTP stack that it brings is
 * most of the start time of an action.
 * @param unset variables of `workflowFiles` that are not set; what would be written there is left out
 */
export function createPublisher(unset: readonly string[]): Publisher {
  const load = () => import(/* webpackIgnore: true */ './core.js');
  return {
    progress: (line) => {
      process.stdout.write(`${line}\n`);
    },
    annotate: async (annotation) => {
      process.stdout.write(`${annotationLine(annotation)}\n`);
    },
    summary: async (markdown) => {
      if (unset.includes('GITHUB_STEP_SUMMARY')) return;
      const { summary } = await load();
      await summary.addRaw(markdown, true).write();
    },
    output: async (name, value) => {
      if (unset.includes('GITHUB_OUTPUT')) return;
      (await load()).setOutput(name, value);
    },
    saveState: async (name, value) => {
      if (unset.includes('GITHUB_STATE')) return;
      (await load()).saveState(name, value);
    },
  };
}

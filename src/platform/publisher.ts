import type { PublishedAnnotation, Publisher } from './ports.js';

/**
 * The job page, log and outputs of GitHub Actions. `@actions/core` is loaded on first use: the HTTP stack that it brings is
 * most of the start time of an action.
 * @param unset variables of `workflowFiles` that are not set; what would be written there is left out
 */
export function createPublisher(unset: readonly string[]): Publisher {
  const load = () => import(/* webpackMode: "eager" */ '@actions/core');
  return {
    progress: (line) => {
      process.stdout.write(`${line}\n`);
    },
    annotate: async ({ level, title, message, file, startLine }: PublishedAnnotation) => {
      const core = await load();
      core[level](message, {
        title,
        ...(file === undefined ? {} : { file }),
        ...(startLine === undefined ? {} : { startLine }),
      });
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

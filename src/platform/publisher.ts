import { annotationLine } from './annotation.js';
import type { Files, Publisher } from './ports.js';

/**
 * The job page, log and outputs of GitHub Actions. `@actions/core` is loaded on first use: the HTTP stack that it brings is
 * most of the start time of an action. Nor is the state written by it, which must be on disk before the first container is made.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#sending-values-to-the-pre-and-post-actions
 * What would go to a file whose variable is unset is left out.
 */
export function createPublisher(
  env: Readonly<Record<string, string | undefined>>,
  files: Files,
): Publisher {
  const { GITHUB_OUTPUT: output, GITHUB_STATE: state, GITHUB_STEP_SUMMARY: page } = given(env);
  const load = () => import(/* webpackIgnore: true */ './core.js');
  return {
    progress: (line) => {
      process.stdout.write(`${line}\n`);
    },
    annotate: async (annotation) => {
      process.stdout.write(`${annotationLine(annotation)}\n`);
    },
    prepare: async () => {
      if (page !== undefined || output !== undefined) await load();
    },
    summary: async (markdown) => {
      if (page === undefined) return;
      const { summary } = await load();
      const held = (await files.size(page)) ?? 0;
      if (held + Buffer.byteLength(markdown) > MAX_PAGE) {
        throw new Error(
          `${page} holds ${held} bytes of this step already, and beyond ${MAX_PAGE} GitHub shows none of it`,
        );
      }
      await summary.addRaw(markdown, true).write();
    },
    output: async (name, value) => {
      if (output === undefined) return;
      (await load()).setOutput(name, value);
    },
    saveState: async (name, value) => {
      if (state === undefined) return;
      const end = `end-${crypto.randomUUID()}`;
      await files.append(state, `${name}<<${end}\n${value}\n${end}\n`);
    },
  };
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits */
const MAX_PAGE = 1024 * 1024;

/** The runner's variables; one that is empty counts as unset. */
const given = (env: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')) as Readonly<
    Partial<Record<'GITHUB_OUTPUT' | 'GITHUB_STATE' | 'GITHUB_STEP_SUMMARY', string>>
  >;

import type { Files } from './ports.js';

/**
 * The files by which a runner takes results, by the variable that names them. Where one is unset (an action started by hand)
 * the results that would go there are left out; `workflowFiles` says which.
 */
const WORKFLOW_FILES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const;
const PAGE: WorkflowFile = 'GITHUB_STEP_SUMMARY';
type WorkflowFile = (typeof WORKFLOW_FILES)[number];

type Env = Readonly<Record<string, string | undefined>>;

export interface WorkflowFiles {
  readonly unset: readonly WorkflowFile[];
  /**
   * Set, but the file is not there or cannot be written. Not the job's page where it is there: nobody computes with that, so the run goes
   * on and warns.
   */
  readonly unusable: readonly { variable: WorkflowFile; path: string; why: string }[];
}

/** Looks at the runner's files before anything is done, so that a result cannot be lost at the end. */
export async function workflowFiles(env: Env, files: Files): Promise<WorkflowFiles> {
  const set = WORKFLOW_FILES.flatMap((variable) => {
    const path = env[variable];
    return path === undefined || path === '' ? [] : [{ variable, path }];
  });
  const tried = await Promise.all(
    set.map(async ({ variable, path }) => {
      const found = await files.whyNotAppendable(path);
      if (found === undefined || (variable === PAGE && !found.absent)) return [];
      return [{ variable, path, why: found.why }];
    }),
  );
  return {
    unset: WORKFLOW_FILES.filter((variable) => !set.some((one) => one.variable === variable)),
    unusable: tried.flat(),
  };
}

/** A value that the main step kept for the post step, as the runner hands it on; needs no HTTP stack. */
export const readState = (env: Env, name: string): string => env[`STATE_${name}`] ?? '';

/** An action input as the runner hands it on: `INPUT_` and the name in capitals, blanks as underscores. */
export const readInput = (env: Env, name: string): string | undefined =>
  env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim();

/**
 * The runner's variables without the input `token`: no program that this one starts needs it, and `--env NAME` of a container takes its value from
 * there.
 */
export const withoutToken = (env: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'INPUT_TOKEN'));

/** The event that started the workflow run, as the runner hands it on; undefined outside of one. */
export async function workflowEvent(
  env: Env,
  files: Files,
): Promise<{ name: string; payload: unknown; ref: string } | undefined> {
  const { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REF: ref = '' } = env;
  if (name === undefined || name === '') return undefined;
  const text = path === undefined || path === '' ? undefined : await files.readText(path);
  try {
    return { name, ref, payload: JSON.parse(text ?? 'null') };
  } catch {
    return { name, ref, payload: null };
  }
}

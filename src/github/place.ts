import { createHash } from 'node:crypto';

/** The step of a workflow run that this program is, as far as others need to tell it from its neighbours. */
export interface StepPlace {
  readonly owner: string;
  readonly repo: string;
  readonly workflow: string;
  readonly job: string;
  /** Empty for the first unnamed step of the job that uses this action, else its id or `#2`. */
  readonly step: string;
  /** The matrix leg in its order; empty without a matrix. */
  readonly leg: Readonly<Record<string, string>>;
  readonly run: RunNumber;
  /** `GITHUB_SHA` */
  readonly sha: string;
}

/** Runs are numbered upwards in time; an attempt counts how often one was started. */
export interface RunNumber {
  readonly id: number;
  readonly attempt: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The step by the runner's variables, or the name of the first that is missing: then this is no workflow run.
 * https://docs.github.com/actions/reference/workflows-and-actions/variables
 * @param matrix the `matrix` context as JSON, `null` without one; any other text counts as the one value of a leg.
 */
export function stepPlace(env: Env, matrix: string): StepPlace | { readonly missing: string } {
  const needed = ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_SHA'];
  const missing = needed.find((name) => (env[name] ?? '') === '');
  if (missing !== undefined) return { missing };
  const [owner = '', repo = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  return {
    owner,
    repo,
    workflow: env['GITHUB_WORKFLOW'] ?? '',
    job: env['GITHUB_JOB'] ?? '',
    step: stepOf(env['GITHUB_ACTION'] ?? ''),
    leg: legOf(matrix),
    run: { id: number(env['GITHUB_RUN_ID']), attempt: number(env['GITHUB_RUN_ATTEMPT']) || 1 },
    sha: env['GITHUB_SHA'] ?? '',
  };
}

const number = (text = ''): number => (/^\d{1,15}$/.test(text) ? Number(text) : 0);

/** The runner names a step without an id after its action, `__self` or `__owner_repository`, from the second one on with a number behind it. */
function stepOf(action: string): string {
  if (!action.startsWith('__')) return action;
  const [, count] = /_(\d+)$/.exec(action) ?? [];
  return count === undefined ? '' : `#${count}`;
}

function legOf(matrix: string): Record<string, string> {
  const text = matrix.trim();
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // A text of the workflow's own.
  }
  if (value === null || value === '') return {};
  if (typeof value !== 'object') return { '': String(value) };
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === 'string' ? one : JSON.stringify(one),
    ]),
  );
}

/** The step as a person reads it: `CI / gpu (a100)`. Outside text. */
export function placeName({ workflow, job, step, leg }: StepPlace): string {
  const name = [workflow, job].filter(Boolean).join(' / ');
  return `${name}${legName(leg)}${step === '' ? '' : ` ${step}`}`;
}

/** The leg as GitHub writes it behind the name of a job, with the space before it; empty without a matrix. */
export function legName(leg: StepPlace['leg']): string {
  const values = Object.values(leg);
  return values.length === 0 ? '' : ` (${values.join(', ')})`;
}

/**
 * The same for every run of the step and for no other one: 64 hexadecimal digits, so that nothing that a workflow, job or matrix is called can break
 * out of where it is written.
 */
export const placeKey = ({ workflow, job, step, leg }: StepPlace): string =>
  createHash('sha256')
    .update(JSON.stringify([workflow, job, step, leg]))
    .digest('hex');

import type { GitHubApi } from '../platform/ports.js';
import type { Caller } from './caller.js';
import { legName, placeKey, placeName, type StepPlace } from './place.js';
import { notGitHubs, type Trouble } from './trouble.js';

/** A check run as it is to be seen. */
export interface CheckRunContent {
  readonly conclusion: 'success' | 'failure' | 'neutral';
  /** One line. */
  readonly title: string;
  /** Markdown of at most 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly CheckRunAnnotation[];
}

/** An annotation as the interface takes it: columns only within one line. */
export interface CheckRunAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

export type CheckRunOutcome =
  | { readonly kind: 'written'; readonly url: string }
  /** `shown` annotations were taken before it failed; the run itself stands once one was. */
  | { readonly kind: 'failed'; readonly trouble: Trouble; readonly shown?: number };

/** Annotations that one request takes. */
const BATCH = 50;
/** Longest name, in UTF-16 units. */
const MAX_NAME = 200;

/**
 * The name by which a branch rule asks for the check. A given name gets the values of the matrix leg behind it unless it has them all, as GitHub names the
 * jobs of a matrix: of two checks with one name on a commit only the last one counts, and that would hide the failure of the other.
 * @param given `true` for a name that no other step of the repository has.
 */
export function checkRunName(given: true | string, place: StepPlace): string {
  if (given === true) return `GPU image: ${placeName(place)}`.slice(0, MAX_NAME);
  const named = Object.values(place.leg).every((value) => given.includes(value));
  const leg = named ? '' : legName(place.leg).slice(0, MAX_NAME / 2);
  return `${given.slice(0, MAX_NAME - leg.length)}${leg}`;
}

/** All annotations, a request each. Pure. */
export function batches<T>(all: readonly T[]): readonly (readonly T[])[] {
  const count = Math.max(1, Math.ceil(all.length / BATCH));
  return Array.from({ length: count }, (_, at) => all.slice(at * BATCH, (at + 1) * BATCH));
}

/**
 * Makes the check run, concluded at once, and adds the annotations that the first request has no room for: one that fails on the way must not leave a check
 * that never ends.
 * https://docs.github.com/rest/checks/runs
 */
export async function writeCheckRun(
  { conclusion, title, summary, annotations }: CheckRunContent,
  where: {
    readonly name: string;
    readonly place: StepPlace;
    readonly headSha: string;
    readonly detailsUrl?: string | undefined;
  },
  api: GitHubApi,
  { call }: Caller,
): Promise<CheckRunOutcome> {
  const { owner, repo, run } = where.place;
  const [first = [], ...rest] = batches(annotations);
  const made = await call(() =>
    api.rest('POST /repos/{owner}/{repo}/check-runs', {
      owner,
      repo,
      name: where.name,
      head_sha: where.headSha,
      external_id: `${placeKey(where.place)}:${run.id}.${run.attempt}`,
      ...(where.detailsUrl === undefined ? {} : { details_url: where.detailsUrl }),
      status: 'completed',
      conclusion,
      output: { title, summary, annotations: first },
    }),
  );
  if (!made.ok) return { kind: 'failed', trouble: made.trouble };
  const { id, html_url } = (made.data ?? {}) as { id?: unknown; html_url?: unknown };
  if (typeof id !== 'number') return { kind: 'failed', trouble: notGitHubs('check run').trouble };
  let shown = first.length;
  for (const batch of rest) {
    const added = await call(() =>
      api.rest('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        owner,
        repo,
        check_run_id: id,
        output: { title, summary, annotations: batch },
      }),
    );
    if (!added.ok) return { kind: 'failed', trouble: added.trouble, shown };
    shown += batch.length;
  }
  return { kind: 'written', url: typeof html_url === 'string' ? html_url : '' };
}

import type { WorkflowEvent } from '../../src/changes/event.js';
import { giveFeedback } from '../../src/feedback.js';
import type { Inputs } from '../../src/inputs.js';
import { createGitHubApi } from '../../src/platform/api.js';
import type { Report } from '../../src/report/report.js';
import { createFakeClock } from '../fakes/clock.js';
import { TOKEN } from '../fakes/github.js';
import { createRecordingPublisher } from '../fakes/publisher.js';

export const HEAD = 'a'.repeat(40);
const MERGE = 'b'.repeat(40);
export const PULL = 7;

export const pullRequest = (more: object = {}): WorkflowEvent => ({
  name: 'pull_request',
  ref: `refs/pull/${PULL}/merge`,
  payload: {
    repository: { id: 1 },
    pull_request: {
      number: PULL,
      head: { sha: HEAD, repo: { id: 1 } },
      base: { sha: 'c'.repeat(40), repo: { id: 1 } },
      ...more,
    },
  },
});

export const ENV = {
  GITHUB_REPOSITORY: 'acme/vision',
  GITHUB_WORKFLOW: 'CI',
  GITHUB_JOB: 'gpu',
  GITHUB_ACTION: '__self',
  GITHUB_SHA: MERGE,
  GITHUB_RUN_ATTEMPT: '1',
};

export interface StepOptions extends Partial<Pick<Inputs, 'comment' | 'checkRun'>> {
  /** Number of the workflow run; later ones are greater. */
  readonly run?: number;
  readonly event?: WorkflowEvent;
  readonly matrix?: string;
  readonly token?: string;
  readonly env?: Record<string, string>;
  /** Cancelled before, or so many milliseconds after it began. */
  readonly cancelled?: true | number;
  /** Milliseconds that one request may take. */
  readonly requestMs?: number;
}

/** One step that has its report and now tells others, over real HTTP; waiting takes no time. Returns what it published and how long it would have waited. */
export async function step(url: string, report: Report, options: StepOptions = {}) {
  const publisher = createRecordingPublisher();
  const clock = createFakeClock();
  const abort = new AbortController();
  if (options.cancelled === true) abort.abort();
  else if (options.cancelled !== undefined)
    setTimeout(() => abort.abort(), options.cancelled).unref();
  const run = options.run ?? 1;
  const env = { ...ENV, GITHUB_API_URL: url, GITHUB_RUN_ID: `${run}`, ...options.env };
  await giveFeedback(
    report,
    { comment: options.comment ?? 'never', checkRun: options.checkRun ?? false },
    {
      publisher,
      clock,
      env,
      signal: abort.signal,
      github: (token, cancelled) => createGitHubApi(env, token, cancelled, options.requestMs),
      token: options.token ?? TOKEN,
      matrix: options.matrix ?? 'null',
      event: async () => options.event ?? pullRequest(),
      runUrl: `https://github.com/acme/vision/actions/runs/${run}`,
    },
  );
  return {
    notices: publisher.annotations,
    lines: publisher.lines,
    waits: clock.waits,
  };
}

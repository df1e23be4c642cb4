import { at, copiedPullRequest, type WorkflowEvent } from '../changes/event.js';

/** A value that the event tells, or why it does not, as a clause. */
type Told<T> = { readonly told: true; readonly value: T } | Untold;
interface Untold {
  readonly told: false;
  readonly why: string;
}

const told = <T>(value: T): Told<T> => ({ told: true, value });
const untold = (why: string): Untold => ({ told: false, why });

/**
 * The number of the pull request that a run is about. Pure.
 * https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function pullRequestOf({ name, payload, ref }: WorkflowEvent): Told<number> {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
    case 'pull_request_review':
    case 'pull_request_review_comment':
      return numberAt(name, payload, 'pull_request', 'number');
    case 'issue_comment':
      return typeof at(payload, 'issue', 'pull_request') === 'object'
        ? numberAt(name, payload, 'issue', 'number')
        : untold('the comment that started the run is on an issue');
    case 'push': {
      const number = copiedPullRequest(ref);
      return number === undefined
        ? untold('a push belongs to no pull request, unless its branch is called pull-request/N')
        : told(number);
    }
    case 'merge_group': {
      // refs/heads/gh-readonly-queue/main/pr-104-<sha>: the last pull request of the group.
      const head = at(payload, 'merge_group', 'head_ref');
      const [, number] =
        /\/pr-(\d{1,9})-[0-9a-f]{7,64}$/.exec(typeof head === 'string' ? head : '') ?? [];
      return number === undefined
        ? untold('the merge group names no pull request')
        : told(Number(number));
    }
    case 'workflow_run':
      return ofWorkflowRun(payload);
    default:
      return untold(`the event ${name} belongs to no pull request`);
  }
}

function ofWorkflowRun(payload: unknown): Told<number> {
  const all = at(payload, 'workflow_run', 'pull_requests');
  const repository = at(payload, 'repository', 'id');
  // One that the same branch has in another repository of the network is listed too.
  const here = (Array.isArray(all) ? all : []).filter(
    (one) => at(one, 'base', 'repo', 'id') === repository,
  );
  return here.length === 1
    ? numberAt('workflow_run', here[0], 'number')
    : untold(
        here.length === 0
          ? 'the event workflow_run names no pull request, as ever for one from a fork'
          : 'the event workflow_run names several pull requests',
      );
}

/**
 * The commit whose checks a person looks at: of a pull request its head, not GitHub's merge commit, which nobody sees. Pure.
 * @param sha `GITHUB_SHA`
 */
export function headOf({ name, payload }: WorkflowEvent, sha: string): Told<string> {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
    case 'pull_request_review':
    case 'pull_request_review_comment':
      return shaAt(name, payload, 'pull_request', 'head', 'sha');
    case 'merge_group':
      return shaAt(name, payload, 'merge_group', 'head_sha');
    case 'workflow_run':
      return shaAt(name, payload, 'workflow_run', 'head_sha');
    case 'issue_comment':
      // The head may have moved since, and a check on a commit that nobody checked would be a lie.
      return untold('the event issue_comment does not say which commit was checked');
    default:
      return told(sha);
  }
}

/** Whether the pull request comes from another repository, whose runs get a token that can only read. */
export function isFromFork({ payload }: WorkflowEvent): boolean {
  const head = at(payload, 'pull_request', 'head', 'repo', 'id');
  const base = at(payload, 'pull_request', 'base', 'repo', 'id');
  return base !== undefined && head !== base;
}

function numberAt(name: string, payload: unknown, ...keys: readonly string[]): Told<number> {
  const value = at(payload, ...keys);
  return Number.isSafeInteger(value)
    ? told(value as number)
    : untold(`the payload of ${name} has no number of a pull request`);
}

function shaAt(name: string, payload: unknown, ...keys: readonly string[]): Told<string> {
  const value = at(payload, ...keys);
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value)
    ? told(value)
    : untold(`the payload of ${name} has no head commit`);
}

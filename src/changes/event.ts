/** Which commit the working tree is compared with. */
export type Against =
  /** Nothing: every image of the repository counts. */
  | { readonly kind: 'nothing'; readonly because: string }
  /** One commit, as it is. */
  | { readonly kind: 'commit'; readonly commit: string; readonly because: string }
  /**
   * The last commit that the work and `base` have in common. Where HEAD is the merge of `head` into the base, as GitHub makes it for a
   * pull request, that is its first parent.
   */
  | {
      readonly kind: 'common';
      readonly base: string;
      readonly head?: string;
      readonly because: string;
    };

/** The event of a workflow run, see `eventOf`. */
export interface WorkflowEvent {
  readonly name: string;
  /** The webhook's payload, not validated. */
  readonly payload: unknown;
  /** `refs/heads/main` */
  readonly ref: string;
}

const NO_COMMIT = /^0*$/;
/** Branches by which a bot hands a pull request to runners that must not run it as one. */
const COPIED = /^refs\/heads\/pull-request\/(\d+)$/;

/** The number of the pull request that a branch is a copy of. */
export function copiedPullRequest(ref: string): number | undefined {
  const number = COPIED.exec(ref)?.[1];
  return number === undefined ? undefined : Number(number);
}

/**
 * What a workflow run's images are compared with, from its event. Pure.
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 * https://docs.github.com/webhooks/webhook-events-and-payloads
 */
export function againstOf({ name, payload, ref }: WorkflowEvent): Against {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target': {
      const base = text(payload, 'pull_request', 'base', 'sha');
      const head = text(payload, 'pull_request', 'head', 'sha');
      if (base === undefined) return nothing(`the payload of ${name} names no base`);
      return {
        kind: 'common',
        base,
        ...(head === undefined ? {} : { head }),
        because: `the base of the pull request`,
      };
    }
    case 'merge_group': {
      const base = text(payload, 'merge_group', 'base_sha');
      return base === undefined
        ? nothing('the payload of merge_group names no base')
        : { kind: 'common', base, because: 'the base of the merge group' };
    }
    case 'push':
      return againstOfPush(payload, ref);
    default:
      return nothing(`the event ${name} changes nothing`);
  }
}

function againstOfPush(payload: unknown, ref: string): Against {
  if (!ref.startsWith('refs/heads/')) return nothing(`${ref} is no branch`);
  const number = copiedPullRequest(ref);
  const before = text(payload, 'before') ?? '';
  const isNew = NO_COMMIT.test(before);
  // After a forced push no history leads to the commit before.
  const isForced = (payload as { forced?: unknown } | null)?.forced === true;
  if (number === undefined && !isNew && !isForced) {
    return { kind: 'commit', commit: before, because: 'the commit before the push' };
  }
  const branch = text(payload, 'repository', 'default_branch');
  if (branch === undefined) return nothing('the payload of push does not name the default branch');
  const why =
    number !== undefined
      ? `this is the copy of pull request ${number}`
      : isNew
        ? 'this branch is new'
        : 'the push was forced';
  return ref === `refs/heads/${branch}`
    ? nothing(`${why}, and is the default branch`)
    : {
        kind: 'common',
        base: `refs/remotes/origin/${branch}`,
        because: `the default branch ${branch}, as ${why}`,
      };
}

const nothing = (because: string): Against => ({ kind: 'nothing', because });

/** What a payload holds at a path of keys; undefined where there is nothing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let inner = value;
  for (const key of keys) {
    inner =
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string, unknown>)[key]
        : undefined;
  }
  return inner;
}

function text(value: unknown, ...keys: readonly string[]): string | undefined {
  const inner = at(value, ...keys);
  return typeof inner === 'string' && inner !== '' ? inner : undefined;
}

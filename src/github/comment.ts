import type { GitHubApi } from '../platform/ports.js';
import type { Caller } from './caller.js';
import {
  type CommentMode,
  type CommentPlan,
  type ListedComment,
  marked,
  planComment,
} from './comment-plan.js';
import { type CommentState, markerLine } from './marker.js';
import { placeKey, type StepPlace } from './place.js';
import { type Failed, notGitHubs, type Result, type Trouble } from './trouble.js';

export interface CommentRequest {
  readonly mode: CommentMode;
  readonly passed: boolean;
  readonly place: StepPlace;
  /** Number of the pull request. */
  readonly number: number;
  /** The text below the marker, Markdown, at most so many bytes of UTF-8. */
  readonly body: (state: CommentState, maxBytes: number) => string;
}

export type CommentOutcome =
  /** `folded`: why GitHub would not hide or show the comment again, which stands as it was written all the same. */
  | { readonly kind: 'written'; readonly url: string; readonly folded?: Trouble }
  | { readonly kind: 'nothing' | 'overtaken' }
  | { readonly kind: 'failed'; readonly trouble: Trouble };

/** Characters of a comment that GitHub takes; counted as bytes here, of which there are never fewer. */
const MAX_COMMENT = 65_536;
/** GitHub lets nobody add to a conversation of 2,500 comments. */
const MAX_PAGES = 30;
/** Between a comment that may have been made and the look whether it was. */
const SETTLE_MS = 2_000;

/** Makes, updates or folds the comment of this step. At most one step writes to it at a time, unless two runs overlap; then the later one stays. */
export async function writeComment(
  request: CommentRequest,
  api: GitHubApi,
  caller: Caller,
): Promise<CommentOutcome> {
  const calls = commentCalls(request.place, api, caller);
  const first = await attempt(request, calls);
  if (first.kind !== 'unsure') return first;
  // The comment may be there although nothing said so: only a second look keeps it from being there twice.
  if (!(await caller.pause(SETTLE_MS))) return { kind: 'failed', trouble: first.trouble };
  const second = await attempt(request, calls);
  return second.kind === 'unsure' ? { kind: 'failed', trouble: second.trouble } : second;
}

type Attempt = CommentOutcome | { readonly kind: 'unsure'; readonly trouble: Trouble };

async function attempt(request: CommentRequest, calls: CommentCalls): Promise<Attempt> {
  const { place, number } = request;
  const listed = await calls.list(number);
  if (!listed.ok) return { kind: 'failed', trouble: listed.trouble };
  const candidates = marked(listed.comments, placeKey(place));
  // Who we are is asked only where that decides something.
  const viewer = candidates.length === 0 ? undefined : await calls.viewer();
  if (viewer?.ok === false) return { kind: 'failed', trouble: viewer.trouble };
  const own = candidates.filter(({ author }) => author !== undefined && author === viewer?.login);
  const plan = planComment({ ...request, run: place.run }, own);
  if (plan.kind === 'nothing' || plan.kind === 'overtaken') return plan;
  const marker = markerLine({ key: placeKey(place), run: place.run, state: plan.state });
  const body = `${marker}\n${request.body(plan.state, MAX_COMMENT - marker.length - 1)}`;
  return plan.kind === 'create'
    ? create(await calls.create(number, body))
    : update(plan, body, calls);
}

function create(answer: Result): Attempt {
  const result = whole(answer);
  if (result.ok) return { kind: 'written', url: result.url };
  const { trouble } = result;
  const unsure = trouble.kind === 'server' || trouble.kind === 'unreachable';
  return { kind: unsure ? 'unsure' : 'failed', trouble };
}

async function update(
  { comment, then, remove }: CommentPlan & { kind: 'update' },
  body: string,
  calls: CommentCalls,
): Promise<CommentOutcome> {
  const result = whole(await calls.update(comment.id, body));
  if (!result.ok) return { kind: 'failed', trouble: result.trouble };
  // One that stays is found by the next run.
  for (const { id } of remove) await calls.remove(id);
  const folded = then === 'nothing' ? undefined : await calls.fold(then, comment.nodeId);
  return {
    kind: 'written',
    url: result.url,
    ...(folded?.ok === false ? { folded: folded.trouble } : {}),
  };
}

/** The address of the comment that an answer holds. */
function whole(result: Result): { readonly ok: true; readonly url: string } | Failed {
  if (!result.ok) return result;
  const { html_url } = (result.data ?? {}) as { html_url?: unknown };
  return typeof html_url === 'string' ? { ok: true, url: html_url } : notGitHubs('comment');
}

type CommentCalls = ReturnType<typeof commentCalls>;

/** https://docs.github.com/rest/issues/comments: to GitHub a pull request is an issue too. */
function commentCalls({ owner, repo }: StepPlace, api: GitHubApi, { call }: Caller) {
  const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
  return {
    list: async (
      issue_number: number,
    ): Promise<{ ok: true; comments: ListedComment[] } | Failed> => {
      const comments: ListedComment[] = [];
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const parameters = { owner, repo, issue_number, per_page: 100, page };
        const result = await call(() => api.rest(`GET ${ISSUE}`, parameters));
        if (!result.ok) return result;
        if (!Array.isArray(result.data)) return notGitHubs('list of comments');
        comments.push(...commentsOf(result.data));
        if (!/\brel="next"/.test(String(result.headers['link']))) break;
      }
      return { ok: true, comments };
    },
    /** The login that comments of this token have. REST does not tell it to the token of a workflow, GraphQL does. */
    viewer: async (): Promise<{ ok: true; login: string | undefined } | Failed> => {
      const result = await call(() => api.graphql(VIEWER, {}));
      return result.ok ? { ok: true, login: loginOf(result.data) } : result;
    },
    create: (issue_number: number, body: string) =>
      call(() => api.rest(`POST ${ISSUE}`, { owner, repo, issue_number, body }), false),
    update: (comment_id: number, body: string) =>
      call(() => api.rest(`PATCH ${COMMENT}`, { owner, repo, comment_id, body })),
    remove: (comment_id: number) =>
      call(() => api.rest(`DELETE ${COMMENT}`, { owner, repo, comment_id })),
    fold: (what: 'hide' | 'show', subjectId: string) =>
      call(() => api.graphql(what === 'hide' ? HIDE : SHOW, { subjectId })),
  };
}

// https://docs.github.com/graphql/reference/mutations#minimizecomment; REST has no such call.
const VIEWER = 'query { viewer { login } }';
const HIDE =
  'mutation ($subjectId: ID!) { minimizeComment(input: { subjectId: $subjectId, classifier: RESOLVED }) { minimizedComment { isMinimized } } }';
const SHOW =
  'mutation ($subjectId: ID!) { unminimizeComment(input: { subjectId: $subjectId }) { unminimizedComment { isMinimized } } }';

const loginOf = (data: unknown): string | undefined => {
  const login = (data as { data?: { viewer?: { login?: unknown } } } | null)?.data?.viewer?.login;
  return typeof login === 'string' ? login : undefined;
};

function commentsOf(data: readonly unknown[]): ListedComment[] {
  return data.flatMap((one) => {
    const { id, node_id, body, user } = (one ?? {}) as Record<string, unknown>;
    const login = (user as { login?: unknown } | null | undefined)?.login;
    if (typeof id !== 'number' || typeof node_id !== 'string' || typeof body !== 'string')
      return [];
    return [{ id, nodeId: node_id, body, ...(typeof login === 'string' ? { author: login } : {}) }];
  });
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Call,
  callOf,
  type GraphqlCall,
  graphqlCall,
  requestProblems,
  responseProblems,
} from './github-contract.js';

export interface StoredComment {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  body: string;
  hidden: string | null;
}

export interface StoredCheckRun {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string | null;
  readonly details_url: string | null;
  readonly conclusion: string;
  readonly title: string;
  readonly summary: string;
  readonly annotations: { path: string; start_line: number; annotation_level: string }[];
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** In place of a body: a page that is not GitHub's. */
  readonly text?: string;
  /** No answer ever comes. */
  readonly silent?: boolean;
  readonly headers?: Record<string, string>;
}

/** Who a token is, and what it may write. */
interface Identity {
  readonly login: string;
  readonly writes: readonly ('comments' | 'checks')[];
}

/** A loopback server that keeps comments and check runs as GitHub does, and holds every request and answer against GitHub's own description. */
export interface FakeGitHub {
  /** `http://127.0.0.1:PORT` and the base path: what a runner has in `GITHUB_API_URL`. */
  readonly url: string;
  readonly comments: StoredComment[];
  readonly checkRuns: StoredCheckRun[];
  /** Each request as `METHOD path`, GraphQL as its field. */
  readonly requests: string[];
  /** What requests and answers had that the description does not. */
  readonly problems: string[];
  readonly tokens: Map<string, Identity>;
  /** Asked before each request is carried out; `after`: once it was, so that the answer is lost. */
  fault: (request: string, count: number) => (Answer & { after?: boolean }) | undefined;
  say(number: number, author: string, body: string): StoredComment;
  reset(): void;
  close(): Promise<void>;
}

export const TOKEN = 'ghs_secretOfTheJob0000000000000000000000';
const OWNER = 'acme';
const REPO = 'vision';
const LOCKED_AT = 2500;

export async function startGitHub(basePath = ''): Promise<FakeGitHub> {
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, text, headers, silent }) => {
      if (silent) return;
      const type = text === undefined ? 'application/json; charset=utf-8' : 'text/html';
      response.writeHead(status, { 'content-type': type, ...headers });
      response.end(text ?? (body === undefined ? undefined : JSON.stringify(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = {
    url: `${origin}${basePath}`,
    comments: [] as StoredComment[],
    checkRuns: [] as StoredCheckRun[],
    requests: [] as string[],
    problems: [] as string[],
    tokens: new Map<string, Identity>(),
    fault: (() => undefined) as FakeGitHub['fault'],
  };
  let nextId = 1000;

  const reset = () => {
    for (const list of [state.comments, state.checkRuns, state.requests, state.problems])
      list.length = 0;
    state.tokens.clear();
    state.tokens.set(TOKEN, { login: 'github-actions[bot]', writes: ['comments', 'checks'] });
    state.fault = () => undefined;
  };
  reset();

  const say: FakeGitHub['say'] = (number, author, body) => {
    nextId += 1;
    const comment = { id: nextId, number, author, body, hidden: null };
    state.comments.push(comment);
    return comment;
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? '';
    const text = await textOf(request);
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    const token = /^(?:token|bearer) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const who = state.tokens.get(token);
    const isGraphql = url.pathname === (basePath === '' ? '/graphql' : '/api/graphql');
    const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : '';
    const call = isGraphql ? undefined : callOf(method, path);
    const asked = isGraphql ? graphqlCall(body) : undefined;
    const name = typeof asked === 'object' ? asked.field : `${method} ${path}${url.search}`;
    state.requests.push(name);
    if (typeof asked === 'string') state.problems.push(asked);
    if (call !== undefined) state.problems.push(...requestProblems(call, url.searchParams, body));
    else if (!isGraphql) state.problems.push(`no such call: ${method} ${url.pathname}`);
    if (request.headers['user-agent'] === undefined) state.problems.push('no user agent');

    const fault = state.fault(name, state.requests.filter((one) => one === name).length);
    const carriedOut = () => {
      if (who === undefined) return error(401, 'Bad credentials');
      if (typeof asked === 'object') return graphql(asked, who);
      return call === undefined ? error(404, 'Not Found') : rest(call, who, url, body);
    };
    const done = fault === undefined || fault.after === true ? carriedOut() : fault;
    const sent = fault ?? done;
    if (call !== undefined && sent.text === undefined && !sent.silent)
      state.problems.push(...responseProblems(call, sent.status, sent.body));
    return sent;
  }

  function rest(call: Call, who: Identity, url: URL, body: unknown): Answer {
    const { owner, repo } = call.parameters;
    if (owner !== OWNER || repo !== REPO) return error(404, 'Not Found');
    const isRead = call.method === 'get';
    const scope = call.path.includes('check-runs') ? 'checks' : 'comments';
    if (!isRead && !who.writes.includes(scope))
      return error(403, 'Resource not accessible by integration');
    const fields = (body ?? {}) as Record<string, unknown>;
    switch (`${call.method} ${call.path.split('/').slice(4).join('/')}`) {
      case 'get issues/{issue_number}/comments':
        return list(Number(call.parameters['issue_number']), url);
      case 'post issues/{issue_number}/comments': {
        const number = Number(call.parameters['issue_number']);
        if (state.comments.filter((one) => one.number === number).length >= LOCKED_AT)
          return error(403, 'Commenting is disabled on issues with more than 2500 comments');
        if (String(fields['body']).length > 65_536) return invalid('IssueComment', 'body');
        return { status: 201, body: shown(say(number, who.login, String(fields['body']))) };
      }
      case 'patch issues/comments/{comment_id}': {
        const comment = state.comments.find(
          ({ id }) => String(id) === call.parameters['comment_id'],
        );
        if (comment === undefined) return error(404, 'Not Found');
        comment.body = String(fields['body']);
        return { status: 200, body: shown(comment) };
      }
      case 'delete issues/comments/{comment_id}': {
        const at = state.comments.findIndex(
          ({ id }) => String(id) === call.parameters['comment_id'],
        );
        if (at < 0) return error(404, 'Not Found');
        state.comments.splice(at, 1);
        return { status: 204 };
      }
      case 'post check-runs':
        return { status: 201, body: shownCheck(addCheck(fields)) };
      case 'patch check-runs/{check_run_id}': {
        const run = state.checkRuns.find(
          ({ id }) => String(id) === call.parameters['check_run_id'],
        );
        if (run === undefined) return error(404, 'Not Found');
        run.annotations.push(...annotationsOf(fields));
        return { status: 200, body: shownCheck(run) };
      }
      default:
        return error(404, 'Not Found');
    }
  }

  function list(number: number, url: URL): Answer {
    const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100);
    const page = Number(url.searchParams.get('page') ?? 1);
    const all = state.comments.filter((one) => one.number === number);
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    return {
      status: 200,
      body: all.slice((page - 1) * size, page * size).map(shown),
      headers: page * size < all.length ? { link: `<${next}>; rel="next"` } : {},
    };
  }

  function addCheck(fields: Record<string, unknown>): StoredCheckRun {
    nextId += 1;
    const output = fields['output'] as { title: string; summary: string };
    const run: StoredCheckRun = {
      id: nextId,
      name: String(fields['name']),
      head_sha: String(fields['head_sha']),
      external_id: (fields['external_id'] as string | undefined) ?? null,
      details_url: (fields['details_url'] as string | undefined) ?? null,
      conclusion: String(fields['conclusion']),
      title: output.title,
      summary: output.summary,
      annotations: annotationsOf(fields),
    };
    state.checkRuns.push(run);
    return run;
  }

  /** Hiding is known by the comment's name in GraphQL. */
  function graphql({ field, input }: GraphqlCall, who: Identity): Answer {
    if (field === 'viewer')
      return { status: 200, body: { data: { viewer: { login: who.login } } } };
    const comment = state.comments.find(({ id }) => nodeId(id) === input['subjectId']);
    if (comment === undefined)
      return refusal(
        'NOT_FOUND',
        `Could not resolve to a node with the global id of '${input['subjectId']}'`,
      );
    if (!who.writes.includes('comments'))
      return refusal('FORBIDDEN', 'Resource not accessible by integration');
    const hide = field === 'minimizeComment';
    comment.hidden = hide ? String(input['classifier']).toLowerCase() : null;
    const payload = hide ? 'minimizedComment' : 'unminimizedComment';
    return { status: 200, body: { data: { [field]: { [payload]: { isMinimized: hide } } } } };
  }

  const shown = (comment: StoredComment) => {
    const issue = `${state.url}/repos/${OWNER}/${REPO}/issues`;
    return {
      id: comment.id,
      node_id: nodeId(comment.id),
      url: `${issue}/comments/${comment.id}`,
      html_url: `https://github.com/${OWNER}/${REPO}/pull/${comment.number}#issuecomment-${comment.id}`,
      issue_url: `${issue}/${comment.number}`,
      body: comment.body,
      user: user(comment.author),
      author_association: 'NONE',
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      minimized: comment.hidden === null ? null : { reason: comment.hidden },
    };
  };

  const shownCheck = ({ title, summary, annotations, ...run }: StoredCheckRun) => ({
    ...run,
    node_id: `CR_${run.id}`,
    url: `${state.url}/repos/${OWNER}/${REPO}/check-runs/${run.id}`,
    html_url: `https://github.com/${OWNER}/${REPO}/runs/${run.id}`,
    status: 'completed',
    started_at: '2026-01-01T00:00:00Z',
    completed_at: '2026-01-01T00:00:00Z',
    check_suite: { id: 5 },
    app: null,
    pull_requests: [],
    output: {
      title,
      summary,
      text: null,
      annotations_count: annotations.length,
      annotations_url: `${state.url}/repos/${OWNER}/${REPO}/check-runs/${run.id}/annotations`,
    },
  });

  return Object.assign(state, { say, reset, close: () => closed(server) });
}

const nodeId = (id: number): string => `IC_${id}`;

const annotationsOf = (fields: Record<string, unknown>): StoredCheckRun['annotations'] =>
  (fields['output'] as { annotations?: StoredCheckRun['annotations'] }).annotations?.slice() ?? [];

export const error = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

const invalid = (resource: string, field: string): Answer => ({
  status: 422,
  body: {
    message: 'Validation Failed',
    documentation_url: 'https://docs.github.com/rest',
    errors: [
      {
        resource,
        field,
        code: 'custom',
        message: `${field} is too long (maximum is 65536 characters)`,
      },
    ],
  },
});

const refusal = (type: string, message: string): Answer => ({
  status: 200,
  body: { data: null, errors: [{ type, message }] },
});

function user(login: string) {
  const url = `https://api.github.com/users/${encodeURIComponent(login)}`;
  const links = ['followers', 'following', 'gists', 'starred', 'subscriptions', 'organizations'];
  const more = ['repos', 'events', 'received_events'];
  return {
    login,
    id: 1,
    node_id: 'U_1',
    avatar_url: 'https://avatars.githubusercontent.com/u/1',
    gravatar_id: null,
    url,
    html_url: `https://github.com/${encodeURIComponent(login)}`,
    ...Object.fromEntries([...links, ...more].map((name) => [`${name}_url`, `${url}/${name}`])),
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

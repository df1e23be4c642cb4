import type { ApiAnswer, GitHubApi } from './ports.js';

/** The longest that one request may take; GitHub itself gives up after ten seconds. */
const REQUEST_MS = 15_000;

const silent = () => {};
const log = { debug: silent, info: silent, warn: silent, error: silent };

/**
 * GitHub's interfaces by octokit, at the address that the runner gives (`GITHUB_API_URL`: also GitHub Enterprise Server), through the runner's proxy.
 * Loaded on the first request. It writes nothing by itself: what it would log may quote what a server sent.
 */
export function createGitHubApi(
  env: Readonly<Record<string, string | undefined>>,
  token: string,
  cancelled: AbortSignal,
): GitHubApi {
  const baseUrl = env['GITHUB_API_URL'] || 'https://api.github.com';
  let made: Promise<ReturnType<typeof import('./github.js').getOctokit>> | undefined;
  const octokit = () => {
    made ??= import(/* webpackIgnore: true */ './github.js').then(({ getOctokit }) =>
      getOctokit(token, { baseUrl, userAgent: 'cuda-image-check', log }),
    );
    return made;
  };
  // Of each request and not of the client, where it would take the place of the toolkit's `request` and the proxy in it.
  const request = () => ({
    log,
    signal: AbortSignal.any([cancelled, AbortSignal.timeout(REQUEST_MS)]),
  });
  return {
    rest: (route, parameters) =>
      answerOf(async () => (await octokit()).request(route, { ...parameters, request: request() })),
    graphql: (query, variables) =>
      answerOf(async () => {
        const data = await (await octokit()).graphql(query, { ...variables, request: request() });
        return { status: 200, headers: {}, data: { data } };
      }),
  };
}

type Response = Omit<ApiAnswer & { kind: 'answered' }, 'kind'>;

/** octokit throws for every status from 400 on, for errors in a GraphQL answer, and with status 500 where nothing came back. */
async function answerOf(send: () => Promise<Response>): Promise<ApiAnswer> {
  try {
    const { status, headers, data } = await send();
    return { kind: 'answered', status, headers, data };
  } catch (error) {
    const { response, headers, status } = error as {
      response?: Partial<Response> & { errors?: unknown };
      headers?: Response['headers'];
      status?: number;
    };
    if (response?.errors !== undefined)
      return { kind: 'answered', status: 200, headers: headers ?? {}, data: response };
    if (response !== undefined && status !== undefined)
      return { kind: 'answered', status, headers: response.headers ?? {}, data: response.data };
    return { kind: 'unreachable', why: error instanceof Error ? error.message : String(error) };
  }
}

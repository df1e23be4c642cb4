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
  requestMs = REQUEST_MS,
): GitHubApi {
  const baseUrl = env['GITHUB_API_URL'] || 'https://api.github.com';
  let made: Promise<Client> | undefined;
  const octokit = () => {
    made ??= import(/* webpackIgnore: true */ './github.js').then(({ getOctokit }) =>
      getOctokit(token, { baseUrl, userAgent: 'cuda-image-check', log }),
    );
    return made;
  };
  const send = (call: (client: Client, request: object) => Promise<Response>) => {
    const late = AbortSignal.timeout(requestMs);
    // Of each request and not of the client, where it would take the place of the toolkit's `request` and the proxy in it.
    const request = { log, signal: AbortSignal.any([cancelled, late]) };
    return answerOf(
      async () => call(await octokit(), request),
      () => (late.aborted ? `no answer within ${requestMs / 1000} s` : undefined),
    );
  };
  return {
    rest: (route, parameters) =>
      send((client, request) => client.request(route, { ...parameters, request })),
    graphql: (query, variables) =>
      send(async (client, request) => {
        const data = await client.graphql(query, { ...variables, request });
        return { status: 200, headers: {}, data: { data } };
      }),
  };
}

type Client = ReturnType<typeof import('./github.js').getOctokit>;
type Response = Omit<ApiAnswer & { kind: 'answered' }, 'kind'>;

/**
 * octokit throws for every status from 400 on, for errors in a GraphQL answer, and with status 500 where nothing came back.
 * @param silence why nothing can have come back, where that is known here: of a time limit octokit tells nothing.
 */
async function answerOf(
  send: () => Promise<Response>,
  silence: () => string | undefined,
): Promise<ApiAnswer> {
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
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'unreachable', why: silence() ?? why };
  }
}

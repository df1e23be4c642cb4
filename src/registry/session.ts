import { type Challenge, parseChallenges } from './challenge.js';
import { basic, type Credentials, type FoundLogin } from './credentials.js';
import { type Endpoint, isLoopback } from './endpoints.js';
import { RegistryFailure, registryWords, shownRequest } from './failure.js';
import type { Http, HttpAnswer, HttpRequest } from './http.js';

/** One registry: its challenge, its tokens, and requests that carry them. */
export interface Session {
  /** @throws RegistryFailure when there is no answer, or the registry does not take who asks. */
  send(request: RepositoryRequest): Promise<HttpAnswer>;
}

export interface RepositoryRequest extends Pick<HttpRequest, 'headers' | 'maxBytes' | 'what'> {
  readonly method: 'GET' | 'HEAD';
  /** `library/busybox` */
  readonly repository: string;
  /** Below the repository: `manifests/latest`. */
  readonly path: string;
}

interface Token {
  readonly authorization: string;
  /** Milliseconds of the epoch. */
  readonly until: number;
}

const MAX_TOKEN_BYTES = 1_048_576;
/** What token servers promise at least, https://distribution.github.io/distribution/spec/auth/token/ */
const USUAL_TOKEN_S = 60;
const TOKEN_MARGIN_S = 10;

export function createSession(
  endpoint: Endpoint,
  http: Http,
  findLogin: (repository: string) => Promise<FoundLogin>,
): Session {
  const tokens = new Map<string, Promise<Token>>();
  let challenge: Challenge | undefined;
  /** Ends with the first answer of the registry, which tells whether and how it wants a login. */
  let first: Promise<unknown> | undefined;

  const login = async (repository: string): Promise<FoundLogin> =>
    endpoint.mirror ? {} : findLogin(repository);

  const authorization = async (
    repository: string,
    refused?: string,
  ): Promise<string | undefined> => {
    if (challenge === undefined) return undefined;
    const found = await login(repository);
    const { credentials } = found;
    if (credentials?.kind === 'registry') return `Bearer ${credentials.token}`;
    if (challenge.scheme === 'basic') {
      return credentials?.kind === 'password'
        ? basic(credentials.user, credentials.password)
        : undefined;
    }
    const asking = tokens.get(repository);
    const known = await asking?.catch(() => undefined);
    if (known !== undefined && known.until > Date.now() && known.authorization !== refused) {
      return known.authorization;
    }
    // Whoever comes while a token is asked for waits for that one.
    if (tokens.get(repository) === asking) {
      tokens.set(repository, askToken(challenge, repository, found));
    }
    return (await tokens.get(repository))?.authorization;
  };

  async function askToken(
    { parameters }: Challenge,
    repository: string,
    { credentials, problem }: FoundLogin,
  ): Promise<Token> {
    const realm = realmOf(parameters.get('realm') ?? '', endpoint);
    const service = parameters.get('service');
    const scope = `repository:${repository}:pull`;
    const common = { maxBytes: MAX_TOKEN_BYTES, what: 'the answer of the token server' };
    let answer: HttpAnswer;
    if (credentials?.kind === 'identity') {
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: credentials.token,
        client_id: 'cuda-image-check',
        scope,
        ...(service === undefined ? {} : { service }),
      });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      answer = await http.send({ ...common, method: 'POST', url: realm, headers, body: `${form}` });
    } else {
      const url = new URL(realm);
      if (service !== undefined) url.searchParams.set('service', service);
      url.searchParams.set('scope', scope);
      answer = await http.send({
        ...common,
        method: 'GET',
        url,
        authorization: credentials && basicOf(credentials),
      });
    }
    const shown = shownRequest(credentials?.kind === 'identity' ? 'POST' : 'GET', realm);
    if (answer.status !== 200) {
      throw refusal(shown, answer, credentials !== undefined, problem);
    }
    return tokenIn(answer.body, shown);
  }

  async function send(request: RepositoryRequest): Promise<HttpAnswer> {
    const { repository, path, ...rest } = request;
    const url = new URL(`${endpoint.origin}/v2/${repository}/${path}`);
    const shown = shownRequest(request.method, url);
    let tried: string | undefined;
    // Once as it is known how, once with the registry's challenge answered, once with a fresh token in place of one that it no
    // longer takes. A registry that asks for ever has refused.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const sent = await authorization(repository, tried);
      if (attempt > 0 && (sent === undefined || sent === tried)) break;
      tried = sent;
      const answer = await http.send({ ...rest, url, authorization: sent });
      if (answer.status !== 401) return answer;
      const offered = parseChallenges(answer.headers.get('www-authenticate') ?? '');
      const chosen =
        offered.find(({ scheme }) => scheme === 'bearer') ??
        offered.find(({ scheme }) => scheme === 'basic');
      if (chosen === undefined) {
        throw new RegistryFailure(
          shown,
          'unauthorized: authentication required: the registry names no way to log in that is known here (Bearer, Basic)',
        );
      }
      challenge = chosen;
    }
    throw await notTaken(repository, shown, tried);
  }

  async function notTaken(
    repository: string,
    shown: string,
    tried: string | undefined,
  ): Promise<RegistryFailure> {
    const { credentials, problem } = await login(repository);
    const note = problem === undefined ? '' : `\n${problem}`;
    if (tried === undefined) return new RegistryFailure(shown, `no basic auth credentials${note}`);
    return challenge?.scheme === 'basic'
      ? new RegistryFailure(shown, `unauthorized: authentication required${note}`)
      : new RegistryFailure(
          shown,
          credentials === undefined
            ? `pull access denied, repository does not exist or may require 'docker login': denied: requested access to the resource is denied${note}`
            : 'denied: requested access to the resource is denied',
        );
  }

  return {
    send: async (request) => {
      if (first !== undefined) {
        await first.catch(() => {});
        return send(request);
      }
      const answer = send(request);
      first = answer;
      return answer;
    },
  };
}

const basicOf = (credentials: Credentials): string | undefined =>
  credentials.kind === 'password' ? basic(credentials.user, credentials.password) : undefined;

/** Where the token is asked for, and a login is sent: over TLS, unless the registry itself is on this machine. */
function realmOf(realm: string, { origin }: Endpoint): URL {
  const registry = new URL(origin);
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const shown = shownRequest('GET', registry);
  if (url === undefined) {
    throw new RegistryFailure(
      shown,
      `unexpected answer of the registry: its challenge names no token server (realm "${realm.slice(0, 200)}")`,
    );
  }
  const plain = url.protocol === 'http:' && registry.protocol === 'http:';
  if (url.protocol !== 'https:' && !(plain && isLoopback(url.host) && isLoopback(registry.host))) {
    throw new RegistryFailure(
      shown,
      `unexpected answer of the registry: its token server ${url.origin} is not asked, as the login would go there without TLS`,
    );
  }
  url.username = '';
  url.password = '';
  return url;
}

function refusal(
  shown: string,
  answer: HttpAnswer,
  withLogin: boolean,
  problem: string | undefined,
): RegistryFailure {
  const said = registryWords(answer.body);
  const words =
    answer.status === 401 || (answer.status === 400 && withLogin)
      ? 'unauthorized: authentication required'
      : statusWords(answer.status);
  return new RegistryFailure(
    shown,
    [words, said].filter(Boolean).join(': ') + (problem === undefined ? '' : `\n${problem}`),
  );
}

/** An unexpected status in the words of engines. */
export function statusWords(status: number): string {
  switch (status) {
    case 401:
      return 'unauthorized: authentication required';
    case 402:
      return '402 Payment Required';
    case 403:
      return 'denied: requested access to the resource is denied';
    case 404:
      return 'manifest unknown';
    case 429:
      return 'toomanyrequests';
  }
  return status >= 500
    ? `unexpected HTTP status: ${status}`
    : `unexpected answer of the registry: HTTP status ${status}`;
}

function tokenIn(body: Uint8Array, shown: string): Token {
  let document: Record<string, unknown> = {};
  try {
    document = (JSON.parse(Buffer.from(body).toString('utf8')) ?? {}) as typeof document;
  } catch {
    // Told below: there is no token in it.
  }
  const { token, access_token: access, expires_in: seconds } = document;
  const value = [token, access].find((one) => typeof one === 'string' && one !== '');
  if (typeof value !== 'string' || /[^\x21-\x7e]/.test(value)) {
    throw new RegistryFailure(
      shown,
      'unexpected answer of the registry: its token server gave no token',
    );
  }
  const lasts =
    typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
      ? seconds
      : USUAL_TOKEN_S;
  return {
    authorization: `Bearer ${value}`,
    until: Date.now() + Math.max(1, lasts - TOKEN_MARGIN_S) * 1000,
  };
}

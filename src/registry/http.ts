import type { Clock } from '../platform/ports.js';
import { networkWords, RegistryFailure, shownRequest } from './failure.js';

export interface HttpLimits {
  /** Milliseconds of one request, from its start to the last byte: an answer that trickles ends there too. */
  readonly requestMs: number;
  readonly redirects: number;
  /** Waits before the next tries, in milliseconds, without a word of the registry about it. */
  readonly waitsMs: readonly number[];
  /** The longest wait that a registry may ask for. */
  readonly longestWaitMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  requestMs: 20_000,
  redirects: 5,
  waitsMs: [500, 2_000],
  longestWaitMs: 15_000,
};

export interface HttpPorts {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** 0 to 1, so that many runners that failed together do not come back together. */
  readonly random: () => number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the origin of `url` and to no other. */
  readonly authorization?: string | undefined;
  readonly body?: string;
  /** More bytes than this are an error of an answer of 2xx, and are left unread of any other. */
  readonly maxBytes: number;
  /** What a body is called when it is too large. */
  readonly what: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface Http {
  /** @throws RegistryFailure when there is no answer; any status is an answer. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Requests sent and bytes of bodies read so far. */
  readonly traffic: { requests: number; bytes: number };
}

/** What of a refused answer is read: an error document. */
const MAX_ERROR_BYTES = 65_536;

/** `fetch` with a limit on everything: time, bytes, redirects, tries. */
export function createHttp(ports: HttpPorts, limits: HttpLimits): Http {
  const traffic = { requests: 0, bytes: 0 };
  return {
    traffic,
    send: async (request) => {
      for (let attempt = 0; ; attempt += 1) {
        const outcome = await once(request, ports, limits, traffic).catch((error: unknown) => {
          if (error instanceof RegistryFailure && error.passing) return error;
          throw error;
        });
        const failed = outcome instanceof RegistryFailure;
        if (!failed && !isPassing(outcome.status)) return outcome;
        const wait = waitFor(failed ? undefined : outcome, attempt, ports, limits);
        if (wait === undefined || ports.signal.aborted) {
          if (failed) throw outcome;
          return outcome;
        }
        const said = failed ? 'did not answer well' : `answered ${outcome.status}`;
        ports.progress(`${request.url.host} ${said}, next try in ${(wait / 1000).toFixed(1)} s`);
        await ports.clock.sleep(wait, ports.signal);
      }
    },
  };
}

/** Answers that a second try may not meet. */
const isPassing = (status: number): boolean => [429, 500, 502, 503, 504].includes(status);

/** Milliseconds until the next try; undefined when there is none, or when the registry asks for more patience than a run has. */
function waitFor(
  answer: HttpAnswer | undefined,
  attempt: number,
  { random }: HttpPorts,
  { waitsMs, longestWaitMs }: HttpLimits,
): number | undefined {
  const usual = waitsMs[attempt];
  if (usual === undefined) return undefined;
  const asked = retryAfterMs(answer?.headers.get('retry-after') ?? '', Date.now());
  if (asked === undefined) return usual * (0.5 + random());
  return asked > longestWaitMs ? undefined : asked + usual * random() * 0.1;
}

/**
 * `Retry-After`, in seconds or as a date, in milliseconds from now; undefined when it is neither. Pure.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterMs(value: string, now: number): number | undefined {
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}, /.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** One try, redirects followed. */
async function once(
  request: HttpRequest,
  { fetch, signal }: HttpPorts,
  limits: HttpLimits,
  traffic: Http['traffic'],
): Promise<HttpAnswer> {
  const shown = shownRequest(request.method, request.url);
  const deadline = AbortSignal.timeout(limits.requestMs);
  const ending = AbortSignal.any([signal, deadline]);
  let { url } = request;
  try {
    for (let redirects = 0; ; redirects += 1) {
      traffic.requests += 1;
      const response = await fetch(url, {
        method: request.method,
        redirect: 'manual',
        signal: ending,
        headers: {
          // The digest is that of the bytes as they are stored.
          'accept-encoding': 'identity',
          'user-agent': 'cuda-image-check',
          ...request.headers,
          ...(request.authorization === undefined || url.origin !== request.url.origin
            ? {}
            : { authorization: request.authorization }),
        },
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const location = isRedirect(response.status) ? response.headers.get('location') : null;
      if (location === null) {
        const body = await readBody(response, request, shown);
        traffic.bytes += body.length;
        return { status: response.status, headers: response.headers, body };
      }
      await response.body?.cancel();
      if (redirects >= limits.redirects) {
        throw new RegistryFailure(shown, `stopped after ${limits.redirects} redirects`);
      }
      url = target(location, url, shown);
    }
  } catch (error) {
    if (error instanceof RegistryFailure) throw error;
    if (signal.aborted) throw new RegistryFailure(shown, 'the run was cancelled');
    if (deadline.aborted) {
      const seconds = limits.requestMs / 1000;
      throw new RegistryFailure(
        shown,
        `context deadline exceeded: the answer was not complete after ${seconds} s`,
        true,
      );
    }
    const network = networkWords(error);
    if (network === undefined) throw error;
    throw new RegistryFailure(shown, network.words, network.passing);
  }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

function target(location: string, from: URL, shown: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RegistryFailure(shown, 'the redirect leads to no address');
  }
  if (from.protocol === 'https:' && url.protocol !== 'https:') {
    throw new RegistryFailure(shown, `the redirect to ${url.host} leads from https to http`);
  }
  // A name and password in a redirect are not ours to send.
  url.username = '';
  url.password = '';
  return url;
}

async function readBody(
  response: Response,
  request: HttpRequest,
  shown: string,
): Promise<Uint8Array> {
  const limit = response.ok ? request.maxBytes : Math.min(MAX_ERROR_BYTES, request.maxBytes);
  const tooLarge = (bytes: number) =>
    new RegistryFailure(
      shown,
      `${request.what} is too large: ${bytes.toLocaleString('en-US')} bytes or more, and ${limit.toLocaleString('en-US')} are the most`,
    );
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (response.ok && request.method !== 'HEAD' && announced > limit) {
    await response.body?.cancel();
    throw tooLarge(announced);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > limit) {
      if (response.ok) throw tooLarge(bytes);
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

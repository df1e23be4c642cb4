import type { FailureFacts } from '../core/facts.js';

/** How much of the registry's own words is kept. */
const MAX_WORDS = 600;

/**
 * The registry did not give the image. The message is in the words that engines use for it, from which the recogniser tells the
 * cause: they stand here and nowhere else.
 */
export class RegistryFailure extends Error {
  /** The request as one would type it, without the query, which can hold signatures. */
  readonly request: string;
  /** A second try may not meet it. */
  readonly passing: boolean;

  constructor(request: string, words: string, passing = false) {
    super(`failed to do request: ${request}: ${words}`);
    this.request = request;
    this.passing = passing;
  }

  facts(): FailureFacts {
    return { stage: 'pull', command: this.request, text: this.message };
  }
}

/** A request in words: `GET "https://nvcr.io/v2/nvidia/cuda/manifests/12.8.1"`. */
export const shownRequest = (method: string, { origin, pathname }: URL): string =>
  `${method} "${origin}${pathname}"`;

/** What a network error of `fetch` is called by engines; undefined for what is no network error. */
export function networkWords(error: unknown): { words: string; passing: boolean } | undefined {
  const cause = deepestCause(error);
  const code = cause?.code ?? '';
  const host = cause?.hostname ?? '';
  switch (code) {
    case 'ENOTFOUND':
      return { words: `dial tcp: lookup ${host}: no such host`, passing: false };
    case 'EAI_AGAIN':
      return {
        words: `dial tcp: lookup ${host}: temporary failure in name resolution: server misbehaving`,
        passing: true,
      };
    case 'ECONNREFUSED':
      return { words: 'dial tcp: connect: connection refused', passing: false };
    case 'EHOSTUNREACH':
      return { words: 'dial tcp: connect: no route to host', passing: false };
    case 'ENETUNREACH':
      return { words: 'dial tcp: connect: network is unreachable', passing: false };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return { words: 'read tcp: connection reset by peer', passing: true };
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { words: 'dial tcp: i/o timeout', passing: true };
  }
  if (/^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|EPROTO)/.test(code)) {
    return { words: `x509: ${cause?.message ?? code} (${code})`, passing: false };
  }
  return isObject(error) && error['name'] === 'TypeError'
    ? { words: `dial tcp: ${cause?.message ?? 'fetch failed'}`, passing: false }
    : undefined;
}

interface SystemError {
  readonly message?: string;
  readonly code?: string;
  readonly hostname?: string;
}

/** Errors of `fetch` wrap the one that tells what happened, and one for each address of a host. */
function deepestCause(error: unknown): SystemError | undefined {
  let found: SystemError | undefined;
  for (let one = error, depth = 0; isObject(one) && depth < 8; depth += 1) {
    found = one;
    one = Array.isArray(one['errors']) ? one['errors'][0] : one['cause'];
  }
  return found;
}

/** Not `instanceof`: the errors of `fetch` can be of another realm. */
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The words of an error document `{"errors":[{"code","message"}]}`, or of a token server's `{"details"|"error"}`; empty without any. */
export function registryWords(body: Uint8Array): string {
  try {
    const document: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (typeof document !== 'object' || document === null) return '';
    const { errors, details, error } = document as Record<string, unknown>;
    const listed = Array.isArray(errors) ? errors : [];
    const words = listed.map((one: unknown) => {
      const { code, message } = (one ?? {}) as Record<string, unknown>;
      return [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
    });
    const said = [...words, details, error].filter(
      (part): part is string => typeof part === 'string' && part !== '',
    );
    return said.join('; ').replace(/\s+/g, ' ').slice(0, MAX_WORDS);
  } catch {
    return '';
  }
}

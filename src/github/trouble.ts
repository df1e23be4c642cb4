import type { ApiAnswer } from '../platform/ports.js';

/** Why GitHub did not do what it was asked for. Texts are the server's own: outside text. */
export type Trouble =
  /** The token may not do it: 403. */
  | { readonly kind: 'forbidden'; readonly message: string }
  /** The token is not or no longer valid: 401. */
  | { readonly kind: 'unauthorized'; readonly message: string }
  /** No such repository, pull request or commit, or none that the token can see: 404, 410. */
  | { readonly kind: 'not-found'; readonly message: string }
  /** Understood and refused: 422. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Too many requests: 403 and 429. `waitMs` as the server asks for, or a minute, as GitHub documents. */
  | { readonly kind: 'limited'; readonly message: string; readonly waitMs: number }
  | { readonly kind: 'server'; readonly status: number; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'odd'; readonly status: number; readonly message: string };

type Answered = ApiAnswer & { kind: 'answered' };

export type Result =
  | ({ readonly ok: true } & Pick<Answered, 'data' | 'headers'>)
  | { readonly ok: false; readonly trouble: Trouble };

export type Failed = Extract<Result, { ok: false }>;

/** An answer that says that all is well and is not GitHub's: that of a proxy or a login page before it. */
export const notGitHubs = (what: string): Failed => ({
  ok: false,
  trouble: { kind: 'odd', status: 200, message: `the answer is no ${what}` },
});

const MINUTE = 60_000;

/** The answer, or what is wrong with it. Pure. */
export function resultOf(answer: ApiAnswer): Result {
  if (answer.kind === 'unreachable')
    return { ok: false, trouble: { kind: 'unreachable', message: answer.why } };
  const trouble = troubleOf(answer);
  const { data, headers } = answer;
  return trouble === undefined ? { ok: true, data, headers } : { ok: false, trouble };
}

/**
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
function troubleOf(answer: Answered): Trouble | undefined {
  const { status, data } = answer;
  const refusals = errorsOf(data);
  if (status < 400) return refusals === undefined ? undefined : graphqlTrouble(refusals);
  const message = messageOf(data);
  if (status === 429 || (status === 403 && isLimit(answer, message)))
    return { kind: 'limited', message, waitMs: waitOf(answer) };
  if (status === 401) return { kind: 'unauthorized', message };
  if (status === 403) return { kind: 'forbidden', message };
  if (status === 404 || status === 410) return { kind: 'not-found', message };
  if (status === 422) return { kind: 'refused', message };
  return { kind: status >= 500 ? 'server' : 'odd', status, message };
}

const isLimit = ({ headers }: Answered, message: string): boolean =>
  headers['retry-after'] !== undefined ||
  String(headers['x-ratelimit-remaining']) === '0' ||
  /\brate limit/i.test(message);

function waitOf({ headers }: Answered): number {
  const [after] = /^\d{1,9}$/.exec(String(headers['retry-after']).trim()) ?? [];
  if (after !== undefined) return Number(after) * 1000;
  if (String(headers['x-ratelimit-remaining']) !== '0') return MINUTE;
  // By the server's own clock, since ours may be wrong.
  const left = Number(headers['x-ratelimit-reset']) * 1000 - Date.parse(String(headers['date']));
  return Number.isFinite(left) ? Math.max(left, 0) : MINUTE;
}

const errorsOf = (data: unknown): readonly unknown[] | undefined => {
  const { errors } = (data ?? {}) as { errors?: unknown };
  return Array.isArray(errors) && errors.length > 0 ? errors : undefined;
};

/** GraphQL says with status 200 what went wrong. */
function graphqlTrouble(errors: readonly unknown[]): Trouble {
  const { type, message } = (errors[0] ?? {}) as { type?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : 'no reason given';
  switch (type) {
    case 'RATE_LIMITED':
      return { kind: 'limited', message: text, waitMs: MINUTE };
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
      return { kind: 'forbidden', message: text };
    case 'NOT_FOUND':
      return { kind: 'not-found', message: text };
    default:
      return { kind: 'refused', message: text };
  }
}

/** The message of an error's body, with what it says about single fields. */
function messageOf(data: unknown): string {
  if (typeof data === 'string') return data.slice(0, 500);
  const { message, errors } = (data ?? {}) as { message?: unknown; errors?: unknown };
  const details = (Array.isArray(errors) ? errors : []).map((one) =>
    typeof one === 'string' ? one : ((one as { message?: unknown } | null)?.message ?? ''),
  );
  return [message, ...details].filter((one) => typeof one === 'string' && one !== '').join(': ');
}

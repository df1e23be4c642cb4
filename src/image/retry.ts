/**
 * Errors of a pull that a second try may not meet: the network between here and the registry, or the registry's moment of
 * weakness. Not among them: refusals (login, name, platform), a full disk, and rate limits, which do not pass within a run.
 */
const PASSING = [
  /TLS handshake timeout/i,
  /i\/o timeout/i,
  /connection reset by peer/i,
  /unexpected EOF/i,
  /\bEOF\s*$/,
  /context deadline exceeded/i,
  /Client\.Timeout exceeded/i,
  /net\/http: request canceled/i,
  /temporary failure in name resolution/i,
  /server misbehaving/i,
  /(?:received unexpected HTTP status|status(?: code)?):? 5\d\d/i,
  /\b50[0234] (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
] as const;

const LASTING = /toomanyrequests|too many requests|\b429\b|docker\.sock|docker daemon/i;

/** About how long is waited before the second and third try, in milliseconds. */
export const RETRY_WAITS_MS: readonly number[] = [2_000, 6_000];

/** Whether an engine's words about a failed pull describe something that passes by itself. Pure. */
export const isPassing = (text: string): boolean =>
  !LASTING.test(text) && PASSING.some((pattern) => pattern.test(text));

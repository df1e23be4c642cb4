import type { ApiAnswer, Clock } from '../platform/ports.js';
import { type Result, resultOf, type Trouble } from './trouble.js';

/** Sends requests, again where that helps. Never throws for what the other side does. */
export interface Caller {
  /**
   * @param again whether the request may be sent again after an answer that leaves open whether it was carried out; one that GitHub had no time for is sent
   *   again in any case.
   */
  call(send: () => Promise<ApiAnswer>, again?: boolean): Promise<Result>;
  /** Waits, unless that is more than is left; then nothing, and false. */
  pause(ms: number): Promise<boolean>;
}

const TRIES = 3;
/** Before the second and the third try. */
const PAUSES_MS = [1_000, 4_000];

/**
 * @param patienceMs the longest that all waiting together may take: who waits for a job's result should not wait for its comment.
 */
export function createCaller(
  clock: Pick<Clock, 'sleep' | 'spread'>,
  signal: AbortSignal,
  patienceMs = 60_000,
): Caller {
  let left = patienceMs;
  let isDown = false;
  const pause = async (ms: number): Promise<boolean> => {
    if (ms > left || signal.aborted) return false;
    left -= ms;
    await clock.sleep(ms, signal);
    return !signal.aborted;
  };
  const call: Caller['call'] = async (send, again = true) => {
    for (let attempt = 0; ; attempt += 1) {
      const result = resultOf(await send());
      if (result.ok) return result;
      const { trouble } = result;
      const wait = waitBefore(trouble, attempt, again, clock);
      // A network that was down a moment ago is not asked for every call anew.
      const hopeless = trouble.kind === 'unreachable' && isDown;
      if (wait === undefined || hopeless || !(await pause(wait))) {
        isDown ||= trouble.kind === 'unreachable';
        return result;
      }
    }
  };
  return { call, pause };
}

/** Milliseconds before the next try, or undefined where another one is no use. */
function waitBefore(
  trouble: Trouble,
  attempt: number,
  again: boolean,
  { spread }: Pick<Clock, 'spread'>,
): number | undefined {
  if (attempt + 1 >= TRIES) return undefined;
  const usual = PAUSES_MS[attempt] ?? 0;
  switch (trouble.kind) {
    case 'limited':
      return trouble.waitMs;
    case 'server':
      return again ? spread(usual) : undefined;
    case 'unreachable':
      return again && attempt === 0 ? spread(usual) : undefined;
    default:
      return undefined;
  }
}

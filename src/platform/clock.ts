import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './ports.js';

/** The real clock. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    },
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './ports.js';

/** The real clock. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    every: (ms, tick) => {
      const timer = setInterval(tick, ms).unref();
      return () => clearInterval(timer);
    },
    sleep: async (ms, signal) => {
      await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    },
  };
}

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
    spread: (ms) => Math.round(ms * (0.5 + Math.random())),
    sleep: async (ms, signal) => {
      await wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    },
  };
}

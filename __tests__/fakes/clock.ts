import type { Clock } from '../../src/platform/ports.js';

export interface FakeClock extends Clock {
  readonly waits: number[];
}

/** A clock on which waiting takes no time and is remembered, and which stands still. */
export function createFakeClock(now = '2026-11-29T12:00:00Z'): FakeClock {
  const waits: number[] = [];
  return {
    waits,
    now: () => Date.parse(now),
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
}

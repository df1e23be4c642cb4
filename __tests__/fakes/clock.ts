import type { Clock } from '../../src/platform/ports.js';

export interface FakeClock extends Clock {
  readonly waits: number[];
}

/** A clock on which waiting takes no time and is remembered. */
export function createFakeClock(): FakeClock {
  const waits: number[] = [];
  return {
    waits,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
}

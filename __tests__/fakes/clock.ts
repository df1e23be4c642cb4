import type { Clock } from '../../src/platform/ports.js';

export interface FakeClock extends Clock {
  readonly waits: number[];
  /** Lets time pass: whoever asked to be called at times is called once. */
  pass(ms: number): void;
}

/** A clock on which waiting takes no time and is remembered, and which stands still until it is told that time has passed. */
export function createFakeClock(now = '2026-11-29T12:00:00Z'): FakeClock {
  const waits: number[] = [];
  const ticks = new Set<() => void>();
  let at = Date.parse(now);
  return {
    waits,
    now: () => at,
    every: (_, tick) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
    pass: (ms) => {
      at += ms;
      for (const tick of ticks) tick();
    },
    spread: (ms) => ms,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
}

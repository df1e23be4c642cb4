import { describe, expect, it } from '@jest/globals';
import { createClock } from '../../src/platform/clock.js';

describe('the real clock', () => {
  it('spreads a wait from half to one and a half times, and no two alike for long', () => {
    const { spread } = createClock();
    const waits = Array.from({ length: 200 }, () => spread(2_000));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_000);
    expect(new Set(waits).size).toBeGreaterThan(50);
  });

  it('ends a wait with the signal', async () => {
    const stop = new AbortController();
    const began = performance.now();
    const waiting = createClock().sleep(60_000, stop.signal);
    stop.abort();
    await waiting;
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

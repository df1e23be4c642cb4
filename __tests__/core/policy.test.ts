import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../src/core/catalogue.js';
import { decide } from '../../src/core/policy.js';
import { verdictOf } from '../../src/core/verdict.js';

describe('the policy', () => {
  it.each<[Verdict[], Verdict[], boolean, number]>([
    [['works'], ['fails', 'unknown'], true, 0],
    [[], ['fails', 'unknown'], true, 0],
    [['works', 'fails'], ['fails', 'unknown'], false, 1],
    [['works', 'unknown'], ['fails', 'unknown'], false, 2],
    [['unknown', 'fails'], ['fails', 'unknown'], false, 1],
    [['unknown'], ['fails'], true, 0],
    [['fails'], ['unknown'], true, 0],
    [['unknown', 'fails'], ['unknown'], false, 2],
    [['fails', 'unknown'], [], true, 0],
  ])('%j with fail-on %j passes: %s, exit %d', (verdicts, failOn, passed, exitCode) => {
    expect(decide(verdicts, failOn)).toEqual({ passed, exitCode });
  });
});

describe('the verdict', () => {
  it('is that of the leading finding, else depends on what is known', () => {
    expect(verdictOf('driver-too-old', true)).toBe('fails');
    expect(verdictOf('uvm-unavailable', true)).toBe('unknown');
    expect(verdictOf(undefined, true)).toBe('works');
    expect(verdictOf(undefined, false)).toBe('unknown');
  });
});

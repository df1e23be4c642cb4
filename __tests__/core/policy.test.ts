import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../src/core/catalogue.js';
import { DEFAULT_FAIL_ON, decide, parseFailOn } from '../../src/core/policy.js';
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
  it('fails on what fails and on what could not be told, unless it is told otherwise', () => {
    expect(DEFAULT_FAIL_ON).toEqual(['fails', 'unknown']);
  });
  it.each([
    ['fails,unknown', ['fails', 'unknown']],
    ['fails', ['fails']],
    [' Unknown ', ['unknown']],
    ['fails unknown', ['fails', 'unknown']],
    ['never', []],
  ])('reads %j', (text, failOn) => {
    expect(parseFailOn(text)).toEqual({ ok: true, failOn });
  });
  it.each([
    ['works', ['works']],
    ['fails,never', ['never']],
    ['', []],
    ['sometimes,fails', ['sometimes']],
  ])('does not read %j', (text, wrong) => {
    expect(parseFailOn(text)).toEqual({ ok: false, wrong });
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

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CodeRules, cubinRuns, ptxFits } from '../../src/core/device-code.js';
import {
  type ComputeCapability,
  compareCapability,
  parseComputeCapability,
  parseTarget,
  type Target,
} from '../../src/core/target.js';

const target = (text: string): Target => {
  const parsed = parseTarget(text);
  if (parsed === undefined) throw new Error(`not a target: ${text}`);
  return parsed;
};
const gpu = (text: string): ComputeCapability => {
  const parsed = parseComputeCapability(text);
  if (parsed === undefined) throw new Error(`not a compute capability: ${text}`);
  return parsed;
};

const rules: CodeRules = {
  families: [{ target: 'sm_100f', runsOn: ['10.0', '10.3'], s: [] }],
  isEmbedded: ({ major, minor }) => major === 8 && minor === 7,
};

describe('targets', () => {
  it.each([
    ['sm_86', 'cubin', 8, 6, ''],
    ['sm_90a', 'cubin', 9, 0, 'a'],
    ['compute_90', 'ptx', 9, 0, ''],
    ['sm_100f', 'cubin', 10, 0, 'f'],
    ['compute_121a', 'ptx', 12, 1, 'a'],
    [' sm_120 ', 'cubin', 12, 0, ''],
  ])('%s', (raw, kind, major, minor, variant) => {
    expect(parseTarget(raw)).toEqual({ raw, kind, major, minor, variant });
  });
  it.each([
    '',
    'sm_',
    'sm_9',
    'sm_1000',
    'sm_90b',
    'sm90',
    'SM_90',
    'lto_80',
    'compute_9x',
    'xsm_80',
    'sm_80x',
  ])('are not %j', (text) => {
    expect(parseTarget(text)).toBeUndefined();
  });
  it('never fail on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(() => parseTarget(text)).not.toThrow()));
  });
});

describe('compute capabilities', () => {
  it('have two numbers', () => {
    expect(parseComputeCapability('10.3')).toEqual({ raw: '10.3', major: 10, minor: 3 });
    for (const text of ['8', '8.10', '100.0', 'sm_80', '', '8.0.0', 'x8.0'])
      expect(parseComputeCapability(text)).toBeUndefined();
  });
  it('are ordered by major, then minor', () => {
    expect(compareCapability(gpu('9.0'), gpu('10.0'))).toBeLessThan(0);
    expect(compareCapability(gpu('8.9'), gpu('8.6'))).toBeGreaterThan(0);
  });
});

const capability = fc
  .tuple(fc.constantFrom(5, 6, 7, 8, 9, 10, 12), fc.nat({ max: 6 }))
  .map(([major, minor]) => `${major}.${minor}`);

describe('what runs where', () => {
  it('machine code runs on its own GPU whatever its kind', () => {
    fc.assert(
      fc.property(capability, fc.constantFrom('', 'a', 'f'), (text, variant) => {
        expect(cubinRuns(target(`sm_${text.replace('.', '')}${variant}`), gpu(text), rules)).toBe(
          true,
        );
        expect(
          ptxFits(target(`compute_${text.replace('.', '')}${variant}`), gpu(text), rules),
        ).toBe(true);
      }),
    );
  });
  it('machine code never runs on another major, nor on a lower minor', () => {
    fc.assert(
      fc.property(capability, capability, (from, to) => {
        const runs = cubinRuns(target(`sm_${from.replace('.', '')}`), gpu(to), rules);
        const [a, b] = [gpu(from), gpu(to)];
        expect(runs).toBe(a.major === b.major && a.minor <= b.minor);
      }),
    );
  });
  it('PTX goes forward, across majors, and never back', () => {
    fc.assert(
      fc.property(capability, capability, (from, to) => {
        const fits = ptxFits(target(`compute_${from.replace('.', '')}`), gpu(to), rules);
        expect(fits).toBe(compareCapability(gpu(from), gpu(to)) <= 0);
      }),
    );
  });
  it('a family that no table names is judged by its major', () => {
    expect(cubinRuns(target('sm_130f'), gpu('13.1'), rules)).toBe(true);
    expect(cubinRuns(target('sm_131f'), gpu('13.0'), rules)).toBe(false);
    expect(cubinRuns(target('sm_130f'), gpu('14.0'), rules)).toBe(false);
    expect(cubinRuns(target('sm_100f'), gpu('10.7'), rules)).toBe(false);
    expect(ptxFits(target('compute_100f'), gpu('10.3'), rules)).toBe(true);
  });
  it('nothing is promised between Tegra and other GPUs', () => {
    expect(cubinRuns(target('sm_87'), gpu('8.9'), rules)).toBe(false);
    expect(cubinRuns(target('sm_80'), gpu('8.7'), rules)).toBe(false);
    expect(cubinRuns(target('sm_87'), gpu('8.7'), rules)).toBe(true);
    expect(ptxFits(target('compute_80'), gpu('8.7'), rules)).toBe(true);
  });
});

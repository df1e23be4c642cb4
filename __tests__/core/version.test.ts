import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compareCudaMinor,
  compareDotted,
  type DriverVersion,
  driverAtLeast,
  parseCudaVersion,
  parseDotted,
  parseDriverVersion,
  parsePtxIsa,
} from '../../src/core/version.js';

const driver = (text: string): DriverVersion => {
  const version = parseDriverVersion(text);
  if (version === undefined) throw new Error(`not a driver version: ${text}`);
  return version;
};

const numbers = fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 4 });
const nonsense = fc.string().filter((text) => !/^\s*\d{1,7}(\.\d{1,7})*(\.[xX])*\s*$/.test(text));

describe('numbers between dots', () => {
  it('compare as numbers, field by field, missing ones as zero', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const order = compareDotted(a, b);
        expect(Math.sign(compareDotted(b, a))).toBe(-Math.sign(order) || 0);
        expect(compareDotted(a, a)).toBe(0);
        expect(compareDotted(a, [...a, 0])).toBe(0);
        expect(compareDotted(a, [...a, 1])).toBeLessThan(0);
      }),
    );
  });
  it('are ordered transitively', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        const [first = [], , last = []] = [a, b, c].sort(compareDotted);
        expect(compareDotted(first, last)).toBeLessThanOrEqual(0);
      }),
    );
  });
  it.each([
    '',
    '.',
    '1.',
    '.1',
    '1..2',
    '1.a',
    '-1',
    '1.-2',
    '12345678',
    '1 2',
    '1e3',
    '0x10',
    '1.2.3.4.5.6',
  ])('are not %j', (text) => {
    expect(parseDotted(text)).toBeUndefined();
  });
  it('may stand between spaces and have leading zeros', () => {
    expect(parseDotted(' 535.104.05 ')).toEqual([535, 104, 5]);
    expect(parseDotted('1.2.3', 2)).toBeUndefined();
    expect(parseDotted('1234567.1')).toEqual([1234567, 1]);
  });
});

describe('driver versions', () => {
  it.each([
    ['535.104.05', [535, 104, 5], 535, false],
    ['384.81', [384, 81], 384, false],
    ['580', [580], 580, true],
    ['570.x', [570], 570, true],
    ['551.78', [551, 78], 551, false],
    ['100', [100], 100, true],
  ])('%s', (raw, parts, branch, branchOnly) => {
    expect(parseDriverVersion(raw)).toEqual({ raw, parts, branch, branchOnly });
  });
  it.each(['12.4', '99.1', 'R535', '535.104.05-1', 'latest', '10000.1', ''])(
    'are not %j',
    (text) => {
      expect(parseDriverVersion(text)).toBeUndefined();
    },
  );
  it('are kept as they came', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 9999 }), fc.nat({ max: 999 }), (branch, minor) => {
        const raw = `${branch}.${String(minor).padStart(3, '0')}`;
        expect(driver(raw).raw).toBe(raw);
      }),
    );
  });
  it('refuse nonsense', () => {
    fc.assert(fc.property(nonsense, (text) => expect(parseDriverVersion(text)).toBeUndefined()));
  });
  it.each([
    ['525.60.13', '525.60.13', true],
    ['525.60.11', '525.60.13', false],
    ['525.147.05', '525.60.13', true],
    ['470.256.02', '525.60.13', false],
    ['580.65.06', '580', true],
    ['579.99', '580', false],
    // a bare branch stands for its newest release
    ['525', '525.60.13', true],
    ['525', '530.30.02', false],
    ['530', '525.60.13', true],
  ])('%s is at least %s: %s', (have, minimum, expected) => {
    expect(driverAtLeast(driver(have), driver(minimum))).toBe(expected);
  });
});

describe('CUDA versions', () => {
  it.each([
    ['12.8', [12, 8], 12, 8],
    ['12.8.1', [12, 8, 1], 12, 8],
    ['12.8.1.012', [12, 8, 1, 12], 12, 8],
    ['12080', [12, 8], 12, 8],
    ['11040', [11, 4], 11, 4],
    ['9000', [9, 0], 9, 0],
    ['13', [13], 13, 0],
    ['10.2.89', [10, 2, 89], 10, 2],
    ['13.10', [13, 10], 13, 10],
  ])('%s', (raw, parts, major, minor) => {
    expect(parseCudaVersion(raw)).toEqual({ raw, parts, major, minor });
  });
  it.each([
    '',
    '0.1',
    '12.x',
    '12.8-rc1',
    'cuda12',
    '100.1',
    '12.100',
    '123456',
    '999',
    '1.2.3.4.5',
  ])('are not %j', (text) => {
    expect(parseCudaVersion(text)).toBeUndefined();
  });
  it('refuse nonsense', () => {
    fc.assert(fc.property(nonsense, (text) => expect(parseCudaVersion(text)).toBeUndefined()));
  });
  it('say the same as the integer of the API', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.nat({ max: 99 }), (major, minor) => {
        const fromApi = parseCudaVersion(String(major * 1000 + minor * 10));
        expect(fromApi).toMatchObject({ major, minor });
        expect(compareCudaMinor({ major, minor }, { major, minor: minor + 1 })).toBeLessThan(0);
        expect(compareCudaMinor({ major: major + 1, minor: 0 }, { major, minor })).toBeGreaterThan(
          0,
        );
      }),
    );
  });
});

describe('PTX ISA versions', () => {
  it('have two numbers', () => {
    expect(parsePtxIsa('8.7')).toEqual({ raw: '8.7', parts: [8, 7], major: 8, minor: 7 });
    for (const text of ['8', '8.7.1', '', 'isa 8.7']) expect(parsePtxIsa(text)).toBeUndefined();
  });
});

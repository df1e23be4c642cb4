import { describe, expect, it } from '@jest/globals';
import { facts, host, verdict } from './pair.js';

describe('driver and CUDA version', () => {
  it.each([
    // driver, CUDA, expected
    ['525.147.05', '12.1', 'works minor-version-compatibility'],
    ['525.60.13', '12.9.1', 'works minor-version-compatibility'],
    ['525.60.11', '12.1.0', 'fails driver-too-old'],
    ['520.61.05', '12.0.0', 'fails driver-too-old'],
    ['450.80.02', '11.8.0', 'works minor-version-compatibility'],
    ['450.51.06', '11.1.0', 'fails driver-too-old'],
    ['450.51.06', '11.0.3', 'works -'],
    ['450.51.05', '11.0.3', 'fails driver-too-old'],
    ['450.51.05', '11.0', 'works -'],
    ['580.65.06', '13.4.1', 'works minor-version-compatibility'],
    ['575.64.05', '13.0.0', 'fails driver-too-old'],
    ['440.33.01', '10.2', 'works -'],
    ['440.31', '10.2', 'fails driver-too-old'],
    ['615.23', '13.4.2', 'works -'],
    ['610.57.04', '13.4.1', 'works minor-version-compatibility'],
    ['700.10', '13.9', 'works minor-version-compatibility'],
    ['615.71.09', '14.0', 'fails driver-too-old'],
  ])('driver %s, CUDA %s: %s', (driver, cuda, expected) => {
    expect(verdict(facts(host(driver), { cuda }))).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { Facts, ProbeFacts } from '../../src/core/facts.js';
import { facts, host } from './pair.js';

const finding = (given: Facts, id: string) =>
  diagnose(given, []).findings.find((one) => one.id === id);

describe('a kernel that ran on one GPU', () => {
  const runner = host('580.65.06', ['NVIDIA B200', 'NVIDIA B200'], {
    driver: { version: '580.65.06', kernelModule: 'proprietary' },
  });
  const ran = (...codes: number[]): ProbeFacts => ({
    started: true,
    init: { code: 0 },
    gpus: codes.map((code, index) => ({ index, kernel: { code, correct: code === 0 } })),
  });

  it('proves nothing about the other one', () => {
    const given = facts(runner, { cuda: '12.8' }, { probe: ran(0, 999) });
    expect(finding(given, 'open-kernel-module-required')).toMatchObject({ severity: 'error' });
  });

  it('proves the flavour of the module once it ran on all', () => {
    const given = facts(runner, { cuda: '12.8' }, { probe: ran(0, 0) });
    expect(finding(given, 'open-kernel-module-required')).toMatchObject({
      severity: 'notice',
      data: { overruledBy: 'a kernel ran on the GPU' },
    });
  });
});

describe('GPUs without a UUID', () => {
  it("keep the host's own words where the container has as many of the same kind", () => {
    const given = facts(
      host('470.82.01', ['NVIDIA A100-SXM4-80GB']),
      { cuda: '12.2' },
      { probe: { started: true, gpus: [{ index: 0, computeCapability: '8.0' }] } },
    );
    const labels = finding(given, 'driver-too-old')?.evidence.filter(({ what }) => what === 'GPU');
    expect(labels?.map(({ value }) => value)).toEqual(['0: NVIDIA A100-SXM4-80GB (8.0)']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../src/core/diagnose.js';
import type { HostFacts, ImageLibrary } from '../../../src/core/facts.js';
import { facts, host } from '../pair.js';

const nvrtc = (version: string, rest: Partial<ImageLibrary> = {}): ImageLibrary => ({
  name: 'nvrtc',
  version,
  ...rest,
});
const B200 = host('580.95.05', ['NVIDIA B200']);
const findingOn = (libraries: ImageLibrary[], machine: HostFacts = B200) =>
  diagnose(facts(machine, { cuda: '12.8', libraries }), []).findings.find(
    ({ id }) => id === 'runtime-compiler-too-old',
  );

describe('NVRTC of the image', () => {
  it.each<[string, ImageLibrary[], string]>([
    ['of one number', [nvrtc('12')], 'none'],
    ['of no readable version', [nvrtc('new')], 'none'],
    ['of two numbers', [nvrtc('12.6')], '12.6'],
    ['the newest, whatever the order', [nvrtc('12.1.1'), nvrtc('12.6.85'), nvrtc('11.8')], '12.6'],
    ['the loaded one of several', [nvrtc('12.8.1'), nvrtc('12.4.1', { loaded: true })], '12.4'],
    ['of which none is loaded', [nvrtc('12.4.1', { loaded: false })], '12.4'],
    ['another library', [{ name: 'cudart', version: '12.4.1' }], 'none'],
  ])('%s: %s', (_name, libraries, expected) => {
    expect(findingOn(libraries)?.data.cuda ?? 'none').toBe(expected);
  });

  it('is only a warning, and names the GPUs that are newer than it', () => {
    const machine = host('580.95.05', ['NVIDIA A100-SXM4-80GB', 'NVIDIA B200']);
    const finding = findingOn([nvrtc('12.6.85')], machine);
    expect(finding).toMatchObject({
      severity: 'warning',
      data: { gpus: ['1: NVIDIA B200 (10.0)'], computeCapability: '10.0', firstCuda: '12.8' },
    });
  });

  it('says nothing about GPUs of which no table has the first toolkit, or nobody knows any', () => {
    const odd = host('580.95.05', undefined, { gpus: [{ name: 'X', computeCapability: '99.0' }] });
    expect(findingOn([nvrtc('12.6.85')], odd)).toBeUndefined();
    const { unchecked } = diagnose(
      facts(host('580.95.05'), { cuda: '12.8', libraries: [nvrtc('12.6.85')] }),
      [],
    );
    expect(unchecked).toContainEqual({
      what: 'run-time compiler against the GPU',
      why: "the host's GPUs were not given",
    });
  });

  it('is unchecked for no image without one', () => {
    const { unchecked } = diagnose(facts(host('580.95.05'), { cuda: '12.8', libraries: [] }), []);
    expect(unchecked.map(({ what }) => what)).not.toContain('run-time compiler against the GPU');
  });
});

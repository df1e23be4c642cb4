import { describe, expect, it } from '@jest/globals';
import { compare, hasNoCuda, type Judged } from '../../src/core/comparison.js';
import { FACTS_SCHEMA, type Facts } from '../../src/core/facts.js';

const works: Judged = { verdict: 'works', primary: null, findings: [] };
const unknown: Judged = { verdict: 'unknown', primary: null, findings: [] };
const fails: Judged = { verdict: 'fails', primary: 'driver-too-old', findings: [] };
const warned: Judged = {
  verdict: 'works',
  primary: 'minor-version-compatibility',
  findings: [{ id: 'jit-from-ptx' as never, severity: 'warning' }],
};

describe('before against after', () => {
  it.each<[Judged | undefined, Judged, object]>([
    [works, fails, { outcome: 'worse' }],
    [works, unknown, { outcome: 'worse' }],
    [unknown, fails, { outcome: 'worse' }],
    [fails, unknown, { outcome: 'better' }],
    [unknown, works, { outcome: 'better' }],
    [fails, works, { outcome: 'better' }],
    [works, works, { outcome: 'same' }],
    [fails, fails, { outcome: 'same' }],
    [fails, { ...fails, primary: 'no-kernel-for-gpu' }, { outcome: 'same', note: 'other-cause' }],
    [works, { ...works, primary: 'minor-version-compatibility' }, { outcome: 'same' }],
    [works, warned, { outcome: 'same', note: 'new-warning' }],
    [warned, warned, { outcome: 'same' }],
    [warned, works, { outcome: 'same' }],
    [
      warned,
      { ...warned, findings: [{ id: 'cudnn-mismatch', severity: 'warning' }] },
      { outcome: 'same', note: 'new-warning' },
    ],
    [
      { ...works, findings: [{ id: 'cudnn-mismatch', severity: 'notice' }] },
      { ...works, findings: [{ id: 'cudnn-mismatch', severity: 'warning' }] },
      { outcome: 'same', note: 'new-warning' },
    ],
    [
      works,
      { ...works, findings: [{ id: 'cudnn-mismatch', severity: 'notice' }] },
      { outcome: 'same' },
    ],
    [unknown, { ...unknown, primary: 'gpu-busy' }, { outcome: 'same', note: 'other-cause' }],
    [
      fails,
      { ...fails, findings: [{ id: 'cudnn-mismatch', severity: 'error' }] },
      { outcome: 'same', note: 'new-warning' },
    ],
    // It failed before it could be told whether it has to do with CUDA.
    [undefined, { ...unknown, noCuda: true, primary: 'gpu-busy' }, { outcome: 'new' }],
    [undefined, { ...works, noCuda: true }, { outcome: 'new' }],
    [undefined, works, { outcome: 'new' }],
    [undefined, fails, { outcome: 'new' }],
    [undefined, unknown, { outcome: 'new' }],
    [undefined, { ...unknown, noCuda: true }, { outcome: 'new', note: 'no-cuda' }],
    [undefined, { ...fails, noCuda: true }, { outcome: 'new' }],
    [works, { ...unknown, noCuda: true }, { outcome: 'worse' }],
    [unknown, { ...unknown, noCuda: true }, { outcome: 'same', note: 'no-cuda' }],
    [fails, { ...unknown, noCuda: true }, { outcome: 'better', note: 'no-cuda' }],
  ])('%j, then %j', (before, after, expected) => {
    expect(compare(before, after)).toEqual(expected);
  });
});

describe('an image without CUDA', () => {
  it.each([
    [undefined, false],
    [{ reference: 'a' }, false],
    [{ reference: 'postgres:16', env: { PG_VERSION: '16' } }, true],
    [{ reference: 'nvcr.io/x/y:1', env: {} }, false],
    [{ reference: 'a', env: { PATH: '/usr/local/cuda/bin:/bin' } }, false],
    [{ reference: 'a', env: { NVIDIA_VISIBLE_DEVICES: 'all' } }, false],
    [{ reference: 'a', env: {}, labels: { 'com.nvidia.cudnn.version': '9' } }, false],
    [{ reference: 'a', env: {}, frameworks: [{ name: 'torch' }] }, false],
    [{ reference: 'a', env: {}, deviceCode: [{ path: '/x', cubins: ['sm_80'] }] }, false],
    [{ env: {}, frameworks: [{ name: 'x' }], deviceCode: [{ path: '/x' }] }, false],
    [{ env: {}, libraries: [{ name: 'cudart' }] }, false],
    [{ env: {}, frameworks: [], deviceCode: [], libraries: [] }, true],
    [{ env: {}, cuda: '12.8' }, false],
    [{ env: {} }, true],
    [{ env: { CUDA_VERSION: '' } }, false],
    [{ env: {}, labels: { maintainer: 'NVIDIA CORPORATION' } }, false],
    [{ env: {}, labels: { maintainer: 'nobody' } }, true],
    [{ reference: 'ghcr.io/x/My-CUDA:1', env: {} }, false],
  ])('%j: %s', (image, expected) => {
    expect(
      hasNoCuda({ schema: FACTS_SCHEMA, ...(image === undefined ? {} : { image }) } as Facts),
    ).toBe(expected);
  });
});

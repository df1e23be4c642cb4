import { describe, expect, it } from '@jest/globals';
import type { ProbeFacts } from '../../src/core/facts.js';
import { unanswered, untested } from '../../src/core/unanswered.js';

const up: ProbeFacts = { started: true, complete: true, init: { code: 0 } };
const kernel = (...kernels: NonNullable<ProbeFacts['gpus']>[0]['kernel'][]): ProbeFacts => ({
  ...up,
  gpus: kernels.map((one, index) => ({ index, ...(one === undefined ? {} : { kernel: one }) })),
});
const right = { code: 0, correct: true };

describe('what a probe has no answer about', () => {
  it.each<[string, ProbeFacts]>([
    ['a kernel that ran and was compared', kernel(right, { code: 0, correct: false })],
    ['a kernel that failed with a code, which is an answer', kernel({ code: 209 })],
    ['a kernel that hangs', kernel({ timedOut: true })],
    ['a kernel that crashed', kernel({ signal: 'SIGSEGV' })],
    ['a cuInit that failed, after which nothing is asked', { ...up, init: { code: 100 } }],
    ['a cuInit that hangs', { init: { timedOut: true } }],
    ['a cuInit that crashed', { init: { signal: 'SIGSEGV' } }],
    ['no libcuda', { libcuda: { origin: 'absent', error: 'not found' } }],
    ['an empty libcuda', { libcuda: { origin: 'empty' } }],
    ['a stub', { libcuda: { origin: 'stub' } }],
    ['a libcuda that is a file of the image', { libcuda: { origin: 'image' } }],
  ])('is nothing: %s', (_name, probe) => {
    expect(unanswered(probe)).toEqual([]);
    expect(untested(probe)).toBeUndefined();
  });

  it.each<[ProbeFacts, readonly string[]]>([
    [{}, ['libcuda: no answer']],
    [{ libcuda: {} }, ['libcuda: no answer']],
    [{ libcuda: { origin: 'host' } }, ['libcuda: no answer']],
    [{ libcuda: { origin: 'host', error: 'no cuInit' } }, ['libcuda: no cuInit']],
    [{ libcuda: { origin: 'compat', error: 'no cuInit' } }, ['libcuda: no cuInit']],
    [{ init: {} }, ['cuInit: no answer']],
    [{ init: { timedOut: false } }, ['cuInit: no answer']],
    [{ init: { error: 'fork: Resource unavailable' } }, ['cuInit: fork: Resource unavailable']],
    [up, ['cuInit succeeded, and no GPU was tested']],
    [{ ...up, gpus: [] }, ['cuInit succeeded, and no GPU was tested']],
    [kernel(right, undefined), ['GPU 1: it was not tested']],
    [kernel({}), ['GPU 0: it was not tested']],
    [kernel({ error: 'left by itself' }, right), ['GPU 0: left by itself']],
    [kernel({}, {}), ['GPU 0: it was not tested', 'GPU 1: it was not tested']],
    [kernel({ call: 'cuCtxCreate' }), ['GPU 0: cuCtxCreate: it was not tested']],
    // it ended, and nobody looked at what it wrote
    [kernel({ code: 0 }), ['GPU 0: it was not tested']],
  ])('%j: %j', (probe, expected) => {
    expect(unanswered(probe)).toEqual(expected);
    expect(untested(probe)).toBe(['the probe could not test everything:', ...expected].join('\n'));
  });

  it('is no matter of a scan, which asks for no GPU', () => {
    expect(untested({ requestedGpus: 0, started: true, init: {} })).toBeUndefined();
  });
});

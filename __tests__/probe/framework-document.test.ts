import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFacts } from '../../src/contract/facts.js';
import { createFactsCollector } from '../../src/probe/documents.js';
import { frameworkOf } from '../../src/probe/framework-document.js';

/** What the test of torch on two GPUs wrote, the second of which computes wrongly. */
const TORCH = {
  step: 'framework',
  name: 'torch',
  version: '2.9.0+cu128',
  interpreter: '/usr/bin/python3',
  cuda: '12.8',
  cudnn: '9.10.2',
  targets: ['sm_80', 'sm_90a', 'compute_120'],
  available: true,
  devices: [
    {
      index: 0,
      name: 'NVIDIA H100 80GB HBM3',
      correct: true,
      operations: ['matmul', 'convolution'],
      error: null,
    },
    {
      index: 1,
      name: 'NVIDIA H100 80GB HBM3',
      correct: false,
      operations: ['matmul'],
      error: null,
    },
  ],
  nccl: { correct: true, error: null },
  warnings: ['UserWarning: something'],
  error: null,
  stage: 'nccl',
};

function collect(...documents: object[]) {
  const collector = createFactsCollector();
  const taken = documents.map((document) => collector.take({ ...document }));
  return { taken, facts: collector.facts() };
}

describe('a document of step framework', () => {
  it('becomes a fact with every field', () => {
    const { step, ...expected } = TORCH;
    expect(frameworkOf(TORCH)).toEqual(expected);
    const { facts } = collect({ step: 'begin' }, TORCH);
    expect(facts.frameworks).toEqual([expected]);
    expect(facts.lastStep).toBe('framework torch');
  });

  it('keeps what null means: a CPU build and no error', () => {
    expect(frameworkOf({ name: 'torch', cuda: null, available: false, error: null })).toEqual({
      name: 'torch',
      cuda: null,
      available: false,
      error: null,
    });
  });

  it('tells an empty list of devices from none', () => {
    expect(frameworkOf({ name: 'jax', devices: [] })).toEqual({ name: 'jax', devices: [] });
    expect(frameworkOf({ name: 'jax', devices: 'none' })).toEqual({ name: 'jax' });
  });

  it('keeps what the parent adds for a process that hung or crashed', () => {
    expect(frameworkOf({ name: 'jax', stage: 'import', timedOut: true })?.timedOut).toBe(true);
    expect(frameworkOf({ name: 'jax', stage: 'import', signal: 'SIGSEGV' })?.signal).toBe(
      'SIGSEGV',
    );
  });

  it('is taken once for a framework and an interpreter', () => {
    const other = { ...TORCH, interpreter: '/opt/conda/bin/python' };
    const { taken, facts } = collect(TORCH, { ...TORCH, available: false }, other);
    expect(taken).toEqual([true, false, true]);
    expect(facts.frameworks?.map(({ available }) => available)).toEqual([true, true]);
  });

  it.each([
    ['no name', {}],
    ['a name that is no package', { name: 'torch\n::error::' }],
    ['a name of a wrong type', { name: ['torch'] }],
  ])('is not taken with %s', (_what, document) => {
    expect(frameworkOf(document)).toBeUndefined();
  });

  it.each([
    ['version', 'version\n2'],
    ['version', `2.${'0'.repeat(90)}`],
    ['cuda', 'twelve'],
    ['cudnn', 9],
    ['targets', ['sm_80; rm', 7]],
    ['targets', 'sm_80'],
    ['available', 'yes'],
    ['stage', 'later'],
    ['signal', 'KILL'],
    ['timedOut', 1],
    ['error', 'e'.repeat(4097)],
    ['warnings', [1, '']],
    ['nccl', { correct: 'yes' }],
  ])('leaves out a wrong %s (case %#)', (field, value) => {
    expect(frameworkOf({ name: 'torch', [field]: value })).toEqual({ name: 'torch' });
  });

  it('leaves out devices without an index and those that come twice', () => {
    const devices = [
      { index: -1 },
      null,
      { index: 1 },
      { index: 1, correct: false },
      { index: '2' },
    ];
    expect(frameworkOf({ name: 'torch', devices })?.devices).toEqual([{ index: 1 }]);
  });

  it('is bounded, whatever is listed', () => {
    const many = Array.from({ length: 5000 }, (_, index) => index);
    const framework = frameworkOf({
      name: 'torch',
      devices: many.map((index) => ({ index })),
      targets: many.map((index) => `sm_${(index % 900) + 100}`),
      warnings: many.map(String),
    });
    expect(framework?.devices).toHaveLength(64);
    expect(framework?.targets).toHaveLength(64);
    expect(framework?.warnings).toHaveLength(16);
    const { facts } = collect(...many.map((index) => ({ step: 'framework', name: `x${index}` })));
    expect(facts.frameworks).toHaveLength(64);
  });

  it('gives valid facts of anything', () => {
    fc.assert(
      fc.property(
        fc.record(
          Object.fromEntries(
            Object.entries(TORCH).map(([field, value]) => [
              field,
              fc.oneof(fc.constant(value), fc.jsonValue()),
            ]),
          ),
          { requiredKeys: [] },
        ),
        (document) => {
          const frameworks = [frameworkOf(document) ?? { name: 'none' }];
          const facts = { schema: 'cuda-image-check/facts@1', probe: { frameworks } };
          const read = parseFacts(JSON.stringify(facts), 'facts');
          expect(read).toMatchObject({ ok: true, facts: [{ probe: { frameworks } }] });
        },
      ),
    );
  });
});

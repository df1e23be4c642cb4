import { expect, it } from '@jest/globals';
import { diagnose } from '../../../src/core/diagnose.js';
import { facts, host } from '../pair.js';

const V100 = 'Tesla V100-SXM2-16GB';
const computed = (index: number) => ({ index, name: V100, correct: true });

it.each([
  ['neither computed', [], ['0: Tesla V100-SXM2-16GB (7.0)', '1: Tesla V100-SXM2-16GB (7.0)']],
  ['the first one computed', [computed(0)], ['1: Tesla V100-SXM2-16GB (7.0)']],
])('names the GPUs without an architecture of the CUDA version: %s', (_, devices, expected) => {
  const torch = { name: 'torch', version: '2.9.0', cuda: '13.0' };
  const { findings } = diagnose(
    facts(
      host('580.95.05', [V100, V100]),
      { cuda: '13.0.1', frameworks: [torch] },
      {
        probe: {
          started: true,
          init: { code: 0 },
          frameworks: [{ ...torch, available: true, devices, error: null }],
        },
      },
    ),
    [],
  );
  const found = findings.find(({ id }) => id === 'gpu-architecture-dropped');
  expect(found?.severity).toBe('error');
  expect(found?.data.gpus).toEqual(expected);
});

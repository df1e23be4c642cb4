import { describe, expect, it } from '@jest/globals';
import { isSecondary } from '../../src/core/environments.js';
import type { ImageFacts, ProbeFacts, ProbeFramework } from '../../src/core/facts.js';
import { FACTS_SCHEMA } from '../../src/core/facts.js';
import { failedTests, fellBack, isBeside } from '../../src/core/framework-test.js';
import { type GpuView, viewHost } from '../../src/core/host-view.js';
import { viewImage } from '../../src/core/image-view.js';
import { seenIn } from '../../src/core/seen.js';
import { createTables } from '../../src/core/tables.js';
import { parseCudaVersion } from '../../src/core/version.js';
import { createKnowledge } from '../../src/knowledge/index.js';
import { facts } from './pair.js';

const tables = createTables(createKnowledge());
const { gpus } = viewHost({ gpus: [{ name: 'NVIDIA L4' }, { name: 'NVIDIA L4' }] }, tables);
const [first, second] = (gpus.known ? gpus.value : []) as [GpuView, GpuView];
const seen = (probe: ProbeFacts | undefined, image: ImageFacts = {}) =>
  seenIn(probe, viewImage(image, tables), (index) => [first, second][index]);
const right = (name: string, cuda?: string | null, ...indexes: number[]): ProbeFramework => ({
  name,
  ...(cuda === undefined ? {} : { cuda }),
  devices: (indexes.length > 0 ? indexes : [0]).map((index) => ({ index, correct: true })),
});

describe('what a run proved', () => {
  it('is nothing without one', () => {
    const { started, initialised, runtimeWorks, computed, ...rest } = seen(undefined);
    expect([started, initialised, runtimeWorks, computed]).toEqual([false, false, false, false]);
    expect(rest.computedOn(first)).toBe(false);
    expect(rest.computedBy('torch')).toBe(false);
    expect(rest.kernelRanOn(first)).toBe(false);
    expect(rest.acceptedFor({ cuda: need('12.8'), owner: 'image' })).toBeUndefined();
  });

  it.each<[ProbeFacts, object]>([
    [{}, { started: false, initialised: false, runtimeWorks: false, computed: false }],
    [{ started: false }, { started: false }],
    [{ started: true }, { started: true, initialised: false, runtimeWorks: false }],
    [{ init: { code: 0 } }, { started: true, initialised: true, runtimeWorks: false }],
    [{ init: { code: 100 } }, { started: true, initialised: false }],
    [{ runtime: { code: 35 } }, { started: true, runtimeWorks: false }],
    [{ runtime: { code: 0 } }, { started: true, runtimeWorks: true, computed: false }],
    [{ frameworks: [right('torch')] }, { started: false, runtimeWorks: true, computed: true }],
    [{ frameworks: [{ name: 'torch' }] }, { runtimeWorks: false, computed: false }],
    [
      { frameworks: [{ name: 'torch', devices: [{ index: 0, correct: false }, { index: 1 }] }] },
      { runtimeWorks: false, computed: false },
    ],
    // Triton compiles where it runs, which says nothing of the code in the image.
    [{ frameworks: [right('triton')] }, { runtimeWorks: false, computed: false }],
  ])('by %j: %j', (probe, expected) => {
    expect(seen(probe)).toMatchObject(expected);
  });

  it('is of the GPU and the framework that it was seen on', () => {
    const one = seen({
      frameworks: [right('torch', undefined, 1)],
      gpus: [{ index: 0, kernel: { code: 0 } }, { index: 1, kernel: { code: 209 } }, { index: 2 }],
    });
    expect([one.computedOn(first), one.computedOn(second)]).toEqual([false, true]);
    expect([one.computedBy('torch'), one.computedBy('jax')]).toEqual([true, false]);
    expect([one.kernelRanOn(first), one.kernelRanOn(second)]).toEqual([true, false]);
  });
});

function need(text: string) {
  const cuda = parseCudaVersion(text);
  if (cuda === undefined) throw new Error(text);
  return cuda;
}

describe('what proves that the driver serves a CUDA version', () => {
  const by = (probe: ProbeFacts, cuda: string, image?: ImageFacts, framework?: string) =>
    seen(probe, image).acceptedFor({ cuda: need(cuda), owner: 'x', framework }) ?? 'nothing';
  const runtime = (version?: string): ProbeFacts => ({
    runtime: { code: 0, ...(version === undefined ? {} : { version }) },
  });
  const RUNTIME = "the image's runtime accepted the driver";

  it.each<[string | undefined, string, string]>([
    ['12.8', '12.8', RUNTIME],
    // from CUDA 11 on one release of a major stands for its others
    ['12.1', '12.8', RUNTIME],
    ['11.0', '11.8', RUNTIME],
    ['13.0', '12.8', RUNTIME],
    ['11.8', '12.0', 'nothing'],
    ['10.2', '10.1', RUNTIME],
    ['10.1', '10.1', RUNTIME],
    ['10.0', '10.1', 'nothing'],
    ['11.0', '10.2', RUNTIME],
    [undefined, '12.8', RUNTIME],
  ])('a runtime of %s for %s: %s', (version, cuda, expected) => {
    expect(by(runtime(version), cuda)).toBe(expected);
  });

  it('is no runtime that refused it', () => {
    expect(by({ runtime: { code: 35, version: '12.8' } }, '12.8')).toBe('nothing');
  });

  it('is a framework that computed, for its own need whatever its version, for others by it', () => {
    const torch = { frameworks: [right('torch', '12.8')] };
    expect(by(torch, '13.0', {}, 'torch')).toBe('it computed on a GPU');
    expect(by(torch, '13.0', {}, 'jax')).toBe('nothing');
    expect(by(torch, '13.0')).toBe('nothing');
    expect(by(torch, '12.9')).toBe('torch computed on a GPU');
    expect(by(torch, '12.9', {}, 'jax')).toBe('torch computed on a GPU');
  });

  it('is a framework of the version that it says itself, else that the image says', () => {
    const image = {
      frameworks: [
        { name: 'jax', cuda: '11.8' },
        { name: 'torch', cuda: '12.6' },
      ],
    };
    expect(by({ frameworks: [right('torch')] }, '12.0', image)).toBe('torch computed on a GPU');
    expect(by({ frameworks: [right('torch')] }, '13.0', image)).toBe('nothing');
    expect(by({ frameworks: [right('torch', null)] }, '13.0', image)).toBe('nothing');
    expect(by({ frameworks: [right('torch', '13.0')] }, '13.0', image)).toBe(
      'torch computed on a GPU',
    );
    expect(by({ frameworks: [right('cupy')] }, '13.0', image)).toBe('cupy computed on a GPU');
  });
});

describe('a framework’s own test', () => {
  const failed = (frameworks: ProbeFramework[], image: ImageFacts = {}) =>
    failedTests(facts({}, image, { probe: { frameworks } })).map(({ name }) => name);
  const fine = right('torch', '12.8');

  it.each<[string, Partial<ProbeFramework>, boolean]>([
    ['went well', {}, false],
    ['is of a build with CUDA that sees no GPU', { available: false }, true],
    ['is of a CPU build, which sees none', { available: false, cuda: null }, false],
    ['hung', { timedOut: true }, true],
    ['did not hang', { timedOut: false }, false],
    ['crashed', { signal: 'SIGSEGV' }, true],
    ['gave an error', { error: 'no driver' }, true],
    ['gave no error', { error: null }, false],
    [
      'was wrong on one GPU',
      {
        devices: [
          { index: 0, correct: true },
          { index: 1, correct: false },
        ],
      },
      true,
    ],
    ['gave an error on one GPU', { devices: [{ index: 0, error: 'out of memory' }] }, true],
    ['gave none on a GPU', { devices: [{ index: 0, error: null }] }, false],
    ['was wrong over all GPUs', { nccl: { correct: false } }, true],
    ['gave an error over all GPUs', { nccl: { error: 'timeout' } }, true],
    ['went well over all GPUs', { nccl: { correct: true, error: null } }, false],
  ])('%s: %j failed %s', (_name, rest, expected) => {
    expect(failed([{ ...fine, ...rest }])).toEqual(expected ? ['torch'] : []);
  });

  it('counts a Python that does not start only where the image needs it', () => {
    const python = { name: 'python', error: 'status 127' };
    const image = { frameworks: [{ name: 'torch' }] };
    expect(failed([python], image)).toEqual(['python']);
    expect(failed([python, fine], image)).toEqual([]);
    expect(failed([python])).toEqual([]);
    expect(failed([python], { frameworks: [] })).toEqual([]);
    expect(failedTests({ schema: facts({}, {}).schema })).toEqual([]);
    expect(failedTests({ schema: facts({}, {}).schema, probe: { frameworks: [python] } })).toEqual(
      [],
    );
  });

  it('fell back to the CPU, if it has CUDA and says that it can use no GPU', () => {
    expect(fellBack({ name: 'torch', available: false })).toBe(true);
    expect(fellBack({ name: 'torch', available: false, cuda: '12.8' })).toBe(true);
    expect(fellBack({ name: 'torch', available: false, cuda: null })).toBe(false);
    expect(fellBack({ name: 'torch', available: true })).toBe(false);
    expect(fellBack({ name: 'torch' })).toBe(false);
  });

  it('is beside the point of what is built on another', () => {
    for (const name of ['triton', 'flash_attn', 'Flash-Attn', 'xformers', 'bitsandbytes']) {
      expect(isSecondary({ name })).toBe(true);
      expect(isBeside({ name, error: 'x' }, { schema: FACTS_SCHEMA })).toBe(true);
    }
    for (const name of ['torch', 'tensorflow', 'jax', 'vllm'])
      expect(isSecondary({ name })).toBe(false);
  });

  it('is beside the point of a TensorFlow without a GPU, where another one computed', () => {
    const tensorflow: ProbeFramework = { name: 'tensorflow', available: false };
    const beside = (one: ProbeFramework, ...others: ProbeFramework[]) =>
      isBeside(one, { schema: FACTS_SCHEMA, probe: { frameworks: [one, ...others] } });
    expect(beside(tensorflow, fine)).toBe(true);
    expect(beside(tensorflow)).toBe(false);
    expect(isBeside(tensorflow, { schema: FACTS_SCHEMA })).toBe(false);
    expect(beside(tensorflow, { ...fine, timedOut: true })).toBe(false);
    expect(beside(tensorflow, { name: 'torch' })).toBe(false);
    expect(beside(tensorflow, { name: 'torch', devices: [{ index: 0 }] })).toBe(false);
    expect(beside(tensorflow, right('triton'))).toBe(false);
    expect(beside({ ...tensorflow, available: true, timedOut: true }, fine)).toBe(false);
    expect(beside({ name: 'jax', available: false }, fine)).toBe(false);
    // It stands for itself, not for another.
    const odd = { ...tensorflow, devices: [{ index: 0, correct: true }] };
    expect(beside(odd)).toBe(false);
  });
});

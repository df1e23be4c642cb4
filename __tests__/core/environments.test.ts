import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { Facts, ImageFacts, ProbeFramework } from '../../src/core/facts.js';
import { recogniseFacts } from '../../src/recognise/recognise.js';
import { facts, host } from './pair.js';

const ON = '/opt/venv/bin/python';
const OFF = '/opt/conda/envs/old/bin/python3.9';
const ON_SITE = '/opt/venv/lib/python3.11/site-packages';
const OFF_SITE = '/opt/conda/envs/old/lib/python3.9/site-packages';

const computed: ProbeFramework = {
  name: 'torch',
  version: '2.9.0+cu128',
  cuda: '12.8',
  interpreter: ON,
  onPath: true,
  path: `${ON_SITE}/torch/__init__.py`,
  available: true,
  devices: [{ index: 0, correct: true, error: null }],
  error: null,
};
const failed: ProbeFramework = {
  name: 'torch',
  version: '1.10.0',
  cuda: '11.3',
  interpreter: OFF,
  onPath: false,
  path: `${OFF_SITE}/torch/__init__.py`,
  available: true,
  devices: [
    {
      index: 0,
      error: 'CUDA error: no kernel image is available for execution on the device',
    },
  ],
  stage: 'compute',
};
const image: ImageFacts = {
  cuda: '12.8.1',
  frameworks: [
    { name: 'torch', version: '2.9.0+cu128', cuda: '12.8', path: ON_SITE, onPath: true },
    { name: 'torch', version: '1.10.0', cuda: '11.3', path: OFF_SITE, onPath: false },
  ],
};

const judged = (frameworks: ProbeFramework[], more: Partial<ImageFacts> = {}) => {
  const given: Facts = facts(
    host('580.95.05', ['NVIDIA L4']),
    { ...image, ...more },
    {
      probe: {
        started: true,
        complete: true,
        init: { code: 0 },
        runtime: { code: 0, version: '12.8' },
        gpus: [{ index: 0, kernel: { code: 0, correct: true } }],
        frameworks,
      },
    },
  );
  return diagnose(given, recogniseFacts(given));
};

describe('a Python environment that is not on PATH', () => {
  it('warns of its failure by name, and leaves the verdict to what is on PATH', () => {
    const { verdict, primary, findings } = judged([computed, failed]);
    expect(verdict).toBe('works');
    expect(primary).not.toBe('no-kernel-for-gpu');
    const finding = findings.find(({ id }) => id === 'no-kernel-for-gpu');
    expect(finding?.severity).toBe('warning');
    expect(finding?.evidence).toContainEqual({
      what: 'Python that is not on PATH',
      value: OFF,
      from: 'probe',
    });
  });

  it('fails the image where the one on PATH fails, whatever it computed itself', () => {
    const swapped = [
      { ...failed, interpreter: ON, onPath: true, path: `${ON_SITE}/torch/__init__.py` },
      { ...computed, interpreter: OFF, onPath: false, path: `${OFF_SITE}/torch/__init__.py` },
    ];
    expect(judged(swapped).verdict).toBe('fails');
  });

  it.each<[string, ProbeFramework[], Partial<ImageFacts>]>([
    ['nothing on PATH has a framework', [failed], {}],
    [
      'what is on PATH has another framework',
      [{ ...computed, name: 'jax', path: `${ON_SITE}/jax/__init__.py` }, failed],
      {},
    ],
    [
      'it has a framework beside that nothing on PATH has',
      [
        computed,
        failed,
        { ...computed, name: 'vllm', interpreter: OFF, onPath: false, path: `${OFF_SITE}/vllm.py` },
      ],
      {},
    ],
    [
      'what is on PATH is a build without CUDA',
      [{ name: 'torch', cuda: null, interpreter: ON, onPath: true, available: false }, failed],
      {},
    ],
    [
      'what is on PATH is an extension alone',
      [
        { ...computed, name: 'triton' },
        { ...failed, name: 'torch' },
      ],
      {},
    ],
    [
      'the entry point is a program of it',
      [computed, failed],
      { entrypoint: ['/opt/conda/envs/old/bin/uvicorn', 'app:app'] },
    ],
    [
      'the entry point is a shell that names it',
      [computed, failed],
      { entrypoint: ['sh', '-c', 'exec /opt/conda/envs/old/bin/python serve.py'] },
    ],
    [
      'the entry point names it to Conda',
      [computed, failed],
      { entrypoint: ['conda', 'run', '-n', 'old', 'python', 'serve.py'] },
    ],
    ['facts do not say whether it is on PATH', [computed, withoutPlace(failed)], {}],
  ])('is what the image is about when %s', (_, frameworks, more) => {
    expect(judged(frameworks, more).verdict).toBe('fails');
  });

  it('brings neither its device code, nor its frameworks, nor what it lacks into the judgement', () => {
    const more: Partial<ImageFacts> = {
      files: { complete: true },
      deviceCode: [
        { path: `${ON_SITE}/torch/lib/libtorch_cuda.so`, cubins: ['sm_89'] },
        { path: `${OFF_SITE}/torch/lib/libtorch_cuda.so`, cubins: ['sm_70'] },
      ],
      missingLibraries: [
        { soname: 'libcudnn.so.8', neededBy: `${OFF_SITE}/torch/lib/libtorch_cuda.so` },
      ],
    };
    const { verdict, findings, unchecked } = judged([computed], more);
    expect(verdict).toBe('works');
    expect(findings.map(({ id }) => id)).not.toContain('cuda-library-missing');
    expect(unchecked).toContainEqual({
      what: 'Python environments off PATH',
      why: `torch 1.10.0 in ${OFF_SITE}: the image's programs get another Python, which has the same frameworks`,
    });
    const swapped = judged([], {
      ...more,
      deviceCode: [
        { path: `${ON_SITE}/torch/lib/libtorch_cuda.so`, cubins: ['sm_70'] },
        { path: `${OFF_SITE}/torch/lib/libtorch_cuda.so`, cubins: ['sm_89'] },
      ],
    });
    expect(swapped.primary).toBe('no-kernel-for-gpu');
  });

  it('that was not tested for lack of time is no failure', () => {
    const untested: ProbeFramework = {
      name: 'torch',
      interpreter: OFF,
      onPath: false,
      path: `${OFF_SITE}/torch/__init__.py`,
      stage: 'start',
      untested: true,
    };
    const { verdict, findings } = judged([computed, untested]);
    expect(verdict).toBe('works');
    expect(findings.map(({ severity }) => severity)).not.toContain('warning');
  });
});

describe('a Python that does not start', () => {
  const broken: ProbeFramework = {
    name: 'python',
    interpreter: OFF,
    onPath: false,
    error: 'its process left by itself with status 127',
    stage: 'start',
    packages: ['torch'],
  };

  it('names the frameworks among its packages, and where they are', () => {
    const { verdict, unchecked } = judged([computed, broken], {
      frameworks: [
        ...(image.frameworks ?? []),
        { name: 'vllm', version: '0.9.1', cuda: '12.8', path: OFF_SITE, onPath: false },
      ],
    });
    expect(verdict).toBe('works');
    expect(unchecked).toContainEqual({
      what: "the frameworks' own tests",
      why: `torch 1.10.0 in ${OFF_SITE}: ${OFF} does not start; vllm 0.9.1 in ${OFF_SITE}: a Python of the image does not start`,
    });
  });

  it('leads where it is the one on PATH, whatever another computed', () => {
    const onPath = { ...broken, interpreter: ON, onPath: true };
    const elsewhere = { ...computed, interpreter: OFF, onPath: false };
    expect(judged([onPath, elsewhere]).verdict).toBe('unknown');
    expect(judged([onPath]).verdict).toBe('unknown');
  });

  it('is nobody’s concern where it has no framework', () => {
    const onPath = { ...broken, interpreter: ON, onPath: true, packages: [] };
    expect(judged([onPath, computed]).verdict).toBe('works');
    expect(judged([onPath]).verdict).toBe('works');
  });
});

function withoutPlace({ onPath: _, ...rest }: ProbeFramework): ProbeFramework {
  return rest;
}

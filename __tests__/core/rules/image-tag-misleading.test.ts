import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../src/core/diagnose.js';
import type { HostFacts, ImageFacts } from '../../../src/core/facts.js';
import { facts, host } from '../pair.js';

const L4 = host('580.95.05', ['NVIDIA L4']);
const noteOn = (image: ImageFacts, machine: HostFacts = L4) =>
  diagnose(facts(machine, image), []).findings.find(({ id }) => id === 'image-tag-misleading');

/** What the note says that the tag names, of an image whose CUDA is none of those; `moves` without a number, `no note` else. */
function named(reference: string): string {
  const note = noteOn({ reference, cuda: '11.0' });
  return note === undefined ? 'no note' : (note.data.text ?? 'moves');
}

describe('the CUDA version that a tag names', () => {
  it.each([
    ['a/b:cuda11.8', '11.8'],
    ['a/b:2.1-CUDA12.1.1-devel', '12.1.1'],
    ['a/b:cuda-12', '12'],
    ['a/b:cuda_12.4', '12.4'],
    ['a/b:cuda.12.10', '12.10'],
    ['a/b:cuda-v12.4', '12.4'],
    ['a/b:cudav9', '9'],
    ['a/b:v1-cuda12-x', '12'],
    ['a/b:cuda121', '12.1'],
    ['a/b:cuda-121', '12.1'],
    ['a/b:cuda_1281', '12.8.1'],
    ['a/b:cu118', '11.8'],
    ['a/b:CU118-py311', '11.8'],
    ['a/b:2.9.0-cu130-x', '13.0'],
    ['a/b:cu1281', '12.8.1'],
    ['a/b:cu12', '12'],
    ['a/b:cu12a', '12'],
    ['registry.example.org:5000/a/b:cu118', '11.8'],
    // as far as it can be read
    ['a/b:cuda12.4.1.2', '12'],
    ['a/b:cuda12.345', '12'],
    // the first majors and the last ones that this number can mean
    ['a/b:cuda7.5', '7.5'],
    ['a/b:cuda29.1', '29.1'],
  ])('%s: %s', (reference, expected) => {
    expect(named(reference)).toBe(expected);
  });

  it.each([
    ['a/b:cuda0'],
    ['a/b:cuda6.5'],
    ['a/b:cuda30.1'],
    ['a/b:barracuda12'],
    ['a/b:xcu118'],
    ['a/b:9cu118'],
    ['a/b:cu1'],
    ['a/b:cu12812'],
    ['a/b:cuda12812'],
    ['a/b:1.0-ubuntu2204-py310'],
    // a digest pins the image, whatever the tag beside it says
    ['a/b:cu118@sha256:00'],
  ])('%s: none', (reference) => {
    expect(named(reference)).toBe('no note');
  });

  it('is the number at the front, in NVIDIA’s CUDA images alone', () => {
    expect(named('nvidia/cuda:12.1.0-base-ubuntu22.04')).toBe('12.1.0');
    expect(named('nvidia/cuda:12.10.11')).toBe('12.10.11');
    expect(named('nvidia/cuda:10.2')).toBe('10.2');
    expect(named('nvcr.io/nvidia/cuda:12.1-runtime')).toBe('12.1');
    expect(named('nvidia/cuda:v12.1.0-base')).toBe('no note');
    expect(named('nvidia/cuda:12-base')).toBe('no note');
    expect(named('nvidia/cuda:12.1.0rc1-base')).toBe('no note');
    expect(named('nvidia/cuda-samples:12.1.0')).toBe('no note');
    expect(named('mynvidia/cuda:12.1.0')).toBe('no note');
    expect(named('a/b:12.1.0-base')).toBe('no note');
  });
});

describe('a tag that moves', () => {
  it.each([
    'a/b:latest',
    'a/b:nightly',
    'a/b:main',
    'a/b:master',
    'a/b:edge',
    'a/b:dev',
    'a/b:stable',
    'a/b:latest-gpu',
    'a/b:latest-gpu-full',
    'a/b',
    'localhost:5000/a/b',
    'nvidia/cuda:latest',
  ])('%s', (reference) => {
    expect(named(reference)).toBe('moves');
  });

  it.each([
    'a/b:v1-latest',
    'a/b:latest-2',
    'a/b:latest2',
    'a/b:mainline',
    'a/b:latest@sha256:00',
    'a/b@sha256:00',
    'my own build:latest',
    '',
  ])('not %s', (reference) => {
    expect(named(reference)).toBe('no note');
  });

  it('shows itself, `latest` where none is written, and every version inside once', () => {
    const image: ImageFacts = {
      reference: 'a/b',
      cuda: '12.8.1',
      env: { CUDA_VERSION: '12.8.1' },
      frameworks: [{ name: 'torch', cuda: '12.6' }, { name: 'jax' }],
    };
    expect(noteOn(image)).toEqual({
      id: 'image-tag-misleading',
      severity: 'notice',
      data: { image: 'a/b', cuda: '12.8.1', notes: ['12.8.1', '12.6'] },
      evidence: [
        { what: 'tag of the image', value: 'latest', from: 'image reference' },
        { what: 'CUDA version in the image', value: '12.8.1, 12.6', from: 'image' },
      ],
    });
  });

  it('is no matter of an image in which nothing has a CUDA version', () => {
    const arm = host('580.95.05', ['NVIDIA L4'], { platform: 'linux/arm64' });
    const image: ImageFacts = { reference: 'a/b:latest', platform: 'linux/amd64' };
    const { findings } = diagnose(facts(arm, image), []);
    expect(findings.map(({ id }) => id)).toEqual(['platform-mismatch']);
  });

  it('is no matter of an image without a reference', () => {
    expect(noteOn({ cuda: '12.8.1' })).toBeUndefined();
  });
});

describe('a tag agrees', () => {
  const agreed = (reference: string, image: ImageFacts) =>
    noteOn({ reference, ...image }) === undefined;

  it.each<[string, ImageFacts, boolean]>([
    ['a/b:cu128', { cuda: '12.8.1' }, true],
    ['a/b:cu121', { cuda: '12.8' }, false],
    ['a/b:cu121', { cuda: '12.8.1' }, false],
    ['a/b:cu1280', { cuda: '12.8.1' }, true],
    ['a/b:cuda12', { cuda: '12.8.1' }, true],
    ['a/b:cuda12', { cuda: '11.8' }, false],
    ['a/b:cu124', { cuda: '12' }, true],
    ['a/b:cu118', { cuda: '12' }, false],
  ])('%s with %j: %s', (reference, image, expected) => {
    expect(agreed(reference, image)).toBe(expected);
  });

  it('with anything inside that has a version: the image, its environment, a framework, a runtime', () => {
    expect(agreed('a/b:cu118', { cuda: '12.4', env: { CUDA_VERSION: '11.8.0' } })).toBe(true);
    expect(agreed('a/b:cu124', { cuda: '12.4', env: { CUDA_VERSION: '11.8.0' } })).toBe(true);
    expect(agreed('a/b:cu118', { cuda: '12.4', env: { NCCL_VERSION: '11.8.0' } })).toBe(false);
    const frameworks = [{ name: 'jax' }, { name: 'torch', cuda: '11.8' }];
    expect(agreed('a/b:cu118', { cuda: '12.4', frameworks })).toBe(true);
    const libraries = [{ name: 'cudart', version: '11.8.89' }];
    expect(agreed('a/b:cu118', { cuda: '12.4', libraries })).toBe(true);
  });
});

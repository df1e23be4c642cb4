import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { HostFacts, ImageFacts } from '../../src/core/facts.js';
import { facts, host } from './pair.js';

const A100 = 'NVIDIA A100-SXM4-80GB';
const V100 = 'Tesla V100-SXM2-16GB';
const RTX5090 = 'NVIDIA GeForce RTX 5090';
const variants = (machine: HostFacts, image: ImageFacts) =>
  diagnose(facts(machine, image), []).findings.find(({ data }) => data.variants !== undefined)?.data
    .variants;
const torch = (version: string, cuda?: string): ImageFacts => ({
  cuda: cuda ?? '13.0',
  frameworks: [{ name: 'PyTorch', version, ...(cuda === undefined ? {} : { cuda }) }],
});

describe('builds of the same PyTorch that would fit', () => {
  it('are the other ones that the driver serves and that have code for all GPUs', () => {
    expect(variants(host('570.124.06', [A100]), torch('2.9.0+cu130', '13.0'))).toEqual([
      'torch 2.9.0+cu129',
      'torch 2.9.0+cu128',
      'torch 2.9.0+cu126',
    ]);
    expect(variants(host('580.95.05', [RTX5090]), torch('2.7.1', '12.6'))).toEqual([
      'torch 2.7.1+cu128',
    ]);
    expect(variants(host('580.95.05', [V100, RTX5090]), torch('2.9.0', '12.6'))).toEqual([
      'torch 2.9.0+cu129',
      'torch 2.9.0+cu128',
    ]);
    expect(variants(host('580.95.05', [V100]), torch('2.9.0', '13.0'))).toEqual([
      'torch 2.9.0+cu129',
      'torch 2.9.0+cu128',
      'torch 2.9.0+cu126',
    ]);
  });

  it('are none of a release that no table has, of no version, and without PyTorch', () => {
    const old = host('570.124.06', [A100]);
    expect(variants(old, torch('1.0.7+cu130', '13.0'))).toEqual([]);
    expect(variants(old, { cuda: '13.0', frameworks: [{ name: 'torch', cuda: '13.0' }] })).toEqual(
      [],
    );
    expect(
      variants(old, { cuda: '13.0', frameworks: [{ name: 'jax', version: '2.9.0' }] }),
    ).toEqual([]);
    expect(variants(old, { cuda: '13.0' })).toEqual([]);
  });

  it('are none where no GPU is known, which only some builds have code for', () => {
    expect(variants(host('570.124.06'), torch('2.9.0', '13.0'))).toEqual([]);
  });

  it('take a GPU of which nothing is known for one that they may serve', () => {
    expect(variants(host('570.124.06', ['Unheard-of']), torch('2.9.0', '13.0'))).toHaveLength(3);
  });

  it('leave out the one of the image, and are told for each anew', () => {
    const machine = host('535.104.05', [A100]);
    expect(variants(machine, torch('2.9.0', '13.0'))).toContain('torch 2.9.0+cu126');
    const both = facts(machine, { ...torch('2.9.0', '12.6'), cuda: '13.0' });
    expect(diagnose(both, []).findings[0]?.data.variants).not.toContain('torch 2.9.0+cu126');
    expect(variants(machine, torch('2.7.0', '13.0'))).toEqual([
      'torch 2.7.0+cu128',
      'torch 2.7.0+cu126',
      'torch 2.7.0+cu118',
    ]);
  });
});

describe('tags of the same repository that would fit', () => {
  const cuda = (tag: string, version: string): ImageFacts => ({
    reference: `nvidia/cuda:${tag}`,
    cuda: version,
  });
  it('are of the same flavour, newest first, and not the image’s own', () => {
    expect(variants(host('570.124.06', [A100]), cuda('13.0.1-base-ubuntu22.04', '13.0.1'))).toEqual(
      [
        'nvidia/cuda:12.9.1-base-ubuntu22.04',
        'nvidia/cuda:12.8.1-base-ubuntu22.04',
        'nvidia/cuda:12.6.3-base-ubuntu22.04',
      ],
    );
    const own = variants(host('570.124.06', [A100]), cuda('12.8.1-base-ubuntu22.04', '13.0.1'));
    expect(own).not.toContain('nvidia/cuda:12.8.1-base-ubuntu22.04');
    expect(own).toHaveLength(3);
  });
  it('are of a CUDA whose compiler still makes code for every GPU', () => {
    expect(
      variants(host('580.95.05', [A100, V100]), cuda('13.0.1-base-ubuntu22.04', '13.0.1')),
    ).toEqual([
      'nvidia/cuda:12.9.1-base-ubuntu22.04',
      'nvidia/cuda:12.8.1-base-ubuntu22.04',
      'nvidia/cuda:12.6.3-base-ubuntu22.04',
    ]);
  });
  it('come after builds of PyTorch, and are none where no table has the repository', () => {
    const image = { ...torch('2.9.0', '13.0'), reference: 'nvidia/cuda:13.0.1-base-ubuntu22.04' };
    const found = variants(host('570.124.06', [A100]), image);
    expect(found?.map((one) => one.split(/[ :]/)[0])).toEqual([
      ...Array(3).fill('torch'),
      ...Array(3).fill('nvidia/cuda'),
    ]);
    expect(
      variants(host('570.124.06', [A100]), { ...cuda('1', '13.0'), reference: 'a/b:1' }),
    ).toEqual([]);
  });

  it('stand alone where no build of PyTorch would help: the image is refused before anything in it runs', () => {
    const image = {
      ...torch('2.9.0', '13.0'),
      reference: 'nvidia/cuda:13.0.1-base-ubuntu22.04',
      env: { NVIDIA_REQUIRE_CUDA: 'cuda>=13.0' },
    };
    const legacy = { engine: { gpuMode: 'legacy' } };
    const { findings } = diagnose(facts(host('570.124.06', [A100], legacy), image), []);
    const refused = findings.find(({ id }) => id === 'requirement-unmet');
    expect(refused?.data.variants).toEqual([
      'nvidia/cuda:12.9.1-base-ubuntu22.04',
      'nvidia/cuda:12.8.1-base-ubuntu22.04',
      'nvidia/cuda:12.6.3-base-ubuntu22.04',
    ]);
  });

  it('stand alone where the code that does not fit is not PyTorch’s', () => {
    const image: ImageFacts = {
      cuda: '12.8',
      reference: 'nvidia/cuda:12.4.1-base-ubuntu22.04',
      frameworks: [
        { name: 'torch', version: '2.7.0', cuda: '12.6', targets: ['sm_120'] },
        { name: 'cupy', version: '13.0.0', cuda: '12.4', targets: ['sm_80'] },
      ],
    };
    const { findings } = diagnose(facts(host('580.95.05', [RTX5090]), image), []);
    const missing = findings.find(({ id }) => id === 'no-kernel-for-gpu');
    expect(missing?.data.owner).toMatch(/^cupy/i);
    expect(missing?.data.variants?.every((one) => one.startsWith('nvidia/cuda:'))).toBe(true);
    expect(missing?.data.variants).not.toEqual([]);
  });

  it('start here: their own requirement is met, or nothing evaluates it', () => {
    const RTX3090 = 'NVIDIA GeForce RTX 3090';
    const image = cuda('13.0.1-base-ubuntu22.04', '13.0.1');
    // From 12.5 on NVIDIA's images let no GeForce board in below their own CUDA version; before, one on branch 535 from 12.3 on.
    const legacy = { engine: { gpuMode: 'legacy' } };
    const boards = ['nvidia/cuda:12.4.1-base-ubuntu22.04', 'nvidia/cuda:12.4.0-base-ubuntu22.04'];
    expect(variants(host('535.104.05', [RTX3090], legacy), image)?.slice(0, 2)).toEqual(boards);
    expect(variants(host('535.104.05', [RTX3090]), image)?.slice(0, 2)).toEqual(boards);
    const cdi = { engine: { gpuMode: 'cdi' } };
    const newest = 'nvidia/cuda:12.9.1-base-ubuntu22.04';
    expect(variants(host('535.104.05', [RTX3090], cdi), image)?.[0]).toBe(newest);
    expect(variants(host('535.104.05', [A100], legacy), image)?.[0]).toBe(newest);
    // A branch that no image lists has the images of its own CUDA version.
    expect(variants(host('530.30.02', [A100], legacy), image)?.[0]).toBe(
      'nvidia/cuda:12.1.1-base-ubuntu22.04',
    );
    // That this image started, whose own requirement is met, says nothing of another; that it did although it is not met, does.
    const started = (requirement: string) => {
      const asking = { ...image, env: { NVIDIA_REQUIRE_CUDA: requirement } };
      const ran = facts(host('535.104.05', [RTX3090], legacy), asking, {
        probe: { started: true },
      });
      const { findings } = diagnose(ran, []);
      return findings.find(({ data }) => data.variants !== undefined)?.data.variants?.[0];
    };
    expect(started('cuda>=12.0')).toBe(boards[0]);
    expect(started('cuda>=13.0')).toBe(newest);
    // What is not known of a GPU refuses nothing.
    expect(variants(host('535.104.05', ['Unheard-of'], legacy), image)?.[0]).toBe(newest);
  });
});

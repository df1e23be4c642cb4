import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { ProbeFacts } from '../../src/core/facts.js';
import { l4tDiffers, l4tOfHost, l4tOfImage } from '../../src/core/l4t.js';
import { facts } from './pair.js';

describe('the L4T release', () => {
  it.each([
    ['JetPack 5 (L4T R35)', 35],
    ['JetPack 6.1, L4T 36.4.0, Ubuntu 22.04', 36],
    ['Ubuntu 22.04.5 LTS (L4T R36.4.7)', 36],
    ['# R35 (release), REVISION: 4.1', 35],
    ['JetPack 4.5.1', 32],
    ['JetPack 3', undefined],
    ['Ubuntu 22.04', undefined],
  ])('of a host that calls itself %s', (os, release) => {
    expect(l4tOfHost({ os })).toBe(release);
  });

  it.each([
    ['nvcr.io/nvidia/l4t-ml:r34.1.0-py3', 34],
    ['dustynv/ros:humble-pytorch-l4t-r35.3.1', 35],
    ['r36.2.0 images', 36],
    ['registry.example/r35.2-mirror/app:1', undefined],
    ['ollama/ollama:0.5.8', undefined],
    ['nvcr.io/nvidia/pytorch:25.03-py3', undefined],
  ])('that the image %s names', (reference, release) => {
    expect(l4tOfImage({ reference })).toBe(release);
  });

  it.each([
    [32, 34, true],
    [35, 36, true],
    [36, 35, true],
    [36, 38, true],
    [34, 35, false],
    [36, 36, false],
    // CUDA of JetPack 6 and later lies in the image, and nobody has shown that a newer board refuses it.
    [38, 36, false],
    [36, 37, false],
  ])('of the board R%s differs from R%s of the image: %s', (host, image, differs) => {
    expect(l4tDiffers(host, image)).toBe(differs);
  });
});

describe('an L4T image on a Jetson', () => {
  const image = { reference: 'dustynv/l4t-ml:r35.4.1', cuda: '11.4' };
  const orin = (os?: string) => ({
    driver: { version: '540.4.0' },
    gpus: [{ index: 0, name: 'Orin (nvgpu)' }],
    ...(os === undefined ? {} : { os }),
  });

  it('of another release fails, unless it was seen to run', () => {
    const pair = facts(orin('L4T 36.4.0'), image);
    expect(diagnose(pair, [])).toMatchObject({ verdict: 'fails', primary: 'jetson-l4t-mismatch' });
    const probe: ProbeFacts = { started: true, init: { code: 0 }, runtime: { code: 0 } };
    expect(diagnose({ ...pair, probe }, []).primary).not.toBe('jetson-l4t-mismatch');
    // Without a libcudart of its own as well: that CUDA started proves driver and injection.
    const started: ProbeFacts = { started: true, init: { code: 0 } };
    expect(diagnose({ ...pair, probe: started }, []).primary).not.toBe('jetson-l4t-mismatch');
  });

  it.each(['ghcr.io/acme/perception:r35.1', 'registry.example/r35.2-mirror/app:1'])(
    'by a number that may be of the image’s own releases fails nothing: %s',
    (reference) => {
      const pair = facts(orin('L4T 36.4.0'), { ...image, reference });
      expect(diagnose(pair, []).verdict).not.toBe('fails');
    },
  );

  it('is not judged where the release of the board is unknown, which is said', () => {
    const { verdict, unchecked } = diagnose(facts(orin(), image), []);
    expect(verdict).toBe('works');
    expect(unchecked.map(({ what }) => what)).toContain('release of L4T (JetPack)');
  });

  it('is nothing to judge on other machines', () => {
    const server = { driver: { version: '580.95.05' }, gpus: [{ index: 0, name: 'NVIDIA L4' }] };
    const { findings, unchecked } = diagnose(facts(server, image), []);
    expect(findings.map(({ id }) => id)).not.toContain('jetson-l4t-mismatch');
    expect(unchecked.map(({ what }) => what)).not.toContain('release of L4T (JetPack)');
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseFix } from '../../src/report/fix.js';
import { otherImage } from '../../src/report/phrases.js';

const TAG = 'pytorch/pytorch:2.9.0-cuda12.8-cudnn9-runtime';

describe('the image that would fit instead', () => {
  it('is told whole where both a tag and a build of PyTorch would do, the command last', () => {
    const fix = otherImage({ variants: ['torch 2.9.0+cu128', 'torch 2.9.0+cu126', TAG] }) ?? '';
    expect(parseFix(fix)).toEqual({
      kind: 'command',
      lead: `Use a variant of the image that fits this runner: ${TAG}; or, in the image, install a build of PyTorch that fits this runner (cu126 would fit as well)`,
      text: 'RUN pip install --force-reinstall torch==2.9.0 --index-url https://download.pytorch.org/whl/cu128',
    });
  });

  it.each([
    [[TAG], `Use a variant of the image that fits this runner: ${TAG}`],
    [
      ['torch 2.9.0+cu128'],
      'In the image, install a build of PyTorch that fits this runner: RUN pip install --force-reinstall torch==2.9.0 --index-url https://download.pytorch.org/whl/cu128',
    ],
    [
      [],
      'Use an image for an older CUDA version (nvidia-smi shows the newest that the driver serves)',
    ],
  ])('of %j', (variants, expected) => {
    expect(otherImage({ variants })).toBe(expected);
  });
});

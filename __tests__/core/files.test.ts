import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { ImageFacts } from '../../src/core/facts.js';
import { facts, host, verdict } from './pair.js';

const A100 = 'NVIDIA A100-SXM4-80GB';
const cudart = (version: string, rest: object = {}) => ({ name: 'cudart', version, ...rest });

describe('the CUDA version of an image that only its files tell', () => {
  it.each<[string, ImageFacts, string]>([
    ['its libcudart', { libraries: [cudart('12.8.90')] }, 'fails driver-too-old'],
    [
      'the libcudart that programs load',
      { libraries: [cudart('13.0.96'), cudart('11.8.89', { loaded: true })] },
      'works minor-version-compatibility',
    ],
    [
      'a framework before libraries',
      { libraries: [cudart('13.0.96')], frameworks: [{ name: 'torch', cuda: '11.8' }] },
      'works minor-version-compatibility',
    ],
    ['a soname alone', { libraries: [cudart('12')] }, 'unknown -'],
    ['other libraries', { libraries: [{ name: 'cudnn', version: '9.8.0' }] }, 'unknown -'],
    ['several runtimes', { libraries: [cudart('11.8.89'), cudart('12.8.90')] }, 'unknown -'],
  ])('%s', (_name, image, expected) => {
    expect(verdict(facts(host('470.82.01', [A100]), image))).toBe(expected);
  });

  it('says which runtimes it has when they are several', () => {
    const image = { libraries: [cudart('12.8.90'), cudart('11.8.89')] };
    expect(diagnose(facts(host('470.82.01', [A100]), image), []).unchecked).toContainEqual({
      what: 'driver against the CUDA version',
      why: expect.stringContaining('the CUDA runtimes 11.8 and 12.8'),
    });
  });
});

describe('files that were read in part', () => {
  const image = (files: ImageFacts['files']): ImageFacts => ({
    cuda: '12.4',
    deviceCode: [],
    ...(files === undefined ? {} : { files }),
  });
  const unchecked = (files: ImageFacts['files']) =>
    diagnose(facts(host('535.104.05', [A100]), image(files)), []).unchecked;

  it('are told, and do not prove that there is no compat library', () => {
    const [what] = ["the rest of the image's files"];
    const compat = { what: 'forward compatibility', why: expect.stringContaining('in part only') };
    expect(unchecked({ complete: false })).toEqual(
      expect.arrayContaining([{ what, why: 'they were read in part only' }, compat]),
    );
    expect(unchecked({ complete: true, unreadable: ['/root'] })).toEqual(
      expect.arrayContaining([{ what, why: "the container's user may not read /root" }, compat]),
    );
  });

  it('prove it when they were read whole', () => {
    for (const files of [undefined, { complete: true }]) {
      expect(unchecked(files).map(({ what }) => what)).not.toContain('forward compatibility');
    }
  });

  it('name files whose code could not be read whole, the first eight of them', () => {
    const damaged = Array.from({ length: 10 }, (_, at) => ({
      path: `/lib${at}.so`,
      malformed: 'cut',
    }));
    const found = diagnose(
      facts(host('535.104.05', [A100]), { cuda: '12.2', deviceCode: damaged }),
      [],
    );
    const [row] = found.unchecked.filter(({ what }) => what === 'device code of single files');
    expect(row?.why).toContain('/lib7.so could not be read whole: cut');
    expect(row?.why).toContain('2 more files');
    expect(row?.why).not.toContain('/lib8.so');
  });
});

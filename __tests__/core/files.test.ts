import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { ImageFacts } from '../../src/core/facts.js';
import { facts, host, verdict } from './pair.js';

const A100 = 'NVIDIA A100-SXM4-80GB';
const cudart = (version: string, rest: object = {}) => ({ name: 'cudart', version, ...rest });

describe('the CUDA version of an image that only its files tell', () => {
  it.each<[string, ImageFacts, string]>([
    [
      'its libcudart',
      { libraries: [cudart('12.8.90')], files: { complete: true } },
      'fails driver-too-old',
    ],
    [
      'a list of libraries that may leave out others',
      { libraries: [cudart('12.8.90')] },
      'unknown -',
    ],
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
    ['a soname alone', { libraries: [cudart('12')], files: { complete: true } }, 'unknown -'],
    ['other libraries', { libraries: [{ name: 'cudnn', version: '9.8.0' }] }, 'unknown -'],
    [
      'several runtimes',
      { libraries: [cudart('11.8.89'), cudart('12.8.90')], files: { complete: true } },
      'unknown -',
    ],
  ])('%s', (_name, image, expected) => {
    expect(verdict(facts(host('470.82.01', [A100]), image))).toBe(expected);
  });

  it('says which runtimes it has when they are several', () => {
    const image = {
      libraries: [cudart('12.8.90'), cudart('11.8.89')],
      files: { complete: true },
    };
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

describe('device code of files that nothing names as the main one', () => {
  const sm70 = ['sm_70'];
  const sm80 = ['sm_80'];

  it.each<[string, ImageFacts['deviceCode'], string]>([
    [
      'a program, and the kernels that it loads',
      [
        { path: '/app/run', cubins: sm70 },
        { path: '/app/kernels.cubin', cubins: sm80 },
      ],
      'works -',
    ],
    [
      'a program, and a module of Python',
      [
        { path: '/usr/lib/libplugin.so', cubins: sm70 },
        { path: '/opt/venv/lib/python3.11/site-packages/x/_C.so', cubins: sm80 },
      ],
      'works -',
    ],
    [
      'a program, and what another one would be linked with',
      [
        { path: '/app/run', cubins: sm70 },
        { path: '/app/libx.a', cubins: sm80 },
      ],
      'fails no-kernel-for-gpu',
    ],
    [
      'a program, and NVIDIA’s libraries',
      [
        { path: '/app/run', cubins: sm70 },
        { path: '/usr/local/cuda/lib64/libcublas.so.12', cubins: sm80 },
      ],
      'fails no-kernel-for-gpu',
    ],
    [
      'a main one, and the kernels that something loads',
      [
        { path: '/app/libggml-cuda.so', cubins: sm70 },
        { path: '/app/kernels.cubin', cubins: sm80 },
      ],
      'fails no-kernel-for-gpu',
    ],
  ])('%s', (_name, deviceCode = [], expected) => {
    expect(verdict(facts(host('570.86.10', [A100]), { cuda: '12.4', deviceCode }))).toBe(expected);
  });
});

describe('an image whose CUDA version depends on the host', () => {
  it('is judged for each host by itself, in any order', () => {
    const image: ImageFacts = {
      reference: 'a/b:cu130',
      libraries: [cudart('11.8.89'), cudart('12.8.90')],
      files: { complete: true },
    };
    const ids = (driver: string) =>
      diagnose(facts(host(driver, [A100]), image), []).findings.map(({ id }) => id);
    // This one serves the older runtime only, and nothing tells which one the program loads.
    expect(ids('470.82.01')).toEqual([]);
    expect(ids('570.86.10')).toContain('image-tag-misleading');
    expect(ids('470.82.01')).toEqual([]);
  });
});

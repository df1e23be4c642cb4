import { describe, expect, it } from '@jest/globals';
import type { DeviceCode, ImageFacts } from '../../src/core/facts.js';
import { viewImage } from '../../src/core/image-view.js';
import { createTables } from '../../src/core/tables.js';
import { createKnowledge } from '../../src/knowledge/index.js';

const tables = createTables(createKnowledge());
const view = (image: ImageFacts) => viewImage(image, tables);

/** Each set of code: its owner, whence it is known, and its targets; or why there is none. */
function sets(image: ImageFacts): unknown {
  const { code } = view(image);
  if (!code.known) return code.why;
  return code.value.map(({ owner, from, derived, partial, entries }) =>
    [
      owner,
      `${derived ? 'derived, ' : ''}${partial === true ? 'partial, ' : ''}${from}`,
      ...entries.map(({ target, isa }) =>
        isa === undefined ? target.raw : `${target.raw} ${isa.raw}`,
      ),
    ].join(' | '),
  );
}
const files = (...deviceCode: DeviceCode[]): ImageFacts => ({ deviceCode });
const SP = '/opt/lib/python3/site-packages';
const TORCH = `${SP}/torch/lib/libtorch_cuda.so`;
const VLLM = `${SP}/vllm/_C.abi3.so`;
const CUBLAS = '/usr/local/cuda/lib64/libcublas.so.12';
const official = [{ name: 'vllm', version: '0.8.5' }];

describe('what an image stands or falls with on a GPU', () => {
  it('is what a framework says of itself, with the PTX ISA of its own CUDA', () => {
    const torch = { name: 'torch', version: '2.1.0', targets: ['sm_80', 'compute_90', 'odd'] };
    expect(sets({ cuda: '12.8', frameworks: [{ ...torch, cuda: '12.1' }] })).toEqual([
      'torch 2.1.0 | framework | sm_80 | compute_90 8.1',
    ]);
    expect(sets({ cuda: '12.8', frameworks: [torch] })).toEqual([
      'torch 2.1.0 | framework | sm_80 | compute_90 8.7',
    ]);
    expect(sets({ frameworks: [torch] })).toEqual(['torch 2.1.0 | framework | sm_80 | compute_90']);
  });

  it('is each framework’s main library, under the framework’s name', () => {
    const image: ImageFacts = {
      frameworks: [{ name: 'torch', version: '2.9.0' }],
      ...files(
        { path: TORCH, cubins: ['sm_80'] },
        { path: VLLM, cubins: ['sm_90'] },
        { path: '/opt/old/libtorch_cuda.so', cubins: ['sm_70'] },
      ),
    };
    expect(sets(image)).toEqual([
      'torch 2.9.0 | image files | sm_80 | sm_70',
      'vllm | image files | sm_90',
    ]);
  });

  it('is the framework’s own word before its file, and other main ones beside', () => {
    const frameworks = [{ name: 'torch', targets: ['sm_90'] }];
    const image = {
      frameworks,
      ...files({ path: TORCH, cubins: ['sm_80'] }, { path: VLLM, cubins: ['sm_70'] }),
    };
    expect(sets(image)).toEqual(['torch | framework | sm_90', 'vllm | image files | sm_70']);
  });

  it('is its own code, whatever the official builds of a framework hold', () => {
    expect(sets({ frameworks: official, ...files({ path: '/app/x', cubins: ['sm_80'] }) })).toEqual(
      ['device code of the image | image files | sm_80'],
    );
  });

  it('is the official build of a framework where its files have no code of their own', () => {
    const expected = ['vllm 0.8.5 | derived, stated lowest compute capability of vLLM'];
    expect(sets({ frameworks: official })).toEqual(expected);
    expect(sets({ frameworks: official, ...files({ path: '/app/x', cubins: [] }) })).toEqual(
      expected,
    );
    expect(sets({ frameworks: official, ...files({ path: CUBLAS, cubins: ['sm_80'] }) })).toEqual(
      expected,
    );
  });

  it('is not NVIDIA’s libraries beside code of its own, and these where there is no other', () => {
    const own = { path: '/app/x', cubins: ['sm_90'] };
    const vendor = { path: CUBLAS, cubins: ['sm_80'] };
    expect(sets(files(own, vendor))).toEqual(['device code of the image | image files | sm_90']);
    expect(sets(files(vendor))).toEqual(['device code of the image | image files | sm_80']);
  });

  it('has with it what its programs load, and not what others are linked with', () => {
    const own = { path: '/app/x', cubins: ['sm_90'] };
    const image = files(
      own,
      { path: '/app/k.a', cubins: ['sm_70'] },
      { path: '/app/k.o', cubins: ['sm_75'] },
      { path: '/app/k.a.cubin', cubins: ['sm_80'] },
      { path: '/app/k.bin', kind: 'fatbin', cubins: ['sm_86'] },
    );
    expect(sets(image)).toEqual(['device code of the image | image files | sm_90 | sm_80 | sm_86']);
    expect(sets(files({ path: '/app/k.a', cubins: ['sm_70'] }))).toEqual([
      'device code of the image | image files | sm_70',
    ]);
  });

  it('may be more than was read of it', () => {
    const whole = { path: '/app/x', cubins: ['sm_80'] };
    const cut = { path: '/app/y', cubins: ['sm_90'], malformed: 'cut' };
    const partial = ['device code of the image | partial, image files | sm_80 | sm_90'];
    expect(sets(files(whole, cut))).toEqual(partial);
    const walk = { ...files(whole), files: { complete: false } };
    expect(sets(walk)).toEqual(['device code of the image | partial, image files | sm_80']);
    // The main library was read whole, wherever the walk ended.
    const main = { ...files({ path: TORCH, cubins: ['sm_80'] }), files: { complete: false } };
    expect(sets(main)).toEqual(['torch | image files | sm_80']);
  });

  it('is not known, and why', () => {
    expect(sets({})).toBe("the device code of the image's files was not read");
    expect(sets({ files: { complete: false } })).toBe(
      "no device code was found in that part of the image's files that was read",
    );
    expect(sets({ deviceCode: [] })).toBe('no device code was found in the image');
    expect(sets(files({ path: '/app/x', malformed: 'cut' }))).toBe(
      'no device code was found in the image',
    );
  });

  it('dates PTX by what its file says, else by the CUDA of the image', () => {
    const ptx = (isa?: string): DeviceCode => ({
      path: '/app/x',
      ptx: [{ target: 'compute_80', ...(isa === undefined ? {} : { isa }) }],
    });
    const of = 'device code of the image | image files | compute_80';
    expect(sets({ cuda: '12.8', ...files(ptx('7.4')) })).toEqual([`${of} 7.4`]);
    expect(sets({ cuda: '12.8', ...files(ptx()) })).toEqual([`${of} 8.7`]);
    expect(sets({ cuda: '12.8', ...files(ptx('odd')) })).toEqual([of]);
    expect(sets(files(ptx()))).toEqual([of]);
  });
});

describe('PTX for Kepler in builds of PyTorch', () => {
  const targets = (name: string, ...list: string[]) =>
    sets({ frameworks: [{ name, targets: list }] });
  it('is no support beside machine code for newer GPUs', () => {
    expect(targets('torch', 'sm_37', 'sm_50', 'compute_37')).toEqual([
      'torch | framework | sm_37 | sm_50',
    ]);
    expect(targets('torch', 'sm_50', 'compute_37', 'compute_50')).toEqual([
      'torch | framework | sm_50 | compute_50',
    ]);
  });
  it('is all that there is without it', () => {
    expect(targets('torch', 'sm_37', 'compute_37')).toEqual([
      'torch | framework | sm_37 | compute_37',
    ]);
    expect(targets('torch', 'compute_37', 'compute_80')).toEqual([
      'torch | framework | compute_37 | compute_80',
    ]);
  });
  it('counts in other frameworks, as in any program', () => {
    expect(targets('mxnet', 'sm_50', 'compute_37')).toEqual([
      'mxnet | framework | sm_50 | compute_37',
    ]);
  });
  it('is read so from its file, too', () => {
    const image = {
      frameworks: [{ name: 'torch' }],
      ...files({ path: TORCH, cubins: ['sm_50'], ptx: [{ target: 'compute_37', isa: '6.5' }] }),
    };
    expect(sets(image)).toEqual(['torch | image files | sm_50']);
  });
});

describe('files that are judged by themselves', () => {
  const paths = (image: ImageFacts) => view(image).files.map(({ path }) => path);
  it('are the programs and modules beside a main one', () => {
    const image = files(
      { path: TORCH, cubins: ['sm_80'] },
      { path: '/app/x', cubins: ['sm_90'] },
      { path: `${SP}/x/_C.so`, cubins: ['sm_90'] },
      { path: CUBLAS, cubins: ['sm_90'] },
      { path: '/app/empty' },
    );
    expect(paths(image)).toEqual(['/app/x', `${SP}/x/_C.so`]);
  });
  it('are none where there is but one, and each of several', () => {
    const one = { path: '/app/x', cubins: ['sm_90'] };
    expect(paths(files(one))).toEqual([]);
    expect(paths(files(one, { path: '/app/y', cubins: ['sm_80'] }))).toEqual(['/app/x', '/app/y']);
    expect(paths(files(one, { cubins: ['sm_80'] }))).toEqual(['/app/x', 'a file']);
  });
  it('are none where official builds decide', () => {
    expect(
      paths({ frameworks: official, ...files({ path: '/app/x.cubin', cubins: ['sm_90'] }) }),
    ).toEqual([]);
  });
});

describe('whose code an image has', () => {
  const own = (image: ImageFacts) => view(image).ownCode;
  const torchFile = files({ path: TORCH, cubins: ['sm_80'] });
  const cpu = { name: 'torch', version: '2.9.0+cpu', cuda: null };
  it.each<[string, ImageFacts, string]>([
    ['no code', {}, 'none'],
    ['a main library', torchFile, 'main'],
    ['a program', files({ path: '/app/x', cubins: ['sm_80'] }), 'program'],
    ['a file without a path', files({ cubins: ['sm_80'] }), 'none'],
    ['a module of Python', files({ path: `${SP}/x/_C.so`, cubins: ['sm_80'] }), 'none'],
    ['NVIDIA’s libraries', files({ path: CUBLAS, cubins: ['sm_80'] }), 'none'],
    ['a program without code', files({ path: '/app/x' }), 'none'],
    [
      'the library of a CPU build, which cannot be its own',
      { frameworks: [cpu], ...torchFile },
      'none',
    ],
    [
      'the library of a CPU build beside another framework',
      { frameworks: [cpu, { name: 'jax', cuda: '12.3' }], ...torchFile },
      'none',
    ],
    [
      'the library of another installation of it',
      { frameworks: [cpu, { name: 'PyTorch', cuda: '12.8' }], ...torchFile },
      'main',
    ],
  ])('%s: %s', (_name, image, expected) => {
    expect(own(image)).toBe(expected);
  });
});

describe('variants of one library', () => {
  const variants = (...paths: string[]) =>
    view(files(...paths.map((path) => ({ path, cubins: ['sm_80'] })))).variants;
  it('are the same main library in several folders', () => {
    expect(variants('/lib/cuda_v11/libggml-cuda.so', '/lib/cuda_v12/libggml-cuda.so')).toBe(true);
    expect(variants('/lib/cuda_v11/libggml-cuda.so', TORCH)).toBe(false);
    expect(variants('/a/libapp.so', '/b/libapp.so')).toBe(false);
  });
});

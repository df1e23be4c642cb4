import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFacts } from '../../src/contract/facts.js';
import { FACTS_SCHEMA } from '../../src/core/facts.js';
import { createImageCollector } from '../../src/probe/image-documents.js';

type Doc = Record<string, unknown> & { step: string };

function read(...documents: Doc[]) {
  const collector = createImageCollector();
  const taken = documents.map((document) => collector.take(document.step, document));
  return { taken, image: collector.facts() };
}

const END: Doc = { step: 'files', files: 7, folders: 2, complete: true };
const code = (path: string, cubins: unknown = ['sm_80']): Doc => ({ step: 'code', path, cubins });
const library = (rest: object): Doc => ({
  step: 'library',
  name: 'cuda',
  path: '/lib/libcuda.so.1',
  ...rest,
});

/** What the probe wrote of a small image, in the words of its protocol. */
const WHOLE: Doc[] = [
  {
    step: 'code',
    path: '/app/libx.so',
    kind: 'elf',
    cubins: ['sm_80', 'sm_90a'],
    ptx: [{ target: 'compute_90', isa: '8.7' }],
    containers: 3,
  },
  {
    step: 'library',
    name: 'cudart',
    soname: 'libcudart.so.12',
    path: '/usr/local/cuda-12.8/lib64/libcudart.so.12.8.90',
    version: '12.8.90',
    versionFrom: 'file name',
    loaded: true,
    via: 'cache',
    kind: 'library',
  },
  library({
    path: '/usr/local/cuda/compat/libcuda.so.570.86.10',
    version: '570.86.10',
    kind: 'compat',
  }),
  library({
    path: '/usr/local/cuda/compat/libcuda.so.570.124.06',
    version: '570.124.06',
    kind: 'compat',
  }),
  library({
    name: 'nvidia-ptxjitcompiler',
    path: '/usr/local/cuda/compat/libnvidia-ptxjitcompiler.so.1',
    kind: 'compat',
  }),
  library({ path: '/usr/local/cuda/lib64/stubs/libcuda.so', kind: 'stub' }),
  library({
    path: '/usr/lib/libcuda.so.535.104.05',
    version: '535.104.05',
    kind: 'driver',
    bytes: 9,
  }),
  library({ path: '/usr/lib/libnvidia-ml.so.1', name: 'nvidia-ml', kind: 'empty', bytes: 0 }),
  library({ path: '/usr/lib/libcuda.so.580.65.06', kind: 'driver', mounted: true }),
  { step: 'missing', soname: 'libcudnn.so.9', neededBy: '/app/libx.so' },
  { step: 'cache', path: '/root/.triton/cache', what: 'triton cache' },
  { step: 'python', path: '/usr/bin/python3.11', version: '3.11', prefix: '/usr' },
  {
    step: 'package',
    name: 'torch',
    version: '2.9.0+cu128',
    cuda: '12.8',
    cudnn: '9.8',
    path: '/sp',
  },
  { step: 'package', name: 'jax', cuda: null },
  { ...END, skipped: [{ path: '/proc', why: 'pseudo file system' }], ms: 12 },
];

describe('documents about the image’s files', () => {
  it('become facts of the image', () => {
    const { taken, image } = read(...WHOLE);
    expect(taken).not.toContain(false);
    expect(image).toEqual({
      deviceCode: [
        {
          path: '/app/libx.so',
          kind: 'elf',
          cubins: ['sm_80', 'sm_90a'],
          ptx: [{ target: 'compute_90', isa: '8.7' }],
        },
      ],
      libraries: [
        {
          name: 'cudart',
          soname: 'libcudart.so.12',
          path: '/usr/local/cuda-12.8/lib64/libcudart.so.12.8.90',
          version: '12.8.90',
          versionFrom: 'file name',
          loaded: true,
          via: 'cache',
          kind: 'library',
        },
        { name: 'cuda', path: '/usr/local/cuda/lib64/stubs/libcuda.so', kind: 'stub' },
      ],
      compatDriver: {
        path: '/usr/local/cuda/compat/libcuda.so.570.124.06',
        version: '570.124.06',
      },
      driverFiles: [
        { path: '/usr/lib/libcuda.so.535.104.05', version: '535.104.05', bytes: 9 },
        { path: '/usr/lib/libnvidia-ml.so.1', bytes: 0 },
      ],
      missingLibraries: [{ soname: 'libcudnn.so.9', neededBy: '/app/libx.so' }],
      caches: [{ path: '/root/.triton/cache', what: 'triton cache' }],
      interpreters: [{ path: '/usr/bin/python3.11', version: '3.11' }],
      frameworks: [
        { name: 'torch', version: '2.9.0+cu128', cuda: '12.8', cudnn: '9.8', path: '/sp' },
        { name: 'jax', cuda: null },
      ],
      files: {
        files: 7,
        folders: 2,
        complete: true,
        skipped: [{ path: '/proc', why: 'pseudo file system' }],
      },
    });
  });

  it('say nothing when none came', () => {
    expect(read().image).toBeUndefined();
    expect(read(library({ mounted: true })).image).toBeUndefined();
  });

  it('tell no device code from not knowing', () => {
    expect(read(END).image).toMatchObject({ deviceCode: [], frameworks: [] });
    expect(read({ ...END, complete: false }).image).not.toHaveProperty('deviceCode');
    const inPart = read({ ...END, unreadable: ['/root'] }).image;
    expect(inPart).not.toHaveProperty('deviceCode');
    expect(inPart).not.toHaveProperty('frameworks');
    expect(read(library({ kind: 'stub' })).image).toEqual({
      libraries: [{ name: 'cuda', path: '/lib/libcuda.so.1', kind: 'stub' }],
      files: { complete: false },
    });
  });

  it('count once for each file, and by the first', () => {
    const { taken, image } = read(code('/a'), code('/a', ['sm_90']), code('/b'), END, END);
    expect(taken).toEqual([true, false, true, true, false]);
    expect(image?.deviceCode).toEqual([
      { path: '/a', cubins: ['sm_80'] },
      { path: '/b', cubins: ['sm_80'] },
    ]);
  });

  it.each<[string, Doc]>([
    ['code without a path', { step: 'code', cubins: ['sm_80'] }],
    ['a file without code', code('/a', [])],
    ['targets that are none', code('/a', ['sm_80; rm -rf /', 90, null])],
    ['a library without a name', { step: 'library', path: '/a' }],
    ['a name that is none', library({ name: '../../etc' })],
    ['a soname that is none', { step: 'missing', soname: 'lib cudnn' }],
    ['a cache without a kind', { step: 'cache', path: '/a' }],
    ['an interpreter without a path', { step: 'python', version: '3.11' }],
    ['a package without a name', { step: 'package', version: '1' }],
    ['another step', { step: 'init', code: 0 }],
    ['a name of every object', { step: 'constructor' }],
  ])('%s is not taken', (_name, document) => {
    expect(read(document)).toEqual({ taken: [false], image: undefined });
  });

  it('keep a file that could not be read whole', () => {
    expect(read({ step: 'code', path: '/a', malformed: 'cut' }).image?.deviceCode).toEqual([
      { path: '/a', malformed: 'cut' },
    ]);
  });

  it('are bounded in number and size, and what is left out makes the walk incomplete', () => {
    const many = Array.from({ length: 5000 }, (_, at) => code(`/lib${at}.so`));
    const { taken, image } = read(...many, END);
    expect(taken).not.toContain(false);
    expect(image?.deviceCode).toHaveLength(4096);
    expect(image?.files?.complete).toBe(false);
    const long = Array.from({ length: 2000 }, (_, at) => code(`/${at}`.padEnd(4000, 'x')));
    const large = read(...long, END).image;
    expect(JSON.stringify(large).length).toBeLessThan(4.5 * 1024 * 1024);
    expect(large?.files?.complete).toBe(false);
  });

  it('never throw, and never become facts that cannot be read again', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('cuda', 'libcuda.so.1', '12.8', '570.1', 'compat', 'driver', '/a', 'sm_80'),
      fc.array(fc.constantFrom('sm_80', 'compute_90', 'sm_1')),
    );
    const document = fc.record(
      {
        step: fc.constantFrom(...new Set(WHOLE.map(({ step }) => step))),
        path: value,
        name: value,
        soname: value,
        version: value,
        kind: value,
        cubins: value,
        ptx: value,
        cuda: value,
        what: value,
        complete: value,
        skipped: value,
        unreadable: value,
        mounted: value,
      },
      { requiredKeys: ['step'] },
    );
    fc.assert(
      fc.property(fc.array(document, { maxLength: 12 }), (documents) => {
        const { image } = read(...documents);
        const again = parseFacts(
          JSON.stringify({ schema: FACTS_SCHEMA, ...(image === undefined ? {} : { image }) }),
          'facts.json',
        );
        expect(again).toEqual({
          ok: true,
          facts: [{ schema: FACTS_SCHEMA, ...(image === undefined ? {} : { image }) }],
        });
      }),
    );
  });
});

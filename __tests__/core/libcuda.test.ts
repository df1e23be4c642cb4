import { describe, expect, it } from '@jest/globals';
import type { HostFacts, ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import { acceptsBranch, chooseLibcuda, judgeCompat } from '../../src/core/forward-compat.js';
import { viewHost } from '../../src/core/host-view.js';
import { type CompatView, viewImage } from '../../src/core/image-view.js';
import { createTables } from '../../src/core/tables.js';
import { createKnowledge } from '../../src/knowledge/index.js';

const tables = createTables(createKnowledge());
const A100 = 'NVIDIA A100-SXM4-80GB';
const RTX4090 = 'NVIDIA GeForce RTX 4090';
const USUAL = '/usr/local/cuda/compat';

const image = (cuda: string, version: string, rest: ImageFacts = {}): ImageFacts => ({
  cuda,
  compatDriver: { version, path: `${USUAL}/libcuda.so.${version}` },
  ...rest,
});
const CUDA13 = image('13.0.1', '580.82.07');
const on = (driver: string, gpuMode?: string, toolkit?: string): HostFacts => ({
  driver: { version: driver },
  gpus: [{ name: A100 }],
  ...(gpuMode === undefined ? {} : { engine: { gpuMode } }),
  ...(toolkit === undefined ? {} : { containerToolkit: { version: toolkit } }),
});

/** Which libcuda, whether it was seen or is concluded, and why. */
function choice(host: HostFacts, given: ImageFacts, probe?: ProbeFacts): string {
  const { from, seen, why } = chooseLibcuda(
    viewHost(host, tables),
    viewImage(given, tables),
    probe,
    tables,
  );
  return `${from}${seen ? ', seen' : ''}: ${why}`;
}
function compatOf(given: ImageFacts): CompatView {
  const { compat } = viewImage(given, tables);
  if (!compat.known || compat.value === null) throw new Error('no compat library');
  return compat.value;
}

describe('the libcuda of a container, as the probe saw it', () => {
  const old = on('535.104.05', 'legacy');
  it.each<[ProbeFacts['libcuda'], string]>([
    [{ origin: 'host' }, 'host, seen: the probe saw the host libcuda'],
    [
      { origin: 'host', path: `${USUAL}/libcuda.so.1` },
      'host, seen: the probe saw the host libcuda',
    ],
    [{ origin: 'compat' }, 'compat, seen: the probe saw the compat libcuda'],
    [{ path: `${USUAL}/libcuda.so.1` }, 'compat, seen: the probe saw the compat libcuda'],
    [
      { path: '/usr/local/cuda/compat_orin/libcuda.so.1.1' },
      'compat, seen: the probe saw the compat libcuda',
    ],
  ])('%j: %s', (libcuda, expected) => {
    expect(choice(old, CUDA13, libcuda === undefined ? {} : { libcuda })).toBe(expected);
  });

  it('is not told by a path that only looks like one', () => {
    for (const path of ['/usr/lib/libcuda.so.1', '/usr/local/compatible/libcuda.so.1']) {
      expect(choice(old, CUDA13, { libcuda: { path } })).toBe(
        'compat: the toolkit enables a compat library of a higher branch',
      );
    }
  });

  it('is a compat library where cuInit answers as only with one', () => {
    const current = on('580.95.05', 'legacy');
    const older = image('12.8.1', '570.124.06');
    for (const code of [803, 804]) {
      expect(choice(current, older, { init: { code } })).toBe(
        `compat, seen: cuInit answered ${code}, as with a compat library that does not fit`,
      );
    }
    const concluded = "host: the compat library's branch is not above the host's";
    expect(choice(current, older, { init: { code: 100 } })).toBe(concluded);
    expect(choice(current, older, { init: { signal: 'SIGSEGV' } })).toBe(concluded);
    expect(choice(current, older, {})).toBe(concluded);
    expect(choice(current, older, { libcuda: { origin: 'stub' }, init: { code: 803 } })).toBe(
      concluded,
    );
  });

  const seenCompat = (given: ImageFacts, path?: string) => {
    const libcuda = { origin: 'compat', ...(path === undefined ? {} : { path }) };
    const found = chooseLibcuda(
      viewHost(old, tables),
      viewImage(given, tables),
      { libcuda },
      tables,
    );
    if (found.from !== 'compat') return found.why;
    const { branch, cuda, raw, from } = found.compat;
    return [branch, cuda.raw, raw, from];
  };
  it('has the number that its file is named by, where nothing else names the package', () => {
    expect(seenCompat({}, `${USUAL}/libcuda.so.570.124.06`)).toEqual([
      570,
      '12.8',
      '570.124.06',
      'probe',
    ]);
    expect(seenCompat({}, `${USUAL}/libcuda.so.560.35`)).toEqual([560, '12.6', '560.35', 'probe']);
    expect(seenCompat({ cuda: '12.4' }, `${USUAL}/libcuda.so.570.124.06`)).toEqual([
      570,
      '12.8',
      '570.124.06',
      'probe',
    ]);
  });
  it('is that of the image’s CUDA without a number', () => {
    const path = `${USUAL}/libcuda.so.1`;
    expect(seenCompat({ cuda: '12.4.1' }, path)).toEqual([550, '12.4.1', path, 'probe']);
    expect(seenCompat({ cuda: '12.4.1' })).toEqual([550, '12.4.1', '', 'probe']);
    // a number that no table has
    expect(seenCompat({ cuda: '12.4.1' }, `${USUAL}/libcuda.so.300.10`)).toEqual([
      300,
      '12.4.1',
      '300.10',
      'probe',
    ]);
    const odd = `${USUAL}/libcuda.so.570.124.06.bak`;
    expect(seenCompat({ cuda: '12.4.1' }, odd)).toEqual([550, '12.4.1', odd, 'probe']);
  });
  it('is taken for the host’s where nothing tells which package it is', () => {
    const why = 'the image holds no compat library, as far as is known';
    expect(seenCompat({})).toBe(why);
    expect(seenCompat({ cuda: '99.9' })).toBe(why);
    expect(seenCompat({}, `${USUAL}/libcuda.so.300.10`)).toBe(why);
  });
});

describe('the libcuda of a container, as it will be', () => {
  it.each<[string, HostFacts, ImageFacts, string]>([
    [
      'no compat library',
      on('535.104.05'),
      { cuda: '13.0', deviceCode: [] },
      'host: the image holds no compat library, as far as is known',
    ],
    [
      'Windows',
      { ...on('551.78', 'legacy'), os: 'WSL2' },
      CUDA13,
      'host: there is no forward compatibility on Windows',
    ],
    ['no driver', {}, CUDA13, 'host: the host driver is not known'],
    [
      'the same driver',
      on('580.82.07', 'legacy'),
      image('13.0.1', '580.82.07', { env: { LD_LIBRARY_PATH: USUAL } }),
      'host: the compat library is the same driver',
    ],
    [
      'a folder of its own',
      on('535.104.05', 'legacy'),
      { cuda: '13.0', compatDriver: { version: '580.82.07', path: '/opt/compat/libcuda.so.1' } },
      'host: the container stack does not look into /opt/compat',
    ],
    [
      'the folder of Jetson',
      { ...on('540.4.0', 'csv'), os: 'JetPack 6' },
      {
        cuda: '13.0',
        compatDriver: { version: '580.00', path: '/usr/local/cuda/compat_orin/libcuda.so.1.1' },
      },
      'compat: the CDI hook enables a compat library that lists the host branch',
    ],
  ])('%s', (_name, host, given, expected) => {
    expect(choice(host, given)).toBe(expected);
  });

  it('is what LD_LIBRARY_PATH lists: that of the container before that of the image', () => {
    const host = on('580.95.05', 'legacy');
    const listed = 'compat: LD_LIBRARY_PATH lists /usr/local/cuda/compat';
    const not = "host: the compat library's branch is not above the host's";
    const older = (path?: string) =>
      image('12.8.1', '570.124.06', path === undefined ? {} : { env: { LD_LIBRARY_PATH: path } });
    expect(choice(host, older(`/x::${USUAL}:/y`))).toBe(listed);
    expect(choice(host, older('/usr/local/cuda-12.8/compat/'))).toBe(listed);
    expect(choice(host, older('/x:/usr/local/cuda'))).toBe(not);
    expect(choice(host, older(''))).toBe(not);
    const probe = { env: { LD_LIBRARY_PATH: USUAL } };
    expect(choice(host, older(), probe)).toBe(listed);
    expect(choice(host, older('/x'), probe)).toBe(listed);
    expect(choice(host, older(USUAL), { env: { LD_LIBRARY_PATH: '/x' } })).toBe(not);
    expect(choice(host, older(USUAL), { env: {} })).toBe(listed);
    expect(choice(host, older(USUAL), {})).toBe(listed);
  });

  it('is chosen by the entry point of NVIDIA’s framework images', () => {
    const enabled = 'compat: the entry point enables the compat library where it works';
    const left = 'host: the entry point does not enable a compat library that cannot work';
    const env = { LD_LIBRARY_PATH: `${USUAL}/lib:/usr/local/nvidia/lib` };
    const real = {
      cuda: '13.0.1',
      compatDriver: { version: '580.82.07', path: `${USUAL}/lib.real/libcuda.so.1` },
    };
    const unplaced = { cuda: '13.0.1', compatDriver: { version: '580.82.07' }, env };
    const geforce = { ...on('535.104.05', 'legacy'), gpus: [{ name: RTX4090 }] };
    for (const given of [real, unplaced]) {
      expect(choice(on('535.104.05', 'legacy'), given)).toBe(enabled);
      expect(choice(geforce, given)).toBe(left);
    }
    // A library in the usual folder is the toolkit's matter, whatever else is searched.
    expect(choice(geforce, { ...CUDA13, env })).toBe(
      'compat: the toolkit enables a compat library of a higher branch',
    );
    expect(choice(geforce, { cuda: '13.0.1', compatDriver: { version: '580.82.07' } })).toBe(
      'compat: the toolkit enables a compat library of a higher branch',
    );
  });

  const MOUNTS = 'compat: the toolkit mounts a compat library of a higher branch';
  const ENABLES = 'compat: the toolkit enables a compat library of a higher branch';
  const BY_MAJOR = 'compat: the CDI hook enables a compat library of a higher branch';
  const BY_NOTE = 'compat: the CDI hook enables a compat library that lists the host branch';
  const NOT_ABOVE = "host: the compat library's branch is not above the host's";
  it.each<[string | undefined, string | undefined, string]>([
    ['legacy', '1.16.2', MOUNTS],
    ['legacy', '1.17.3', MOUNTS],
    ['legacy', '1.17.4', 'host: container toolkit 1.17.4 does not enable compat libraries'],
    ['legacy', '1.17.5', ENABLES],
    ['legacy', undefined, ENABLES],
    ['cdi', '1.16.2', 'host: container toolkit 1.16.2 does not enable compat libraries'],
    ['cdi', '1.17.5', BY_MAJOR],
    ['cdi', '1.18.2', BY_MAJOR],
    ['cdi', '1.19.0', BY_NOTE],
    ['cdi', undefined, BY_NOTE],
    ['csv', undefined, BY_NOTE],
    // without a word of the mode: the hook, before there was another way, else as a current toolkit
    [undefined, '1.17.3', MOUNTS],
    [undefined, '1.17.4', 'host: container toolkit 1.17.4 does not enable compat libraries'],
    [undefined, '1.18.2', BY_MAJOR],
    [undefined, undefined, BY_NOTE],
  ])('mode %s, toolkit %s: %s', (mode, toolkit, expected) => {
    expect(choice(on('535.104.05', mode, toolkit), CUDA13)).toBe(expected);
  });

  it('is the host’s where the package is of the host’s branch or below', () => {
    const newer = image('12.9.1', '575.57.08');
    for (const [mode, toolkit] of [
      ['legacy', '1.16.2'],
      ['legacy', '1.17.8'],
      ['cdi', '1.18.2'],
    ]) {
      expect(choice(on('575.51.03', mode, toolkit), newer)).toBe(NOT_ABOVE);
      expect(choice(on('580.95.05', mode, toolkit), newer)).toBe(NOT_ABOVE);
    }
    // The note of the library lists its own branch too.
    expect(choice(on('575.51.03', 'cdi', '1.19.0'), newer)).toBe(BY_NOTE);
    expect(choice(on('575.64.05', 'cdi', '1.19.0'), newer)).toBe(
      'host: the compat library does not list the host branch',
    );
    expect(choice(on('545.23.08', 'cdi', '1.19.0'), newer)).toBe(
      'host: the compat library does not list the host branch',
    );
    // No note in libraries of before.
    expect(choice(on('530.30.02', 'cdi', '1.19.0'), image('12.8.1', '570.124.06'))).toBe(BY_MAJOR);
  });
});

describe('what a compat library does on a host', () => {
  const judged = (driver: string | undefined, given: ImageFacts, gpus?: readonly string[]) => {
    const host = viewHost(
      {
        ...(driver === undefined ? {} : { driver: { version: driver } }),
        ...(gpus === undefined ? {} : { gpus: gpus.map((name) => ({ name })) }),
      },
      tables,
    );
    const { kind, ...rest } = judgeCompat(compatOf(given), host, tables);
    if ('gpus' in rest) return [kind, ...rest.gpus.map(({ label }) => label)];
    return 'entitlementKnown' in rest ? [kind, rest.entitlementKnown] : [kind];
  };

  it.each<[string | undefined, ImageFacts, readonly string[] | undefined, unknown]>([
    [undefined, CUDA13, [A100], ['supported', false]],
    ['535.104.05', CUDA13, [A100], ['supported', true]],
    ['535.104.05', CUDA13, undefined, ['supported', false]],
    ['535.104.05', CUDA13, [], ['supported', false]],
    ['535.104.05', CUDA13, [A100, 'Unheard-of'], ['supported', false]],
    ['535.104.05', CUDA13, [A100, RTX4090], ['gpu', `1: ${RTX4090} (8.9)`]],
    ['545.23.08', CUDA13, [A100], ['branch']],
    ['580.95.05', CUDA13, [A100], ['host-newer']],
    ['590.44.01', CUDA13, [A100], ['host-newer']],
    ['580.82.07', CUDA13, [A100], ['host-newer']],
    // newer within the branch: from 575 on a note says so
    ['580.65.06', CUDA13, [A100], ['supported', true]],
    ['575.51.03', image('12.9.1', '575.57.08'), [A100], ['supported', true]],
    ['570.86.15', image('12.8.1', '570.124.06'), [A100], ['host-newer']],
    [
      '470.82.01',
      image('11.8.0', '520.61.05'),
      ['Tesla K80', A100],
      ['gpu-dropped', '0: Tesla K80 (3.7)'],
    ],
    // the last branch that knows the GPU is no drop
    ['535.104.05', CUDA13, ['Tesla V100-SXM2-16GB'], ['supported', true]],
  ])('driver %s, %j on %j: %j', (driver, given, gpus, expected) => {
    expect(judged(driver, given, gpus)).toEqual(expected);
  });

  it('is not judged newer within a branch by its branch alone', () => {
    const packaged = { cuda: '13.0', env: { NV_CUDA_COMPAT_PACKAGE: 'cuda-compat-13-0' } };
    expect(judged('580.65.06', packaged, [A100])).toEqual(['host-newer']);
    expect(judged('535.104.05', packaged, [A100])).toEqual(['supported', true]);
  });

  it('follows NVIDIA’s list of branches, and the note’s own branch from 575 on', () => {
    const accepts = (given: ImageFacts, branch: number) =>
      acceptsBranch(compatOf(given), branch, tables);
    expect(accepts(CUDA13, 575)).toBe(true);
    expect(accepts(CUDA13, 580)).toBe(true);
    expect(accepts(CUDA13, 590)).toBe(false);
    expect(accepts(CUDA13, 545)).toBe(false);
    expect(accepts(image('12.8.1', '570.124.06'), 570)).toBe(false);
    expect(accepts(image('12.9.1', '575.57.08'), 575)).toBe(true);
  });

  it('is taken to fit where the package is newer than every table', () => {
    const newest = tables.newestBranch();
    const unheard = (branch: number): CompatView => ({
      ...compatOf(CUDA13),
      branch,
      cuda: { raw: '98.7', parts: [98, 7], major: 98, minor: 7 },
    });
    expect(acceptsBranch(unheard(newest + 1), 535, tables)).toBe(true);
    expect(acceptsBranch(unheard(newest), 535, tables)).toBe(false);
  });
});

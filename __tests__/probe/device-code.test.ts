import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { archive, container, elf, entry, FLAG, lz4Literals, MACHINE } from './binaries.js';
import { type CodeDocument, createTree, scan, type Tree } from './scan.js';
import { itNeeding, needsProgram } from './tools.js';

const NEEDS = [{ met: process.arch === 'x64', missing: 'needs an x86-64 machine' }];
const CORPUS = resolve('probe/fuzz/corpus');

/** The program's document without its path. */
type Said = Omit<CodeDocument, 'step' | 'path'>;

const withoutPath = ({ step: _step, path: _path, ...said }: CodeDocument): Said => said;

describe('device code', () => {
  let tree: Tree;
  let count = 0;
  beforeAll(() => {
    tree = createTree();
  });
  afterAll(() => tree[Symbol.dispose]());

  /** What is said of a file with these bytes; undefined when nothing is. */
  const read = (bytes: Uint8Array | string, name = 'x.so'): Said | undefined => {
    count += 1;
    const { code, status } = scan([tree.write(`${count}/${name}`, bytes)]);
    expect(status).toBe(0);
    expect(code.length).toBeLessThanOrEqual(1);
    return code[0] === undefined ? undefined : withoutPath(code[0]);
  };

  const fatbinSection = (bytes: Uint8Array, name = '.nv_fatbin') =>
    elf({
      sections: [
        { name: '.text', bytes: Buffer.alloc(40) },
        { name, bytes },
      ],
    });

  itNeeding(NEEDS, 'is read from every entry of every container, and sorted by number', () => {
    const one = container([
      entry({ target: 120, flags: 0x11 | FLAG.a | FLAG.zstd, headerBytes: 112 }),
      entry({ target: 80, flags: 0x11 | FLAG.zstd }),
      entry({ kind: 1, target: 90, isa: [8, 7], headerBytes: 80, flags: 0x11 | FLAG.lz4 }),
    ]);
    const other = container([
      entry({ target: 100, flags: 0x11 | FLAG.f }),
      entry({ kind: 1, target: 90, isa: [9, 0] }),
      entry({ kind: 1, target: 100, isa: [9, 0], flags: 0x11 | FLAG.f }),
      entry({ kind: 8, target: 75 }),
    ]);
    expect(read(fatbinSection(Buffer.concat([one, Buffer.alloc(24), other])))).toEqual({
      kind: 'elf',
      cubins: ['sm_80', 'sm_100f', 'sm_120a'],
      ptx: [
        { target: 'compute_90', isa: '8.7' },
        { target: 'compute_90', isa: '9.0' },
        { target: 'compute_100f', isa: '9.0' },
      ],
      containers: 2,
      entries: 7,
      compressed: 3,
      otherKinds: [8],
    });
  });

  for (const bits of [32, 64] as const) {
    for (const machine of ['x86_64', 'aarch64'] as const) {
      for (const name of ['.nv_fatbin', '__nv_relfatbin']) {
        itNeeding(NEEDS, `is found in ${name} of a ${bits}-bit file for ${machine}`, () => {
          const bytes = container([entry({ target: 87 })]);
          const file = elf({ bits, machine: MACHINE[machine], sections: [{ name, bytes }] });
          expect(read(file)).toMatchObject({ kind: 'elf', cubins: ['sm_87'], containers: 1 });
        });
      }
    }
  }

  itNeeding(NEEDS, 'is found without a table of sections', () => {
    const sections = [
      { name: '.text', bytes: Buffer.alloc(50_000, 0x90) },
      { name: '.nv_fatbin', bytes: container([entry({ target: 61 })]) },
      { name: '.data', bytes: Buffer.alloc(40_000, 7) },
    ];
    for (const bits of [32, 64] as const) {
      expect(read(elf({ bits, sections, stripped: true }))).toMatchObject({ cubins: ['sm_61'] });
    }
    expect(read(elf({ sections: sections.slice(0, 1), stripped: true }))).toBeUndefined();
  });

  itNeeding(NEEDS, 'of a target of its own is told by the code where the flags are older', () => {
    const code = elf({ machine: MACHINE.cuda, flags: 0x5a0d5a | 0x800, abi: [0x33, 7] });
    const ptx = Buffer.from(
      '//\n// Generated\n//\n.version 8.0\n.target sm_90a\n.address_size 64\n',
    );
    const one = container([
      entry({ target: 90, payload: code }),
      entry({ kind: 1, target: 90, isa: [8, 0], flags: 0x2011, payload: lz4Literals(ptx) }),
    ]);
    expect(read(fatbinSection(one))).toMatchObject({
      cubins: ['sm_90a'],
      ptx: [{ target: 'compute_90a', isa: '8.0' }],
    });
    const plain = container([entry({ target: 90, payload: lz4Literals(code), flags: 0x2011 })]);
    expect(read(fatbinSection(plain))).toMatchObject({ cubins: ['sm_90a'] });
  });

  itNeeding(NEEDS, 'is read from a stand-alone cubin, old layout and new', () => {
    const cubin = (flags: number, abi: readonly [number, number], bits: 32 | 64 = 64) =>
      read(elf({ machine: MACHINE.cuda, flags, abi, bits }), 'x.cubin')?.cubins;
    expect(cubin(0x500550, [0x33, 7])).toEqual(['sm_80']);
    expect(cubin(0x140114, [0x33, 4], 32)).toEqual(['sm_20']);
    expect(cubin(0x5a0d5a | 0x800, [0x33, 7])).toEqual(['sm_90a']);
    expect(cubin(0x06005a04, [0x41, 8])).toEqual(['sm_90']);
    expect(cubin(0x0600780a, [0x41, 8])).toEqual(['sm_120a']);
    expect(read(elf({ machine: MACHINE.cuda, abi: [0x41, 8] }), 'x.cubin')).toEqual({
      kind: 'cubin',
      cubins: [],
      ptx: [],
      malformed: 'a header that names no target at byte 0',
    });
  });

  itNeeding(NEEDS, 'is read from PTX text, whatever the file is called', () => {
    const text =
      '//\n// by a compiler\n//\n\n.version 8.4\n.target sm_90a, debug\n.address_size 64\n';
    const said = { kind: 'ptx', cubins: [], ptx: [{ target: 'compute_90a', isa: '8.4' }] };
    expect(read(text, 'kernel.ptx')).toEqual(said);
    expect(read(text, 'f3a9c0')).toEqual(said);
    expect(read('.version 8.4\n', 'kernel.ptx')).toEqual({
      kind: 'ptx',
      cubins: [],
      ptx: [],
      malformed: 'no .version and .target in its first 4096 bytes at byte 0',
    });
    expect(read('// see .version 8.4 and .target\n', 'notes')).toBeUndefined();
    expect(read(`.version 8.4\n.target sm_${'9'.repeat(40)}\n`, 'x')).toBeUndefined();
  });

  itNeeding(NEEDS, 'is read from containers on their own and from static libraries', () => {
    const bytes = container([entry({ target: 75 })]);
    expect(read(bytes, 'x.fatbin')).toMatchObject({ kind: 'fatbin', cubins: ['sm_75'] });
    const members = [
      fatbinSection(bytes),
      Buffer.from('no object file'),
      fatbinSection(container([entry({ target: 86 })]), '__nv_relfatbin'),
    ];
    expect(read(archive(members), 'libx.a')).toEqual({
      kind: 'archive',
      cubins: ['sm_75', 'sm_86'],
      ptx: [],
      containers: 2,
      entries: 2,
      compressed: 0,
    });
    expect(read(archive([Buffer.from('text')]), 'libx.a')).toBeUndefined();
  });

  itNeeding(NEEDS, 'that is cut off or wrong is said to be, and what came before is kept', () => {
    const good = container([entry({ target: 80 })]);
    const cases: [string, Buffer][] = [
      ['a container that is larger than what holds it', container([entry()], 1n << 40n)],
      ['a container that is larger than what holds it', container([entry()], (1n << 64n) - 1n)],
      ['an entry that is larger than its container', container([entry({ payloadBytes: 999n })])],
      [
        'an entry that is larger than its container',
        container([entry({ payloadBytes: (1n << 64n) - 64n })]),
      ],
      ['an entry that ends early', container([entry({ headerBytes: 48 }), Buffer.alloc(20)])],
      ['an entry for no known target', container([entry({ target: 0 })])],
      ['an entry for no known target', container([entry({ target: 123_456 })])],
      ['something else than a container', Buffer.from('1234567890123456')],
    ];
    for (const [why, bad] of cases) {
      const said = read(fatbinSection(Buffer.concat([good, bad])));
      expect(said).toMatchObject({ malformed: expect.stringContaining(why) });
      expect(said?.cubins).toContain('sm_80');
    }
    const file = fatbinSection(good);
    // The table of sections is at the end: without its 4 entries, the containers are still found.
    const cut = file.subarray(0, file.length - 4 * 64);
    expect(read(cut)).toMatchObject({ cubins: ['sm_80'], entries: 1 });
    // The names of the sections before it, and 12 bytes of the code.
    expect(read(cut.subarray(0, cut.length - 44))).toMatchObject({
      cubins: [],
      malformed: expect.stringContaining('a container that is larger than what holds it'),
    });
    expect(read('text', 'x.cubin')?.malformed).toMatch(/^not of the kind that its name says/);
  });

  itNeeding(NEEDS, 'is not reported of a file that has none', () => {
    expect(read(elf({ sections: [{ name: '.text', bytes: Buffer.alloc(9) }] }))).toBeUndefined();
    expect(
      read(elf({ sections: [{ name: '.nv_fatbin', bytes: Buffer.alloc(0) }] })),
    ).toBeUndefined();
    expect(read(readFileSync(process.execPath).subarray(0, 100_000), 'cut')).toBeUndefined();
    expect(read('', 'empty.ptx')).toBeUndefined();
  });

  itNeeding(NEEDS, 'is read the same of any entries, in any order', () => {
    const part = fc.record({
      target: fc.integer({ min: 10, max: 199 }),
      flags: fc.constantFrom(0x11, 0x11 | FLAG.a, 0x11 | FLAG.f),
      kind: fc.constantFrom(1, 2),
      headerBytes: fc.constantFrom(48, 64, 72, 80, 88, 104, 112),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
        const suffix = (flags: number) => (flags & FLAG.a ? 'a' : flags & FLAG.f ? 'f' : '');
        const names = (kind: number, prefix: string) =>
          [
            ...new Set(
              parts
                .filter((one) => one.kind === kind)
                .map((one) => `${prefix}${one.target}${suffix(one.flags)}`),
            ),
          ].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
        const said = read(container(parts.map(entry)), 'x.fatbin');
        expect(said?.cubins).toEqual(names(2, 'sm_'));
        expect(said?.ptx.map(({ target }) => target)).toEqual(names(1, 'compute_'));
        expect(said).not.toHaveProperty('malformed');
      }),
      { numRuns: 40 },
    );
  });

  itNeeding(NEEDS, 'of small files made by nvcc 13.0 is what was asked for', () => {
    const said = Object.fromEntries(
      scan([CORPUS]).code.map((one) => [one.path.slice(CORPUS.length + 1), withoutPath(one)]),
    );
    expect(said).toMatchObject({
      'af.fatbin': {
        kind: 'fatbin',
        cubins: ['sm_90a', 'sm_100f'],
        ptx: [
          { target: 'compute_75', isa: '9.0' },
          { target: 'compute_100f', isa: '9.0' },
        ],
        containers: 1,
        entries: 4,
        compressed: 2,
      },
      'speed.fatbin': { cubins: ['sm_80'], ptx: [{ target: 'compute_80', isa: '9.0' }] },
      'lto.fatbin': { cubins: [], ptx: [], otherKinds: [8] },
      'c75.cubin': { kind: 'cubin', cubins: ['sm_75'] },
      'c90a.cubin': { kind: 'cubin', cubins: ['sm_90a'] },
      'k.ptx': { kind: 'ptx', ptx: [{ target: 'compute_90a', isa: '9.0' }] },
      'relocatable.o': { cubins: ['sm_90a'], ptx: [{ target: 'compute_90a', isa: '9.0' }] },
      'two-members.a': {
        kind: 'archive',
        cubins: ['sm_75', 'sm_90a'],
        ptx: [
          { target: 'compute_75', isa: '9.0' },
          { target: 'compute_90a', isa: '9.0' },
        ],
        containers: 2,
      },
    });
  });
});

describe('the reader of device code under the sanitizers', () => {
  itNeeding(
    [needsProgram('gcc', 'apt-get install gcc libc6-dev')],
    'reads nothing outside a file, whatever is changed in it',
    () => {
      const tree = createTree();
      const program = join(tree.folder, 'replay');
      const sources = readFileSync('probe/fuzz/sources.txt', 'utf8').trim().split('\n');
      const built = spawnSync(
        'gcc',
        [
          ...['-std=c11', '-g', '-O1', '-Wall', '-Wextra', '-Werror'],
          ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-o', program],
          ...['fuzz/replay.c', ...sources].map((name) => join('probe', name)),
        ],
        { encoding: 'utf8' },
      );
      expect(built.stderr).toBe('');
      const inputs = readdirSync(CORPUS).map((name) => join(CORPUS, name));
      const bits = [32, 64] as const;
      const made = bits.map((one) =>
        tree.write(
          `${one}.so`,
          elf({
            bits: one,
            sections: [{ name: '.nv_fatbin', bytes: container([entry(), entry({ kind: 1 })]) }],
          }),
        ),
      );
      const { status, stderr, stdout } = spawnSync(program, ['400', ...inputs, ...made], {
        encoding: 'utf8',
        timeout: 100_000,
      });
      tree[Symbol.dispose]();
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toBe(`${inputs.length + 2} files, 400 changes of each\n`);
      expect(inputs.length).toBeGreaterThan(7);
    },
    120_000,
  );
});

const nvcc = {
  ...needsProgram('nvcc', "comes with NVIDIA's CUDA toolkit, which no public package brings"),
  optional: true,
};

describe('what nvcc makes', () => {
  let tree: Tree;
  beforeAll(() => {
    tree = createTree();
    tree.write('k.cu', '__global__ void k(int *a) { a[threadIdx.x] = 1; }\n');
  });
  afterAll(() => tree[Symbol.dispose]());

  const compiled = (output: string, ...options: string[]): Said | undefined => {
    const { status, stderr } = spawnSync('nvcc', [...options, 'k.cu', '-o', output], {
      cwd: tree.folder,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { code } = scan([join(tree.folder, output)]);
    return code[0] && withoutPath(code[0]);
  };
  const generate = (arch: string, code: string): string[] => [
    '-gencode',
    `arch=compute_${arch},code=${code}`,
  ];

  for (const mode of ['none', 'size', 'speed', 'balance']) {
    itNeeding([...NEEDS, nvcc], `is read as asked for: -compress-mode=${mode}`, () => {
      const said = compiled(
        `${mode}.fatbin`,
        ...['-fatbin', `-compress-mode=${mode}`],
        ...[...generate('75', 'sm_75'), ...generate('90', '[sm_90,compute_90]')],
      );
      expect(said).toMatchObject({
        kind: 'fatbin',
        cubins: ['sm_75', 'sm_90'],
        ptx: [{ target: 'compute_90', isa: expect.stringMatching(/^\d+\.\d$/) }],
        containers: 1,
        entries: 3,
      });
      expect(said?.compressed).toEqual(mode === 'none' ? 0 : expect.any(Number));
    });
  }

  itNeeding([...NEEDS, nvcc], 'is read as asked for: targets of their own and of families', () => {
    const said = compiled(
      'af.fatbin',
      ...['-fatbin', ...generate('90a', 'sm_90a'), ...generate('100f', 'sm_100f')],
      ...[...generate('120a', '[sm_120a,compute_120a]'), ...generate('100f', 'compute_100f')],
    );
    expect(said?.cubins).toEqual(['sm_90a', 'sm_100f', 'sm_120a']);
    expect(said?.ptx.map(({ target }) => target)).toEqual(['compute_100f', 'compute_120a']);
  });

  itNeeding(
    [...NEEDS, nvcc],
    'is read as asked for: PTX alone, an object, a relocatable object',
    () => {
      const ptx = compiled('p.fatbin', '-fatbin', ...generate('80', 'compute_80'));
      expect(ptx).toMatchObject({ cubins: [], ptx: [{ target: 'compute_80' }] });
      const object = compiled('k.o', '-c', ...generate('89', 'sm_89'));
      expect(object).toMatchObject({ kind: 'elf', cubins: ['sm_89'], ptx: [] });
      const relocatable = compiled('r.o', '-dc', ...generate('87', 'sm_87'));
      expect(relocatable).toMatchObject({ kind: 'elf', cubins: ['sm_87'], containers: 1 });
    },
  );

  for (const target of ['75', '90', '90a', '100', '100f', '121a']) {
    itNeeding([...NEEDS, nvcc], `is read as asked for: a cubin of sm_${target}`, () => {
      const said = compiled(`${target}.cubin`, '-cubin', `-arch=sm_${target}`);
      expect(said).toEqual({ kind: 'cubin', cubins: [`sm_${target}`], ptx: [] });
    });
  }
});

describe('wrong use of --scan', () => {
  itNeeding(NEEDS, 'is told, and what can be read is read', () => {
    const tree = createTree();
    const absent = join(tree.folder, 'absent');
    const { status, stderr, files } = scan([CORPUS, absent]);
    tree[Symbol.dispose]();
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `cuda-image-probe: ${absent}: ENOENT\n`,
    });
    expect(files.files).toBeGreaterThan(7);
  });
});

describe('the corpus', () => {
  it('is small', () => {
    const bytes = readdirSync(CORPUS).map((name) => readFileSync(join(CORPUS, name)).length);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(200 * 1024);
  });
});

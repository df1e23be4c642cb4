import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { createRoot, LIBRARY_FOLDER, type Root } from './root.js';
import { itNeeding, needsProgram, needsRoot } from './tools.js';

const NEEDS = [
  { met: process.arch === 'x64', missing: 'needs an x86-64 machine' },
  needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
  needsProgram('unshare', 'apt-get install util-linux'),
  needsRoot,
];

describe('the libraries inside a container', () => {
  let workshop: string;
  let root: Root;
  beforeAll(() => {
    workshop = mkdtempSync(join(tmpdir(), 'inside-'));
  });
  beforeEach(() => {
    if (NEEDS.every(({ met }) => met)) root = createRoot();
  });
  afterEach(() => root?.[Symbol.dispose]());
  afterAll(() => rmSync(workshop, { recursive: true, force: true }));

  /** Links a library that has these functions; gives its path. */
  const link = (soname: string, source = ''): string => {
    const folder = mkdtempSync(join(workshop, 'l-'));
    const [code, output] = [join(folder, 'a.c'), join(folder, soname)];
    writeFileSync(code, source);
    execFileSync('x86_64-linux-gnu-gcc', [
      ...['-shared', '-fPIC', '-nostdlib', '-w', `-Wl,-soname,${soname}`, '-o', output, code],
    ]);
    return output;
  };
  type Document = Readonly<Record<string, unknown>>;
  const libraries = (
    options?: Parameters<Root['probe']>[0],
  ): Readonly<Record<string, Document>> => {
    const documents = root
      .probe({ files: true, ...options })
      .stdout.split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Document)
      .filter(({ step }) => step === 'library');
    return Object.fromEntries(documents.map((one) => [String(one['path']), one]));
  };

  itNeeding(NEEDS, 'tell their versions by their own functions, where nothing else does', () => {
    const FUNCTIONS: readonly [string, string, string][] = [
      ['libcudart.so.12', 'int cudaRuntimeGetVersion(int *v) { *v = 12080; return 0; }', '12.8'],
      ['libcudnn.so.8', 'unsigned long cudnnGetVersion(void) { return 8907; }', '8.9.7'],
      ['libcudnn.so.9', 'unsigned long cudnnGetVersion(void) { return 91002; }', '9.10.2'],
      ['libnccl.so.2', 'int ncclGetVersion(int *v) { *v = 22703; return 0; }', '2.27.3'],
      ['libnvrtc.so.12', 'int nvrtcVersion(int *a, int *b) { *a = 12; *b = 8; return 0; }', '12.8'],
      [
        'libcublas.so.12',
        'int cublasGetProperty(int p, int *v) { *v = p == 0 ? 12 : p == 1 ? 8 : 4; return 0; }',
        '12.8.4',
      ],
      ['libnvinfer.so.10', 'int getInferLibVersion(void) { return 100900; }', '10.9.0'],
    ];
    for (const [soname, source] of FUNCTIONS) root.copy(link(soname, source), `/opt/a/${soname}`);
    const found = libraries();
    for (const [soname, , version] of FUNCTIONS) {
      expect(found[`/opt/a/${soname}`]).toMatchObject({ soname, version, versionFrom: 'function' });
    }
  });

  itNeeding(
    NEEDS,
    'that crash, hang, fail or need what is not there keep their version to themselves',
    () => {
      const bad: Readonly<Record<string, string>> = {
        'libcudart.so.12': 'int cudaRuntimeGetVersion(int *v) { *v = 12080; return 35; }',
        'libcudnn.so.9': 'unsigned long cudnnGetVersion(void) { __builtin_trap(); }',
        'libnccl.so.2': 'int ncclGetVersion(int *v) { for (volatile int i = 0;;) i = 0; }',
        'libnvrtc.so.12': 'int f(void);\nint nvrtcVersion(int *a, int *b) { return f(); }',
        'libcufft.so.11': '',
      };
      for (const [soname, source] of Object.entries(bad))
        root.copy(link(soname, source), `/opt/a/${soname}`);
      root.copy(
        link('libcurand.so.10', 'int curandGetProperty(int p, int *v) { *v = 10; return 0; }'),
        '/opt/z/libcurand.so.10',
      );
      const found = libraries();
      for (const soname of Object.keys(bad)) {
        expect(found[`/opt/a/${soname}`]).toMatchObject({ soname });
        expect(found[`/opt/a/${soname}`]).not.toHaveProperty('version');
      }
      expect(found['/opt/z/libcurand.so.10']).toMatchObject({ version: '10.10.10' });
    },
  );

  itNeeding(
    NEEDS,
    "are not the image's where a mount brought them, or shows a compat library again",
    () => {
      const libcuda = link('libcuda.so.1');
      const compat = '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06';
      root.copy(libcuda, compat);
      root.copy(libcuda, `${LIBRARY_FOLDER}/libcuda.so.470.57.02`);
      root.empty(`${LIBRARY_FOLDER}/libcuda.so.535.104.05`);
      root.empty(`${LIBRARY_FOLDER}/libcuda.so.570.124.06`);
      root.empty(`${LIBRARY_FOLDER}/libnvidia-ml.so.1`);
      const found = libraries({
        mounts: [
          [libcuda, `${LIBRARY_FOLDER}/libcuda.so.535.104.05`],
          [`root:${compat}`, `${LIBRARY_FOLDER}/libcuda.so.570.124.06`],
        ],
      });
      const seen = Object.values(found).map(({ path, kind, mounted, version }) => [
        path,
        kind,
        mounted,
        version,
      ]);
      expect(seen.toSorted()).toEqual(
        [
          [compat, 'compat', undefined, '570.124.06'],
          [`${LIBRARY_FOLDER}/libcuda.so.470.57.02`, 'driver', undefined, '470.57.02'],
          [`${LIBRARY_FOLDER}/libcuda.so.535.104.05`, 'driver', true, '535.104.05'],
          [`${LIBRARY_FOLDER}/libcuda.so.570.124.06`, 'driver', true, '570.124.06'],
          [`${LIBRARY_FOLDER}/libnvidia-ml.so.1`, 'empty', undefined, undefined],
        ].toSorted(),
      );
    },
  );
});

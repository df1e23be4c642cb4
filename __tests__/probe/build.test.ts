import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROBE_ARM64, PROBE_X64 } from './simulated.js';
import { itNeeding, type Need, needsFile, needsProgram } from './tools.js';

const MAX_BYTES = 160 * 1024;
const CUDA_INCLUDE = '/usr/local/cuda/include';

const run = (program: string, ...args: string[]) =>
  spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });

/** Other compilers give other bytes; the check in CI runs `probe/build.sh --check` where the right ones are. */
const needsCompilers: Need = {
  met: run('probe/build.sh', '--compilers').stdout === readFileSync('dist/probe/COMPILERS', 'utf8'),
  missing: 'needs the compilers in dist/probe/COMPILERS, those of Debian 12',
  optional: true,
};

describe('the committed probes', () => {
  itNeeding(
    [
      needsProgram('x86_64-linux-gnu-gcc', 'apt-get install gcc binutils'),
      needsProgram('aarch64-linux-gnu-gcc', 'apt-get install gcc-aarch64-linux-gnu'),
      needsCompilers,
    ],
    'are what probe/build.sh builds, byte for byte',
    () => {
      const { status, stdout, stderr } = run('probe/build.sh', '--check');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.match(/the same bytes/g)).toHaveLength(2);
    },
    120_000,
  );

  for (const [path, version, pageBytes] of [
    [PROBE_X64, 'GLIBC_2.2.5', 0x1000],
    [PROBE_ARM64, 'GLIBC_2.17', 0x10000],
  ] as const) {
    const name = path.slice(path.lastIndexOf('/') + 1);

    it(`${name}: is small and carries no path of the machine that built it`, () => {
      const bytes = readFileSync(path);
      expect(bytes.length).toBeLessThanOrEqual(MAX_BYTES);
      expect(statSync(path).mode & 0o111).toBe(0o111);
      expect(bytes.toString('latin1')).not.toMatch(/\/work|\/home|\/tmp\/|\.c\0|GCC:/);
    });

    itNeeding(
      [needsProgram('readelf', 'apt-get install binutils')],
      `${name}: asks for the oldest symbols of glibc only, and for nothing that hardening forbids`,
      () => {
        const { stdout } = run('readelf', '-VWld', path);
        const versions = [...stdout.matchAll(/Name: (GLIBC_[\d.]+)/g)].map(([, found]) => found);
        expect(new Set(versions)).toEqual(new Set([version]));
        const libraries = [...stdout.matchAll(/Shared library: \[(.+)\]/g)].map(
          ([, found]) => found,
        );
        expect(libraries.toSorted()).toEqual(['libc.so.6', 'libdl.so.2']);
        expect(stdout).toMatch(/GNU_STACK .* RW +0x/);
        // Elsewhere it would add up to a page of 64 KiB to the file.
        if (pageBytes === 4096) expect(stdout).toContain('GNU_RELRO');
        expect(stdout).toMatch(/BIND_NOW|FLAGS_1.*NOW/);
        expect(stdout).not.toMatch(/RUNPATH|RPATH|TEXTREL/);
        const aligned = [...stdout.matchAll(/^ +LOAD .* 0x([\da-f]+)$/gm)].map(([, hex]) =>
          Number.parseInt(hex ?? '', 16),
        );
        expect(aligned.length).toBeGreaterThan(1);
        expect(new Set(aligned)).toEqual(new Set([pageBytes]));
      },
    );
  }
});

describe('the test kernel', () => {
  const ptx = readFileSync('probe/kernel.ptx', 'utf8');

  it('is PTX that every driver since CUDA 9.0 compiles', () => {
    expect(ptx).toMatch(/^\.version 6\.0$/m);
    expect(ptx).toMatch(/^\.target sm_30$/m);
    expect(ptx).toMatch(/^\.address_size 64$/m);
  });

  it('is in each program whole', () => {
    for (const path of [PROBE_X64, PROBE_ARM64]) {
      expect(readFileSync(path).includes(`${ptx}\0`)).toBe(true);
    }
  });

  const ptxas = {
    ...needsProgram('ptxas', "comes with NVIDIA's CUDA toolkit"),
    optional: true,
  };
  for (const target of ['sm_75', 'sm_80', 'sm_90', 'sm_100', 'sm_120']) {
    itNeeding([ptxas], `is accepted by NVIDIA's compiler for ${target}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
      const output = join(folder, 'kernel.cubin');
      const { status, stderr } = run('ptxas', `-arch=${target}`, '-o', output, 'probe/kernel.ptx');
      const bytes = status === 0 ? statSync(output).size : 0;
      rmSync(folder, { recursive: true });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(bytes).toBeGreaterThan(1000);
    });
  }
});

describe('the functions of the driver', () => {
  const header = {
    ...needsFile(`${CUDA_INCLUDE}/cuda.h`, "comes with NVIDIA's CUDA toolkit"),
    optional: true,
  };
  itNeeding(
    [header, needsProgram('gcc', 'apt-get install gcc')],
    "are declared as NVIDIA's own header declares them",
    () => {
      const { status, stderr } = run(
        'gcc',
        ...['-std=gnu11', '-fsyntax-only', '-Wall', '-Werror', `-I${CUDA_INCLUDE}`],
        ...[`-I${resolve('probe')}`, '__tests__/probe/driver-api.c'],
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );
});

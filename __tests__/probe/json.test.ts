import { spawnSync } from 'node:child_process';
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { PROBE_X64 } from './simulated.js';
import { itNeeding } from './tools.js';

const NEEDS = [{ met: process.arch === 'x64', missing: 'needs an x86-64 machine' }];

/** The probe's first documents with CUDA_HOME set to these bytes: a shell can set what Node's `env` cannot. */
function documentsWith(value: Uint8Array): { bytes: Uint8Array; cudaHome: string } {
  const escaped = [...value].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
  // The last letter keeps the shell from cutting newlines off the end.
  const script =
    'CUDA_HOME=$(printf %b "$1"; printf z); export CUDA_HOME; exec "$2" --nonce 0011223344556677 --files no';
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', escaped, PROBE_X64], { env: {} });
  const text = new TextDecoder('utf-8', { fatal: true }).decode(stdout);
  const documents = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const cudaHome: string = documents.find(({ step }) => step === 'limits').env.CUDA_HOME;
  return { bytes: stdout, cudaHome };
}

describe('the probe’s JSON', () => {
  itNeeding(NEEDS, 'gives any text back as it was', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 200 })
      .filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, (value) => {
        expect(documentsWith(new TextEncoder().encode(value)).cudaHome).toBe(`${value}z`);
      }),
      { numRuns: 60 },
    );
  });

  itNeeding(
    NEEDS,
    'is UTF-8 and JSON whatever bytes there are, and keeps all that is ASCII',
    () => {
      const bytes = fc.uint8Array({ min: 1, minLength: 1, maxLength: 300 });
      fc.assert(
        fc.property(bytes, (value) => {
          const ascii = (text: string): string => text.replace(/[^\0-\x7f]/g, '');
          const { cudaHome } = documentsWith(value);
          expect(ascii(cudaHome)).toBe(ascii(`${Buffer.from(value).toString('latin1')}z`));
        }),
        { numRuns: 60 },
      );
    },
  );

  itNeeding(NEEDS, 'replaces what is overlong, a surrogate, cut or too large', () => {
    for (const wrong of [
      [0xc0, 0xaf],
      [0xe0, 0x80, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x80, 0x80, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xe2, 0x82],
      [0x80],
    ]) {
      const { cudaHome } = documentsWith(Uint8Array.from([0x61, ...wrong]));
      expect(cudaHome).toBe(`a${'\ufffd'.repeat(wrong.length)}z`);
    }
  });
});

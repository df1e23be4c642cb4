import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { itNeeding, needsProgram } from './tools.js';

const NEEDS = [needsProgram('gcc', 'apt-get install gcc')];
const CORPUS = 'probe/fuzz/metadata-corpus';

describe('what reads linker and package metadata, with the sanitizers on', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sanitized-'));
    if (NEEDS.some(({ met }) => !met)) return;
    const sources = readFileSync('probe/fuzz/metadata_sources.txt', 'utf8').trim().split('\n');
    execFileSync(
      'gcc',
      [
        ...['-std=c11', '-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
        ...['-Wall', '-Wextra', '-Werror', '-DWITH_MAIN', '-o', join(folder, 'target'), ...sources],
      ],
      { cwd: 'probe' },
    );
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (files: readonly string[]) => {
    const { status, stderr, stdout } = spawnSync(join(folder, 'target'), files, {
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, stderr, stdout };
  };
  const inputs = (): string[] => readdirSync(CORPUS).map((name) => resolve(CORPUS, name));

  itNeeding(NEEDS, 'stays within its bounds on what fuzzing found', () => {
    const files = inputs();
    expect(files.length).toBeGreaterThan(10);
    expect(run(files)).toEqual({ status: 0, stderr: '', stdout: `${files.length} files\n` });
  });

  itNeeding(NEEDS, 'stays within its bounds on the same files cut and changed', () => {
    // A generator of its own with a fixed seed: a failure comes again.
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    const changed = inputs().flatMap((path, number) =>
      Array.from({ length: 40 }, (_, round) => {
        const bytes = readFileSync(path);
        for (let change = 0; bytes.length > 1 && change < 1 + (round % 5); change += 1) {
          bytes[1 + random(bytes.length - 1)] = [0, 1, 0x7f, 0x80, 0xff][random(5)] ?? 0;
        }
        const output = join(folder, `${number}-${round}`);
        writeFileSync(
          output,
          round % 4 === 0 ? bytes.subarray(0, 1 + random(bytes.length)) : bytes,
        );
        return output;
      }),
    );
    expect(run(changed)).toEqual({ status: 0, stderr: '', stdout: `${changed.length} files\n` });
  });
});

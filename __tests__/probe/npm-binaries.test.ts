import { describe, expect, it } from '@jest/globals';
import { NotFetched, type NpmBinary, npmBinary } from './npm-binaries.js';
import { scan } from './scan.js';

interface Row extends NpmBinary {
  readonly cubins: readonly string[];
  readonly ptx: readonly string[];
  readonly isa: string;
  readonly containers: number;
  readonly entries: number;
  /** Fetched only when asked for: the archive has 177 MB. */
  readonly large?: true;
}

/** Counted once with another program that searches all bytes of the file for containers. */
const ROWS: readonly Row[] = [
  {
    name: '@node-llama-cpp/linux-x64-cuda',
    version: '3.22.1',
    integrity:
      'sha512-8rQCjyNNLZJUFit+YpjwlC4hwkKgOMIkB2wuycKBf8NU2O3ySKbiWZQ8aw9ku2nUTXjSnUIrE6KB88itduTBuA==',
    file: 'package/bins/linux-x64-cuda/libggml-cuda.so',
    cubins: ['sm_86', 'sm_89', 'sm_120a', 'sm_121a'],
    ptx: ['compute_75', 'compute_80', 'compute_90'],
    isa: '9.1',
    containers: 143,
    entries: 1001,
  },
  {
    name: '@lloyal-labs/lloyal.node-linux-x64-cuda',
    version: '3.1.1',
    integrity:
      'sha512-jTnGn8bQfK51IQ7TftoFh59mO/HQ078b3uZ+ZHfjaLrt1Cg+/D+rUBHNXCqlAWMwLG5L/F3m33KTBCGpH2dW5g==',
    file: 'package/bin/libggml-cuda.so.0',
    cubins: ['sm_86'],
    ptx: ['compute_61', 'compute_90'],
    isa: '8.2',
    containers: 138,
    entries: 414,
  },
  {
    name: '@fugood/node-llama-linux-x64-cuda',
    version: '1.7.15',
    integrity:
      'sha512-nIh/hVwlgvnvjpk1p5PzclHuP3R/ekZYW2MGa+zvuVnkdlE0jgblh0c4WWw6N9a0S7uwCHaigHSZgRSnWJlqsA==',
    file: 'package/index.node',
    cubins: ['sm_89'],
    ptx: ['compute_89'],
    isa: '8.5',
    containers: 141,
    entries: 282,
  },
  {
    name: '@fugood/node-whisper-linux-x64-cuda',
    version: '1.1.3',
    integrity:
      'sha512-3lG7nso8UIgoCvxXi6cGMkoif0qeRz1vpbqjvbL8RiQW++CqG19inKfxwHf9T+gunGK398s4KEmzt3oYDz3eNg==',
    file: 'package/index.node',
    cubins: ['sm_89'],
    ptx: ['compute_89'],
    isa: '8.5',
    containers: 142,
    entries: 284,
  },
  {
    name: '@node-llama-cpp/linux-x64-cuda-ext',
    version: '3.22.1',
    integrity:
      'sha512-4e5ajkiM2aR2WAdB/N/ACk4weEhHvOAIrzxZPsIX0xDFW5+6hhShuy1/vs88SK9NGdgAco9IyE28eYS0H1efpA==',
    file: 'package/bins/linux-x64-cuda/fallback/libggml-cuda.so',
    cubins: ['sm_86'],
    ptx: ['compute_50', 'compute_61', 'compute_70', 'compute_75', 'compute_80'],
    isa: '8.4',
    containers: 143,
    entries: 858,
    large: true,
  },
];

const WANTS_LARGE = process.env['PROBE_LARGE_BINARIES'] === '1';

describe('the device code of a binary on npm', () => {
  for (const row of ROWS) {
    const { cubins, ptx, isa, containers, entries } = row;
    const test = async () => {
      let path: string;
      try {
        path = await npmBinary(row);
      } catch (error) {
        if (process.env['CI'] === 'true' || !(error instanceof NotFetched)) throw error;
        process.stderr.write(`\nNOT TESTED: ${row.name}@${row.version}: ${error}\n`);
        return;
      }
      const { code, files } = scan([path]);
      expect(code).toEqual([
        expect.objectContaining({
          kind: 'elf',
          cubins,
          ptx: ptx.map((target) => ({ target, isa })),
          containers,
          entries,
        }),
      ]);
      expect(code[0]).not.toHaveProperty('malformed');
      expect(files).toMatchObject({ files: 1, complete: true });
    };
    const name = `is read whole from ${row.name} ${row.version}`;
    if (process.arch !== 'x64') it.skip(`${name} (needs an x86-64 machine)`, test);
    else if (row.large && !WANTS_LARGE) it.skip(`${name} (177 MB: PROBE_LARGE_BINARIES=1)`, test);
    else it(name, test, 900_000);
  }
});

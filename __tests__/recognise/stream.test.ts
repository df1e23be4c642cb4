import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { explainText } from '../../src/explain.js';
import { recognise } from '../../src/recognise/recognise.js';
import { createRecogniser, createTables } from '../../src/recognise/recogniser.js';
import { readCases } from './corpus.js';
import { SIBLINGS } from './siblings.js';

const TABLES = createTables();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function inChunks(all: Uint8Array, sizes: readonly number[]): ReturnType<typeof recognise> {
  const recogniser = createRecogniser(undefined, TABLES);
  let at = 0;
  for (let turn = 0; at < all.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    recogniser.push(all.subarray(at, at + size));
    at += size;
  }
  return recogniser.end();
}

const anyText = fc.oneof(
  fc.constantFrom(...SIBLINGS.map(([, text]) => text)),
  fc.constantFrom(...readCases().flatMap((given) => given.output ?? [])),
  fc.string({ unit: 'binary' }),
);
const anyLog = fc.array(anyText, { maxLength: 12 }).map((parts) => parts.join('\n'));

describe('any bytes, in any chunks', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (all) => {
        expect(Array.isArray(inChunks(all, [64]))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the same whatever the chunks', () => {
    fc.assert(
      fc.property(
        anyLog,
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
        (log, sizes) => {
          expect(inChunks(bytes(log), sizes)).toEqual(inChunks(bytes(log), [1 << 20]));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives an explanation with words for whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, async (log) => {
        const { findings } = await explainText([bytes(log)], undefined, TABLES);
        expect(findings.length).toBeGreaterThan(0);
        for (const finding of findings) {
          expect(finding.title).not.toBe('');
          expect(finding.why).not.toBe('');
          expect(`${finding.title} ${finding.why} ${finding.fixes.join(' ')}`).not.toMatch(
            /undefined|\[object|NaN/,
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the dress of a text does not matter', () => {
  const text =
    'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver';
  const dressed: [string, string][] = [
    [
      'terminal colours',
      `\u001b[31;1m${text.replace('requirement', '\u001b[0mrequirement\u001b[36m')}\u001b[0m`,
    ],
    ['CRLF', `${text}\r\n`],
    ['a progress bar before it', `10%\r50%\r100%\r${text}\n`],
    ['GitHub Actions', `2024-05-01T10:00:00.0000000Z ##[error]${text}`],
    ['Compose', `web-1  | ${text}`],
    ['Kubernetes', `2024-05-01T10:00:00.123456789Z stderr F ${text}`],
    ['journald', `May 01 10:00:00 host dockerd[812]: ${text}`],
    ['BuildKit', `#12 0.345 ${text}`],
    ['Go quoting', `level=error msg="failed: \\"${text.replace('>', '\\u003e')}\\\\n\\""`],
    ['HTML', text.replace('>', '&gt;')],
    ['a line break at 80 columns', `${text.slice(0, 80)}\n${text.slice(80)}`],
    ['a break between words', text.replace('unsatisfied condition', 'unsatisfied\n  condition')],
    ['UTF-16', [...text].map((letter) => `${letter}\0`).join('')],
    [
      'noise around it',
      `${'a line of noise\n'.repeat(5000)}${text}\n${'more noise\n'.repeat(5000)}`,
    ],
    ['an endless line around it', `${'x'.repeat(100_000)} ${text} ${'y'.repeat(100_000)}`],
  ];

  it.each(dressed)('%s', (_name, log) => {
    const [first] = recognise(log, undefined, TABLES);
    expect(first?.id).toBe('requirement-unmet');
    expect(first?.data.clause).toBe('cuda>=12.8');
  });

  it('numbers the lines of the text as an editor does', () => {
    const [first] = recognise(`one\ntwo\n${text}\n`, undefined, TABLES);
    expect(first?.evidence[0]?.what).toBe('log line 3');
  });

  it('reads quotation marks of other languages', () => {
    const found = recognise('docker: unknown or invalid runtime name: „nvidia“', undefined, TABLES);
    expect(found[0]?.id).toBe('nvidia-runtime-not-registered');
  });
});

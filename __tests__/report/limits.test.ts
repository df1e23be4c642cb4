import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { annotations } from '../../src/report/annotations.js';
import { outputs } from '../../src/report/outputs.js';
import { summary } from '../../src/report/summary.js';
import { terminal } from '../../src/report/terminal.js';
import { driverTooOld, EXAMPLES, HOSTILE, hugeReport } from './examples.js';
import { finding, image, numbered, pairFacts, report, T4 } from './reports.js';

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const firstLines = (page: string): string[] => page.split('\n').slice(0, 2);

/** No fence or fold is left open: each fold is closed, and what comes last is a paragraph of its own. */
const expectWhole = (page: string) => {
  expect(page).not.toContain('\ufffd');
  const tokens = new MarkdownIt({ html: true }).parse(page, {});
  const folds = tokens.filter(({ type }) => type === 'html_block').map(({ content }) => content);
  expect(folds.filter((text) => text.startsWith('<details')).length).toBe(
    folds.filter((text) => text.startsWith('</details>')).length,
  );
  expect(tokens.at(-1)?.type).toBe('paragraph_close');
  expect(tokens.at(-2)?.content).toContain('`report.json`');
};

describe('a summary of 300 images and 3,000 findings', () => {
  const huge = hugeReport();
  const whole = summary(huge, { maxBytes: 100_000_000 });
  const findings = huge.images.reduce((sum, one) => sum + one.findings.length, 0);

  it('is what it says', () => {
    expect([huge.images.length, findings]).toEqual([300, 3000]);
  });

  it('fits the default limit, with the first two lines right', () => {
    const page = summary(huge, { reportPath: 'report.json' });
    expect(bytes(page)).toBeLessThanOrEqual(1_000_000);
    expect(bytes(page)).toBeGreaterThan(700_000);
    const [verdict, next] = firstLines(page);
    expect(verdict).toBe(
      '## ❌ fails for 200 of 300 images: Driver 535.104.05 is too old for CUDA 13.0.1, which needs 580.65.06 or newer (`registry.example.com/fleet/image-1:v1`)',
    );
    expect(next).toMatch(/^\*\*Next:\*\* Use an image for CUDA 12\.9 or older/);
    expect(page).toContain('✂️ Shortened to fit the page');
    expect(page).not.toContain('✂️ Cut here');
    for (const { reference } of huge.images) expect(page).toContain(reference);
    expectWhole(page);
  });

  it('drops the detail of images that work first', () => {
    const page = summary(huge, { maxBytes: bytes(whole) - 100_000, reportPath: 'report.json' });
    expect(page.includes('✂️ Shortened to fit the page')).toBe(true);
    expect(page.match(/^### ❌ fails: /gm)).toHaveLength(200);
    const withFacts = page.match(/<summary>Facts/g)?.length;
    expect(withFacts).toBeGreaterThanOrEqual(200);
    expect(withFacts).toBeLessThan(300);
  });

  it.each([1_500, 120_000])('fits %i bytes', (maxBytes) => {
    const page = summary(huge, { maxBytes, reportPath: 'report.json' });
    expect(bytes(page)).toBeLessThanOrEqual(maxBytes);
    expect(firstLines(page)).toEqual(firstLines(whole));
    expectWhole(page);
  });

  it('says when it was cut, and where the rest is', () => {
    const page = summary(huge, { maxBytes: 20_000, reportPath: 'report.json' });
    expect(page.trimEnd().split('\n').at(-1)).toBe(
      '✂️ Cut here: the page would be longer than GitHub shows. Everything is in the report: `report.json`',
    );
  });

  it('keeps annotations to ten a level, and says how many more there are', () => {
    const all = annotations(huge, { reportPath: 'report.json' });
    for (const level of ['error', 'warning', 'notice'] as const)
      expect(all.filter((one) => one.level === level).length).toBeLessThanOrEqual(10);
    const errors = all.filter(({ level }) => level === 'error');
    // One cause shared by all, nine of each of 200 images.
    expect(errors[0]?.title).toBe(
      'Driver 535.104.05 is too old for CUDA 13.0.1, which needs 580.65.06 or newer',
    );
    expect(errors[0]?.message).toContain('200 images: ');
    expect(errors).toHaveLength(10);
    expect(errors[9]?.title).toBe('1792 more errors');
    expect(errors[9]?.message.split('\n')[0]).toBe(
      'All of them are in the job summary and in the report: report.json',
    );
  });

  it('prints on a terminal', () => {
    expect(terminal(huge, { colour: false, width: 80 }).split('\n')[0]).toMatch(
      /^✗ fails for 200 of 300/,
    );
  });
});

describe('any limit', () => {
  it('is kept, in whole characters', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(EXAMPLES)),
        fc.integer({ min: 1, max: 12_000 }),
        (make, maxBytes) => {
          const page = summary(make(), { maxBytes });
          expect(bytes(page)).toBeLessThanOrEqual(maxBytes);
          expect(Buffer.from(page, 'utf8').toString('utf8')).toBe(page);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps the first two lines of every example from 3,000 bytes on, and whole fences', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(EXAMPLES)),
        fc.integer({ min: 3000, max: 20_000 }),
        (make, maxBytes) => {
          const page = summary(make(), { maxBytes, reportPath: 'report.json' });
          expect(firstLines(page)).toEqual(firstLines(summary(make())));
          expectWhole(page.replaceAll('\ufffd', '?'));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('an endless text of the engine', () => {
  const facts = pairFacts({ failure: { stage: 'start', text: '```'.repeat(1_000_000) } });
  const one = report([
    image(facts, {
      findings: [finding('unrecognised', { title: 't'.repeat(5000), why: 'w'.repeat(100_000) })],
    }),
  ]);

  it('is cut in a summary, and the cut is marked', () => {
    const page = summary(one, { reportPath: 'report.json' });
    expect(bytes(page)).toBeLessThan(400_000);
    expect(page).toContain('… cut here: 2934464 more characters');
    expectWhole(page);
  });

  it('is cut in an annotation', () => {
    const [first] = annotations(one);
    expect(first?.message.length).toBeLessThanOrEqual(4096);
    expect(first?.title.length).toBeLessThanOrEqual(250);
  });
});

describe('annotations', () => {
  it('keep several lines exactly', () => {
    const text = 'first line: 100 %\n  second, with ::comma and `code`\n\nfourth';
    const one = image(pairFacts(), {
      findings: [finding('driver-too-old', { title: 'a, b: c', why: text })],
    });
    const [first] = annotations(report([one]));
    expect(first).toEqual({
      level: 'error',
      title: 'a, b: c',
      message: `Image: nvidia/cuda:12.8.1-base-ubuntu22.04\n${text}\ndriver-too-old: https://example.com/cuda-image-check/docs/findings/driver-too-old.md`,
    });
  });

  it('say why a step failed that could not tell', () => {
    const example = EXAMPLES['not-known']?.() ?? report([]);
    expect(annotations(example).map(({ level, title }) => [level, title])).toEqual([
      ['error', 'Could not tell: the driver version is not known'],
    ]);
    expect(annotations({ ...example, passed: true })[0]?.level).toBe('warning');
  });

  it('put what decides a verdict before the rest', () => {
    const note = finding('cudnn-mismatch', { title: 'a side effect', why: '' });
    const first = image(pairFacts({ reference: 'a' }), {
      findings: [finding('driver-too-old', { title: 'cause of a', why: '' }), note],
    });
    const second = image(pairFacts({ reference: 'b' }), {
      findings: [finding('no-kernel-for-gpu', { title: 'cause of b', why: '' })],
    });
    expect(annotations(report([first, second])).map(({ title }) => title)).toEqual([
      'cause of a',
      'cause of b',
      'a side effect',
    ]);
  });

  it('are none for a pair that works without a note', () => {
    expect(annotations(report([image(pairFacts())]))).toEqual([]);
  });

  it('hold no control character whatever comes', () => {
    const one = image(pairFacts({ reference: HOSTILE }), {
      findings: [finding('unrecognised', { title: HOSTILE, why: HOSTILE })],
    });
    for (const { title, message } of annotations(report([one]))) {
      expect(title).not.toMatch(/\p{Cc}/u);
      expect(message.replace(/\n/g, '')).not.toMatch(/\p{Cc}/u);
    }
  });
});

describe('outputs', () => {
  it('are those of the worst image, with a line for each image where they differ', () => {
    const works = image(
      pairFacts({ reference: 'a', driver: '535.104.05', cuda: '12.2.2', gpus: numbered([T4]) }),
    );
    const unpulled = image(
      { schema: 'cuda-image-check/facts@1', image: { reference: 'b' } },
      { findings: [finding('image-not-found', { title: '', why: '' })] },
    );
    expect(outputs(report([works, unpulled, driverTooOld()]), 'r.json')).toEqual({
      verdict: 'fails',
      passed: 'false',
      primary: 'driver-too-old',
      report: 'r.json',
      digest: `${works.digest}\n\n${works.digest}`,
      'driver-version': '535.104.05',
      'cuda-version': '12.2.2\n\n13.0.1',
    });
  });

  it('are empty where nothing is known', () => {
    expect(outputs(report([], false), 'r.json')).toEqual({
      verdict: 'unknown',
      passed: 'false',
      primary: '',
      report: 'r.json',
      digest: '',
      'driver-version': '',
      'cuda-version': '',
    });
  });
});

import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import MarkdownIt from 'markdown-it';
import { annotations } from '../../src/report/annotations.js';
import { sarif } from '../../src/report/formats/sarif.js';
import { outputs } from '../../src/report/outputs.js';
import type { Report } from '../../src/report/report.js';
import { summary } from '../../src/report/summary.js';
import { EXAMPLES, hugeReport } from './examples.js';

/** What GitHub takes: of a step's summary, of a chart, of an annotation, of a SARIF file, of an output. */
const SUMMARY = 1_048_576;
const CHART = { characters: 50_000, arrows: 500 };
const MESSAGE = 4096;
const TITLE = 255;
const SARIF = { results: 25_000, compressed: 10_000_000 };
const OUTPUT = 1_000_000;

const REPORT = 'report.json';
const bytes = (text: string): number => Buffer.byteLength(text);
const firstLines = (page: string): string[] => page.split('\n').slice(0, 2);

/** Each image for several kinds of runners. */
const fleetOf = ({ images, ...rest }: Report, profiles: number): Report => ({
  ...rest,
  images: images.flatMap((image) =>
    Array.from({ length: profiles }, (_, at) => ({ ...image, profile: `runner-${at}` })),
  ),
});

/** Each image that a pull request changes, worse on each of three runners. */
const changesOf = (report: Report): Report => {
  const files = Array.from({ length: 300 }, (_, at) => ({
    file: `deploy/${at}.yaml`,
    line: at + 1,
    column: 1,
    endLine: at + 1,
    endColumn: 9,
    kind: 'kubernetes',
  }));
  return {
    ...report,
    changes: {
      base: 'f00dcafe'.repeat(5),
      because: 'the base of the pull request',
      files: 300,
      images: report.images.map((image, at) => ({
        source: files[at] as (typeof files)[number],
        before: 'nvidia/cuda:12.2.2-base-ubuntu22.04',
        after: image.reference,
        profiles: ['a', 'b', 'c'].map((profile) => ({
          profile,
          before: 'works' as const,
          after: image.verdict,
          outcome: image.verdict === 'works' ? ('same' as const) : ('worse' as const),
          cause: image.primary,
        })),
      })),
      unresolved: files.map((source) => ({ source, text: '$IMAGE', why: 'no default' })),
      problems: files.map(({ file }) => ({ file, line: 1, column: 1, why: 'not YAML' })),
    },
  };
};

let huge: Report;
beforeAll(() => {
  huge = hugeReport();
});

const SIZES: Readonly<Record<string, () => Report>> = {
  '300 images and 3,000 findings': () => huge,
  '300 images on 10 kinds of runners': () => fleetOf(huge, 10),
  '300 changed images': () => changesOf(huge),
};

describe.each(Object.entries(SIZES))('%s', (name, make) => {
  it.each([SUMMARY, 65_535, 8_000])(
    'fit a page of %i bytes, the first two lines right',
    (maxBytes) => {
      const report = make();
      const page =
        maxBytes === SUMMARY
          ? summary(report, { reportPath: REPORT })
          : summary(report, { maxBytes, reportPath: REPORT });
      expect(bytes(page)).toBeLessThanOrEqual(maxBytes);
      const [verdict, next] = firstLines(page);
      expect(verdict).toMatch(
        name === '300 changed images'
          ? /^## ❌ 200 of 300 changed images got worse: Driver 535\.104\.05 is too old/
          : name.includes('kinds')
            ? /^## ❌ fails for 2000 of 3000 pairs of image and runner: Driver 535/
            : /^## ❌ fails for 200 of 300 images: Driver 535\.104\.05 is too old/,
      );
      expect(next).toMatch(/^\*\*Next:\*\* Use an image for CUDA 12\.9 or older/);
      // What was dropped or cut is said, with the place of the rest.
      const marks = page.split('\n').filter((line) => line.startsWith('✂️'));
      expect(marks.length).toBeGreaterThan(0);
      for (const mark of marks)
        expect(mark).toContain('Everything is in the report: `report.json`');
      const tokens = new MarkdownIt({ html: true }).parse(page, {});
      const folds = tokens
        .filter(({ type }) => type === 'html_block')
        .map(({ content }) => content);
      expect(folds.filter((text) => text.startsWith('<details')).length).toBe(
        folds.filter((text) => text.startsWith('</details>')).length,
      );
    },
  );

  it('keep annotations to ten a level, each within its limits', () => {
    const all = annotations(make(), { reportPath: REPORT });
    for (const level of ['error', 'warning', 'notice'] as const) {
      expect(all.filter((one) => one.level === level).length).toBeLessThanOrEqual(10);
    }
    for (const { title, message } of all) {
      expect(title.length).toBeLessThanOrEqual(TITLE);
      expect(message.length).toBeLessThanOrEqual(MESSAGE);
    }
  });

  it('make a SARIF file that GitHub takes, what counts first', () => {
    const report = make();
    const text = sarif(report);
    expect(gzipSync(text).length).toBeLessThanOrEqual(SARIF.compressed);
    const [run] = JSON.parse(text).runs;
    expect(run.results.length).toBeLessThanOrEqual(SARIF.results);
    const all = report.images.flatMap(({ findings }) => findings);
    const count = (level: string) =>
      run.results.filter((one: { level: string }) => one.level === level).length;
    expect(count('error')).toBe(all.filter(({ severity }) => severity === 'error').length);
    const left = all.length - run.results.length;
    const [first] = run.invocations[0].toolExecutionNotifications;
    if (left > 0) expect(first.message.text).toMatch(new RegExp(`^${left} results are left out`));
    else expect(first).toBeUndefined();
  });

  it('set outputs that GitHub takes', () => {
    for (const value of Object.values(outputs(make(), REPORT))) {
      expect(bytes(value)).toBeLessThanOrEqual(OUTPUT);
    }
  });
});

describe('a table of images', () => {
  it('loses what cures, then what works, and counts what is left out', () => {
    const report = fleetOf(huge, 6);
    const whole = summary(report, { maxBytes: 100_000_000 });
    const start = (page: string) => page.slice(0, page.indexOf('\n### '));
    expect(start(whole)).toContain('needs ');
    const table = bytes(start(whole));
    const bare = summary(report, { maxBytes: Math.floor(table * 1.9) });
    expect(bare.match(/^\| `registry/gm)).toHaveLength(300);
    const [heads = ''] = bare.match(/^\| `registry.*image-1:v1`.*$/m) ?? [];
    expect(heads).not.toContain('needs ');
    const small = summary(report, { maxBytes: 60_000 });
    const rows = small.match(/^\| `registry/gm)?.length ?? 0;
    expect(rows).toBeGreaterThan(10);
    expect(small).toContain(`… and ${300 - rows} images more, of which the report tells.`);
  });

  it('is never cut within a row', () => {
    for (const maxBytes of [3_000, 5_000, 9_999, 30_000]) {
      const page = summary(fleetOf(huge, 3), { maxBytes });
      for (const line of page.split('\n').filter((one) => one.startsWith('|'))) {
        expect(line.endsWith(' |')).toBe(true);
      }
    }
  });
});

it('every chart is one that the site draws', () => {
  const pages = [...Object.values(EXAMPLES).map((make) => make()), huge].map((report) =>
    summary(report),
  );
  const charts = pages.flatMap((page) => page.match(/```mermaid[\s\S]*?```/g) ?? []);
  expect(charts.length).toBeGreaterThan(20);
  for (const chart of charts) {
    expect(chart.length).toBeLessThan(CHART.characters);
    expect((chart.match(/==>|-\.->/g) ?? []).length).toBeLessThan(CHART.arrows);
  }
});

it('findings of incompressible text make a SARIF file that GitHub takes', () => {
  // A generator of its own, so that the text is the same in every run and no shorter when compressed.
  let seed = 1;
  const noise = (length: number) => {
    let text = '';
    while (text.length < length) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      text += seed.toString(36);
    }
    return text;
  };
  const report: Report = {
    ...huge,
    images: huge.images.map((image) => ({
      ...image,
      findings: image.findings.map((finding) => ({ ...finding, why: noise(8000) })),
    })),
  };
  const text = sarif(report);
  expect(gzipSync(text).length).toBeLessThanOrEqual(SARIF.compressed);
  // Messages are shortened before results are left out.
  expect(JSON.parse(text).runs[0].results).toHaveLength(3000);
});

import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/report/annotations.js';
import { checkRunContent } from '../../src/report/check-run.js';
import { commentBody, resolvedBody } from '../../src/report/comment.js';
import { htmlPage } from '../../src/report/formats/html.js';
import { outputs } from '../../src/report/outputs.js';
import { summary } from '../../src/report/summary.js';
import { explanationText, terminal } from '../../src/report/terminal.js';
import { EXAMPLES } from './examples.js';
import { expectGolden, goldenFiles } from './golden.js';
import { JUDGED } from './judged.js';

const REPORT_PATH = 'cuda-image-check-report.json';
const options = { reportPath: REPORT_PATH };

/** What a pull request hears: of one image, of several, of a fleet, of changes, of waivers, of hostile texts. */
const COMMENTS = [
  'driver-too-old',
  'ten-images',
  'fleet',
  'changes-worse',
  'waived-partly',
  'unrecognised-hostile',
];
/** When it is over. */
const ENDS = ['works', 'waived', 'changes-quiet', 'driver-too-old-allowed'];
const CHECK_RUNS = ['works', 'changes-worse', 'waived'];

const example = (name: string) => {
  const report = EXAMPLES[name]?.();
  if (report === undefined) throw new Error(`there is no example ${name}`);
  return report;
};

describe('golden pages', () => {
  for (const [name, make] of Object.entries(EXAMPLES)) {
    it(`${name}: job summary`, () => {
      expectGolden(`${name}.md`, summary(make(), options));
    });
    it(`${name}: HTML page`, () => {
      expectGolden(`${name}.html`, htmlPage(make()));
    });
    it(`${name}: terminal, annotations and outputs`, () => {
      const report = make();
      expectGolden(`${name}.txt`, terminal(report, { colour: false, width: 100 }));
      const json = {
        annotations: annotations(report, options),
        outputs: outputs(report, REPORT_PATH),
      };
      expectGolden(`${name}.json`, `${JSON.stringify(json, null, 2)}\n`);
    });
  }

  it.each(Object.entries(JUDGED))('%s is judged as its name says', (_name, { make, primary }) => {
    expect(make().images[0]?.primary).toBe(primary);
  });

  it.each(Object.entries(JUDGED))(
    '%s has commands with nothing left to fill in',
    (_name, { make }) => {
      const fixes = make().images.flatMap(({ findings }) => findings.flatMap((one) => one.fixes));
      expect(fixes.filter((fix) => /\b(?:IMAGE|REGISTRY|REPOSITORY)\b/.test(fix))).toEqual([]);
    },
  );

  const where = {
    step: 'CI / gpu (a100)',
    sha: '4f1d2c3b4a59687766554433221100ffeeddccbb',
    runUrl: 'https://github.com/acme/vision/actions/runs/1',
  };

  it.each(COMMENTS)('%s: comment on the pull request', (name) => {
    expectGolden(`comment-${name}.md`, commentBody(example(name), where, 65_000));
  });

  it.each(ENDS)('%s: the comment once it is over', (name) => {
    expectGolden(`resolved-${name}.md`, resolvedBody(example(name), where, 65_000));
  });

  it.each(CHECK_RUNS)('%s: check run', (name) => {
    const content = checkRunContent(example(name), where);
    expectGolden(`check-run-${name}.json`, `${JSON.stringify(content, null, 2)}\n`);
  });

  it('explanation', () => {
    const findings = ['driver-too-old', 'requirement-unmet', 'unrecognised-hostile'].flatMap(
      (name) => EXAMPLES[name]?.().images.flatMap((image) => image.findings) ?? [],
    );
    const explanation = { schema: 'cuda-image-check/explanation@1' as const, findings };
    expectGolden('explanation.txt', explanationText(explanation, { colour: false, width: 80 }));
  });

  it('has no page that nothing compares', () => {
    const expected = Object.keys(EXAMPLES).flatMap((name) => [
      `${name}.html`,
      `${name}.json`,
      `${name}.md`,
      `${name}.txt`,
    ]);
    const feedback = [
      ...COMMENTS.map((name) => `comment-${name}.md`),
      ...ENDS.map((name) => `resolved-${name}.md`),
      ...CHECK_RUNS.map((name) => `check-run-${name}.json`),
    ];
    expect(goldenFiles()).toEqual([...expected, ...feedback, 'explanation.txt'].sort());
  });
});

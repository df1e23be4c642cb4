import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/report/annotations.js';
import { htmlPage } from '../../src/report/formats/html.js';
import { outputs } from '../../src/report/outputs.js';
import { summary } from '../../src/report/summary.js';
import { explanationText, terminal } from '../../src/report/terminal.js';
import { EXAMPLES } from './examples.js';
import { expectGolden, goldenFiles } from './golden.js';
import { JUDGED } from './judged.js';

const REPORT_PATH = 'cuda-image-check-report.json';
const options = { reportPath: REPORT_PATH };

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
    expect(goldenFiles()).toEqual([...expected, 'explanation.txt'].sort());
  });
});

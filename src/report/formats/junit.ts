import { withEqualGpus } from '../fact-rows.js';
import { basisWords, reason, verdictWords } from '../headline.js';
import { diagnosisPath, QUESTIONS, type Step } from '../path.js';
import type { ImageReport, Report, ReportedFinding } from '../report.js';
import { stepOf } from '../step-of.js';
import { block, line } from '../untrusted.js';
import { counted as countedVerdict, isWaived, waivedWords } from '../waived.js';

/**
 * The report as JUnit XML in the dialect of Jenkins: a suite for each image, a test case for each step of the diagnosis path. A
 * step that failed is a `failure`, or an `error` where nothing is proven about the image; a step that nothing was seen of is
 * `skipped`, as is one whose failure is waived. Ends with a line feed.
 */
export function junit(report: Report): string {
  const suites = report.images.map(suite);
  const sum = (count: (suite: Suite) => number) => suites.reduce((all, one) => all + count(one), 0);
  const totals = attributes({
    name: 'cuda-image-check',
    tests: `${sum(({ cases }) => cases.length)}`,
    failures: `${sum((one) => counted(one, 'failure'))}`,
    errors: `${sum((one) => counted(one, 'error'))}`,
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    ...suites.flatMap(written),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly image: ImageReport;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  /** The type of a failure. */
  readonly type: string;
  readonly message: string;
  readonly body: string;
}

const counted = ({ cases }: Suite, kind: Case['kind']): number =>
  cases.filter((one) => one.kind === kind).length;

function suite(image: ImageReport): Suite {
  const cases = diagnosisPath(image).map((step) => caseOf(step, image));
  const told = cases.some(({ kind }) => kind === 'failure' || kind === 'error');
  if (told || countedVerdict(image) === 'works') return { image, cases };
  // Nothing stands in the way and nothing is proven: the gate stays shut, and that needs a case of its own.
  const why = reason(image);
  const verdict: Case = {
    name: 'Verdict',
    kind: 'error',
    type: 'unknown',
    message: why,
    body: why,
  };
  return { image, cases: [...cases, verdict] };
}

function caseOf(step: Step, image: ImageReport): Case {
  const name = QUESTIONS[step.id];
  if (step.state === 'passed') return { name, kind: 'passed', type: '', message: '', body: '' };
  if (step.state !== 'failed')
    return { name, kind: 'skipped', type: '', message: '', body: step.text || step.state };
  const found = image.findings.filter(
    (finding) =>
      (finding.severity === 'error' || finding.id === image.primary) &&
      stepOf(image, finding) === step.id,
  );
  const counting = found.filter(({ waived }) => waived === undefined);
  const waived = found.flatMap((finding) =>
    finding.waived === undefined ? [] : [`${finding.title}: ${waivedWords(finding.waived)}`],
  );
  if (counting.length === 0 && (waived.length > 0 || isWaived(image))) {
    const body = waived.join('\n') || `${step.text || 'failed'}: what does not work is waived`;
    return { name, kind: 'skipped', type: '', message: '', body };
  }
  const [first] = counting;
  return {
    name,
    kind: image.verdict === 'fails' ? 'failure' : 'error',
    type: first?.id ?? step.id,
    message: first?.title ?? (step.text || 'failed'),
    body: found.length > 0 ? [...counting.map(words), ...waived].join('\n\n') : step.text,
  };
}

const words = ({ title, why, fixes, evidence, docs }: ReportedFinding): string =>
  [
    title,
    why,
    ...fixes.map((fix, at) => `${at + 1}. ${fix}`),
    ...withEqualGpus(evidence).map(({ what, value, from }) => `${what}: ${value} (${from})`),
    docs,
  ].join('\n');

function written(one: Suite): string[] {
  const { image, cases } = one;
  const head = attributes({
    name: line(image.reference, 1024) || '(unnamed image)',
    tests: `${cases.length}`,
    failures: `${counted(one, 'failure')}`,
    errors: `${counted(one, 'error')}`,
    skipped: `${counted(one, 'skipped')}`,
  });
  const facts = {
    verdict: verdictWords(image),
    basis: basisWords(image.basis, image),
    ...(image.primary === null ? {} : { primary: image.primary }),
    ...(image.digest === undefined ? {} : { digest: line(image.digest) }),
  };
  return [
    `  <testsuite${head}>`,
    '    <properties>',
    ...Object.entries(facts).map(
      ([name, value]) => `      <property${attributes({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases.flatMap((testCase) => writtenCase(testCase, image)),
    '  </testsuite>',
  ];
}

function writtenCase({ name, kind, type, message, body }: Case, image: ImageReport): string[] {
  // Jenkins takes what comes before the last point for a package.
  const classname = `cuda-image-check.${line(image.reference, 1024).replaceAll('.', '_')}`;
  const head = `    <testcase${attributes({ name, classname })}`;
  switch (kind) {
    case 'passed':
      return [`${head}/>`];
    case 'skipped':
      return [`${head}>`, `      <skipped>${xml(block(body))}</skipped>`, '    </testcase>'];
    default:
      return [
        `${head}>`,
        `      <${kind}${attributes({ type, message: line(message) })}>${xml(block(body))}</${kind}>`,
        '    </testcase>',
      ];
  }
}

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(value)}"`)
    .join('');

/** Visible text in XML 1.0, between tags or in an attribute; the two code points that no XML may hold are replaced. */
const xml = (text: string): string =>
  text
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);

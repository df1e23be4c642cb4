import { gzipSync } from 'node:zlib';
import { CATALOGUE, type FindingId, type Severity } from '../../core/catalogue.js';
import { isUntoldBeside } from '../headline.js';
import { diagnosisPath, QUESTIONS } from '../path.js';
import type { ImageReport, Report, ReportedFinding } from '../report.js';
import { clip, line, visible } from '../untrusted.js';
import { idleWords, waivedWords } from '../waived.js';

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const TOOL = 'https://github.com/cuda-image-check/cuda-image-check';
const MAX_TEXT = 8192;

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  notice: 'note',
};

/**
 * What GitHub takes of one file (https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit): it refuses a file of more
 * results, and one that is larger when compressed.
 */
const MOST_RESULTS = 25_000;
const MAX_COMPRESSED = 10_000_000;

/** Ways to write the report, most detail first; a later one is for a file that GitHub would refuse. */
const SIZES: readonly Size[] = [
  { results: MOST_RESULTS, text: MAX_TEXT, indent: 2 },
  { results: MOST_RESULTS, text: 1000, indent: 0 },
  { results: MOST_RESULTS, text: 300, indent: 0 },
  ...[10_000, 3000, 1000, 300].map((results) => ({ results, text: 300, indent: 0 })),
];

interface Size {
  readonly results: number;
  /** UTF-16 units of a message. */
  readonly text: number;
  readonly indent: number;
}

/**
 * The report as SARIF 2.1.0 (OASIS standard): a rule for each id of the catalogue that was found, a result for each finding of each
 * image. A result is placed on the line that names the image where that is known, else it has the image as its logical location.
 * Past what GitHub takes, messages are shortened, then the least important results left out, and a notification says how many. Ends with a line feed.
 */
export function sarif(report: Report): string {
  let text = '';
  for (const size of SIZES) {
    text = written(report, size);
    // Compressing never makes a text much longer, so that the small ones, which is nearly all, need no try.
    if (Buffer.byteLength(text) <= MAX_COMPRESSED || gzipSync(text).length <= MAX_COMPRESSED) break;
  }
  return text;
}

function written(report: Report, size: Size): string {
  const all = report.images.flatMap((image) =>
    image.findings.map((finding) => ({ image, finding })),
  );
  const shown =
    all.length <= size.results
      ? all
      : all.toSorted((a, b) => weight(a.finding) - weight(b.finding)).slice(0, size.results);
  const left = all.length - shown.length;
  const ids = [...new Set(shown.map(({ finding }) => finding.id))];
  const at = new Map(ids.map((id, index) => [id, index]));
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cuda-image-check',
            informationUri: TOOL,
            rules: ids.map((id) => rule(id, report)),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [
              ...leftOut(left),
              ...[...report.images.flatMap(untold), ...idle(report)].slice(0, size.results),
            ],
          },
        ],
        results: shown.map(({ image, finding }) =>
          result(image, finding, at.get(finding.id) ?? 0, size.text),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, size.indent)}\n`;
}

const WEIGHTS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, notice: 2 };

/** What counts comes first. */
const weight = ({ severity, waived }: ReportedFinding): number =>
  WEIGHTS[severity] + (waived === undefined ? 0 : 3);

/** That a file is not whole is said in it. */
const leftOut = (number: number): object[] =>
  number === 0
    ? []
    : [
        {
          level: 'warning',
          message: {
            text: `${number} results are left out here, the least important ones: GitHub takes no more. The JSON report has all.`,
          },
        },
      ];

function rule(id: FindingId, { images }: Report): object {
  // A report of a later release may hold ids that this catalogue does not know.
  const entry = Object.hasOwn(CATALOGUE, id) ? CATALOGUE[id] : undefined;
  const first = images.flatMap(({ findings }) => findings).find((finding) => finding.id === id);
  const meaning = entry?.meaning ?? first?.title ?? id;
  return {
    id,
    shortDescription: { text: message(meaning) },
    ...(first === undefined ? {} : { helpUri: first.docs }),
    defaultConfiguration: { level: entry?.verdict === 'works' ? 'note' : 'error' },
    properties: {
      tags: ['cuda', 'container', ...(entry === undefined ? [] : [entry.blame])],
      ...(entry === undefined ? {} : { blame: entry.blame, verdict: entry.verdict }),
    },
  };
}

function result(
  image: ImageReport,
  finding: ReportedFinding,
  ruleIndex: number,
  limit: number,
): object {
  const fixes = finding.fixes.map((fix, at) => `${at + 1}. ${fix}`);
  const text = [finding.title, finding.why, ...(fixes.length > 0 ? ['Do this:', ...fixes] : [])];
  return {
    ruleId: finding.id,
    ruleIndex,
    level: LEVELS[finding.severity],
    ...(finding.waived === undefined ? {} : { suppressions: [suppression(finding.waived)] }),
    message: { text: message(text.join('\n'), limit) },
    locations: [location(image)],
    // The same cause in the same image is the same alert, whatever its words and numbers are in this run.
    partialFingerprints: { 'imageAndCause/v1': line(`${image.reference} ${finding.id}`, 1024) },
    properties: {
      verdict: image.verdict,
      basis: image.basis,
      primary: finding.id === image.primary,
      blame: finding.blame,
      ...(image.digest === undefined ? {} : { digest: line(image.digest) }),
    },
  };
}

/** Section 3.35 of the standard: accepted outside of what was looked at. */
const suppression = (waived: NonNullable<ReportedFinding['waived']>): object => ({
  kind: 'external',
  status: 'accepted',
  justification: message(waivedWords(waived)),
});

function location({ reference, source }: ImageReport): object {
  const named = {
    logicalLocations: [{ fullyQualifiedName: line(reference, 1024), kind: 'resource' }],
  };
  if (source === undefined) return named;
  const { file, line: startLine, column, endLine, endColumn } = source;
  return {
    physicalLocation: {
      artifactLocation: { uri: uri(file), uriBaseId: '%SRCROOT%' },
      region: { startLine, startColumn: column, endLine, endColumn },
    },
    ...named,
  };
}

/** A path of the checkout as a relative URI reference. */
const uri = (path: string): string =>
  visible(path)
    .replaceAll('\\', '/')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^\/+/, '');

/** An image about which nothing could be said has no finding: that the run could not tell is the tool's own message. */
function untold(image: ImageReport): object[] {
  const isUntold = image.primary === null ? image.verdict === 'unknown' : isUntoldBeside(image);
  if (!isUntold) return [];
  const end = diagnosisPath(image).find(({ state }) => state === 'unknown');
  const where = end === undefined ? '' : ` Not known: ${QUESTIONS[end.id]}`;
  const text = message(`Could not tell whether ${line(image.reference)} works.${where}`);
  return [{ level: 'warning', message: { text }, locations: [location(image)] }];
}

/** Waivers that did nothing, on their lines. */
const idle = ({ waivers }: Report): object[] =>
  (waivers?.idle ?? []).map((one) => ({
    level: 'note',
    message: { text: message(`Waiver without effect: ${idleWords(one, waivers?.on ?? '')}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(waivers?.file ?? ''), uriBaseId: '%SRCROOT%' },
          region: { startLine: one.line, startColumn: one.column },
        },
      },
    ],
  }));

/** SARIF reads `[text](target)` in a message as a link (section 3.11.6), which text from outside must not be able to write. */
const message = (text: string, limit = MAX_TEXT): string =>
  clip(visible(text).trim(), limit).replaceAll('](', '] (') || '(no text)';

import type { Severity } from '../core/catalogue.js';
import type { Evidence } from '../core/finding.js';
import { byReason, bySide, type EvidenceSide, factRows, gpuRows } from './fact-rows.js';
import { type Fix, parseFix } from './fix.js';
import {
  basisWords,
  imageName,
  next,
  reason,
  sideWords,
  speaker,
  verdictWords,
} from './headline.js';
import { decides, RUNG_HEADS, rungs } from './ladder.js';
import { details, stack, table } from './markdown.js';
import { diagnosisPath } from './path.js';
import { pathChart } from './path-chart.js';
import type { ImageReport, ReportedFinding } from './report.js';
import { pathTable } from './summary-path.js';
import { code, fence, html, inline, sentence } from './untrusted.js';
import { type Standing, standing } from './waived.js';

/** How much of an image is shown, most first: each level leaves out what the next reader misses least. */
export const LEVELS = ['everything', 'evidence', 'fixes', 'line'] as const;

export type Level = (typeof LEVELS)[number];

export const VERDICT_MARKS: Readonly<Record<Standing, string>> = {
  works: '✅',
  fails: '❌',
  unknown: '❔',
  waived: '🟡',
};

/** Mark and verdict of an image, for a cell or a heading. */
export const verdictLabel = (image: ImageReport, between = ' '): string =>
  `${VERDICT_MARKS[standing(image)]}${between}${verdictWords(image)}`;

const SEVERITY_MARKS: Readonly<Record<Severity, string>> = {
  error: '❌',
  warning: '⚠️',
  notice: 'ℹ️',
};

/** Characters of the engine's words, where they are the only thing known, and where a finding explains them. */
const WORDS_WHOLE = 65_536;
const WORDS_EXPLAINED = 8192;

/** One image's part of the page. */
export function imageSection(image: ImageReport, level: Level, several: boolean): string {
  if (level === 'line') return imageLine(image);
  const title = verdictLabel(image);
  const body = stack([
    about(image),
    level !== 'fixes' && decides(image) ? ladder(image) : '',
    ...image.findings.map((finding) => findingSection(finding, image, level, several)),
    level === 'everything' ? way(image, several) : '',
    ...(level === 'everything' ? [gpus(image), facts(image)] : []),
    level === 'fixes' ? '' : unchecked(image),
    level === 'fixes' ? '' : engineWords(image, level),
  ]);
  if (!several) return body;
  if (image.verdict === 'works')
    return details(`${title}: <code>${html(imageName(image))}</code>`, body);
  return stack([`### ${title}: ${code(imageName(image))}`, body]);
}

/** Verdict, cause and next step of one image in one list item. */
function imageLine(image: ImageReport): string {
  const todo = image.verdict === 'works' ? '' : ` **Next:** ${nextInline(next(image))}`;
  return `- ${verdictLabel(image)}: ${code(imageName(image))}: ${sentence(reason(image), 300)}${todo}`;
}

/** The next step within a line. */
export const nextInline = (fixes: readonly Fix[]): string =>
  fixes.map(fixInline).join('<br>**Or:** ');

const fixInline = (fix: Fix): string => {
  if (fix.kind === 'advice') return sentence(fix.text);
  const lead = fix.lead === '' ? '' : `${sentence(fix.lead, 300)}: `;
  return lead + code(fix.text, 600);
};

function about(image: ImageReport): string {
  const side = sideWords(image);
  return [
    ...(side === undefined ? [] : [`- **Whose side:** ${side}`]),
    `- **What was done:** ${basisWords(image.basis, image)}`,
  ].join('\n');
}

function findingSection(
  finding: ReportedFinding,
  image: ImageReport,
  level: Level,
  several: boolean,
): string {
  // The title of the only image's cause is the page's first line.
  const said = !several && finding.title === reason(image);
  const heading = said ? `Why: ${code(finding.id)}` : sentence(finding.title, 300);
  const { severity, waived } = finding;
  return stack([
    `${several ? '####' : '###'} ${waived === undefined ? SEVERITY_MARKS[severity] : VERDICT_MARKS.waived} ${heading}`,
    waived === undefined ? '' : waivedLine(waived),
    `${sentence(finding.why, 1200)} ${docsLink(finding, said)}`,
    fixes(finding),
    level === 'fixes' ? '' : evidence(finding.evidence),
  ]);
}

const waivedLine = ({ reason, until, file, line }: NonNullable<ReportedFinding['waived']>) =>
  `**Waived until ${inline(until, 20)}:** ${inline(reason)} (${code(`${file}:${line}`)})`;

const DOCS_URL = /^https:\/\/[\w./-]+$/;

function docsLink({ id, docs }: ReportedFinding, named: boolean): string {
  const link = DOCS_URL.test(docs) ? `[more about it](${docs})` : '';
  return `(${[named ? '' : code(id), link].filter(Boolean).join(': ')})`;
}

function fixes(finding: ReportedFinding): string {
  if (finding.fixes.length === 0) return '';
  const items = finding.fixes.map((text, index) => {
    const fix = parseFix(text);
    const number = `${index + 1}.`;
    if (fix.kind === 'advice') return `${number} ${sentence(fix.text, 1200)}`;
    const block = fence(fix.text, 'sh', 2000, number.length + 1);
    return fix.lead === ''
      ? `${number} ${block.trimStart()}`
      : `${number} ${sentence(fix.lead, 1200)}:\n${block}`;
  });
  const order = finding.fixes.length > 1 ? ', least effort first' : '';
  return stack([`**Do this${order}**`, items.join('\n')]);
}

function evidence(all: readonly Evidence[]): string {
  if (all.length === 0) return '';
  const sided = bySide(all);
  const on = (side: EvidenceSide) => sided.filter((one) => one.side === side).map(evidenceCell);
  const columns = [
    { head: 'On the runner', cells: on('runner') },
    { head: 'In the image and its container', cells: on('container') },
  ].filter(({ cells }) => cells.length > 0);
  const height = Math.max(0, ...columns.map(({ cells }) => cells.length));
  return stack([
    '**What was seen**',
    height === 0
      ? ''
      : table(
          columns.map(({ head }) => head),
          Array.from({ length: height }, (_, row) => columns.map(({ cells }) => cells[row] ?? '')),
        ),
    on('elsewhere')
      .map((cell) => `- ${cell}`)
      .join('\n'),
  ]);
}

const evidenceCell = ({ what, value, from }: Evidence): string =>
  `${inline(what, 120)}: ${code(value, 500)} <sub>${inline(from, 160)}</sub>`;

/** Both sides' versions and what would do. */
function ladder(image: ImageReport): string {
  const rows = rungs(image);
  if (rows.length === 0) return '';
  return table(
    RUNG_HEADS,
    rows.map(({ name, ...versions }) => [
      name,
      ...[versions.driver, versions.driverFull, versions.cuda, versions.cudaFull].map((text) =>
        inline(text, 60),
      ),
    ]),
  );
}

/** The diagnosis path: open where it leads to a cause. The table of the only image is at the top of the page. */
function way(image: ImageReport, several: boolean): string {
  const path = diagnosisPath(image);
  return details(
    'The way to the answer',
    stack([
      pathChart(path),
      several ? pathTable(path, 'Seen') : '',
      decides(image) ? '' : ladder(image),
    ]),
    !several && image.verdict !== 'works',
  );
}

function gpus({ facts }: ImageReport): string {
  const rows = gpuRows(facts);
  if (rows.length === 0) return '';
  const failed = rows.some(({ kernel, passed }) => kernel !== '' && !passed);
  return details(
    `GPUs (${rows.length})`,
    table(
      ['GPU', 'Name', 'Compute capability', 'Memory', 'Test kernel', 'Time', 'UUID'],
      rows.map((row) => [
        inline(row.index),
        inline(row.name, 120),
        inline(row.computeCapability),
        row.memory,
        row.kernel === ''
          ? 'not seen by the probe'
          : `${row.passed ? '✅' : '❌'} ${inline(row.kernel, 200)}`,
        row.milliseconds,
        row.uuid === '' ? '' : code(row.uuid),
      ]),
    ),
    failed,
  );
}

const SIDE_WORDS = { runner: 'Runner', image: 'Image', container: 'Container' } as const;

function facts(image: ImageReport): string {
  const rows = factRows(image.facts);
  if (rows.length === 0) return '';
  return details(
    `Facts (${rows.length})`,
    table(
      ['Where', 'What', 'Value'],
      rows.map(({ side, name, value }) => [SIDE_WORDS[side], inline(name, 160), code(value, 400)]),
    ),
  );
}

function unchecked({ unchecked: all }: ImageReport): string {
  if (all.length === 0) return '';
  return details(
    `Not checked (${all.length})`,
    table(
      ['What', 'Why not'],
      byReason(all).map(({ whats, why }) => [
        whats.map((what) => sentence(what, 160)).join('<br>'),
        sentence(why, 400),
      ]),
    ),
  );
}

function engineWords(image: ImageReport, level: Level): string {
  const {
    facts: { failure },
    primary,
  } = image;
  if (failure === undefined || failure.text.trim() === '') return '';
  const alone = primary === null || primary === 'unrecognised';
  const limit = alone ? WORDS_WHOLE : WORDS_EXPLAINED;
  const command =
    failure.command === undefined ? '' : `: <code>${html(failure.command, 300)}</code>`;
  const exit = failure.exitCode === undefined ? '' : `, exit code ${failure.exitCode}`;
  return details(
    `${speaker(image)}${command}${exit}`,
    fence(failure.text, 'text', level === 'everything' ? limit : limit / 8),
    alone,
  );
}

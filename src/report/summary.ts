import { count, isChangeReport } from './changes.js';
import { runnerWords } from './fact-rows.js';
import { asManyAsFit, fitted } from './fit.js';
import { cureOf, type FleetRow, inDetail, matrix } from './fleet.js';
import { headline, worstFirst } from './headline.js';
import { stack, table } from './markdown.js';
import { COLUMN_LABELS, diagnosisPath, type Step } from './path.js';
import { isSimulated } from './readings.js';
import type { ImageReport, Report } from './report.js';
import type { StepId } from './step-of.js';
import { changesSummary } from './summary-changes.js';
import {
  imageSection,
  LEVELS,
  type Level,
  nextInline,
  VERDICT_MARKS,
  verdictLabel,
} from './summary-image.js';
import { pathTable, STATE_MARKS } from './summary-path.js';
import { idlePart } from './summary-waivers.js';
import { code, inline, sentence } from './untrusted.js';
import { counted, whyPassed } from './waived.js';

export interface SummaryOptions {
  /**
   * Bytes of UTF-8 that the page may have, 1,000,000 unless told. The runner drops a step's summary of more than 1,048,576 bytes as a
   * whole (actions/runner, FileCommandManager.cs), and other parts of the step may add to it.
   */
  readonly maxBytes?: number;
  /** Where the full report is, for a reader who misses something. */
  readonly reportPath?: string;
  /** A line of our own below the first two, Markdown. */
  readonly lead?: string;
  /** A last line of our own, Markdown. */
  readonly footer?: string;
  /** How much of an image is shown where all of it would fit; everything unless told. */
  readonly detail?: Level;
}

const MAX_BYTES = 1_000_000;

/**
 * The job summary: verdict and next command in the first two lines, then a table of images and steps, then each image, worst first.
 * What does not fit loses detail before anything is cut: first the images that work, then the others, level by level from the last one up.
 */
export function summary(report: Report, options: SummaryOptions = {}): string {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const [most, ...less] = LEVELS.slice(LEVELS.indexOf(options.detail ?? LEVELS[0]));
  const levels = [most ?? LEVELS[0], ...less] as const;
  if (isChangeReport(report))
    return changesSummary(report, maxBytes, {
      levels,
      lead: options.lead ?? '',
      ending: stack([idlePart(report), ending(options)]),
      where: where(options),
    });
  const images = worstFirst(report.images);
  const head = [firstLines(report), options.lead ?? '', simulated(images), whyPassed(report) ?? ''];
  return fitted(
    {
      tops: overviews(images, maxBytes / 3).map((table) => () => stack([...head, table()])),
      images: inDetail(images),
      levels,
      render: (image, level) => imageSection(image, level, images.length > 1),
      bottom: stack([idlePart(report), ending(options)]),
      where: where(options),
    },
    maxBytes,
  );
}

/**
 * The table of images, most detail first: without what would cure each, without the images that work, and at last only as many as fit.
 * @param room bytes of the last one.
 */
function overviews(images: readonly ImageReport[], room: number): (() => string)[] {
  const fleet = matrix(images);
  if (fleet.length > 0) {
    const bad = fleet.filter(({ cells }) => cells.some(({ image }) => counted(image) !== 'works'));
    const some = (rows: readonly FleetRow[], left: number) =>
      stack([rows.length === 0 ? '' : fleetTable(rows, false), leftOut(left, 'image')]);
    return [
      () => fleetTable(fleet, true),
      () => fleetTable(fleet, false),
      () => some(bad, fleet.length - bad.length),
      () => asManyAsFit(bad, (rows, left) => some(rows, left + fleet.length - bad.length), room),
    ];
  }
  if (images.length < 2) return [() => pathOverview(images)];
  const bad = images.filter((image) => counted(image) !== 'works');
  const some = (rows: readonly ImageReport[], left: number) =>
    stack([rows.length === 0 ? '' : imageTable(rows), leftOut(left, 'image')]);
  return [
    () => pathOverview(images),
    () => some(bad, images.length - bad.length),
    () => asManyAsFit(bad, (rows, left) => some(rows, left + images.length - bad.length), room),
  ];
}

const leftOut = (number: number, what: string): string =>
  number === 0 ? '' : `… and ${count(number, what)} more, of which the report tells.`;

const where = ({ reportPath }: SummaryOptions): string =>
  reportPath === undefined ? '' : ` Everything is in the report: ${code(reportPath)}`;

function firstLines(report: Report): string {
  const { standing, claim, reason, about, next } = headline(report);
  const image = about === undefined ? '' : ` (${code(about, 120)})`;
  return `## ${VERDICT_MARKS[standing]} ${claim}: ${sentence(reason, 300)}${image}\n**Next:** ${nextInline(next)}`;
}

function simulated(images: readonly ImageReport[]): string {
  return images.some(({ facts }) => isSimulated(facts))
    ? '🧪 **Simulated GPUs:** the driver and the GPUs of this run are simulated. It shows what the check does, and proves nothing about a real GPU.'
    : '';
}

/** Columns that every table of images has; the other steps have one only where an image fails there. */
const COLUMNS: ReadonlySet<StepId> = new Set([
  'image',
  'version',
  'started',
  'gpus',
  'libraries',
  'code',
  'compute',
]);

/** One image: a step a line. Several: a table of them. */
function pathOverview(images: readonly ImageReport[]): string {
  const [only, ...others] = images;
  if (only === undefined) return '';
  return others.length === 0
    ? pathTable(diagnosisPath(only), code(only.reference))
    : imageTable(images);
}

/** An image a line, a step a column. Steps at which no image had anything to look at are left out. */
function imageTable(images: readonly ImageReport[]): string {
  const each = images.map((image) => ({ image, path: diagnosisPath(image) }));
  const ids = (each[0]?.path ?? [])
    .map(({ id }) => id)
    .filter((id) => {
      const states = each.flatMap(({ path }) => path.filter((step) => step.id === id));
      return COLUMNS.has(id)
        ? states.some(({ state }) => state !== 'none')
        : states.some(({ state }) => state === 'failed');
    });
  return stack([
    runner(images),
    table(
      ['Verdict', 'Image', ...ids.map((id) => COLUMN_LABELS[id])],
      each.map(({ image, path }) => [
        verdictLabel(image, '&nbsp;'),
        code(image.reference),
        ...path.filter(({ id }) => ids.includes(id)).map(narrow),
      ]),
    ),
  ]);
}

/** An image a line, a kind of runner a column; more columns than a page has room for become lines. */
function fleetTable(rows: readonly FleetRow[], withCures: boolean): string {
  const profiles = [...new Set(rows.flatMap(({ cells }) => cells.map(({ profile }) => profile)))];
  const word = (image: ImageReport) => {
    const cure = withCures ? cureOf(image) : '';
    return [
      verdictLabel(image, '&nbsp;'),
      image.primary === null ? '' : code(image.primary),
      cure === '' ? '' : inline(cure, 200),
    ]
      .filter(Boolean)
      .join('<br>');
  };
  if (profiles.length > MOST_COLUMNS)
    return table(
      ['Image', 'Runner', 'Verdict'],
      rows.flatMap(({ reference, cells }) =>
        cells.map(({ profile, image }) => [code(reference), inline(profile, 80), word(image)]),
      ),
    );
  return table(
    ['Image', ...profiles.map((profile) => inline(profile, 80))],
    rows.map(({ reference, cells }) => [
      code(reference),
      ...profiles.map((profile) => {
        const found = cells.find((cell) => cell.profile === profile);
        return found === undefined ? '–' : word(found.image);
      }),
    ]),
  );
}

const MOST_COLUMNS = 6;

const narrow = ({ state, text, brief }: Step): string => {
  const words = brief ?? (state === 'passed' ? '' : text);
  return words === '' ? STATE_MARKS[state] : `${STATE_MARKS[state]}&nbsp;${inline(words, 60)}`;
};

/** Driver and GPUs that all images share; nothing when they ran on different runners. */
function runner(images: readonly ImageReport[]): string {
  const all = new Set(images.map(({ facts }) => runnerWords(facts)));
  const [only] = all;
  return all.size === 1 && only ? `**Runner:** ${inline(only)}` : '';
}

function ending(options: SummaryOptions): string {
  const report = options.reportPath === undefined ? '' : `Full report: ${code(options.reportPath)}`;
  return stack([report, options.footer ?? '']);
}

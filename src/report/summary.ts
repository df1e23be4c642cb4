import { isChangeReport } from './changes.js';
import { runnerWords } from './fact-rows.js';
import { cureOf, type FleetRow, inDetail, matrix } from './fleet.js';
import { headline, worstFirst } from './headline.js';
import { bytes, cut, stack, table } from './markdown.js';
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
    });
  const images = worstFirst(report.images);
  const several = images.length > 1;
  const fleet = matrix(images);
  const top = stack([
    firstLines(report),
    options.lead ?? '',
    simulated(images),
    whyPassed(report) ?? '',
    fleet.length === 0 ? pathOverview(images) : fleetTable(fleet),
  ]);
  const detailed = inDetail(images);
  const bottom = stack([idlePart(report), ending(options)]);
  const render = (image: ImageReport, level: Level) => imageSection(image, level, several);

  const sections = detailed.map((image) => render(image, levels[0]));
  const page = () => stack([top, ...sections, bottom]);
  if (bytes(page()) <= maxBytes) return `${page()}\n`;

  const short = stack([top, `${SHORTENED}${where(options)}`]);
  let total = bytes(stack([short, ...sections, bottom])) + 1;
  const lower = (level: Level, lowers: (image: ImageReport) => boolean) => {
    for (let at = detailed.length - 1; at >= 0 && total > maxBytes; at -= 1) {
      const image = detailed[at];
      const before = sections[at];
      if (image === undefined || before === undefined || !lowers(image)) continue;
      const after = render(image, level);
      total += bytes(after) - bytes(before);
      sections[at] = after;
    }
  };
  for (const level of less) lower(level, (image) => counted(image) === 'works');
  for (const level of less) lower(level, (image) => counted(image) !== 'works');
  const mark = `✂️ Cut here: the page would be longer than GitHub shows.${where(options)}`;
  return cut(`${stack([short, ...sections, bottom])}\n`, mark, maxBytes);
}

const SHORTENED = '✂️ Shortened to fit the page: details of some images are left out.';

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

/** One image: a step a line. Several: an image a line, a step a column. Steps at which no image had anything to look at are left out. */
function pathOverview(images: readonly ImageReport[]): string {
  const [only, ...others] = images;
  if (only === undefined) return '';
  if (others.length === 0) return pathTable(diagnosisPath(only), code(only.reference));
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
function fleetTable(rows: readonly FleetRow[]): string {
  const profiles = [...new Set(rows.flatMap(({ cells }) => cells.map(({ profile }) => profile)))];
  const word = (image: ImageReport) => {
    const cure = cureOf(image);
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

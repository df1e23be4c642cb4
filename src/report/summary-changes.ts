import {
  badImages,
  type ChangeReport,
  changeHeadline,
  comparedWords,
  count,
  isBad,
  isWaivedChange,
  OUTCOME_WORDS,
  placeWords,
  type Transition,
  transitions,
  transitionWords,
  waivedImages,
} from './changes.js';
import { fitted } from './fit.js';
import { details, stack, table } from './markdown.js';
import { isSimulated } from './readings.js';
import { imageSection, type Level, nextInline, VERDICT_MARKS } from './summary-image.js';
import { code, inline, sentence } from './untrusted.js';

/** Rows of one table; the report has them all. */
const MAX_ROWS = 100;

/**
 * The page about changed images: what got worse and what to do first, then every change, worst first. Short where nothing got worse.
 * @param options.levels those to be tried, most detail first.
 * @param options.lead a line below the first two, Markdown.
 * @param options.ending last lines, Markdown.
 * @param options.where where everything is, see `Page`.
 */
export function changesSummary(
  report: ChangeReport,
  maxBytes: number,
  {
    levels,
    lead,
    ending,
    where,
  }: {
    readonly levels: readonly [Level, ...Level[]];
    readonly lead: string;
    readonly ending: string;
    readonly where: string;
  },
): string {
  const { standing, claim, next } = changeHeadline(report);
  const todo = next.length === 0 ? '' : `\n**Next:** ${nextInline(next)}`;
  const top = (rows: number) => () =>
    stack([
      `## ${VERDICT_MARKS[standing]} ${sentence(claim, 500)}${todo}`,
      lead,
      inline(comparedWords(report.changes), 400),
      simulated(report),
      changeTable(report, rows),
      problems(report, rows),
      unresolved(report, rows),
    ]);
  return fitted(
    {
      tops: [top(MAX_ROWS), top(MAX_ROWS / 4), top(MAX_ROWS / 20)],
      images: [...badImages(report), ...waivedImages(report)],
      levels,
      render: (image, level) => imageSection(image, level, true),
      bottom: ending,
      where,
    },
    maxBytes,
  );
}

function simulated({ images }: ChangeReport): string {
  return images.some(({ facts }) => isSimulated(facts))
    ? '🧪 **Simulated GPUs:** this proves nothing about a real GPU.'
    : '';
}

function changeTable(report: ChangeReport, most: number): string {
  const all = transitions(report);
  const removed = report.changes.images.filter(({ after }) => after === undefined);
  const rows = [
    ...all.slice(0, most).map(row),
    ...removed
      .slice(0, most)
      .map((image) => [
        '– removed',
        code(placeWords(image.source)),
        code(image.before ?? ''),
        '',
        '',
      ]),
  ];
  if (rows.length === 0) return '';
  const more = all.length + removed.length - rows.length;
  const shown = stack([
    table(['Change', 'Where', 'Before → after', 'Runner', 'Verdict'], rows),
    moreRows(more),
  ]);
  return all.some(({ change }) => isBad(change) || isWaivedChange(change))
    ? shown
    : details(count(report.changes.images.length, 'changed image'), shown);
}

function row({ image, profiles, change }: Transition): string[] {
  return [
    `${VERDICT_MARKS[isWaivedChange(change) ? 'waived' : change.after]}&nbsp;${OUTCOME_WORDS[change.outcome]}`,
    code(placeWords(image.source)),
    image.before === undefined
      ? code(image.after ?? '')
      : `${code(image.before)} → ${code(image.after ?? '')}`,
    profiles.map((profile) => inline(profile, 80)).join(', '),
    inline(transitionWords(change), 200),
  ];
}

const moreRows = (more: number): string => (more <= 0 ? '' : `… and ${more} more in the report.`);

function problems({ changes }: ChangeReport, most: number): string {
  if (changes.problems.length === 0) return '';
  const rows = changes.problems
    .slice(0, most)
    .map(
      ({ file, line, column, why }) =>
        `- ${code(`${file}:${line}:${column}`)}: ${inline(why, 300)}`,
    );
  return stack([
    '**Files that could not be read, so that images in them may be missing here**',
    rows.join('\n'),
    moreRows(changes.problems.length - rows.length),
  ]);
}

function unresolved({ changes }: ChangeReport, most: number): string {
  if (changes.unresolved.length === 0) return '';
  const rows = changes.unresolved
    .slice(0, most)
    .map(({ source, text, why }) => [code(placeWords(source)), code(text), inline(why, 300)]);
  return details(
    `Not resolved (${changes.unresolved.length}): the files alone do not say which image this is`,
    stack([
      table(['Where', 'Written', 'Why'], rows),
      moreRows(changes.unresolved.length - rows.length),
    ]),
  );
}

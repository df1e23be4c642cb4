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
import { bytes, cut, details, stack, table } from './markdown.js';
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
 */
export function changesSummary(
  report: ChangeReport,
  maxBytes: number,
  {
    levels,
    lead,
    ending,
  }: { readonly levels: readonly Level[]; readonly lead: string; readonly ending: string },
): string {
  const { standing, claim, next } = changeHeadline(report);
  const todo = next.length === 0 ? '' : `\n**Next:** ${nextInline(next)}`;
  const top = stack([
    `## ${VERDICT_MARKS[standing]} ${sentence(claim, 500)}${todo}`,
    lead,
    inline(comparedWords(report.changes), 400),
    simulated(report),
    changeTable(report),
    problems(report),
    unresolved(report),
  ]);
  const bad = [...badImages(report), ...waivedImages(report)];
  const page = (level: Level) =>
    `${stack([top, ...bad.map((image) => imageSection(image, level, true)), ending])}\n`;
  const fitting = levels.map(page).find((text) => bytes(text) <= maxBytes);
  return (
    fitting ??
    cut(page('line'), '✂️ Cut here: the page would be longer than GitHub shows.', maxBytes)
  );
}

function simulated({ images }: ChangeReport): string {
  return images.some(({ facts }) => isSimulated(facts))
    ? '🧪 **Simulated GPUs:** this proves nothing about a real GPU.'
    : '';
}

function changeTable(report: ChangeReport): string {
  const all = transitions(report);
  const removed = report.changes.images.filter(({ after }) => after === undefined);
  const rows = [
    ...all.slice(0, MAX_ROWS).map(row),
    ...removed
      .slice(0, MAX_ROWS)
      .map((image) => [
        '–&nbsp;removed',
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
    more === 0 ? '' : `… and ${more} more in the report.`,
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

function problems({ changes }: ChangeReport): string {
  if (changes.problems.length === 0) return '';
  const rows = changes.problems
    .slice(0, MAX_ROWS)
    .map(
      ({ file, line, column, why }) =>
        `- ${code(`${file}:${line}:${column}`)}: ${inline(why, 300)}`,
    );
  return stack([
    '**Files that could not be read, so that images in them may be missing here**',
    rows.join('\n'),
  ]);
}

function unresolved({ changes }: ChangeReport): string {
  if (changes.unresolved.length === 0) return '';
  const rows = changes.unresolved
    .slice(0, MAX_ROWS)
    .map(({ source, text, why }) => [code(placeWords(source)), code(text), inline(why, 300)]);
  return details(
    `Not resolved (${changes.unresolved.length}): the files alone do not say which image this is`,
    table(['Where', 'Written', 'Why'], rows),
  );
}

import MarkdownIt from 'markdown-it';
import stringWidth from 'string-width';
import type { RunRecord } from './check.js';

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};

const plain = (html: string): string =>
  html
    .replace(/<br\s*\/?>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|gt|quot|#39|nbsp|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/[ \t]*\n[ \t]*/g, '\n');

/** Columns of one cell: more is cut, because a terminal has no place to unfold it. */
const CELL_WIDTH = 72;

const cut = (text: string): string =>
  [...text].length <= CELL_WIDTH ? text : `${[...text].slice(0, CELL_WIDTH - 1).join('')}…`;

const drawTable = (html: string): string => {
  const rows = [...html.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].map((row) =>
    [...(row[1] ?? '').matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map((cell) =>
      cut(
        plain(cell[1] ?? '')
          .replace(/\s+/g, ' ')
          .trim(),
      ),
    ),
  );
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
    }
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
      .join(' │ ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
  return [lines[0] ?? '', rule, ...lines.slice(1)].join('\n');
};

/** A page as the job's summary shows it: Markdown and its HTML. */
const summaryHtml = (markdown: string): string =>
  new MarkdownIt({ html: true, linkify: true }).render(markdown);

/** Stands for a table until the text around it is plain: a character that Markdown never leaves in its output. */
const PLACE = '\u0000';

/** The job summary as text for a terminal: tables drawn, folded parts open, links without their addresses. */
export const summaryText = (markdown: string): string => {
  const tables: string[] = [];
  const text = plain(
    summaryHtml(markdown)
      .replace(/<table[^>]*>([\s\S]*?)<\/table>/g, (table) => {
        tables.push(drawTable(table));
        return `\n${PLACE}${tables.length - 1}${PLACE}\n`;
      })
      .replace(/<h[1-6][^>]*>([\s\S]*?)<\/h[1-6]>/g, (_, heading: string) => `\n■ ${heading}\n`)
      .replace(/<li[^>]*>/g, '\n  • ')
      .replace(/<summary[^>]*>/g, '\n▸ ')
      .replace(/<\/(?:p|div|pre|details|ul|ol|summary|blockquote)>/g, '\n'),
  );
  // Drawn after the rest was freed of tags, because a cell may hold a "<" of its own.
  return text
    .split(PLACE)
    .map((part, index) => (index % 2 === 0 ? part : `${tables[Number(part)] ?? ''}\n`))
    .join('')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
};

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');

/** Terminal control sequences of untrusted text, made harmless; colours of the action's own log go with them. */
const harmless = (text: string): string =>
  [...text]
    .filter((character) => {
      const code = character.codePointAt(0) ?? 0;
      return (
        code === 9 || code === 10 || (code >= 32 && code !== 127 && !(code >= 128 && code < 160))
      );
    })
    .join('')
    .replace(/\[\d+(?:;\d+)*m/g, '');

/** What a run was and how it ended, on one line. */
export const verdictLine = (record: RunRecord): string => {
  const seen = (record.report?.images ?? [])
    .map((image) => `${image.verdict ?? '?'}, ${image.primary ?? 'no finding'}`)
    .join('; ');
  const mark = record.problems.length === 0 ? '✓' : '✗';
  const containers =
    record.containersLeft.length === 0
      ? 'docker ps -a: empty'
      : `docker ps -a: ${record.containersLeft.length} left`;
  return `${mark} ${record.scenario}: ${seen === '' ? 'no report' : seen} · exit ${record.exitCode} · ${(record.ms / 1000).toFixed(1)} s · ${containers}`;
};

/** The whole record for a person: the action's log, its summary, and what differs from the expectation. */
export const recordText = (record: RunRecord): string =>
  [
    `━━ ${record.scenario}: ${record.description}`,
    '',
    'Log of the step',
    indent(harmless(record.log.trimEnd())),
    '',
    'Job summary',
    indent(harmless(summaryText(record.summary)) || 'none was written'),
    '',
    verdictLine(record),
    ...record.problems.map((problem) => `  ✗ ${problem}`),
    '',
  ].join('\n');

import fc from 'fast-check';
import type { Report } from '../../src/report/report.js';

/** Pieces that mean something to Markdown, HTML, a terminal, the runner, or GitHub's own filters. */
const PIECES = [
  '`',
  '``',
  '```',
  '~~~',
  '|',
  '\\',
  '\\|',
  '*',
  '**',
  '_',
  '[',
  ']',
  '](',
  '![',
  '<',
  '>',
  '&',
  '&lt;',
  '&#124;',
  '#',
  '# ',
  '- ',
  '1. ',
  '=',
  '===',
  '---',
  ':-:',
  '| --- |',
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  '\t',
  '    ',
  '\u2028',
  '\u0085',
  '<!--',
  '-->',
  '</details>',
  '<details>',
  '</summary>',
  '</code>',
  '<script>',
  '<img src=x onerror=alert(1)>',
  '<![CDATA[',
  '<?php',
  '::error::',
  '::add-mask::x',
  '##[error]',
  '##[',
  '\u001b[31m',
  '\u001b]0;t\u0007',
  '\u001b[',
  '\u009b2J',
  '\u0000',
  '\u0007',
  '\b',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '@octocat',
  '@org/team',
  '#1',
  'GH-1',
  'org/repo#2',
  'https://evil.example',
  'www.evil.example',
  'a@evil.example',
  ':tada:',
  '$x$',
  '$$',
  '%0A',
  '%25',
  'é',
  '漢字',
  '👩‍🚀',
  '\ud800',
  '\udc00',
  'e\u0301\u0301\u0301\u0301\u0301\u0301',
  'sudo rm',
  ': sudo x',
  '"',
  "'",
  '(simulated)',
  'x',
  ' ',
  '',
  'a b',
];

/** Text as an image, an engine or a probe could send it. */
export const hostileText = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { arbitrary: fc.constantFrom(...PIECES), weight: 4 },
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.string({ unit: 'grapheme', maxLength: 6 }),
      ),
      { maxLength: 24 },
    )
    .map((parts) => parts.join(''));

/** Ours, or checked by the contract before a report is made; everything else in a report may come from outside. */
const OURS = new Set([
  'schema',
  'verdict',
  'basis',
  'outcome',
  'note',
  'cause',
  'countsAs',
  'until',
  'on',
  'because',
  'finding',
  'primary',
  'blame',
  'id',
  'severity',
  'stage',
  'fixes',
]);

const VERDICTS: ReadonlySet<string> = new Set(['works', 'fails', 'unknown']);

/** The report with every text that may come from outside replaced. */
export function withTexts(report: Report, text: string, fix: string): Report {
  const { changes, waivers } = report;
  return {
    ...report,
    ...(changes === undefined ? {} : { changes: replaced(changes, text, fix) }),
    images: report.images.map((image) => replaced(image, text, fix)),
    ...(waivers === undefined ? {} : { waivers: replaced(waivers, text, fix) }),
  };
}

function replaced<T extends object>(part: T, text: string, fix: string): T {
  const walk = (value: unknown, key: string): unknown => {
    if (key === 'fixes' && Array.isArray(value)) return value.map(() => fix);
    // `before` and `after` of a machine are verdicts, those of a place are names of images.
    if (typeof value === 'string') return OURS.has(key) || VERDICTS.has(value) ? value : text;
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, walk(item, name)]),
    );
  };
  return walk(part, '') as T;
}

import { details } from './markdown.js';
import type { Report } from './report.js';
import { code, sentence } from './untrusted.js';
import { idleWords, staleWaivers } from './waived.js';

/** Entries of one list; the report has them all. */
const MOST_SHOWN = 20;

/** The waivers that did nothing in this run, folded; nothing where there are none. */
export function idlePart(report: Report): string {
  const { waivers } = report;
  if (waivers === undefined || waivers.idle.length === 0) return '';
  const stale = staleWaivers(waivers);
  const first = [...stale, ...waivers.idle.filter((one) => !stale.includes(one))];
  const rows = first
    .slice(0, MOST_SHOWN)
    .map(
      (one) =>
        `- ${code(`${waivers.file}:${one.line}`)}: ${sentence(idleWords(one, waivers.on), 300)}`,
    );
  const more = first.length - rows.length;
  return details(
    `Waivers that did nothing in this run (${first.length})`,
    [...rows, ...(more === 0 ? [] : [`- … and ${more} more in the report`])].join('\n'),
    stale.length > 0,
  );
}

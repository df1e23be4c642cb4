import { changeHeadline, isChangeReport } from './changes.js';
import { headline } from './headline.js';
import { cut, stack } from './markdown.js';
import type { Report } from './report.js';
import { summary } from './summary.js';
import { VERDICT_MARKS } from './summary-image.js';
import { code, inline, sentence } from './untrusted.js';
import type { Standing } from './waived.js';

/** What the page of a step is about, as far as its reader cannot see it from where the page is. */
export interface Whereabouts {
  /** The step's name, see `placeName`. Outside text. */
  readonly step: string;
  /** The commit that was checked. */
  readonly sha: string;
  /** The page of the workflow run, an address of our own making. */
  readonly runUrl?: string | undefined;
}

/** `CI / gpu (a100) at 1a2b3c4: the run`, small: it tells apart what several steps say side by side. */
export function whereabouts({ step, sha, runUrl }: Whereabouts): string {
  const commit = /^[0-9a-f]{7,64}$/.test(sha) ? ` at ${code(sha.slice(0, 7))}` : '';
  const run = runUrl === undefined ? '' : ` · [everything that was seen](${runUrl})`;
  return `<sub>${inline(step, 200)}${commit}${run}</sub>`;
}

/**
 * The comment of a run that something is wrong with, or of any run where every result is told: the job summary without what was seen, which is one link
 * away.
 * @param maxBytes of UTF-8, of which there are never fewer than the characters that GitHub counts.
 */
export const commentBody = (report: Report, where: Whereabouts, maxBytes: number): string =>
  summary(report, { maxBytes, detail: 'fixes', lead: whereabouts(where) });

/** The comment once what it was about is over. */
export function resolvedBody(report: Report, where: Whereabouts, maxBytes: number): string {
  const { standing, text } = outcome(report);
  const claim = RESOLVED_WORDS[standing];
  return cut(
    `${stack([
      `## ✅ Resolved: ${claim}\n${VERDICT_MARKS[standing]} ${sentence(text, 500)}`,
      whereabouts(where),
    ])}\n`,
    '✂️',
    maxBytes,
  );
}

const RESOLVED_WORDS: Readonly<Record<Standing, string>> = {
  works: 'works now',
  fails: 'the step passes now',
  unknown: 'the step passes now',
  waived: 'waived now',
};

/** How the images stand and why, in one line. Outside text. */
export function outcome(report: Report): { standing: Standing; text: string } {
  if (isChangeReport(report)) {
    const { standing, claim } = changeHeadline(report);
    return { standing, text: claim };
  }
  const { standing, claim, reason, about } = headline(report);
  return { standing, text: `${claim}: ${reason}${about === undefined ? '' : ` (${about})`}` };
}

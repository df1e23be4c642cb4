import type { Severity } from '../core/catalogue.js';
import { annotations } from './annotations.js';
import { outcome, type Whereabouts, whereabouts } from './comment.js';
import type { Report } from './report.js';
import { summary } from './summary.js';
import { line } from './untrusted.js';

/** Characters of the summary, counted as bytes here, of which there are never fewer. */
const MAX_SUMMARY = 65_535;
const MAX_TITLE = 250;
/** Twelve requests at the most: GitHub takes eighty that make something in a minute, from all of a repository's workflows. */
const PER_LEVEL = 200;
/** Where the runner itself puts an annotation that belongs to no file. */
const NO_FILE = '.github';

const LEVELS: Readonly<Record<Severity, 'failure' | 'warning' | 'notice'>> = {
  error: 'failure',
  warning: 'warning',
  notice: 'notice',
};

/** The report as a check run of its own. `neutral`: the step passes, and not because the images work. */
export function checkRunContent(report: Report, where: Whereabouts) {
  const { standing, text } = outcome(report);
  const good = standing === 'works' ? ('success' as const) : ('neutral' as const);
  return {
    conclusion: report.passed ? good : ('failure' as const),
    title: line(text, MAX_TITLE),
    summary: summary(report, {
      maxBytes: MAX_SUMMARY,
      detail: 'evidence',
      lead: whereabouts(where),
    }),
    annotations: annotations(report, { perLevel: PER_LEVEL }).map((annotation) => ({
      path: annotation.file ?? NO_FILE,
      start_line: annotation.startLine ?? 1,
      end_line: annotation.endLine ?? annotation.startLine ?? 1,
      ...(annotation.startColumn === undefined ? {} : { start_column: annotation.startColumn }),
      ...(annotation.endColumn === undefined ? {} : { end_column: annotation.endColumn }),
      annotation_level: LEVELS[annotation.level],
      title: annotation.title,
      message: annotation.message,
    })),
  };
}

import type { Report } from '../report.js';
import { summary } from '../summary.js';

/** A file may be longer than a job summary; past this no viewer shows it any more. */
const MAX_BYTES = 16_000_000;

/** The report as a Markdown file: the job summary, with room for every detail of large fleets. */
export const markdown = (report: Report): string => summary(report, { maxBytes: MAX_BYTES });

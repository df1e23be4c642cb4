import type { Report } from '../report.js';
import { htmlPage } from './html.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import type { Format } from './names.js';
import { sarif } from './sarif.js';

/** The report as a file of each format: pure, text that ends with a line feed. */
export const FORMATS: Readonly<Record<Format, (report: Report) => string>> = {
  sarif,
  junit,
  html: htmlPage,
  markdown,
};

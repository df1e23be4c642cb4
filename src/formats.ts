import type { Files } from './platform/ports.js';
import { FORMATS } from './report/formats/index.js';
import { FORMAT_NAMES, type Format } from './report/formats/names.js';
import type { Report } from './report/report.js';

/** Writes the report in every format that was asked for. Throws when a place cannot be written any more. */
export async function writeFormats(
  report: Report,
  places: Readonly<Partial<Record<Format, string>>>,
  files: Pick<Files, 'writeText'>,
): Promise<void> {
  for (const name of FORMAT_NAMES) {
    const path = places[name];
    if (path !== undefined) await files.writeText(path, FORMATS[name](report));
  }
}

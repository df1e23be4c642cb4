import {
  badImages,
  type ChangeReport,
  changeHeadline,
  comparedWords,
  OUTCOME_WORDS,
  placeWords,
  transitions,
  transitionWords,
  waivedImages,
} from './changes.js';
import type { Fix } from './fix.js';
import type { ImageReport } from './report.js';
import { terminalLine } from './untrusted.js';
import type { Standing } from './waived.js';

/** How the page of a terminal writes its parts, see `terminal`. */
export interface ChangePage {
  readonly verdictLine: (stands: Standing, text: string) => readonly string[];
  readonly nextLines: (fixes: readonly Fix[]) => readonly string[];
  readonly imagePart: (image: ImageReport) => readonly string[];
  readonly hanging: (prefix: string, text: string) => readonly string[];
}

/** Lines about changed images for a terminal: one for each change, worst first; what got worse in full. */
export function changeLines(report: ChangeReport, page: ChangePage): readonly string[] {
  const { changes } = report;
  const { standing, claim, next } = changeHeadline(report);
  const { hanging } = page;
  return [
    ...page.verdictLine(standing, terminalLine(claim)),
    ...page.nextLines(next),
    ...hanging('  ', terminalLine(comparedWords(changes))),
    ...transitions(report).flatMap(({ image, profiles, change }) => [
      '',
      ...hanging(
        '  ',
        `${OUTCOME_WORDS[change.outcome]}  ${terminalLine(placeWords(image.source))}`,
      ),
      ...hanging(
        '    ',
        terminalLine(
          image.before === undefined ? (image.after ?? '') : `${image.before} → ${image.after}`,
        ),
      ),
      ...hanging('    ', terminalLine(`${transitionWords(change)} (${profiles.join(', ')})`)),
    ]),
    ...changes.images
      .filter(({ after }) => after === undefined)
      .flatMap(({ source, before }) =>
        hanging('  removed  ', terminalLine(`${placeWords(source)}  ${before}`)),
      ),
    ...changes.problems.flatMap(({ file, line, column, why }) =>
      hanging('  cannot be read  ', terminalLine(`${file}:${line}:${column}: ${why}`)),
    ),
    ...changes.unresolved.flatMap(({ source, text, why }) =>
      hanging('  not resolved  ', terminalLine(`${placeWords(source)}: ${text}: ${why}`)),
    ),
    ...[...badImages(report), ...waivedImages(report)].flatMap((image) => [
      '',
      ...page.imagePart(image),
    ]),
  ];
}

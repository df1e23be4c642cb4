import type { Severity } from '../core/catalogue.js';
import { badImages, type ChangeReport, isChangeReport, waivedImages } from './changes.js';
import { withEqualGpus } from './fact-rows.js';
import { imageName, isUntoldBeside, next, reason, worstFirst } from './headline.js';
import type { ImageReport, ImageSource, Report, ReportedFinding } from './report.js';
import { annotationText, annotationTitle } from './untrusted.js';
import { idleWords, staleWaivers, waivedWords } from './waived.js';

/** One annotation, not yet escaped for the runner: `@actions/core` does that. */
export interface Annotation {
  readonly level: Severity;
  /** One line of at most 250 UTF-16 units; the site takes 255. */
  readonly title: string;
  /** Several lines, at most `MAX_MESSAGE` UTF-16 units. */
  readonly message: string;
  /** The file that names the image, where it is known. */
  readonly file?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  /** Columns from 1, the end behind the last character; only where the text is within one line. */
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** The runner keeps the first ten of each level in a step and drops the rest (actions/runner, ExecutionContext.cs). */
const MAX_PER_LEVEL = 10;
/** The runner cuts a message after 4,096 UTF-16 units, counted after its own unescaping. */
const MAX_MESSAGE = 4000;
const MAX_TITLE = 250;

/**
 * The findings as annotations, errors first, the leading finding of the worst image first. A finding that several images share is one
 * annotation that names them. Where a level has more than ten (or `perLevel`), the last one says how many more there are and where.
 * @param options.reportPath where the full report is.
 * @param options.perLevel in place of the ten.
 */
export function annotations(
  report: Report,
  options: { readonly reportPath?: string; readonly perLevel?: number } = {},
): Annotation[] {
  const most = options.perLevel ?? MAX_PER_LEVEL;
  const causes = [
    ...(isChangeReport(report) ? causesOfChanges(report) : causesOf(report.images, report)),
    ...causesOfWaivers(report),
  ];
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const ofLevel = causes
      .filter((cause) => cause.level === level)
      .sort((a, b) => Number(b.leads) - Number(a.leads));
    if (ofLevel.length <= most) return ofLevel.map(annotation);
    const shown = ofLevel.slice(0, most - 1);
    const rest = ofLevel.slice(most - 1);
    return [...shown.map(annotation), remainder(level, rest, options.reportPath)];
  });
}

interface Cause {
  readonly level: Severity;
  readonly source?: Place;
  readonly title: string;
  readonly body: readonly string[];
  readonly images: string[];
  /** It decides the verdict of an image. */
  leads: boolean;
}

type Place = Pick<ImageSource, 'file' | 'line'> & Partial<ImageSource>;

/**
 * Nothing of what got no worse; each finding of what did, at the line that chose the image; files that could not be read; and as notices the
 * places whose image nobody can tell from the files.
 */
function causesOfChanges(report: ChangeReport): Cause[] {
  const { base, problems, unresolved } = report.changes;
  return [
    ...causesOf([...badImages(report), ...waivedImages(report)], report),
    ...problems.map(
      ({ file, line, column, why }): Cause => ({
        level: base === null ? 'warning' : 'error',
        source: { file, line, column },
        title: `Could not be read: ${file}`,
        body: [
          `Line ${line}, column ${column}: ${why}`,
          'Images in this file may be missing from the check.',
        ],
        images: [],
        leads: false,
      }),
    ),
    ...unresolved.map(
      ({ source, text, why }): Cause => ({
        level: 'notice',
        source,
        title: `Not resolved: ${text}`,
        body: [`The files alone do not say which image this is: ${why}`],
        images: [],
        leads: false,
      }),
    ),
  ];
}

/** A waiver that can go, on its line. */
function causesOfWaivers({ waivers }: Report): Cause[] {
  if (waivers === undefined) return [];
  const { file, on } = waivers;
  return staleWaivers(waivers).map((one) => ({
    level: 'notice',
    source: { file, line: one.line },
    title: `Waiver without effect: ${one.finding}`,
    body: [idleWords(one, on)],
    images: [],
    leads: false,
  }));
}

function causesOf(images: readonly ImageReport[], { passed }: Report): Cause[] {
  const causes = new Map<string, Cause>();
  const add = (
    key: string,
    image: string,
    leads: boolean,
    cause: () => Omit<Cause, 'images' | 'leads'>,
  ) => {
    const known = causes.get(key);
    if (known === undefined) {
      causes.set(key, { ...cause(), images: [image], leads });
      return;
    }
    known.images.push(image);
    known.leads ||= leads;
  };
  for (const image of worstFirst(images)) {
    const { source } = image;
    const at = source === undefined ? {} : { source };
    for (const finding of image.findings) {
      const { id, severity, title, waived } = finding;
      add(
        JSON.stringify([id, severity, title, source, waived]),
        imageName(image),
        id === image.primary,
        () => ({
          ...at,
          level: waived === undefined ? severity : 'notice',
          title: waived === undefined ? title : `Waived until ${waived.until}: ${title}`,
          body: [...(waived === undefined ? [] : [waivedWords(waived)]), ...body(finding)],
        }),
      );
    }
    if ((image.primary === null && image.verdict !== 'works') || isUntoldBeside(image))
      add(JSON.stringify([null, reason(image), source]), imageName(image), true, () => ({
        ...at,
        // A step that fails must say why in red.
        level: passed ? 'warning' : 'error',
        title: `Could not tell: ${reason(image)}`,
        body: next(image).map(({ text }) => `Next: ${text}`),
      }));
  }
  return [...causes.values()];
}

function body(finding: ReportedFinding): string[] {
  const fixes = finding.fixes.map((fix, index) => `${index + 1}. ${fix}`);
  const seen = withEqualGpus(finding.evidence).map(
    ({ what, value, from }) => `- ${what}: ${value} (${from})`,
  );
  return [
    finding.why,
    ...(fixes.length === 0 ? [] : ['Do this:', ...fixes]),
    ...(seen.length === 0 ? [] : ['Seen:', ...seen]),
    `${finding.id}: ${finding.docs}`,
  ];
}

const NAMED = 8;

function annotation({ level, title, body, images, source }: Cause): Annotation {
  const message = [...(images.length === 0 ? [] : [imageLine(images)]), ...body].join('\n');
  return {
    ...(source === undefined ? {} : placeOf(source)),
    level,
    title: annotationTitle(title, MAX_TITLE),
    message: annotationText(message, MAX_MESSAGE),
  };
}

function placeOf({ file, line, column, endLine = line, endColumn }: Place) {
  // The site takes columns of one line only.
  const columns = endLine === line && column !== undefined;
  return {
    file,
    startLine: line,
    endLine,
    ...(columns ? { startColumn: column } : {}),
    ...(columns && endColumn !== undefined ? { endColumn } : {}),
  };
}

function imageLine(images: readonly string[]): string {
  if (images.length === 1) return `Image: ${images[0]}`;
  const more = images.length - NAMED;
  return `${images.length} images: ${images.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const PLURALS: Readonly<Record<Severity, string>> = {
  error: 'errors',
  warning: 'warnings',
  notice: 'notices',
};

function remainder(
  level: Severity,
  rest: readonly Cause[],
  reportPath: string | undefined,
): Annotation {
  const place = reportPath === undefined ? '' : ` and in the report: ${reportPath}`;
  const lines = [
    `All of them are in the job summary${place}`,
    ...rest.map(({ title }) => `- ${title}`),
  ];
  return {
    level,
    title: `${rest.length} more ${PLURALS[level]}`,
    message: annotationText(lines.join('\n'), MAX_MESSAGE),
  };
}

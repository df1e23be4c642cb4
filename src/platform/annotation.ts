import type { PublishedAnnotation } from './ports.js';

/**
 * An annotation as the line of log by which a runner takes it, escaped as `@actions/core` does. Not through that: its HTTP stack
 * would be most of the time of a step that only has to name a mistyped input.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
 */
export function annotationLine(annotation: PublishedAnnotation): string {
  const { level, title, message, file, startLine, endLine, startColumn, endColumn } = annotation;
  const properties = [
    ['title', title],
    ['file', file],
    ['line', startLine],
    ['endLine', endLine],
    ['col', startColumn],
    ['endColumn', endColumn],
  ].flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return `::${level} ${properties.join(',')}::${escapeData(message)}`;
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

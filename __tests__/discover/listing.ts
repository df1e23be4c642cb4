import { discover } from '../../src/discover/discover.js';
import type { Discovered } from '../../src/discover/found.js';
import { kindOf } from '../../src/discover/kinds.js';
import { canonical } from '../../src/image/reference.js';

export const read = (path: string, text: string, env?: string): Discovered =>
  discover({
    path,
    text,
    kind: kindOf(path) ?? 'yaml',
    ...(env === undefined ? {} : { dotenv: { path: '.env', text: env } }),
  });

/** One line a reference: place, path in the document, image or reason. */
export function listing(path: string, text: string, env?: string): string[] {
  const { references, problems } = read(path, text, env);
  return [
    ...references.map(({ range, path: inner, outcome }) => {
      const image = outcome.ok ? canonical(outcome.image) : `? ${outcome.why}`;
      return `${range.line}:${range.column} ${inner} = ${image}`;
    }),
    ...problems.map(({ line, column, why }) => `${line}:${column} ! ${why}`),
  ];
}

/** The texts that the ranges of a file's references cut out. */
export function cutOut(path: string, text: string): string[] {
  const lines = text.split('\n');
  return read(path, text).references.map(({ range }) => {
    const { line, column, endLine, endColumn } = range;
    if (line === endLine) return (lines[line - 1] ?? '').slice(column - 1, endColumn - 1);
    return [
      (lines[line - 1] ?? '').slice(column - 1),
      ...lines.slice(line, endLine - 1),
      (lines[endLine - 1] ?? '').slice(0, endColumn - 1),
    ].join('\n');
  });
}

import type { Variable } from './expand.js';
import { createLines } from './lines.js';

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(.*)$/;

/**
 * The variables of a `.env` file: `NAME=value`, quotes and comments taken away; the last one counts. A value that uses other variables is
 * known only to Compose. Pure.
 * https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
 */
export function parseDotenv(text: string, file: string): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  const lines = createLines(text);
  for (const [at, line] of text.split('\n').entries()) {
    const [, name, rest = ''] = ASSIGNMENT.exec(line.replace(/\r$/, '')) ?? [];
    if (name === undefined) continue;
    const single = /^'([^']*)'/.exec(rest)?.[1];
    const value = single ?? /^"([^"]*)"/.exec(rest)?.[1] ?? rest.replace(/\s#[\s\S]*$/, '').trim();
    const start = lines.offset(at);
    found.set(
      name,
      single === undefined && value.includes('$')
        ? { dynamic: `${name} in ${file} is made of other variables` }
        : {
            value,
            origins: [{ file, range: lines.range(start, start + line.length), text: value }],
          },
    );
  }
  return found;
}

import { type Discovered, type FoundReference, outcomeOf } from './found.js';
import { createLines } from './lines.js';

const IMAGE_LINE = /^[ \t-]*["']?image["']?[ \t]*:[ \t]*(\S.*)$/;

/**
 * The images of a file that is YAML only after a template was filled in: its `image:` lines. Those that the template fills in are listed as
 * such, the others are images. Pure.
 */
export function readTemplate(text: string): Discovered {
  const lines = createLines(text);
  const references: FoundReference[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.length > MAX_LINE) continue;
    const found = IMAGE_LINE.exec(line)?.[1];
    if (found === undefined) continue;
    const comment = found.indexOf(' #');
    const value = (comment === -1 ? found : found.slice(0, comment)).trim();
    const raw = value.replace(/^(["'])(.*)\1$/, '$2');
    const start = lines.offset(at) + line.indexOf(raw, line.indexOf(':') + 1);
    references.push({
      kind: 'kubernetes',
      path: `image #${references.length}`,
      raw,
      range: lines.range(start, start + raw.length),
      origins: [],
      outcome: outcomeOf(raw),
    });
  }
  return { references, problems: [] };
}

const MAX_LINE = 2_000;

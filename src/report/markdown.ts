/** GitHub-flavoured Markdown from parts that are Markdown already: outside text goes through `untrusted.ts` first. */

/** A table; each cell is one line of Markdown. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A folded part. The summary is HTML, the body Markdown, which is only read as such between empty lines. */
export function details(summary: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Parts one below the other, empty ones left out. */
export const stack = (parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

/** Bytes of the text in UTF-8, which is what the limits of GitHub count. */
export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * As many whole lines of the text as fit before the mark; the mark says that something was cut. When not even the first line fits, that
 * line is cut between characters.
 */
export function cut(text: string, mark: string, maxBytes: number): string {
  if (bytes(text) <= maxBytes) return text;
  const room = maxBytes - bytes(`\n\n${mark}`);
  const kept: string[] = [];
  let used = 0;
  for (const line of text.split('\n')) {
    used += bytes(line) + 1;
    if (used - 1 > room) break;
    kept.push(line);
  }
  const head = kept.join('\n').trimEnd();
  if (head !== '') return `${head}\n\n${mark}`;
  return wholeCharacters(text, maxBytes);
}

function wholeCharacters(text: string, maxBytes: number): string {
  let used = 0;
  let kept = '';
  for (const character of text.split('\n', 1)[0] ?? '') {
    used += bytes(character);
    if (used > maxBytes) break;
    kept += character;
  }
  return kept;
}

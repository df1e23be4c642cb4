import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A piece of YAML that a page shows. */
export interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The pages of the documentation. */
export const PAGES: readonly string[] = execFileSync('git', ['ls-files', '-z', '--', '*.md'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && !path.startsWith('__tests__/') && !path.startsWith('dist/'));

/** The pieces of YAML of a page, without the indentation of their block. */
export function snippetsOf(file: string): Snippet[] {
  const found: Snippet[] = [];
  let open: { indent: string; line: number; text: string[] } | undefined;
  for (const [at, text] of readFileSync(file, 'utf8').split('\n').entries()) {
    const start = /^( *)```ya?ml\s*$/.exec(text);
    if (open === undefined) {
      if (start) open = { indent: start[1] ?? '', line: at + 2, text: [] };
    } else if (text.trim() === '```') {
      found.push({ file, line: open.line, text: open.text.join('\n') });
      open = undefined;
    } else open.text.push(text.slice(open.indent.length));
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: a code block without an end`);
  return found;
}

/** What the parser is given in place of a Dockerfile: with as many lines, and each instruction where it was. */
export type DockerfileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

/** Lines of comments that are left times all lines: `dockerfile-ast` compares each comment with each stage. */
const MOST_COMPARED = 1_000_000;

/**
 * A Dockerfile as `dockerfile-ast` reads it in linear time and as the builder does. Comments become empty lines, and `# escape=` the first
 * line: the library compares each comment with each stage, takes quadratic time for `#####` and `# a=b # a=b`, and looks for directives where
 * the builder does not (`# a word = b`), or no more where it does (after a space at the end of a line). Pure.
 * https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export function dockerfileText(given: string): DockerfileText {
  // To the builder a carriage return alone is white space, to the library it ends a line.
  const text = withoutComments(given.replace(/\r(?!\n)/g, ' '));
  // Those that are left can end a here-document.
  const comments = count(text, /^[ \t]*#/gm);
  const lines = count(text, /\n/g) + 1;
  return comments * lines <= MOST_COMPARED
    ? { ok: true, text }
    : { ok: false, why: `it has ${lines} lines, ${comments} of them comments, and was not read` };
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const _ of text.matchAll(pattern)) found += 1;
  return found;
}

function withoutComments(text: string): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const lines = text.slice(mark.length).split('\n');
  const names = new Set([...text.matchAll(/<<-?["']?(#[^\s"'\\]*)/g)].map(([, name]) => name));
  let escapeCharacter: string | undefined;
  let atTop = true;
  let mayBeDirective = true;
  const plain = lines.map((line) => {
    const comment = line.trim();
    if (!comment.startsWith('#')) {
      atTop = false;
      return line;
    }
    if (!atTop) return names.has(comment) ? line : '';
    const [name, value] = directiveOf(comment);
    mayBeDirective &&= name !== undefined;
    if (mayBeDirective && name === 'escape') escapeCharacter ??= value;
    return '';
  });
  // A directive after an empty line is none, so it comes first. The first line had a directive or a comment.
  if (escapeCharacter === '`') plain[0] = '# escape=`';
  return mark + plain.join('\n');
}

/** Name in lower case and value of a directive; nothing where a comment is none. */
function directiveOf(comment: string): [name: string, value: string] | [] {
  const equals = comment.indexOf('=');
  if (equals === -1) return [];
  const name = comment.slice(1, equals).trim();
  const value = comment.slice(equals + 1).trim();
  return /^[a-z][a-z0-9]*$/i.test(name) && value !== '' ? [name.toLowerCase(), value] : [];
}

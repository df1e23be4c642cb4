/** What the parser is given in place of a Dockerfile: with as many lines, and each instruction where it was. */
export type DockerfileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

/** Lines of comments times all lines: `dockerfile-ast` compares each comment with each stage. Thousands of lines with a hundred stages are less. */
const MOST_COMPARED = 10_000_000;

/**
 * A Dockerfile as `dockerfile-ast` reads it in linear time and as the builder does. The comments that begin the file become empty ones, and
 * `# escape=` its first line: the library takes quadratic time for `#####` and `# a=b # a=b`, and looks for directives where the
 * builder does not (`# a word = b`), or no more where it does (after a space at the end of a line). Pure.
 * https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export function dockerfileText(given: string): DockerfileText {
  // To the builder a carriage return alone is white space, to the library it ends a line.
  const text = withPlainTop(given.replace(/\r(?!\n)/g, ' '));
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

function withPlainTop(text: string): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  let at = mark.length;
  let comments = 0;
  let escapeCharacter: string | undefined;
  let mayBeDirective = true;
  while (at < text.length) {
    const stop = text.indexOf('\n', at);
    const end = stop === -1 ? text.length : stop;
    const line = text.slice(at, end).trim();
    if (!line.startsWith('#')) break;
    const [name, value] = directiveOf(line);
    mayBeDirective &&= name !== undefined;
    if (mayBeDirective && name === 'escape') escapeCharacter ??= value;
    comments += 1;
    at = end;
    if (stop === -1) break;
    at += 1;
  }
  if (comments === 0) return text;
  const first = ['`', '\\'].includes(escapeCharacter ?? '') ? `# escape=${escapeCharacter}` : '#';
  const ended = text.charAt(at - 1) === '\n' ? '\n' : '';
  return `${mark}${first}${'\n#'.repeat(comments - 1)}${ended}${text.slice(at)}`;
}

/** Name in lower case and value of a directive; nothing where a comment is none. */
function directiveOf(comment: string): [name: string, value: string] | [] {
  const equals = comment.indexOf('=');
  if (equals === -1) return [];
  const name = comment.slice(1, equals).trim();
  const value = comment.slice(equals + 1).trim();
  return /^[a-z][a-z0-9]*$/i.test(name) && value !== '' ? [name.toLowerCase(), value] : [];
}

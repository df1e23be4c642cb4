import { type FoundReference, outcomeOf, unresolved } from './found.js';
import { rangeOf, textOf, type YamlFile } from './yaml.js';

/**
 * The image of a development container. A Dockerfile that it is built from is in `dockerfileOf`.
 * https://containers.dev/implementors/json_reference/
 * @throws TooMuch
 */
export function readDevcontainer(file: YamlFile): readonly FoundReference[] {
  return file.documents.flatMap((document) => {
    const image = file.get(document, 'image');
    const raw = textOf(image);
    if (image === undefined || raw === undefined) return [];
    return [
      {
        kind: 'devcontainer' as const,
        path: 'image',
        raw,
        range: rangeOf(image, file),
        origins: [],
        outcome: raw.includes('${')
          ? unresolved('a variable in it is filled in where the container is opened')
          : outcomeOf(raw),
      },
    ];
  });
}

/**
 * JSON with comments as text that a YAML parser reads, every character at its place: comments and tabs between values become blanks.
 * Linear, pure.
 */
export function withoutComments(text: string): string {
  const parts: string[] = [];
  const blank = (from: number, to: number) =>
    parts.push(text.slice(from, to).replace(/[^\r\n]/g, ' '));
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    let end = at + 1;
    if (character === '"') {
      while (end < text.length && text.charAt(end) !== '"' && text.charAt(end) !== '\n') {
        end += text.charAt(end) === '\\' ? 2 : 1;
      }
      end = Math.min(end + 1, text.length);
      parts.push(text.slice(at, end));
    } else if (text.startsWith('//', at)) {
      const stop = text.indexOf('\n', at);
      end = stop === -1 ? text.length : stop;
      blank(at, end);
    } else if (text.startsWith('/*', at)) {
      const stop = text.indexOf('*/', at + 2);
      end = stop === -1 ? text.length : stop + 2;
      blank(at, end);
    } else if (character === '\t') blank(at, end);
    else parts.push(character);
    at = end;
  }
  return parts.join('');
}

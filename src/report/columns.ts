import stringWidth from 'string-width';

/** Columns that a text takes in a terminal. */
export const columns = (text: string): number => stringWidth(text);

/** The text with spaces after it up to `width` columns. */
export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - columns(text)));

/**
 * Words in lines of at most `width` columns, broken at spaces. A word that is longer than a line stays whole: half a path or half a
 * command is worth nothing.
 * @param text one line; a colour that spans a break goes on in the next line.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && columns(longer) > width) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}

/** `wrap` with a first prefix and as much room before the lines that follow. */
export function hanging(prefix: string, text: string, width: number): string[] {
  const room = columns(prefix);
  return wrap(text, Math.max(width - room, 20)).map((line, at) =>
    at === 0 ? prefix + line : ' '.repeat(room) + line,
  );
}

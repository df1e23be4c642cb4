/** A stretch of a file. Lines and columns count from 1, columns in UTF-16 units; the end is the column after the last character. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** From offsets in a text to lines and columns. */
export interface Lines {
  position(offset: number): { readonly line: number; readonly column: number };
  range(start: number, end: number): Range;
  /** Offset of a line's first character; the line counts from 0. */
  offset(line: number): number;
}

export function createLines(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const position = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
  return {
    position,
    range: (start, end) => {
      const { line, column } = position(start);
      const { line: endLine, column: endColumn } = position(end);
      return { line, column, endLine, endColumn };
    },
    offset: (line) => starts[line] ?? text.length,
  };
}

/** A line, or a piece of a very long one, inside a buffer that is reused: read it before the call returns. */
export type OnLine = (bytes: Uint8Array, from: number, to: number, number: number) => void;

export interface LineReader {
  push(chunk: Uint8Array): void;
  end(): void;
}

const BUFFER_BYTES = 256 * 1024;
/** What the buffer begins with: most texts are the few lines of an error. */
const FIRST_BYTES = 4 * 1024;
/** A line longer than this comes in pieces that overlap, so that a text of ordinary length is whole in one of them. */
export const LONGEST_LINE = 16 * 1024;
const OVERLAP = 2 * 1024;
const NEWLINE = 10;

/**
 * Cuts a stream of bytes into numbered lines with a buffer of bounded size. The buffer is cut only when it is full, so the pieces
 * depend on the bytes alone and never on how they were chunked. NUL bytes are dropped, which also makes UTF-16 logs readable.
 */
export function createLineReader(onLine: OnLine): LineReader {
  let buffer = new Uint8Array(FIRST_BYTES);
  let used = 0;
  let line = 1;

  const piece = (from: number, to: number) => {
    let start = from;
    while (to - start > LONGEST_LINE) {
      onLine(buffer, start, start + LONGEST_LINE, line);
      start += LONGEST_LINE - OVERLAP;
    }
    onLine(buffer, start, to, line);
  };

  /** Hands out every whole line; of an endless line all but its last stretch. */
  const drain = () => {
    let start = 0;
    const filled = buffer.subarray(0, used);
    for (;;) {
      const newline = filled.indexOf(NEWLINE, start);
      if (newline === -1) break;
      piece(start, newline);
      line += 1;
      start = newline + 1;
    }
    while (used - start > LONGEST_LINE) {
      onLine(buffer, start, start + LONGEST_LINE, line);
      start += LONGEST_LINE - OVERLAP;
    }
    buffer.copyWithin(0, start, used);
    used -= start;
  };

  const grow = (wanted: number) => {
    if (wanted <= buffer.length) return;
    const larger = new Uint8Array(Math.min(BUFFER_BYTES, Math.max(wanted, 2 * buffer.length)));
    larger.set(buffer.subarray(0, used));
    buffer = larger;
  };

  return {
    push(chunk) {
      const bytes = chunk.includes(0) ? chunk.filter((byte) => byte !== 0) : chunk;
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + BUFFER_BYTES - used);
        grow(used + part.length);
        buffer.set(part, used);
        used += part.length;
        at += part.length;
        if (used === BUFFER_BYTES) drain();
      }
    },
    end() {
      drain();
      if (used > 0) piece(0, used);
      used = 0;
    },
  };
}

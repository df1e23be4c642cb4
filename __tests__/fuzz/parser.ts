/** One reader of text or bytes that come from outside: a row of the table. */
export interface Parser {
  /** What is read, in the words of its users; also what the nightly run calls it. */
  readonly name: string;
  /** Files of `src` whose reading this row reaches. */
  readonly files: readonly string[];
  /** Recorded or faithful inputs, each at most a few KB, from which the hostile ones are made. */
  readonly samples: readonly string[];
  /** Words of the grammar, so that what is glued together comes deep into the reader. */
  readonly pieces: readonly string[];
  /** Samples are JSON: they are changed as trees, too. */
  readonly json?: boolean;
  /**
   * Reads the text and throws where the reader breaks a promise: an error that it does not declare, a range outside of the text,
   * a round trip that does not come back. Its answer is looked at by `whyNotPlain`.
   */
  read(text: string): unknown;
  /** The most characters that the answer holds for each character read, and beside them. */
  readonly growth?: { readonly factor: number; readonly beside: number };
  /** Allowed time for one character read, in microseconds of a quiet machine; what is linear and slow says so here. */
  readonly microseconds?: number;
}

/** Text as the bytes of a stream: with U+00FF in it, as Latin-1, which is mostly no UTF-8. */
export const bytesOf = (text: string): Buffer =>
  Buffer.from(text, text.includes('\u00ff') ? 'latin1' : 'utf8');

/** Throws with the words when a promise of a reader does not hold; cheaper than `expect` in a loop of millions. */
export function holds(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${promise}`);
}

/** The same JSON, whatever the objects are made of. */
export const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

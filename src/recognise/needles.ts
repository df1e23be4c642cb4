/** Words of one entry: any of the needles, and where `beside` is given, any of those too. */
export interface Needles {
  readonly needles: readonly string[];
  readonly beside?: readonly string[];
}

/**
 * Finds which of many words occur in a line of bytes, in one pass (Aho-Corasick over lower-cased ASCII), so that the patterns
 * of 200 entries are tried only on the few lines that can match: a log of 200 MB costs one table look-up a byte.
 */
export interface NeedleIndex {
  /** Positions of the entries whose words are in `bytes[from, to)`, ascending; empty when there are none. */
  owners(bytes: Uint8Array, from: number, to: number): readonly number[];
}

export function createNeedleIndex(entries: readonly Needles[]): NeedleIndex {
  // Words beside others are filed under owners of their own, behind the real ones.
  const words = [
    ...entries.map((entry) => entry.needles),
    ...entries.map((entry) => entry.beside ?? []),
  ].map((list) => list.map((word) => ENCODER.encode(word.toLowerCase())));
  const count = entries.length;
  const alone = entries.map((entry) => entry.beside === undefined);
  const letters = createAlphabet(words.flat());
  const { next, found } = build(words, letters);
  const accepting = Uint8Array.from(found, (owners) => (owners.length > 0 ? 1 : 0));
  return {
    owners(bytes, from, to) {
      let state = 0;
      let seen: Set<number> | undefined;
      for (let at = from; at < to; at += 1) {
        state = next[(state << BITS) | (letters[bytes[at] as number] as number)] as number;
        if (accepting[state] === 1) {
          seen ??= new Set();
          for (const owner of found[state] as readonly number[]) seen.add(owner);
        }
      }
      if (seen === undefined) return NONE;
      const complete: number[] = [];
      for (const owner of seen)
        if (owner < count && (alone[owner] === true || seen.has(owner + count)))
          complete.push(owner);
      return complete.length === 0 ? NONE : complete.sort((a, b) => a - b);
    },
  };
}

const NONE: readonly number[] = [];
const ENCODER = new TextEncoder();

/** Letters that occur in no word share number 0, which keeps the table of transitions small. */
const BITS = 6;
const LETTERS = 1 << BITS;

function createAlphabet(words: readonly Uint8Array[]): Uint8Array {
  const used = new Set(words.flatMap((word) => [...word]));
  if (used.size >= LETTERS)
    throw new RangeError('the needles use more letters than the table holds');
  const letters = new Uint8Array(256);
  [...used].forEach((byte, position) => {
    letters[byte] = position + 1;
  });
  for (let byte = 65; byte <= 90; byte += 1) letters[byte] = letters[byte + 32] as number;
  return letters;
}

/** A trie of the words in a table of transitions, then each missing edge filled from the longest proper suffix, breadth first. */
function build(words: readonly (readonly Uint8Array[])[], letters: Uint8Array) {
  const bound = 1 + words.flat().reduce((sum, word) => sum + word.length, 0);
  const next = new Uint16Array(bound << BITS);
  const found: (readonly number[])[] = [NONE];
  words.forEach((list, owner) => {
    for (const word of list) {
      let state = 0;
      for (const byte of word) {
        const edge = (state << BITS) | (letters[byte] as number);
        if (next[edge] === 0) next[edge] = found.push(NONE) - 1;
        state = next[edge] as number;
      }
      found[state] = [...(found[state] as readonly number[]), owner];
    }
  });
  const suffix = new Uint16Array(found.length);
  const queue = new Uint16Array(found.length);
  let tail = 1;
  for (let head = 0; head < tail; head += 1) {
    const state = queue[head] as number;
    const back = suffix[state] as number;
    const inherited = found[back] as readonly number[];
    if (state !== 0 && inherited.length > 0)
      found[state] = [...new Set([...(found[state] as readonly number[]), ...inherited])];
    for (let letter = 0; letter < LETTERS; letter += 1) {
      const edge = (state << BITS) | letter;
      const child = next[edge] as number;
      const fallback = state === 0 ? 0 : (next[(back << BITS) | letter] as number);
      if (child === 0) next[edge] = fallback;
      else {
        suffix[child] = fallback;
        queue[tail] = child;
        tail += 1;
      }
    }
  }
  return { next: next.slice(0, found.length << BITS), found };
}

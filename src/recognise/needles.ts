/**
 * Finds which of many words occur in a line of bytes, in one pass (Aho-Corasick over lower-cased ASCII), so that the patterns
 * of 300 entries are tried only on the few lines that can match: a log of 200 MB costs one table look-up a byte.
 */
export interface NeedleIndex {
  /** Owners (positions in the list that was given) of the words in `bytes[from, to)`, ascending; empty when there are none. */
  owners(bytes: Uint8Array, from: number, to: number): readonly number[];
}

export interface Needles {
  readonly needles: readonly string[];
  readonly beside?: readonly string[];
}

export function createNeedleIndex(owners: readonly Needles[]): NeedleIndex {
  // Words beside others are filed under owners of their own, behind the real ones.
  const nodes = buildTrie([
    ...owners.map((each) => each.needles),
    ...owners.map((each) => each.beside ?? []),
  ]);
  const count = owners.length;
  const alone = owners.map((each) => each.beside === undefined);
  const letters = createAlphabet(nodes);
  const { next, accepting, found } = link(nodes, letters);
  return {
    owners(bytes, from, to) {
      let state = 0;
      let hits: Set<number> | undefined;
      for (let at = from; at < to; at += 1) {
        state = next[(state << BITS) | (letters[bytes[at] as number] as number)] as number;
        if (accepting[state] === 1) {
          hits ??= new Set();
          for (const owner of found[state] as readonly number[]) hits.add(owner);
        }
      }
      if (hits === undefined) return NONE;
      const seen = hits;
      const complete = [...seen].filter(
        (owner) => owner < count && (alone[owner] === true || seen.has(owner + count)),
      );
      return complete.length === 0 ? NONE : complete.sort((a, b) => a - b);
    },
  };
}

const NONE: readonly number[] = [];

interface Node {
  readonly children: Map<number, number>;
  readonly owners: Set<number>;
}

function buildTrie(words: readonly (readonly string[])[]): Node[] {
  const nodes: Node[] = [{ children: new Map(), owners: new Set() }];
  words.forEach((list, owner) => {
    for (const word of list) {
      let state = 0;
      for (const byte of new TextEncoder().encode(word.toLowerCase())) {
        const node = nodes[state] as Node;
        let child = node.children.get(byte);
        if (child === undefined) {
          child = nodes.length;
          nodes.push({ children: new Map(), owners: new Set() });
          node.children.set(byte, child);
        }
        state = child;
      }
      (nodes[state] as Node).owners.add(owner);
    }
  });
  return nodes;
}

/** Letters that occur in no word share number 0, which keeps the table of transitions small. */
const BITS = 6;

function createAlphabet(nodes: readonly Node[]): Uint8Array {
  const used = new Set(nodes.flatMap((node) => [...node.children.keys()]));
  if (used.size >= 1 << BITS)
    throw new RangeError('the needles use more letters than the table holds');
  const letters = new Uint8Array(256);
  [...used].forEach((byte, position) => {
    letters[byte] = position + 1;
  });
  for (let byte = 65; byte <= 90; byte += 1) letters[byte] = letters[byte + 32] as number;
  return letters;
}

/** Turns the trie into a full transition table: breadth first, each missing edge taken from the longest proper suffix. */
function link(nodes: readonly Node[], letters: Uint8Array) {
  const next = new Uint16Array(nodes.length << BITS);
  const suffix = new Uint16Array(nodes.length);
  const queue: number[] = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] as number;
    const node = nodes[state] as Node;
    const back = suffix[state] as number;
    if (state !== 0) {
      for (const owner of (nodes[back] as Node).owners) node.owners.add(owner);
      next.copyWithin(state << BITS, back << BITS, (back + 1) << BITS);
    }
    for (const [byte, child] of node.children) {
      const edge = (state << BITS) | (letters[byte] as number);
      suffix[child] = state === 0 ? 0 : (next[edge] as number);
      next[edge] = child;
      queue.push(child);
    }
  }
  const found = nodes.map((node) => [...node.owners]);
  const accepting = Uint8Array.from(found, (owners) => (owners.length > 0 ? 1 : 0));
  return { next, accepting, found };
}

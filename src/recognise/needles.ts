/**
 * Finds which of many words occur in a line of bytes, in one pass (Aho-Corasick over lower-cased ASCII), so that the patterns
 * of 300 entries are tried only on the few lines that can match: a log of 200 MB costs one table look-up a byte.
 */
export interface NeedleIndex {
  /** Owners (positions in the list that was given) of the words in `bytes[from, to)`, ascending; empty when there are none. */
  owners(bytes: Uint8Array, from: number, to: number): readonly number[];
}

export function createNeedleIndex(words: readonly (readonly string[])[]): NeedleIndex {
  const trie = buildTrie(words);
  const { next, accepting, found } = link(trie);
  return {
    owners(bytes, from, to) {
      let state = 0;
      let hits: Set<number> | undefined;
      for (let at = from; at < to; at += 1) {
        state = next[(state << 8) | (bytes[at] as number)] as number;
        if (accepting[state] === 1) {
          hits ??= new Set();
          for (const owner of found[state] as readonly number[]) hits.add(owner);
        }
      }
      return hits === undefined ? NONE : [...hits].sort((a, b) => a - b);
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

/** Turns the trie into a full transition table: breadth first, each missing edge taken from the longest proper suffix. */
function link(nodes: Node[]) {
  const next = new Uint16Array(nodes.length << 8);
  const suffix = new Uint16Array(nodes.length);
  const queue: number[] = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] as number;
    const node = nodes[state] as Node;
    const back = suffix[state] as number;
    if (state !== 0) for (const owner of (nodes[back] as Node).owners) node.owners.add(owner);
    for (let byte = 0; byte < 256; byte += 1) {
      const inherited = state === 0 ? 0 : (next[(back << 8) | byte] as number);
      const child = node.children.get(byte);
      next[(state << 8) | byte] = child ?? inherited;
      if (child !== undefined) {
        suffix[child] = inherited;
        queue.push(child);
      }
    }
    // Upper-case letters follow the edges of their lower-case forms.
    for (let byte = 65; byte <= 90; byte += 1) {
      next[(state << 8) | byte] = next[(state << 8) | (byte + 32)] as number;
    }
  }
  const found = nodes.map((node) => [...node.owners]);
  const accepting = Uint8Array.from(found, (owners) => (owners.length > 0 ? 1 : 0));
  return { next, accepting, found };
}

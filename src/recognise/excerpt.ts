/** Keeps the beginning and the end of a text of any length, for a report that nothing was recognised. */
export interface Excerpt {
  push(chunk: Uint8Array): void;
  text(): string;
  /** Remarks on what the text does say although it decides nothing. */
  notes(): string[];
}

const HEAD_BYTES = 4 * 1024;
const TAIL_BYTES = 12 * 1024;

export function createExcerpt(): Excerpt {
  const head = new Uint8Array(HEAD_BYTES);
  let headUsed = 0;
  let tail: Uint8Array = new Uint8Array(0);
  let dropped = 0;

  const text = () => {
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replaceAll('\0', '');
    const start = decode(head.subarray(0, headUsed));
    const between = dropped > 0 ? `\n… ${dropped} bytes left out …\n` : '';
    return `${start}${between}${decode(tail)}`;
  };

  return {
    push(chunk) {
      const first = chunk.subarray(0, HEAD_BYTES - headUsed);
      head.set(first, headUsed);
      headUsed += first.length;
      const rest = chunk.subarray(first.length);
      if (rest.length === 0) return;
      const joined = new Uint8Array(Math.min(TAIL_BYTES, tail.length + rest.length));
      const fromRest = rest.subarray(Math.max(0, rest.length - TAIL_BYTES));
      const fromTail = tail.subarray(Math.max(0, tail.length - (joined.length - fromRest.length)));
      joined.set(fromTail, 0);
      joined.set(fromRest, fromTail.length);
      dropped += tail.length + rest.length - joined.length;
      tail = joined;
    },
    text,
    notes: () => (AVAILABILITY.test(text()) ? [AVAILABILITY_NOTE] : []),
  };
}

const AVAILABILITY =
  /is_available\(\)[^\n]{0,40}False|CUDA is not available|CUDA available: ?False|Num GPUs Available:? {1,4}0/i;
const AVAILABILITY_NOTE =
  'That a framework reports no available GPU decides nothing by itself: a CPU build, a missing driver, a driver that is too old and a container without GPUs all look like this.';

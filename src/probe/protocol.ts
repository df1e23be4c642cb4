import type { ImageFacts, ProbeFacts } from '../core/facts.js';
import { createFactsCollector } from './documents.js';
import { type Document, isDocument } from './values.js';

/** Name and version of the protocol, in every document; probe/PROTOCOL.md describes it. */
const PROBE_SCHEMA = 'cuda-image-check/probe@1';

/** The probe's longest document is half as long. */
const MAX_LINE_BYTES = 256 * 1024;
const NOISE_HEAD = 8 * 1024;
const NOISE_TAIL = 24 * 1024;
const NEWLINE = 0x0a;

export interface ProbeReader {
  /** Takes bytes of the container's output as they come, cut anywhere. */
  push(chunk: Uint8Array): void;
  /** Whether the probe's last document came: there is nothing more to wait for. */
  isComplete(): boolean;
  /** What the probe said, also of the image's files, and what else was written: the image's own words, at most 32 KiB of them. */
  end(): { facts: ProbeFacts; image: ImageFacts | undefined; noise: string };
}

/**
 * Reads the probe's JSON lines out of a container's output. Only lines with this run's nonce count; everything else is
 * the image's noise. Never throws, and what it keeps is bounded, whatever comes.
 */
export function createProbeReader(nonce: string): ProbeReader {
  const collector = createFactsCollector();
  const noise = createNoise();
  const mark = `{"probe":"${PROBE_SCHEMA}","nonce":"${nonce}"`;
  const lines = createLines(Buffer.from(mark), noise.add, (line) => {
    const text = decoded(line);
    const start = text.indexOf(mark);
    const document = parseDocument(text.slice(start), nonce);
    if (document === undefined || !collector.take(document)) noise.add(line);
    else if (start > 0) noise.add(Buffer.from(`${text.slice(0, start)}\n`));
  });
  return {
    push: lines.push,
    isComplete: collector.isComplete,
    end() {
      lines.end();
      return { facts: collector.facts(), image: collector.image(), noise: noise.text() };
    },
  };
}

function parseDocument(text: string, nonce: string): Document | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (!isDocument(document)) return undefined;
    // A name that comes twice counts by its last value: the nonce is compared after parsing, too.
    if (document['probe'] !== PROBE_SCHEMA || document['nonce'] !== nonce) return undefined;
    return document;
  } catch {
    return undefined;
  }
}

/**
 * Cuts bytes into lines of bounded length; the rest of a longer line is dropped. Lines without the mark, of which an image can print
 * gigabytes, are not looked at one by one: they are handed on as they came, with their line feeds.
 */
function createLines(
  mark: Buffer,
  skip: (bytes: Uint8Array) => void,
  take: (line: Uint8Array) => void,
): Pick<ProbeReader, 'push'> & { end(): void } {
  let kept: Uint8Array[] = [];
  let length = 0;

  const keep = (bytes: Uint8Array): void => {
    const part = bytes.subarray(0, MAX_LINE_BYTES - length);
    if (part.length === 0) return;
    // A copy: the caller may use its buffer again.
    kept.push(part.slice());
    length += part.length;
    if (kept.length > 1024) kept = [joined(kept, length)];
  };
  const finish = (): void => {
    const line = joined([...kept, LINE_FEED], length + 1);
    kept = [];
    length = 0;
    if (bufferOf(line).includes(mark)) take(line);
    else skip(line);
  };
  return {
    push(chunk) {
      const bytes = bufferOf(chunk);
      let from = 0;
      if (length > 0) {
        const end = bytes.indexOf(NEWLINE);
        if (end >= 0) {
          keep(bytes.subarray(0, end));
          finish();
          from = end + 1;
        }
      }
      for (let at = nextMark(from); length === 0 && at >= 0; at = nextMark(from)) {
        const begin = bytes.lastIndexOf(NEWLINE, at) + 1;
        if (begin > from) skip(bytes.subarray(from, begin));
        from = Math.max(begin, from);
        const end = bytes.indexOf(NEWLINE, at);
        if (end < 0) break;
        keep(bytes.subarray(from, end));
        finish();
        from = end + 1;
      }
      if (length === 0) {
        const end = bytes.lastIndexOf(NEWLINE) + 1;
        if (end > from) skip(bytes.subarray(from, end));
        from = Math.max(end, from);
      }
      keep(bytes.subarray(from));

      function nextMark(start: number): number {
        return bytes.indexOf(mark, start);
      }
    },
    end() {
      if (length > 0) finish();
    },
  };
}

const LINE_FEED = Uint8Array.of(NEWLINE);

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Keeps the first and the last of what was added. */
function createNoise(): { add(bytes: Uint8Array): void; text(): string } {
  let head = new Uint8Array();
  let tail: Uint8Array[] = [];
  let length = 0;
  let dropped = 0;

  const cutTail = (): Uint8Array => {
    const whole = joined(tail, length);
    const over = Math.max(length - NOISE_TAIL, 0);
    dropped += over;
    // A copy: a part of a buffer keeps all of it.
    tail = [whole.slice(over)];
    length -= over;
    return tail[0] ?? whole;
  };
  return {
    add(bytes) {
      const room = NOISE_HEAD - head.length;
      if (room > 0) {
        const more = bytes.subarray(0, room);
        head = joined([head, more], head.length + more.length) as typeof head;
      }
      const rest = bytes.subarray(Math.max(room, 0));
      const kept = rest.subarray(Math.max(rest.length - NOISE_TAIL, 0));
      dropped += rest.length - kept.length;
      if (kept.length === 0) return;
      tail.push(kept.slice());
      length += kept.length;
      if (length > 2 * NOISE_TAIL || tail.length > 1024) cutTail();
    },
    text() {
      const last = cutTail();
      const text =
        dropped === 0
          ? decoded(joined([head, last], head.length + last.length))
          : `${decoded(head)}\n… ${dropped} bytes …\n${decoded(last)}`;
      return text.replaceAll('\r\n', '\n').trimEnd();
    },
  };
}

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
  const lines = createLines((line) => {
    const found = findDocument(line, nonce);
    if (found === undefined || !collector.take(found.document)) noise.add(line);
    else if (found.before !== '') noise.add(found.before);
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

/** The document on this line, and what a program that ends without a newline left before it. */
function findDocument(
  line: string,
  nonce: string,
): { document: Document; before: string } | undefined {
  const start = line.indexOf(`{"probe":"${PROBE_SCHEMA}","nonce":"${nonce}"`);
  if (start < 0) return undefined;
  try {
    const document: unknown = JSON.parse(line.slice(start));
    if (!isDocument(document)) return undefined;
    // A name that comes twice counts by its last value: the nonce is compared after parsing, too.
    if (document['probe'] !== PROBE_SCHEMA || document['nonce'] !== nonce) return undefined;
    return { document, before: line.slice(0, start) };
  } catch {
    return undefined;
  }
}

/** Cuts bytes into lines of bounded length; the rest of a longer line is dropped. */
function createLines(take: (line: string) => void): Pick<ProbeReader, 'push'> & { end(): void } {
  const decoder = new TextDecoder();
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
    const line = decoder.decode(joined(kept, length));
    kept = [];
    length = 0;
    take(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        keep(chunk.subarray(from, at));
        finish();
        from = at + 1;
      }
      keep(chunk.subarray(from));
    },
    end() {
      if (length > 0) finish();
    },
  };
}

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
function createNoise(): { add(line: string): void; text(): string } {
  let head = '';
  let tail = '';
  let dropped = 0;
  return {
    add(line) {
      const more = `${line}\n`;
      const room = NOISE_HEAD - head.length;
      head += more.slice(0, Math.max(room, 0));
      tail += more.slice(Math.max(room, 0));
      const over = tail.length - NOISE_TAIL;
      if (over <= 0) return;
      tail = tail.slice(over);
      dropped += over;
    },
    text() {
      const text = dropped === 0 ? head + tail : `${head}\n… ${dropped} characters …\n${tail}`;
      // A cut may have parted the two halves of a character.
      return text.replace(/\p{Surrogate}/gu, '\uFFFD').trimEnd();
    },
  };
}

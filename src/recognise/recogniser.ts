import type { Facts } from '../core/facts.js';
import type { Finding } from '../core/finding.js';
import { conclude } from './conclude.js';
import type { Match } from './context.js';
import type { Entry } from './entry.js';
import { dataFrom } from './extract.js';
import { createLineReader } from './lines.js';
import { createNeedleIndex, type NeedleIndex } from './needles.js';
import { normaliseLine, type PlainLine } from './normalise.js';
import { ENTRIES } from './tables/index.js';

/** Reads a log in pieces and keeps only the lines that count: memory does not grow with the log. */
export interface Recogniser {
  push(chunk: Uint8Array): void;
  /** Findings, most likely cause first. Call once. */
  end(): Finding[];
}

/** The tables with their index, which takes some milliseconds to build: share one among many texts. */
export interface Tables {
  readonly entries: readonly Entry[];
  readonly index: NeedleIndex;
}

export function createTables(entries: readonly Entry[] = ENTRIES): Tables {
  return { entries, index: createNeedleIndex(entries) };
}

let shared: Tables | undefined;

/** The tables of this release, built when they are first asked for: the facts of a fleet hold many short texts. */
export function sharedTables(): Tables {
  shared ??= createTables();
  return shared;
}

/** Lines kept for each entry; the first ones, because the root cause is printed before what follows from it. */
const LINES_KEPT = 3;
const EXCERPT_BEFORE = 160;
const EXCERPT_AFTER = 320;

export function createRecogniser(facts?: Facts, tables: Tables = sharedTables()): Recogniser {
  const matches = new Map<string, Match>();
  const decoder = new TextDecoder();
  let previous: { readonly text: string; readonly number: number } | undefined;
  let previousOwners: readonly number[] = [];
  const unread = new Uint8Array(PREVIOUS_KEPT);
  let unreadUsed = 0;
  let unreadNumber = -1;

  /** Whether the entry needs no further look at this line: it matched, or has all the lines that are kept of it. */
  const attempt = (owner: number, text: string, number: number): boolean => {
    const entry = tables.entries[owner] as Entry;
    const known = matches.get(entry.id);
    if (known !== undefined && known.lines.length >= LINES_KEPT) return true;
    const found = entry.pattern.exec(text);
    if (found === null) return false;
    const line = { number, text: excerpt(text, found.index, found[0].length) };
    const data = { ...entry.data, ...dataFrom(found.groups) };
    if (known === undefined) matches.set(entry.id, { entry, data, lines: [line] });
    else if (known.lines.every((other) => other.number !== number || other.text !== line.text)) {
      known.lines.push(line);
      known.data = { ...data, ...known.data };
    }
    return true;
  };

  const tryLine = (text: string, number: number, owners: readonly number[]) => {
    for (const piece of text.includes('\r') ? text.split('\r') : [text]) {
      const plain = normaliseLine(piece);
      if (NO_SYMPTOM.test(plain.text)) continue;
      const open = owners.filter((owner) => !attempt(owner, plain.text, number));
      if (number - 1 === previous?.number && continues(previous.text, plain))
        tryJoined(previous, plain.text, open);
      previous = { text: plain.text, number };
    }
  };

  /** A sentence that a terminal, a page or a program broke over two lines. */
  const tryJoined = (
    before: { text: string; number: number },
    plain: string,
    open: readonly number[],
  ) => {
    const owners = new Set([...open, ...previousOwners]);
    const rest = plain.replace(KERNEL_NAME, '');
    for (const owner of owners) {
      const entry = tables.entries[owner] as Entry;
      const known = matches.get(entry.id);
      const line = known?.lines.find((each) => each.number === before.number);
      if (line === undefined && known !== undefined && known.lines.length >= LINES_KEPT) continue;
      for (const glue of before.text.length >= WRAP_WIDTH ? [' ', ''] : [' ']) {
        const joined = before.text + glue + rest;
        const found = entry.pattern.exec(joined);
        if (found === null || !spans(found, before.text.length)) continue;
        // The first half was enough to recognise it; the second may hold the version or the path.
        if (known !== undefined && line !== undefined)
          known.data = { ...entry.data, ...dataFrom(found.groups), ...known.data };
        else attempt(owner, joined, before.number);
        break;
      }
    }
  };

  const reader = createLineReader((bytes, from, to, number) => {
    const owners = tables.index.owners(bytes, from, to);
    if (owners.length === 0 && previousOwners.length === 0) {
      unreadUsed = Math.min(to - from, PREVIOUS_KEPT);
      unread.set(bytes.subarray(from, from + unreadUsed));
      unreadNumber = number;
      return;
    }
    if (unreadNumber === number - 1)
      previous = {
        text: normaliseLine(decoder.decode(unread.subarray(0, unreadUsed))).text,
        number: unreadNumber,
      };
    tryLine(decoder.decode(bytes.subarray(from, to)), number, owners);
    previousOwners = owners;
  });

  return {
    push: reader.push,
    end() {
      reader.end();
      return conclude(matches, facts);
    },
  };
}

/** Terminals wrap at 80 columns or wider, and then in the middle of a word. */
const WRAP_WIDTH = 70;
const PREVIOUS_KEPT = 2048;

/** Names of tests that did not fail, and entries of a list of changes: they speak of failures and are none. */
const NO_SYMPTOM =
  /\b(?:PASSED|SKIPPED|XFAIL)(?: \[ ?\d{1,3}%\])?$|^(?:✓|✔|√|--- PASS:) |^[-*] (?:Add|Allow|Avoid|Bump|Document|Drop|Fix|Handle|Improve|Make|Map|Move|Refactor|Remove|Rename|Report|Support|Update|Use)(?:e[ds]|d|s)? /;

const KERNEL_NAME = /^NVRM: {1,3}/;

/** Whether a line can be the rest of the one before: no record of its own, and broken in mid-sentence or at the screen's edge. */
function continues(before: string, next: PlainLine): boolean {
  if (before === '' || next.text === '') return false;
  if (KERNEL_NAME.test(before) && KERNEL_NAME.test(next.text)) return true;
  if (next.prefixed || /[.!?]$/.test(before)) return false;
  return before.length >= WRAP_WIDTH || /^[a-z(/]/.test(next.text);
}

const spans = (found: RegExpExecArray, border: number): boolean =>
  found.index < border && found.index + found[0].length > border;

const excerpt = (text: string, at: number, length: number): string => {
  const from = Math.max(0, at - EXCERPT_BEFORE);
  const to = Math.min(text.length, at + Math.min(length, EXCERPT_AFTER) + EXCERPT_AFTER);
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
};

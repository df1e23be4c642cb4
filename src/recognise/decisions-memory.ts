import type { Context, Match } from './context.js';
import type { Outcome } from './decisions.js';

const KEEP: Outcome = {};

/**
 * Out of memory means that another process holds the GPU only where this one did not fill it: what a program itself holds, or
 * asks for beyond what the GPU has, says nothing about image and runner. In a container, PyTorch lists its own process under a
 * number that it does not know, so what it allocated counts and not whose number it is.
 */
export function decideOutOfMemory(_context: Context, match: Match): Outcome | null {
  const line = match.lines[0]?.text ?? '';
  if (/OOM when allocating tensor|memory for the cache blocks/i.test(line)) return null;
  const capacity = size(/([\d.]{1,8}) ([KMG])iB total capacity/i, line) ?? size(OF_CAPACITY, line);
  if (capacity === undefined) return KEEP;
  const held = size(/([\d.]{1,8}) ([KMG])iB (?:already allocated|is allocated by PyTorch)/i, line);
  const own = size(/this process has ([\d.]{1,8}) ([KMG])iB/i, line);
  const asked = size(/Tried to allocate ([\d.]{1,8}) ([KMG])iB/i, line);
  const used = Math.max(held ?? 0, own ?? 0);
  return used >= capacity / 2 || (asked ?? 0) >= capacity ? null : KEEP;
}

const OF_CAPACITY = /total capacity of ([\d.]{1,8}) ([KMG])iB/i;
const MIB: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024 };

/** A size in MiB. */
function size(pattern: RegExp, line: string): number | undefined {
  const [, number, unit] = pattern.exec(line) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  return Number(number) * (MIB[unit.toUpperCase()] ?? 1);
}

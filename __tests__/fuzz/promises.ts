import type { Parser } from './parser.js';
import { type Pumped, pumpedText } from './texts.js';

const MOST_VALUES = 2_000_000;

/**
 * Why an answer is none that a report can carry, or undefined: functions and class instances (a name such as `constructor` that was
 * looked up in a table), objects with another prototype (pollution), numbers that JSON has not, and the traces that such values
 * leave in sentences. Also that it is not longer than the reader may make it.
 */
export function whyNotPlain(
  answer: unknown,
  text: string,
  { factor, beside }: { readonly factor: number; readonly beside: number },
): string | undefined {
  const open: unknown[] = [answer];
  const seen = new Set<unknown>();
  let characters = 0;
  let values = 0;
  for (let at = 0; at < open.length; at += 1) {
    const value = open[at];
    values += 1;
    if (values > MOST_VALUES) return 'it has no end';
    switch (typeof value) {
      case 'string': {
        characters += value.length;
        const trace = TRACES.find((one) => value.includes(one) && !text.includes(one));
        if (trace !== undefined) return `it says "${trace}": ${value.slice(0, 200)}`;
        break;
      }
      case 'number':
        if (!Number.isFinite(value)) return `it holds the number ${value}`;
        break;
      case 'object': {
        if (value === null || seen.has(value)) break;
        seen.add(value);
        if (value instanceof Uint8Array) {
          characters += value.length;
          break;
        }
        if (value instanceof Map) open.push(...value.keys(), ...value.values());
        else if (value instanceof Set) open.push(...value);
        else {
          const prototype: unknown = Object.getPrototypeOf(value);
          if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
            return 'it holds an object of another kind';
          }
          for (const [key, inner] of Object.entries(value)) {
            characters += Array.isArray(value) ? 0 : key.length;
            open.push(inner);
          }
        }
        break;
      }
      case 'function':
      case 'symbol':
        return `it holds a ${typeof value}`;
    }
  }
  const most = factor * text.length + beside;
  return characters > most
    ? `it has ${characters} characters for ${text.length} that were read, and ${most} are the most`
    : undefined;
}

const TRACES = ['[native code]', '[object Object]', 'undefined', 'NaN'];

/** Whether the prototypes that all objects share are as they were. */
export function whyPolluted(): string | undefined {
  const added = [Object.prototype, Array.prototype, Function.prototype, String.prototype].flatMap(
    (prototype) => Object.keys(prototype),
  );
  return added.length === 0 ? undefined : `prototypes have got ${added.join(', ')}`;
}

/** What is warned of in the process from now on: kept here, in place of Node's line on standard error. */
export function warningsOfProcess(): string[] {
  const warnings: string[] = [];
  process.emitWarning = (warning: string | Error) => {
    warnings.push(String(warning));
  };
  return warnings;
}

/** A library's warning stands in the log of the action, with words of the text and past everything that makes them harmless. */
export function whyWarned(warnings: string[]): string | undefined {
  const [first] = warnings.splice(0);
  return first === undefined ? undefined : `a library warns of it: ${first.slice(0, 200)}`;
}

const SHORT = 1_500;
const MIDDLE = 6_000;
const LONG = 24_000;
/** A reader that ends within this is not looked at more closely, in milliseconds. */
const AT_ONCE_MS = 3;
/** Four times the text: linear is 4, quadratic 16. */
const MOST_RATIO = 9;

/** Processor time, in milliseconds: what other programs on the machine take is not the reader's. */
async function timed(parser: Parser, text: string): Promise<number> {
  const start = process.cpuUsage();
  await parser.read(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** The least of several: neither is what collects garbage or compiles. */
async function least(parser: Parser, text: string, times: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < times; attempt += 1) {
    best = Math.min(best, await timed(parser, text));
  }
  return best;
}

/** Why the time for a text that repeats itself grows faster than the text, or undefined. */
export async function whyNotLinear(parser: Parser, pumped: Pumped): Promise<string | undefined> {
  const [short, middle, long] = [SHORT, MIDDLE, LONG].map((many) => pumpedText(pumped, many)) as [
    string,
    string,
    string,
  ];
  const first = await timed(parser, middle);
  if (first < AT_ONCE_MS) return undefined;
  if (first < MOST_RATIO * (await timed(parser, short))) return undefined;
  const middleMs = await least(parser, middle, 3);
  if (middleMs < AT_ONCE_MS) return undefined;
  const shortMs = await least(parser, short, 5);
  if (middleMs < MOST_RATIO * shortMs) return undefined;
  const longMs = await least(parser, long, 2);
  return longMs < MOST_RATIO * middleMs
    ? undefined
    : `${short.length}, ${middle.length} and ${long.length} characters take ${[shortMs, middleMs, longMs].map((ms) => ms.toFixed(1)).join(', ')} ms`;
}

/** Why one reading took longer than a text of that length may take, or undefined. */
export async function whyNotInTime(parser: Parser, text: string): Promise<string | undefined> {
  const { microseconds = 5 } = parser;
  const most = 50 + (text.length * microseconds) / 1_000;
  if ((await timed(parser, text)) < most) return undefined;
  const best = await least(parser, text, 3);
  return best < most
    ? undefined
    : `${text.length} characters take ${best.toFixed(0)} ms, and ${most.toFixed(0)} are the most`;
}

import type { TextSink } from './command-line.js';
import type { Clock, Progress } from './platform/ports.js';
import { clip, terminalLine } from './report/untrusted.js';

export interface ProgressLine {
  readonly progress: Progress;
  /** Takes the line away. Whoever writes to the same terminal afterwards has it for himself. */
  end(): void;
}

/** Longest line of progress. */
const MAX_LINE = 1_200;
/** To the start of the line, and the line erased (ECMA-48, EL). */
const ERASE = '\r\u001b[2K';
const TICK_MS = 1_000;
/** A step that takes no longer needs no clock. */
const SHOWN_FROM_MS = 2_000;

/**
 * Progress for whoever watches. On a terminal what is passing is one line that tells for how long it has been so and disappears; everywhere else (a
 * log, a pipe, a terminal that cannot erase) each line is one of its own, without any control character.
 */
export function createProgressLine(
  sink: TextSink,
  env: Readonly<Record<string, string | undefined>>,
  clock: Pick<Clock, 'now' | 'every'>,
): ProgressLine {
  const { TERM: kind = '' } = env;
  if (!sink.isTerminal || kind === 'dumb' || kind === '') {
    return {
      progress: (line) => sink.write(`${terminalLine(line, MAX_LINE)}\n`),
      end: () => {},
    };
  }
  let shown: { readonly text: string; readonly start: string; readonly since: number } | undefined;
  let stop: (() => void) | undefined;
  const draw = () => {
    if (shown === undefined) return;
    const passed = clock.now() - shown.since;
    const time = passed < SHOWN_FROM_MS ? '' : ` (${Math.floor(passed / 1000)} s)`;
    // One column is left: a terminal may wrap a line that fills it, and a wrapped line cannot be erased.
    const room = Math.max(0, sink.columns - 1 - time.length);
    sink.write(`${ERASE}${clip(shown.text, room)}${time}`);
  };
  return {
    progress: (line, lasts) => {
      const text = terminalLine(line, MAX_LINE);
      if (lasts === 'passing') {
        // `pulling X: 3 of 7 layers` is what `pulling X` was.
        const goesOn = shown !== undefined && text.startsWith(shown.start);
        const { start, since } = goesOn && shown ? shown : { start: text, since: clock.now() };
        shown = { text, start, since };
        stop ??= clock.every(TICK_MS, draw);
      } else {
        sink.write(`${shown === undefined ? '' : ERASE}${text}\n`);
      }
      draw();
    },
    end: () => {
      stop?.();
      stop = undefined;
      if (shown !== undefined) sink.write(ERASE);
      shown = undefined;
    },
  };
}

/**
 * Whether text gets colours: on a terminal that has them, or where FORCE_COLOR asks for them; NO_COLOR goes before (https://no-color.org). Whether a
 * variable is set but empty makes no difference.
 */
export function wantsColour(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force = '', TERM: kind } = env;
  if (no !== '') return false;
  if (force !== '') return !/^(?:0|false)$/i.test(force);
  return isTerminal && kind !== 'dumb';
}

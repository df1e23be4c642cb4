import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createProgressLine, wantsColour } from '../../src/progress-line.js';
import { createFakeClock } from '../fakes/clock.js';
import { hostileText } from '../report/hostile.js';

const ESC = '\u001b';
const ERASE = `\r${ESC}[2K`;

const PIECES = new RegExp(`\\r|\\n|${ESC}\\[2K|[^\\r\\n${ESC}]+|${ESC}`, 'g');

/** What a terminal shows after all of this: lines, the last one where the cursor is. Knows what the progress line writes and nothing else. */
function screen(written: string): string[] {
  const lines = [''];
  for (const [piece] of written.matchAll(PIECES)) {
    if (piece === '\n') lines.push('');
    else if (piece === `${ESC}[2K`) lines[lines.length - 1] = '';
    else if (piece === '\r') continue;
    else if (piece === ESC) throw new Error('another sequence than that which erases a line');
    else lines[lines.length - 1] += piece;
  }
  return lines;
}

const open = (
  options: { isTerminal?: boolean; columns?: number; env?: Record<string, string> } = {},
) => {
  const { isTerminal = true, columns = 40, env = { TERM: 'xterm-256color' } } = options;
  let written = '';
  const clock = createFakeClock();
  const sink = {
    write: (text: string) => {
      written += text;
    },
    isTerminal,
    columns,
  };
  return { ...createProgressLine(sink, env, clock), clock, written: () => written };
};

describe('on a terminal', () => {
  it('shows what is passing in one line, and leaves nothing of it', () => {
    const { progress, end, written } = open();
    progress('pulling a:1', 'passing');
    expect(screen(written())).toEqual(['pulling a:1']);
    progress('pulling a:1: 1 of 2 layers', 'passing');
    expect(screen(written())).toEqual(['pulling a:1: 1 of 2 layers']);
    progress('a:1: starting the probe', 'passing');
    expect(screen(written())).toEqual(['a:1: starting the probe']);
    end();
    expect(screen(written())).toEqual(['']);
    end();
    expect(screen(written())).toEqual(['']);
  });

  it('keeps a line that is to last, above it', () => {
    const { progress, end, written } = open();
    progress('pulling a:1', 'passing');
    progress('the registry did not answer well, next try in 2 s');
    expect(screen(written())).toEqual([
      'the registry did not answer well, next try in 2 s',
      'pulling a:1',
    ]);
    end();
    expect(screen(written())).toEqual(['the registry did not answer well, next try in 2 s', '']);
  });

  it('tells for how long it has been so, from the third second on, until it ends', () => {
    const { progress, end, clock, written } = open();
    progress('pulling a:1', 'passing');
    clock.pass(1000);
    expect(screen(written())).toEqual(['pulling a:1']);
    clock.pass(11_500);
    expect(screen(written())).toEqual(['pulling a:1 (12 s)']);
    progress('pulling a:1: 1 of 2 layers', 'passing');
    expect(screen(written())).toEqual(['pulling a:1: 1 of 2 layers (12 s)']);
    progress('a:1: starting the probe', 'passing');
    expect(screen(written())).toEqual(['a:1: starting the probe']);
    end();
    clock.pass(5000);
    expect(screen(written())).toEqual(['']);
  });

  it('never fills the line: what wraps cannot be erased', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 0, max: 400 }),
        (columns, length) => {
          const { progress, clock, written } = open({ columns });
          progress('x'.repeat(length), 'passing');
          clock.pass(100_000);
          expect(Math.max(...screen(written()).map((line) => line.length))).toBeLessThan(columns);
        },
      ),
    );
  });

  it('has no sequence of its texts', () => {
    fc.assert(
      fc.property(hostileText(), hostileText(), (passing, lasting) => {
        const { progress, end, written } = open();
        progress(passing, 'passing');
        progress(lasting);
        end();
        expect(written().replaceAll(ERASE, '').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        expect(screen(written())).toHaveLength(2);
      }),
    );
  });
});

describe.each([
  ['in a log', { isTerminal: false }],
  ['on a terminal that cannot erase', { env: { TERM: 'dumb' } }],
  ['on a terminal that says nothing of itself', { env: {} }],
])('%s', (_, options) => {
  it('has a line for each, and no control character', () => {
    const { progress, end, clock, written } = open(options);
    progress('pulling a:1', 'passing');
    clock.pass(60_000);
    progress('next try in 2 s');
    progress(`a:1: ${ESC}[2Kstarting`, 'passing');
    end();
    expect(written()).toBe('pulling a:1\nnext try in 2 s\na:1: starting\n');
  });
});

describe('colours', () => {
  it.each<[Record<string, string>, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'xterm' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '3', TERM: 'dumb' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '' }, false, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ])('with %j, terminal: %j: %j', (env, isTerminal, expected) => {
    expect(wantsColour(env, isTerminal)).toBe(expected);
  });
});

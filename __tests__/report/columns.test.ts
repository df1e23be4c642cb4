import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columns, hanging, pad, wrap } from '../../src/report/columns.js';
import { terminal } from '../../src/report/terminal.js';
import { EXAMPLES } from './examples.js';

describe('columns of a terminal', () => {
  it.each([
    ['plain', 5],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👩‍🚀', 2],
    ['✅', 2],
    ['', 0],
  ])('%s', (text, width) => expect(columns(text)).toBe(width));

  it('pads by what is seen', () => {
    expect(pad('漢', 4)).toBe('漢  ');
    expect(pad('long', 2)).toBe('long');
  });
});

describe('wrapping', () => {
  it('keeps every word, and every line within the width unless one word is longer', () => {
    const words = fc.array(fc.stringMatching(/^[a-z漢]{1,12}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 4, max: 60 }), (list, width) => {
        const lines = wrap(list.join(' '), width);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(columns(line) <= width || !line.includes(' ')).toBe(true);
      }),
    );
  });

  it('hangs under its prefix', () => {
    expect(hanging('  Next: ', 'one two three four five six', 30)).toEqual([
      '  Next: one two three four',
      '        five six',
    ]);
  });

  it('keeps a command on one line however narrow the terminal is', () => {
    const report = EXAMPLES['driver-too-old']?.();
    if (report === undefined) throw new Error('no example');
    const page = terminal(report, { colour: false, width: 40 });
    expect(page).toContain(
      'sudo apt-get update && sudo apt-get install -y cuda-drivers-580 && sudo reboot\n',
    );
    const prose = page.split('\n').filter((line) => !/sudo|https:|[^ ]{25}/.test(line));
    for (const line of prose) expect(columns(line)).toBeLessThanOrEqual(60);
  });
});

describe('colours', () => {
  it('are there only when asked for', () => {
    for (const make of Object.values(EXAMPLES)) {
      const esc = String.fromCharCode(27);
      expect(terminal(make(), { colour: false, width: 80 })).not.toContain(esc);
      expect(terminal(make(), { colour: true, width: 80 })).toContain(esc);
    }
  });
});

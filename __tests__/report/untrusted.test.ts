import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { parseFix } from '../../src/report/fix.js';
import { outputs } from '../../src/report/outputs.js';
import { summary } from '../../src/report/summary.js';
import { terminal } from '../../src/report/terminal.js';
import {
  annotationText,
  annotationTitle,
  block,
  clip,
  clipMiddle,
  code,
  fence,
  html,
  inline,
  line,
  outputLine,
  sentence,
  terminalLine,
  visible,
} from '../../src/report/untrusted.js';
import { EXAMPLES } from './examples.js';
import { hostileText, withTexts } from './hostile.js';

const markdown = new MarkdownIt({ html: true, linkify: true });
const runs = { numRuns: 300 };

const HARMFUL = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;
const hasControl = (text: string) => /\p{Cc}/u.test(text.replace(/[\n\t]/g, ''));

describe('visible', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a hyperlink', '\u001b]8;;https://a.example\u0007text\u001b]8;;\u001b\\', 'text'],
    ['an eight-bit sequence', '\u009b31mred', 'red'],
    ['a sequence without its end', 'a\u001b]0;title', 'a␛]0;title'],
    ['a reordering character', 'a\u202eb', 'a\ufffdb'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['a progress bar', '10%\r20%\r\n', '10%\n20%\n'],
    ['stacked marks', `e${'\u0301'.repeat(50)}`, `e${'\u0301'.repeat(4)}`],
    ['bell, null and delete', '\u0007\u0000\u007f', '␇␀␡'],
    ['text and emoji as they are', 'naïve 漢字 👩‍🚀\n\tx', 'naïve 漢字 👩‍🚀\n\tx'],
  ])('%s', (_, text, shown) => expect(visible(text)).toBe(shown));

  it('leaves nothing that acts or deceives, and is stable', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const shown = visible(text);
        expect(hasControl(shown)).toBe(false);
        expect(HARMFUL.test(shown)).toBe(false);
        expect(visible(shown)).toBe(shown);
      }),
      runs,
    );
  });

  it('takes linear time', () => {
    const nasty = ['\u001b[', '\u001b]', '\u001b[1;', '\u009b'].map((piece) =>
      piece.repeat(250_000),
    );
    const before = performance.now();
    for (const text of nasty) visible(text);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

describe('lengths', () => {
  it('stay within the limit and cut no character in two', () => {
    fc.assert(
      fc.property(hostileText(), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const whole = visible(text);
        for (const cut of [
          clip(whole, limit),
          clipMiddle(whole, limit),
          line(text, limit),
          annotationText(text, limit),
          annotationTitle(text, limit),
        ]) {
          expect(cut.length).toBeLessThanOrEqual(limit);
          expect(/\p{Surrogate}/u.test(cut)).toBe(false);
        }
      }),
      runs,
    );
  });

  it('keep both ends of a reference', () => {
    const reference = `registry.example.com/${'team/'.repeat(60)}image:v1.2.3`;
    expect(clipMiddle(reference, 41)).toBe('registry.example.com…am/team/image:v1.2.3');
  });

  it('keep the start of a list, and both ends of a path, as code', () => {
    expect(code(`cuda>=12.8 ${'brand=tesla '.repeat(9)}`, 20)).toBe('`cuda>=12.8 brand=te…`');
    expect(code(`/usr/${'lib/'.repeat(9)}libcuda.so`, 20)).toBe('`/usr/lib/l…ibcuda.so`');
  });

  it('mark a cut block', () => {
    expect(block('abcdef', 4)).toBe('abcd\n… cut here: 2 more characters');
  });
});

/** The inline tokens of text set in each place where Markdown puts it. */
function inlineTokens(rendered: string, place: (text: string) => string) {
  const tokens = markdown.parse(place(rendered), {});
  return {
    blocks: tokens.map(({ type }) => type),
    children: tokens.flatMap(({ children }) => children ?? []),
  };
}

const PLACES: readonly [string, (text: string) => string][] = [
  ['a paragraph', (text) => text],
  ['a heading', (text) => `### ❌ ${text}`],
  ['a list item', (text) => `- ${text}\n- next`],
  ['a table cell', (text) => `| a | b |\n| --- | --- |\n| ${text} | ${text} |`],
  ['strong text', (text) => `**a:** ${text} **b**`],
];

const OUR_TAGS = new Set(['<code>', '</code>', '<span>', '</span>', '<sub>', '</sub>', '<br>']);
const OUR_TOKENS = new Set([
  'text',
  'code_inline',
  'html_inline',
  'strong_open',
  'strong_close',
  'softbreak',
]);

// What GitHub's filters turn into links after Markdown was parsed.
const LIVE = /(?:https?|ftp):\/\/\w|\bwww\.\w|(?:^|[^\w])@\w|#\d|\bGH-\d|:\w+:/i;

function expectHarmless(rendered: string, place: (text: string) => string) {
  const { blocks, children } = inlineTokens(rendered, place);
  expect(blocks).toEqual(inlineTokens('x', place).blocks);
  let depth = 0;
  let inCode = false;
  const live: string[] = [];
  for (const { type, content } of children) {
    expect(OUR_TOKENS).toContain(type);
    if (type === 'html_inline') {
      expect(OUR_TAGS).toContain(content);
      depth += content.startsWith('</') ? -1 : 1;
      if (content.endsWith('code>')) inCode = content === '<code>';
    }
    // GitHub's filters leave code alone.
    if (type === 'text' && !inCode) live.push(content);
  }
  expect(depth).toBe(0);
  expect(live.join('\u0001')).not.toMatch(LIVE);
}

describe('Markdown', () => {
  for (const [name, place] of PLACES)
    it(`stays in its place: ${name}`, () => {
      fc.assert(
        fc.property(
          hostileText().map((text) => `${text}é`),
          (text) => {
            for (const write of [inline, code, sentence]) expectHarmless(write(text), place);
          },
        ),
        runs,
      );
    });

  it('shows the text itself', () => {
    fc.assert(
      fc.property(
        hostileText().map((text) => `${text}é`),
        (text) => {
          const shown = (rendered: string) =>
            inlineTokens(rendered, (t) => `| a |\n| --- |\n| ${t} |`)
              .children.map(({ type, content }) => (type === 'html_inline' ? '' : content))
              .join('')
              .replace(/\u200b/g, '')
              .replace(/^a/, '');
          expect(shown(inline(text))).toBe(line(text));
          expect(shown(code(text)).trim()).toBe(line(text).trim());
        },
      ),
      runs,
    );
  });

  it('shows code between backticks as code', () => {
    expect(sentence('set `NVIDIA_VISIBLE_DEVICES` to `all`, not a_b `')).toBe(
      'set `NVIDIA_VISIBLE_DEVICES` to `all`, not a\\_b \\`',
    );
  });

  it('keeps a block in its fence, also inside a list', () => {
    fc.assert(
      fc.property(
        hostileText().map((text) => `${text}é`),
        fc.constantFrom(0, 3),
        (text, indent) => {
          const fenced = fence(text, 'text', 10_000, indent);
          const page = indent === 0 ? `${fenced}\n\nafter` : `1. lead:\n${fenced}\n2. after`;
          const tokens = markdown.parse(page, {});
          const blocks = tokens.filter(({ type }) => type === 'fence');
          expect(blocks).toHaveLength(1);
          expect(blocks[0]?.content).toBe(`${block(text, 10_000)}\n`);
          expect(tokens.filter(({ type }) => type === 'html_block')).toEqual([]);
        },
      ),
      runs,
    );
  });
});

describe('HTML', () => {
  it('has no markup of its own, neither as HTML nor as Markdown', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        expect(html(text)).not.toMatch(/[<>"'`*_[\]|\\~\n]/);
        const tokens = markdown.parse(
          `<details><summary>${html(text)}</summary>\n\nbody\n\n</details>`,
          {},
        );
        expect(tokens.map(({ type }) => type)).toEqual([
          'html_block',
          'paragraph_open',
          'inline',
          'paragraph_close',
          'html_block',
        ]);
      }),
      runs,
    );
  });
});

describe('lines for the runner', () => {
  it('hold no workflow command', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        for (const shown of [terminalLine(text), outputLine(text), annotationTitle(text, 250)])
          expect(shown).not.toMatch(/\n/);
        expect(terminalLine(text)).not.toMatch(/^\s*::|##\[/);
      }),
      runs,
    );
  });

  it('keep the lines of an annotation', () => {
    expect(annotationText('a\r\nb: 100%\n\n::c::, d', 100)).toBe('a\nb: 100%\n\n::c::, d');
  });
});

describe('whole pages with hostile text everywhere', () => {
  const reports = Object.entries(EXAMPLES).filter(([name]) => name !== 'no-image');
  const arbitrary = fc.record({
    example: fc.constantFrom(...reports),
    text: hostileText().map((text) => `${text}é`),
  });

  /** A harmless fix of the same kind, so that the page has the same blocks. */
  const twin = (fix: string): string => {
    const parsed = parseFix(fix);
    if (parsed.kind === 'advice') return 'x';
    return parsed.lead.trim() === '' ? 'sudo x' : 'x: sudo x';
  };

  it('a summary has the blocks of a harmless one, and only tags of its own', () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.constantFrom('', 'sudo ', 'Do: sudo ', 'In it: '),
        ({ example: [, make], text }, start) => {
          const fix = start + text;
          const page = markdown.parse(summary(withTexts(make(), text, fix)), {});
          const harmless = markdown.parse(summary(withTexts(make(), 'x', twin(fix))), {});
          expect(page.map(({ type }) => type)).toEqual(harmless.map(({ type }) => type));
          for (const { type, content, children } of page) {
            if (type === 'html_block')
              expect(content.trim()).toMatch(
                /^(?:<\/details>|<details(?: open)?><summary>[^<>]*(?:<code>[^<>]*<\/code>[^<>]*)?<\/summary>)$/,
              );
            for (const child of children ?? []) {
              expect(OUR_TOKENS).toContain(child.type);
              if (child.type === 'html_inline') expect(OUR_TAGS).toContain(child.content);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('outputs have a line for each image and no other', () => {
    fc.assert(
      fc.property(arbitrary, ({ example: [, make], text }) => {
        const report = withTexts(make(), text, text);
        const lines = (value: string | undefined) => (value ?? '').split(/\r\n|[\n\r]/).length;
        const { digest, report: _, ...others } = outputs(report, 'r.json');
        expect(lines(digest)).toBe(report.images.length);
        expect(lines(others['cuda-version'])).toBe(report.images.length);
        for (const name of ['verdict', 'passed', 'primary', 'driver-version'])
          expect(lines(others[name])).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('a terminal page has no command, no control character but line feeds, and only our colours', () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.integer({ min: 20, max: 120 }),
        ({ example: [, make], text }, width) => {
          const report = withTexts(make(), text, text);
          const plain = terminal(report, { colour: false, width });
          expect(plain.replace(/\n/g, '')).not.toMatch(/\p{Cc}/u);
          for (const row of plain.split('\n')) expect(row).not.toMatch(/^\s*::|##\[/);
          const esc = String.fromCharCode(27);
          const coloured = terminal(report, { colour: true, width });
          expect(
            coloured.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '').replace(/ +$/gm, ''),
          ).toBe(plain);
        },
      ),
      { numRuns: 60 },
    );
  });
});

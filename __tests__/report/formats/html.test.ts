import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { htmlPage, STYLE_HASH } from '../../../src/report/formats/html.js';
import { STYLE } from '../../../src/report/formats/html-style.js';
import { EXAMPLES } from '../examples.js';
import { hostileText, withTexts } from '../hostile.js';

const tags = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];

describe('the HTML page', () => {
  it('admits its own style sheet and nothing else', () => {
    const hash = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
    // The style sheet was changed: put this hash into STYLE_HASH.
    expect(STYLE_HASH).toBe(hash);
    const page = htmlPage(
      EXAMPLES['works']?.() ?? { schema: 'cuda-image-check/report@1', passed: true, images: [] },
    );
    expect(page).toContain(`default-src 'none'; style-src '${hash}'`);
  });

  it.each(Object.entries(EXAMPLES))(
    '%s: is closed, and has no script, style or address of its own',
    (_, make) => {
      const page = htmlPage(make());
      const open: string[] = [];
      const empty = new Set(['meta', 'br', '!doctype']);
      for (const tag of tags(page.replace(/<style>[^<]*<\/style>/, ''))) {
        const [, end, name = ''] = /^<(\/?)([a-z0-9!]+)/i.exec(tag) ?? [];
        if (empty.has(name)) continue;
        if (end === '/') expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
      for (const tag of tags(page))
        expect(tag).not.toMatch(
          /^<(?:script|link|img|iframe|object|form|base)\b|\sstyle=|\son\w+=|\ssrc=/i,
        );
      for (const [, href] of page.matchAll(/href="([^"]*)"/g))
        expect(href).toMatch(/^(?:#image-\d+|https:\/\/[\w./-]+)$/);
    },
  );

  it('has the tags of a harmless page whatever comes from outside', () => {
    const names = (page: string) => tags(page).map((tag) => tag.replace(/="[^"]*"/g, '=""'));
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(EXAMPLES)),
        hostileText().map((text) => `${text}é`),
        (make, text) => {
          // A fix may be a command or advice: both pages get the same kind.
          const page = htmlPage(withTexts(make(), text, 'x'));
          expect(names(page)).toEqual(names(htmlPage(withTexts(make(), 'x', 'x'))));
          expect(page.replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows a command from outside as text', () => {
    const make = EXAMPLES['driver-too-old'];
    if (make === undefined) throw new Error('no example');
    const page = htmlPage(withTexts(make(), 'x', 'sudo </pre><script>alert(1)</script>'));
    expect(page).toContain('<pre>sudo &#60;/pre&#62;&#60;script&#62;alert(1)');
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { inWords } from '../../src/assess.js';
import { CATALOGUE, FINDING_IDS } from '../../src/core/catalogue.js';
import type { FindingData } from '../../src/core/finding.js';
import { ENTRIES, SOURCES } from '../../src/recognise/tables/index.js';

const PAGE = new URL('../../docs/symptoms.md', import.meta.url);

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/`/g, "'").trim();

function page(): string {
  const parts = SOURCES.map(({ title, entries }) => {
    const rows = entries
      .filter(
        (entry) => entry.finding !== null && entry.rank !== 'hint' && !entry.id.endsWith('/number'),
      )
      .map((entry) => {
        const open = entry.rank === 'usual' || entry.decide !== undefined ? ' \\*' : '';
        return `| \`${cell(entry.says)}\` | [${entry.finding}](findings/${entry.finding}.md)${open} | [source](${entry.source}) |`;
      });
    return `## ${title}\n\n| I see this text | finding | where it comes from |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# From the text to the finding

What a log says, and which finding \`cuda-image-check explain\` makes of it. Versions, paths and names differ from one release to the next: what
counts is the gist. A star marks texts with more than one cause: the usual one is named, and the rest of the log, or facts given with
\`--facts\`, may decide for another.

This page is kept in step with the tables in \`src/recognise/tables\` by a test.

${parts.join('\n')}`;
}

describe('docs/symptoms.md', () => {
  it('lists what the tables recognise', () => {
    if (process.env['UPDATE_SYMPTOMS'] === '1' && process.env['CI'] === undefined)
      writeFileSync(PAGE, page());
    expect(existsSync(PAGE)).toBe(true);
    expect(readFileSync(PAGE, 'utf8')).toBe(page());
  });

  it('has a page with all its sections for every finding that a table can give', () => {
    for (const entry of ENTRIES) {
      if (entry.finding === null || entry.rank === 'hint') continue;
      const text = readFileSync(
        new URL(`../../docs/findings/${entry.finding}.md`, import.meta.url),
        'utf8',
      );
      for (const heading of ['What we saw', 'Why it fails', 'How to fix', 'When this is wrong'])
        expect([entry.finding, text.includes(`## ${heading}`)]).toEqual([entry.finding, true]);
      expect(text).toMatch(/https:\/\//);
    }
  });
});

describe('the words of every finding', () => {
  const full: FindingData = {
    driver: '535.104.05',
    driverCuda: '12.2',
    cuda: '12.8',
    gpus: ['0: NVIDIA A100-SXM4-80GB (8.0)'],
    computeCapability: '8.0',
    library: 'libcudart.so.12',
    path: '/dev/nvidia0',
    clause: 'cuda>=12.8',
    framework: 'torch',
    image: 'nvidia/cuda:12.8.0-base',
    registry: 'nvcr.io',
    code: 803,
    toolkit: '1.17.8',
    engine: 'docker',
    device: 'nvidia.com/gpu=all',
    text: 'NO_PUBKEY A4B469963BF863CC',
  };
  it.each(FINDING_IDS.filter((id) => id !== 'unrecognised'))(
    '%s reads well with and without data',
    (id) => {
      for (const data of [{}, full]) {
        const said = inWords({ id, severity: 'error', evidence: [], data });
        expect(said.title).not.toBe('');
        expect(said.title.length).toBeLessThanOrEqual(160);
        expect(said.why).not.toBe(CATALOGUE[id].meaning);
        expect(`${said.title}\n${said.why}\n${said.fixes.join('\n')}`).not.toMatch(
          /undefined|NaN|\[object| {2}/,
        );
        if (CATALOGUE[id].verdict !== 'works') expect(said.fixes.length).toBeGreaterThan(0);
      }
    },
  );
});

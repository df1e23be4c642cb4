import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { jsonSchemas } from '../../src/contract/json-schemas.js';
import type { waiversSchema } from '../../src/contract/waivers-schema.js';
import type { Waiver } from '../../src/core/waiver.js';
import { INPUT_NAMES } from '../../src/inputs.js';
import { parseWaiverFile } from '../../src/waive.js';
import type { Extends, Paths } from './agreement.js';

const read = (text: string) => parseWaiverFile(text, 'w.yml');
const problems = (text: string): readonly string[] => {
  const parsed = read(text);
  return parsed.ok ? [] : parsed.problems;
};

/** Do not compile when the schema and the type that is made of it have not the same fields. */
type Read = ReturnType<ReturnType<typeof waiversSchema>['parse']>['waivers'][number];
const agreement: [Extends<Paths<Read>, Paths<Waiver>>, Extends<Paths<Waiver>, Paths<Read>>] = [
  true,
  true,
];
void agreement;

const one = (more: string) =>
  `waivers:\n  - {finding: driver-too-old, image: a, reason: r, until: 2027-01-31${more}}\n`;

describe('a waiver file', () => {
  it('is read, with the line of each entry', () => {
    expect(
      read(`# Ours.
schema: cuda-image-check/gpu-waivers@1
waivers:
  - finding: driver-too-old
    image: ghcr.io/acme/train:*
    reason: "Until January: OPS-1234"
    until: 2027-01-31

  - { until: "2026-12-31", finding: gpu-lost, image: "**", reason: x, profile: t4-* }
`),
    ).toEqual({
      ok: true,
      waivers: [
        {
          finding: 'driver-too-old',
          image: 'ghcr.io/acme/train:*',
          reason: 'Until January: OPS-1234',
          until: '2027-01-31',
          line: 4,
          column: 5,
        },
        {
          finding: 'gpu-lost',
          image: '**',
          reason: 'x',
          profile: 't4-*',
          until: '2026-12-31',
          line: 9,
          column: 5,
        },
      ],
    });
    expect(read('waivers: []')).toEqual({ ok: true, waivers: [] });
  });

  it('tells every mistake at once, with the line and column of each', () => {
    expect(
      problems(`waivers:
  - finding: driver-to-old
    image: ghcr.io/Acme/train
    reason: "  "
    until: 2026-02-30
  - finding: 12
    imgae: a
    reason: [a]
    until: 2027
  - finding: waiver-expired
    image: "a@sha256:1*"
    profile: t 4
    reason: ${'x'.repeat(501)}
    until: tomorrow
  - {}
`),
    ).toEqual([
      expect.stringMatching(
        /^w\.yml:2:14: waivers\[0\]\.finding: found "driver-to-old", expected the id of a finding \(docs\/findings\)\. Did you mean driver-too-old\b.*\?$/,
      ),
      expect.stringMatching(
        /^w\.yml:3:12: waivers\[0\]\.image: found "ghcr\.io\/Acme\/train", expected a pattern of image references: the repository name must be lower case\. Write it as /,
      ),
      'w.yml:4:13: waivers[0].reason: found "  ", expected a reason. Say why it is accepted, and who takes care of it',
      'w.yml:5:12: waivers[0].until: found "2026-02-30", expected a day as YYYY-MM-DD, such as 2027-01-31. It is the last one on which the waiver holds',
      expect.stringMatching(/^w\.yml:6:5: waivers\[1\]\.image: found nothing, expected text/),
      'w.yml:6:14: waivers[1].finding: found the number 12, expected the id of a finding (docs/findings). Copy it from the report',
      'w.yml:7:12: waivers[1].imgae: found "a", expected one of finding, image, profile, reason, until. Did you mean image?',
      expect.stringMatching(
        /^w\.yml:8:\d+: waivers\[1\]\.reason: found a list of 1, expected text/,
      ),
      expect.stringMatching(/^w\.yml:9:12: waivers\[1\]\.until: found the number 2027, expected /),
      expect.stringMatching(/^w\.yml:10:14: .*"waiver-expired".*Renew that waiver instead$/),
      expect.stringMatching(/^w\.yml:11:12: .*a digest is written whole/),
      expect.stringMatching(
        /^w\.yml:12:14: waivers\[2\]\.profile: found "t 4", expected the name of a profile/,
      ),
      expect.stringMatching(/^w\.yml:13:13: waivers\[2\]\.reason: .*at most 500/),
      expect.stringMatching(/^w\.yml:14:12: waivers\[2\]\.until: found "tomorrow", expected a day/),
      expect.stringMatching(/^w\.yml:15:5: waivers\[3\]\.finding: found nothing, .*Add it/),
      expect.stringMatching(/^w\.yml:15:5: waivers\[3\]\.image/),
      expect.stringMatching(/^w\.yml:15:5: waivers\[3\]\.reason/),
      expect.stringMatching(/^w\.yml:15:5: waivers\[3\]\.until/),
    ]);
  });

  it.each([
    ['', /w\.yml:1:1: /],
    ['waivers: {', /w\.yml:\d+:\d+: not YAML/],
    ['waivers: x', /w\.yml:1:10: waivers: found "x", expected a list/],
    ['waiver: []', /w\.yml:1:1: waiver: .*Did you mean waivers\?/],
    ['schema: cuda-image-check/gpu-waivers@2\nwaivers: []', /1:9: schema/],
    [
      `${one('')}${one('').slice('waivers:\n'.length)}`,
      /w\.yml:3:5: waivers\[1\]: .*waivers\[0\] has\. Take one of them out/,
    ],
    [`waivers: ${'['.repeat(50_000)}`, /nested more than 100 deep/],
  ])('of %j says where and what', (text, expected) => {
    expect(problems(text).join('\n')).toMatch(expected);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (text, json) => {
        read(text);
        read(`waivers:\n  - ${json}`);
        read(`{"waivers":[${json}]}`);
      }),
    );
  });

  it('agrees with the published schema', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      jsonSchemas()['gpu-waivers@1.json'] as object,
    );
    for (const [text, valid] of [
      [one(''), true],
      [one(', profile: t4'), true],
      [one(', more: 1'), false],
      ['waivers: [{finding: driver-too-old, image: a, reason: r}]', false],
      ['waivers: [{finding: driver-to-old, image: a, reason: r, until: 2027-01-31}]', false],
      ['waivers: [{finding: driver-too-old, image: a, reason: r, until: 2027-02-29}]', false],
      ['waivers: [{finding: driver-too-old, image: a, reason: " ", until: 2027-02-28}]', false],
    ] as const) {
      expect([text, validate(parse(text))]).toEqual([text, valid]);
      expect([text, read(text).ok]).toEqual([text, valid]);
    }
  });
});

describe('docs/waivers.md', () => {
  const page = readFileSync('docs/waivers.md', 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

  it('shows files that are read', () => {
    const files = blocks.filter((text) => text.includes('gpu-waivers@1\nwaivers:'));
    expect(files).toHaveLength(2);
    for (const text of files) expect(problems(text)).toEqual([]);
  });

  it('shows a workflow with inputs that there are', () => {
    const [workflow, ...more] = blocks.filter((text) => text.includes('jobs:'));
    expect(more).toEqual([]);
    const steps: { uses: string; with: Record<string, string> }[] = parse(workflow ?? '').jobs
      .predict.steps;
    const ours = steps.find(({ uses }) => uses.startsWith('cuda-image-check/'));
    expect(ours?.with['waivers']).toBe('trusted/.github/gpu-waivers.yml');
    for (const name of Object.keys(ours?.with ?? {})) expect(INPUT_NAMES).toContain(name);
  });

  it('has every row of its table of patterns right', () => {
    for (const [, pattern = ''] of page.matchAll(/^\| `([^`…]+)` \| (?!needed)[^|]/gm))
      if (!/^(finding|image|profile|reason|until)$/.test(pattern))
        expect([
          pattern,
          problems(
            `waivers: [{finding: gpu-lost, image: "${pattern}", reason: r, until: 2027-01-31}]`,
          ),
        ]).toEqual([pattern, []]);
  });
});

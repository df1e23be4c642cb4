import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FindingId, Severity, Verdict } from '../../src/core/catalogue.js';
import { globMatches } from '../../src/core/glob.js';
import { judgeWaivers, type Waivable, type Waiver } from '../../src/core/waiver.js';

const TODAY = '2026-11-29';

const waiver = (finding: FindingId, more: Partial<Waiver> = {}): Waiver => ({
  finding,
  image: 'a',
  reason: 'known',
  until: '2027-01-31',
  ...more,
});

const image = (
  ids: readonly (FindingId | [FindingId, Severity] | [FindingId, Severity, string])[],
  more: Partial<Waivable> & { name?: string } = {},
): Waivable => {
  const { name = 'a', ...rest } = more;
  return {
    isNamedBy: (pattern) => pattern === name,
    verdict: 'fails',
    bothKnown: true,
    findings: ids.map((one) => {
      const [id, severity, overruledBy] = typeof one === 'string' ? [one, 'error' as const] : one;
      return { id, severity, data: overruledBy === undefined ? {} : { overruledBy } };
    }),
    ...rest,
  };
};

const countsAs = (one: Waivable, ...waivers: Waiver[]): Verdict | undefined =>
  judgeWaivers([one], waivers, TODAY).images[0]?.countsAs;

describe('the verdict that counts', () => {
  it.each<[string, Waivable, Waiver[], Verdict | undefined]>([
    ['the only cause is waived', image(['driver-too-old']), [waiver('driver-too-old')], 'works'],
    [
      'another image is meant',
      image(['driver-too-old'], { name: 'b' }),
      [waiver('driver-too-old')],
      undefined,
    ],
    ['another finding is meant', image(['driver-too-old']), [waiver('ptx-too-new')], undefined],
    [
      'one of two causes is waived',
      image(['driver-too-old', 'no-kernel-for-gpu']),
      [waiver('driver-too-old')],
      undefined,
    ],
    [
      'both causes are waived',
      image(['driver-too-old', 'no-kernel-for-gpu']),
      [waiver('driver-too-old'), waiver('no-kernel-for-gpu')],
      'works',
    ],
    [
      'what is left could not be told',
      image(['driver-too-old', 'gpu-lost']),
      [waiver('driver-too-old')],
      'unknown',
    ],
    [
      'what is left fails, and the leading one said unknown',
      image(['gpu-lost', 'driver-too-old'], { verdict: 'unknown' }),
      [waiver('gpu-lost')],
      'fails',
    ],
    [
      'nothing was told, and no finding says why',
      image([], { verdict: 'unknown' }),
      [waiver('driver-too-old')],
      undefined,
    ],
    [
      'a warning is waived where nothing could be told',
      image([['cudnn-mismatch', 'warning']], { verdict: 'unknown', bothKnown: false }),
      [waiver('cudnn-mismatch')],
      undefined,
    ],
    [
      'the finding that made it unknown is waived',
      image(['registry-rate-limited'], { verdict: 'unknown', bothKnown: false }),
      [waiver('registry-rate-limited')],
      'works',
    ],
    [
      'a failure is waived, and beside it nobody knows',
      image(['framework-cpu-only'], { bothKnown: false }),
      [waiver('framework-cpu-only')],
      'unknown',
    ],
    [
      'a warning beside it does not count',
      image(['driver-too-old', ['cudnn-mismatch', 'warning']]),
      [waiver('driver-too-old')],
      'works',
    ],
    [
      'nor does what was seen to be otherwise',
      image(['driver-too-old', ['no-kernel-for-gpu', 'notice', 'torch']]),
      [waiver('driver-too-old')],
      'works',
    ],
    [
      'a note on a pair that works is waived',
      image([['minor-version-compatibility', 'notice']], { verdict: 'works' }),
      [waiver('minor-version-compatibility')],
      undefined,
    ],
  ])('%s', (_, one, waivers, expected) => {
    expect(countsAs(one, ...waivers)).toBe(expected);
  });
});

describe('the last day', () => {
  const on = (until: string) => {
    const [judged] = judgeWaivers(
      [image(['driver-too-old'])],
      [waiver('driver-too-old', { until })],
      TODAY,
    ).images;
    return [judged?.findings[0]?.expired, judged?.countsAs];
  };

  it('is one on which the waiver holds', () => {
    expect(on('2026-11-29')).toEqual([false, 'works']);
    expect(on('2026-11-28')).toEqual([true, undefined]);
    expect(on('2026-12-01')).toEqual([false, 'works']);
    expect(on('2025-12-31')).toEqual([true, undefined]);
  });

  it('of several waivers is the latest one', () => {
    const waivers = ['2026-01-01', '2027-01-01', '2026-12-01'].map((until) =>
      waiver('driver-too-old', { until }),
    );
    expect(judgeWaivers([image(['driver-too-old'])], waivers, TODAY)).toEqual({
      images: [{ findings: [{ waiver: 1, expired: false }], countsAs: 'works' }],
      idle: [
        { waiver: 0, because: 'other-waiver' },
        { waiver: 2, because: 'other-waiver' },
      ],
    });
  });
});

describe('a profile', () => {
  const on = (profile: string | undefined, wanted: string) =>
    countsAs(image(['driver-too-old'], { profile }), waiver('driver-too-old', { profile: wanted }));

  it('is the name of a runner, or a pattern of names', () => {
    expect(on('t4', 't4')).toBe('works');
    expect(on('t4-old', 't4')).toBeUndefined();
    expect(on('t4-old', 't4*')).toBe('works');
  });

  it('is not met by a machine without a name', () => {
    expect(on(undefined, '*')).toBeUndefined();
  });
});

it('a waiver that did nothing says how far it came', () => {
  const waivers = [
    waiver('driver-too-old', { image: 'none' }),
    waiver('driver-too-old', { profile: 'h100' }),
    waiver('ptx-too-new'),
    waiver('driver-too-old'),
  ];
  expect(
    judgeWaivers(
      [image(['driver-too-old'], { profile: 't4' }), image([], { name: 'b' })],
      waivers,
      TODAY,
    ).idle,
  ).toEqual([
    { waiver: 0, because: 'image' },
    { waiver: 1, because: 'profile' },
    { waiver: 2, because: 'finding' },
  ]);
});

it('waivers never make a verdict that counts out of nothing, nor one worse than what is left', () => {
  const ids = fc.constantFrom<FindingId>(
    'driver-too-old',
    'no-kernel-for-gpu',
    'gpu-lost',
    'registry-rate-limited',
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(ids, { maxLength: 4 }),
      fc.uniqueArray(ids, { maxLength: 4 }),
      fc.boolean(),
      fc.constantFrom<Verdict>('fails', 'unknown'),
      (found, waived, bothKnown, verdict) => {
        const result = countsAs(
          image(found, { bothKnown, verdict }),
          ...waived.map((id) => waiver(id)),
        );
        const left = found.filter((id) => !waived.includes(id));
        if (left.length === found.length) expect(result).toBeUndefined();
        if (result === 'works') expect(left).toEqual([]);
        expect(
          countsAs(
            image(found, { bothKnown, verdict }),
            ...waived.map((id) => waiver(id, { until: '2026-11-28' })),
          ),
        ).toBeUndefined();
      },
    ),
  );
});

describe('globMatches', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'ab', false],
    ['', '', true],
    ['*', '', true],
    ['*', 'a.b-c', true],
    ['*', 'a/b', false],
    ['**', 'a/b/c', true],
    ['a/*', 'a/b', true],
    ['a/*', 'a/b/c', false],
    ['a/**', 'a/b/c', true],
    ['**/c', 'a/b/c', true],
    ['a/**/c', 'a/c', false],
    ['v?.*', 'v1.2.3', true],
    ['?', '/', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['***', 'a/b', true],
  ])('%j against %j is %j', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });

  it('is what a regular expression would say', () => {
    const characters = { maxLength: 8 };
    const text = fc
      .array(fc.constantFrom('a', 'b', '/', '.'), characters)
      .map((all) => all.join(''));
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '/', '.', '*', '**', '?'), characters)
      .map((all) => all.join(''));
    fc.assert(
      fc.property(pattern, text, (glob, given) => {
        const source = glob.replace(/\*{2,}|[\s\S]/g, (token) =>
          token.length > 1
            ? '.*'
            : token === '*'
              ? '[^/]*'
              : token === '?'
                ? '[^/]'
                : `\\${token}`.replace(/\\([ab])/, '$1'),
        );
        expect(globMatches(glob, given)).toBe(new RegExp(`^${source}$`).test(given));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['one letter again and again', '*a'.repeat(500), 'a'],
    ['anything and anything', '**?*/'.repeat(200), 'a/'],
    ['single characters', '?'.repeat(1_024), 'a'],
    ['stars that cross slashes', `${'**a'.repeat(340)}b`, 'a/'],
  ])(
    'takes time in step with the text, and little for the longest of both: %s',
    (_, pattern, unit) => {
      // Of the processor's time, which a busy machine does not change: trying every way to match would never end.
      const timed = (characters: number): number => {
        const text = `${unit.repeat(characters / unit.length)}!`;
        const before = process.cpuUsage();
        for (let time = 0; time < 5; time += 1) expect(globMatches(pattern, text)).toBe(false);
        return process.cpuUsage(before).user / 1_000 / 5;
      };
      timed(1_024);
      const [short, long] = [timed(4_096), timed(65_536)];
      // A waiver's pattern has 1,024 characters and a reference 4,096 at most: a thousand waivers for an image are some seconds at worst.
      expect(short).toBeLessThan(40);
      // Sixteen times the text: linear is 16, quadratic 256.
      expect(long).toBeLessThan(40 * short + 40);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { createEngine } from '../../src/core/diagnose.js';
import { dataOf } from '../../src/core/evidence.js';
import type { Facts } from '../../src/core/facts.js';
import { known, unknown } from '../../src/core/known.js';
import { defineImageRule, defineRule, type Hit } from '../../src/core/rule.js';
import { createSituation, createViews } from '../../src/core/situation.js';
import { createTables } from '../../src/core/tables.js';
import { createKnowledge } from '../../src/knowledge/index.js';
import { facts, host } from './pair.js';

const tables = createTables(createKnowledge());
const views = createViews(tables);
const situation = (given: Facts) => createSituation(given, views, tables);

const HIT: Hit = { details: () => ({ data: {}, evidence: [] }) };
const ABOUT = { id: 'libc-incompatible', severity: 'error', checks: 'a thing' } as const;

describe('a rule', () => {
  it('tests the plain values of its facts once all are known', () => {
    const seen: unknown[] = [];
    const rule = defineRule({
      ...ABOUT,
      needs: () => ({ one: known(1, 'a'), two: known('b', 'c') }),
      test: (values) => {
        seen.push({ ...values });
        return HIT;
      },
    });
    expect(rule.run(situation(facts({}, {})))).toEqual({ kind: 'hit', hit: HIT });
    expect(seen).toEqual([{ one: 1, two: 'b' }]);
  });

  it('names every fact that it misses, and tests nothing then', () => {
    const rule = defineRule({
      ...ABOUT,
      needs: () => ({ one: unknown('no one'), two: known(2, 'c'), three: unknown('no three') }),
      test: () => {
        throw new Error('tested');
      },
    });
    expect(rule.run(situation(facts({}, {})))).toEqual({
      kind: 'unchecked',
      reasons: ['no one', 'no three'],
    });
  });

  it('is clear where its test finds nothing', () => {
    const rule = defineRule({ ...ABOUT, needs: () => ({}), test: () => undefined });
    expect(rule.run(situation(facts({}, {})))).toEqual({ kind: 'clear' });
  });
});

describe('a rule about the image alone', () => {
  const counted = () => {
    let asked = 0;
    const rule = defineImageRule({
      ...ABOUT,
      needs: ({ image }) => ({ platform: image.platform }),
      test: () => {
        asked += 1;
        return HIT;
      },
    });
    return { rule, asked: () => asked };
  };

  it('is asked once for an image, whatever hosts it meets, and anew for the next image', () => {
    const { rule, asked } = counted();
    const image = { platform: 'linux/amd64' };
    const outcomes = ['535.104.05', '580.65.06'].map((driver) =>
      rule.run(situation(facts(host(driver), image))),
    );
    expect(outcomes).toEqual([
      { kind: 'hit', hit: HIT },
      { kind: 'hit', hit: HIT },
    ]);
    expect(asked()).toBe(1);
    rule.run(situation(facts(host('535.104.05'), { ...image })));
    expect(asked()).toBe(2);
  });

  it('is asked for every run that a probe saw', () => {
    const { rule, asked } = counted();
    const image = { platform: 'linux/amd64' };
    for (const started of [true, false])
      rule.run(situation(facts({}, image, { probe: { started } })));
    rule.run(situation(facts({}, image)));
    expect(asked()).toBe(3);
  });

  it('does not lend what a probe saw to a pair that nothing was seen of', () => {
    const engine = createEngine(createKnowledge());
    const image = { libc: { family: 'musl', version: '1.2.5' }, cuda: '12.2' };
    const runner = host('535.104.05', ['Tesla T4']);
    const probe = { started: true, init: { code: 0 } };
    const severity = (given: Facts) =>
      engine.diagnose(given, []).findings.find(({ id }) => id === 'libc-incompatible')?.severity;
    expect(severity(facts(runner, image, { probe }))).toBe('notice');
    expect(severity(facts(runner, image))).toBe('error');
    expect(severity(facts(runner, image, { probe }))).toBe('notice');
  });
});

describe('the data of a finding', () => {
  it('leaves out what is undefined, which never hides what an earlier part knows', () => {
    const data = dataOf({ driver: '535', cuda: '12.2', image: undefined }, { cuda: undefined });
    expect(Object.entries(data)).toEqual([
      ['driver', '535'],
      ['cuda', '12.2'],
    ]);
  });

  it('takes the later of two parts, in the place of the earlier', () => {
    const data = dataOf({ cuda: '12.2', driver: '535' }, { owner: 'torch', cuda: '12.8' });
    expect(Object.entries(data)).toEqual([
      ['cuda', '12.8'],
      ['driver', '535'],
      ['owner', 'torch'],
    ]);
  });

  it('keeps false, zero and empty values', () => {
    expect(dataOf({ noDriver: false, code: 0, text: '' })).toEqual({
      noDriver: false,
      code: 0,
      text: '',
    });
  });
});

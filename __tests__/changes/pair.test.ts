import { describe, expect, it } from '@jest/globals';
import { changesOf, type Placed } from '../../src/changes/pair.js';
import { discover } from '../../src/discover/discover.js';
import { kindOf } from '../../src/discover/kinds.js';

const placed = (file: string, text: string): Placed[] =>
  discover({ path: file, text, kind: kindOf(file) ?? 'yaml' }).references.map((reference) => ({
    file,
    reference,
  }));

const raw = (one: Placed | undefined): string => {
  const outcome = one?.reference.outcome;
  return outcome === undefined ? '-' : outcome.ok ? outcome.image.raw : `? ${one?.reference.raw}`;
};

const changed = (file: string, before: string[], after: string[]): string[] =>
  changesOf(placed(file, before.join('\n')), placed(file, after.join('\n'))).map(
    (change) => `${change.at.range.line}: ${raw(change.before)} → ${raw(change.after)}`,
  );

describe('what changed in a Dockerfile', () => {
  it.each<[string, string[], string[], string[]]>([
    ['nothing', ['FROM a:1'], ['FROM a:1'], []],
    ['lines moved', ['FROM a:1'], ['# x', '', 'FROM a:1'], []],
    ['a tag', ['FROM a:1'], ['FROM a:2'], ['1: a:1 → a:2']],
    ['the stage got a name', ['FROM a:1'], ['FROM a:1 AS x'], []],
    [
      'a stage before',
      ['FROM a:1', 'FROM b:1'],
      ['FROM c:1', 'FROM a:1', 'FROM b:1'],
      ['1: - → c:1'],
    ],
    [
      'a stage before, and a tag',
      ['FROM a:1', 'FROM b:1'],
      ['FROM c:1', 'FROM a:2', 'FROM b:1'],
      ['1: - → c:1', '2: a:1 → a:2'],
    ],
    ['a stage less', ['FROM a:1', 'FROM b:1'], ['FROM b:1'], ['1: a:1 → -']],
    ['the default of an ARG', ['ARG V=1', 'FROM a:$V'], ['ARG V=2', 'FROM a:$V'], ['1: a:1 → a:2']],
    [
      'the default of an ARG behind another',
      ['ARG V=1', 'ARG I=a:$V', 'FROM $I'],
      ['ARG V=2', 'ARG I=a:$V', 'FROM $I'],
      ['1: a:1 → a:2'],
    ],
    ['an ARG in place of the same text', ['FROM a:1'], ['ARG V=1', 'FROM a:$V'], []],
    [
      'an ARG without default',
      ['ARG V', 'FROM $V'],
      ['ARG V', 'ARG W', 'FROM $W'],
      ['3: ? $V → ? $W'],
    ],
    ['an unresolved one that stayed', ['ARG V', 'FROM $V'], ['# x', 'ARG V', 'FROM $V'], []],
    [
      'named stages swapped',
      ['FROM a:1 AS x', 'FROM b:1 AS y'],
      ['FROM b:1 AS x', 'FROM a:1 AS y'],
      ['1: a:1 → b:1', '2: b:1 → a:1'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(changed('Dockerfile', before, after)).toEqual(expected);
  });
});

describe('what changed in a workflow', () => {
  const matrix = (...images: string[]) => [
    'jobs:',
    '  a:',
    '    strategy:',
    '      matrix:',
    '        image:',
    ...images.map((image) => `          - ${image}`),
    '    container: ${{ matrix.image }}',
  ];

  it('tells the values of a matrix apart', () => {
    const file = '.github/workflows/a.yml';
    expect(changed(file, matrix('a:1', 'b:1'), matrix('b:1', 'a:1'))).toEqual([]);
    expect(changed(file, matrix('a:1', 'b:1'), matrix('a:1', 'c:1', 'b:2'))).toEqual([
      '7: - → c:1',
      '8: b:1 → b:2',
    ]);
  });

  it('follows an anchor to the line that holds the text', () => {
    expect(
      changed(
        'compose.yaml',
        ['x: &i a:1', 'services:', '  s: {image: *i}'],
        ['x: &i a:2', 'services:', '  s: {image: *i}'],
      ),
    ).toEqual(['1: a:1 → a:2']);
  });
});

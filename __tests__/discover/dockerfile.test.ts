import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutOut, listing, read } from './listing.js';

const list = (...lines: string[]) => listing('Dockerfile', lines.join('\n'));

describe('FROM', () => {
  it('is an image at its exact place', () => {
    const text =
      'FROM --platform=$BUILDPLATFORM \\\n  nvidia/cuda:12.8.1-base-ubuntu24.04 AS base\n';
    expect(listing('Dockerfile', text)).toEqual([
      '2:3 FROM base = docker.io/nvidia/cuda:12.8.1-base-ubuntu24.04',
    ]);
    expect(cutOut('Dockerfile', text)).toEqual(['nvidia/cuda:12.8.1-base-ubuntu24.04']);
  });

  it('is none where it starts from a stage, in any case, or from scratch', () => {
    expect(list('FROM a:1 AS Build', 'FROM build', 'FROM BUILD AS x', 'FROM scratch')).toEqual([
      '1:6 FROM build = docker.io/library/a:1',
    ]);
  });

  it('is an image where the stage of that name comes later or is itself', () => {
    expect(list('FROM base AS base', 'FROM base')).toEqual([
      '1:6 FROM base = docker.io/library/base',
    ]);
  });

  it('reads the same file with CRLF line ends, and with another escape character', () => {
    expect(listing('Dockerfile', 'FROM a:1\r\nRUN x\r\nFROM b:2 AS c\r\n')).toEqual([
      '1:6 FROM #0 = docker.io/library/a:1',
      '3:6 FROM c = docker.io/library/b:2',
    ]);
    expect(list('# escape=`', 'FROM `', '  a:1')).toEqual(['3:3 FROM #0 = docker.io/library/a:1']);
  });

  it.each([
    ['after a directive with a space at its end', ['# syntax=x ', '# escape=`', 'FROM `', '  a:1']],
    ['that comes first', ['# Escape = ` ', '# syntax=x', 'FROM `', '  a:1']],
    ['but not after a comment', ['# a word = b', '# escape=`', 'FROM \\', '  a:1']],
  ])('knows another escape character %s', (_, lines) => {
    expect(list(...lines)).toEqual(['4:3 FROM #0 = docker.io/library/a:1']);
  });

  it('begins after the comments, however many equals signs they have', () => {
    expect(list('# a=b # c=d', 'FROM a:1', 'FROM b:2')).toEqual([
      '2:6 FROM #0 = docker.io/library/a:1',
      '3:6 FROM #1 = docker.io/library/b:2',
    ]);
  });

  it('is found among any number of comments', () => {
    const { references, problems } = read('Dockerfile', '#\nFROM a\n'.repeat(900));
    expect([references.length, problems]).toEqual([900, []]);
  });

  it('is not looked for where comments that can end a here-document are too many to compare with stages', () => {
    expect(read('Dockerfile', `FROM a\nRUN <<#\n${'#\nFROM a\n'.repeat(900)}`)).toEqual({
      references: [],
      problems: [
        { line: 1, column: 1, why: 'it has 1803 lines, 900 of them comments, and was not read' },
      ],
    });
  });

  it('comes after a here-document that a number sign ends', () => {
    expect(list('FROM a:1', 'RUN <<#', 'FROM evil:1', '#', 'FROM b:2')).toEqual([
      '1:6 FROM #0 = docker.io/library/a:1',
      '5:6 FROM #1 = docker.io/library/b:2',
    ]);
  });

  it('is the same whatever the comments say', () => {
    const line = fc.constantFrom(
      ...['FROM a:1 AS b', 'FROM b', 'ARG X=1', 'RUN x \\', '  y', 'COPY --from=c:1 a b', ''],
      ...['RUN <<EOF', 'EOF', 'FROM d:$X \\', '  AS e', 'RUN --mount=type=bind,from=f:1 \\'],
    );
    const comment = fc.constantFrom('# FROM x', '#', '  # a = b', '# \u2028FROM y', '#\tEOF \\');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, comment, fc.boolean()), { maxLength: 12 }), (all) => {
        const named = (text: (one: (typeof all)[number]) => string) =>
          read('Dockerfile', ['FROM z', ...all.map(text)].join('\n')).references.map(
            ({ path, raw, outcome }) => [path, raw, outcome],
          );
        // A line that says nothing stands in for each comment that is left out.
        expect(named(([one, said, is]) => (is ? said : one))).toEqual(
          named(([one, , is]) => (is ? '#' : one)),
        );
      }),
    );
  });

  it('leaves comments, # syntax=, here-documents and continued lines alone', () => {
    expect(
      list(
        '# syntax=docker/dockerfile:1',
        'FROM a:1',
        'RUN <<EOF',
        'FROM evil:1',
        'EOF',
        'RUN echo \\',
        '# FROM evil:2',
        '  FROM evil:3',
        'COPY <<one <<two /x',
        'FROM evil:4',
        'one',
        'FROM evil:5',
        'two',
        'FROM b:1',
      ),
    ).toEqual(['2:6 FROM #0 = docker.io/library/a:1', '14:6 FROM #1 = docker.io/library/b:1']);
  });
});

describe('ARG', () => {
  it.each([
    ['${CUDA}', '12.4'],
    ['$CUDA', '12.4'],
    ['${CUDA:-9}', '12.4'],
    ['${EMPTY:-9}', '9'],
    ['${MISSING-9}', '9'],
    ['${MISSING:-${CUDA}}', '12.4'],
    ['${CUDA:-${UNSET}}', '12.4'],
    ['1${CUDA:+0}', '10'],
    ['1${MISSING:+0}', '1'],
    ['${CUDA:?give-it}', '12.4'],
    ['"$CUDA"', '12.4'],
    ['${MAJOR_MINOR}', '12.4-x'],
  ])('%s is %s', (form, value) => {
    expect(
      list(
        'ARG CUDA=12.4 EMPTY=',
        'ARG UNSET',
        'ARG MAJOR_MINOR="${CUDA}"-\'x\'',
        `FROM a:${form}`,
      ),
    ).toEqual([`4:6 FROM #0 = docker.io/library/a:${value}`]);
  });

  it('tells of the default as an origin', () => {
    const { references } = read('Dockerfile', 'ARG A=1\nARG B=$A.2\nFROM a:$B\n');
    expect(references[0]?.origins.map(({ range, text }) => [range.line, text])).toEqual([
      [2, '$A.2'],
      [1, '1'],
    ]);
  });

  it.each([
    ['ARG BASE', '${BASE}', 'ARG BASE has no default, so that only --build-arg says what it is'],
    ['ARG OTHER=1', '${BASE}', 'no ARG BASE before the first FROM'],
    ['ARG BASE=', '${BASE:?}', 'BASE is empty'],
    ['ARG BASE=a', '${BASE#a}', 'only a shell can evaluate "${BASE#a}"'],
    ['ARG BASE=a', 'x-$TARGETARCH', 'TARGETARCH depends on the platform that is built for'],
    ['ARG BASE=A', '$BASE', 'it is no image reference: the repository name must be lower case'],
    [
      'ARG BASE=$X',
      '$BASE',
      'the default of ARG BASE (line 1) cannot be told: no ARG X before the first FROM',
    ],
    ['ARG BASE=', '$BASE', 'it is no image reference: it is empty'],
    ['ARG BASE=a', '{{ image }}', 'FROM takes'],
  ])('%s and FROM %s: %s', (arg, from, why) => {
    const [first] = list(arg, `FROM ${from}`);
    expect(first).toContain(why === 'FROM takes' ? '? a template fills it in' : `? ${why}`);
  });

  it('counts before the first FROM only', () => {
    expect(list('FROM a:1', 'ARG B=b:1', 'FROM $B')[1]).toContain(
      '? no ARG B before the first FROM',
    );
  });

  it('takes a stage that exists for an architecture for a stage', () => {
    expect(
      list('FROM a:1 AS base-amd64', 'FROM b:1 AS base-arm64', 'FROM base-${TARGETARCH}'),
    ).toEqual([
      '1:6 FROM base-amd64 = docker.io/library/a:1',
      '2:6 FROM base-arm64 = docker.io/library/b:1',
    ]);
  });

  it('does not explode where defaults double each other', () => {
    const args = Array.from({ length: 60 }, (_, at) => `ARG A${at + 1}=$A${at}$A${at}`);
    expect(list('ARG A0=xy', ...args, 'FROM $A60')[0]).toContain('more than 4096 characters');
    expect(list('ARG A0=', ...args, 'FROM a:1$A60')).toEqual([
      '62:6 FROM #0 = docker.io/library/a:1',
    ]);
  });
});

describe('other sources', () => {
  it('finds COPY --from and RUN --mount=from, also in ONBUILD, unless they name stages', () => {
    expect(
      list(
        'FROM a:1 AS build',
        'FROM b:1',
        'COPY --from=build /x /x',
        'COPY --from=0 /x /x',
        'COPY --chown=1 --from=nvcr.io/x/y:3 /x /x',
        'RUN --mount=type=bind,from=c:4,target=/m --mount=type=cache,target=/c make',
        'RUN --mount=type=bind,from=build,target=/m make',
        'ONBUILD COPY --from=d:5 /x /x',
        'COPY --from=$B /x /x',
      ),
    ).toEqual([
      '1:6 FROM build = docker.io/library/a:1',
      '2:6 FROM #1 = docker.io/library/b:1',
      '5:23 COPY --from #2 = nvcr.io/x/y:3',
      '6:28 RUN --mount #0 = docker.io/library/c:4',
      '8:21 COPY --from #3 = docker.io/library/d:5',
      '9:13 COPY --from #4 = ? the builder expands no variables here; name a stage: FROM … AS name',
    ]);
  });
});

describe('a stage that comes later', () => {
  it('is a stage to a copy or mount, which the builder then refuses by itself', () => {
    expect(
      list(
        'FROM a:1',
        'COPY --from=Later /x /x',
        'RUN --mount=type=bind,from=later,target=/m make',
        'FROM b:2 AS later',
      ),
    ).toEqual(['1:6 FROM #0 = docker.io/library/a:1', '4:6 FROM later = docker.io/library/b:2']);
  });
});

describe('a broken file', () => {
  it.each([
    [['FORM a:1', 'FROM b:1'], '1:1 ! there is no instruction "FORM"'],
    [['FROM'], '1:1 ! FROM takes an image, or an image, AS and a name for the stage'],
    [['FROM a:1 b'], '1:1 ! FROM takes an image, or an image, AS and a name for the stage'],
    [['RUN x', 'FROM a:1'], '1:1 ! RUN comes before the first FROM'],
  ])('%j: %s', (lines, problem) => {
    expect(list(...lines)).toContain(problem);
  });

  it('still has its other images', () => {
    expect(list('FROM a:1', 'COPPY a b', 'FROM b:2')).toEqual([
      '1:6 FROM #0 = docker.io/library/a:1',
      '3:6 FROM #1 = docker.io/library/b:2',
      '2:1 ! there is no instruction "COPPY"',
    ]);
  });
});

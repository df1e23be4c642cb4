import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { discover } from '../../src/discover/discover.js';
import type { FileKind } from '../../src/discover/kinds.js';

const PATHS: Readonly<Record<FileKind, readonly string[]>> = {
  dockerfile: ['Dockerfile'],
  workflow: ['.github/workflows/a.yml'],
  action: ['action.yml'],
  compose: ['compose.yaml'],
  devcontainer: ['devcontainer.json'],
  yaml: ['pod.yaml', 'values.yaml', 'kustomization.yaml'],
};
const ALL = Object.entries(PATHS).flatMap(([kind, paths]) =>
  paths.map((path) => ({ path, kind: kind as FileKind })),
);

/** Pieces that mean something to a reader, so that random texts come deep into it. */
const PIECES = [
  'FROM ',
  'ARG ',
  'COPY --from=',
  'RUN --mount=type=bind,from=',
  ' AS ',
  'a:1',
  'ONBUILD ',
  '<<EOF',
  'EOF',
  '\\\n',
  '# escape=`\n',
  '$',
  '${',
  '}',
  ':-',
  ':?',
  'X',
  '=',
  '"',
  "'",
  '`',
  '$(',
  ')',
  '${{',
  '}}',
  ' matrix.a ',
  'docker run ',
  'podman pull ',
  ' -it ',
  ' --name ',
  'jobs:',
  'steps:',
  'run: |',
  'uses: docker://',
  'container:',
  'services:',
  'strategy:',
  'matrix:',
  'include:',
  'exclude:',
  'env:',
  'image: ',
  'images:',
  'repository: ',
  'tag: ',
  'newTag: ',
  'apiVersion: v1',
  'kind: Pod',
  'containers:',
  '- ',
  ': ',
  '<<: ',
  '*a',
  '&a ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '\n',
  '\n  ',
  '\n    ',
  '\n      ',
  ' ',
  '\t',
  '\r\n',
  '|',
  '>',
  '---\n',
  '{{',
  '{%',
  '//',
  '/*',
  '*/',
  '\\',
  '\0',
  'é',
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { maxLength: 60 })
  .map((pieces) => pieces.join(''));

describe('a hostile file', () => {
  it.each(ALL)('never throws: $path', ({ path, kind }) => {
    fc.assert(
      fc.property(hostile, fc.option(hostile, { nil: undefined }), (text, env) => {
        const { references, problems } = discover({
          path,
          kind,
          text,
          ...(env === undefined ? {} : { dotenv: { path: '.env', text: env } }),
        });
        const lines = text.split('\n');
        for (const { range } of references) {
          const [first, last] = [lines[range.line - 1], lines[range.endLine - 1]];
          expect(range.column).toBeLessThanOrEqual((first ?? '').length + 1);
          expect(range.endColumn).toBeLessThanOrEqual((last ?? '').length + 1);
          expect(range.endLine * 1e7 + range.endColumn).toBeGreaterThanOrEqual(
            range.line * 1e7 + range.column,
          );
        }
        for (const { line, column } of problems) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  const repeated: Readonly<Record<string, (n: number) => string>> = {
    brackets: (n) => `image: ${'['.repeat(n)}`,
    dashes: (n) => `image:\n${'- '.repeat(n)}`,
    keys: (n) => `image: a\n${Array.from({ length: n }, (_, at) => `k${at}: image`).join('\n')}`,
    laughs: (n) =>
      `image: &a0 [x]\n${Array.from({ length: Math.min(n, 300) }, (_, at) => `k${at}: &a${at + 1} [*a${at}, *a${at}]`).join('\n')}\napiVersion: v1\nkind: Pod\n`,
    merges: (n) =>
      `services:\n  a0: &a0 {image: x}\n${Array.from({ length: Math.min(n, 300) }, (_, at) => `  a${at + 1}: &a${at + 1} {<<: [*a${at}, *a${at}]}`).join('\n')}\n`,
    stages: (n) => 'FROM a:1 AS x\n'.repeat(n),
    numberSigns: (n) => '#'.repeat(n),
    directives: (n) => '#a=b '.repeat(n),
    commentsAndStages: (n) => '#\nFROM a\n'.repeat(n),
    dollars: (n) => `FROM ${'$'.repeat(n)}`,
    braces: (n) => `FROM ${'${A:-'.repeat(n)}`,
    mounts: (n) => `FROM a\nRUN ${'--mount=from=b:1 '.repeat(n)}`,
    heredocs: (n) => `FROM a\nRUN ${'<<E '.repeat(n)}\n`,
    args: (n) => `ARG ${'A=$A$A '.repeat(n)}\nFROM $A`,
    script: (n) => `jobs: {a: {steps: [{run: "${'docker run $( '.repeat(n)}"}]}}`,
    quotes: (n) => `jobs:\n  a:\n    steps:\n      - run: |\n          ${'"$(`'.repeat(n)}`,
    lines: (n) =>
      `jobs:\n  a:\n    steps:\n      - run: |\n${'          docker run --rm a:1\n'.repeat(n)}`,
    oneLine: (n) =>
      `jobs:\n  a:\n    steps:\n      - run: |\n          ${'docker run a:1;'.repeat(n)}`,
    expressions: (n) => `jobs: {a: {container: "${'${{ matrix.a '.repeat(n)}"}}`,
    matrix: (n) =>
      `jobs: {a: {strategy: {matrix: {${Array.from({ length: n }, (_, at) => `k${at}: [1, 2]`).join(', ')}}}, container: "\${{ matrix.k1 }}"}}`,
    template: (n) => `image: {{ x\n${`image:${' '.repeat(100)}x\n`.repeat(n / 10)}`,
    comments: (n) => `{"image": "a", ${'/*'.repeat(n)}`,
  };

  it.each(Object.keys(repeated))('takes time in step with its length: %s', (name) => {
    const make = repeated[name] ?? (() => '');
    const timed = (n: number): number => {
      const text = make(n);
      const before = process.cpuUsage();
      for (const { path, kind } of ALL) discover({ path, kind, text });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    timed(500);
    const [short, long] = [timed(1_000), timed(8_000)];
    // Eight times the length: linear is 8, quadratic 64.
    expect(long).toBeLessThan(24 * short + 400);
  });
});

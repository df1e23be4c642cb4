import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FOUND } from './found.js';
import { PARSERS } from './parsers/index.js';

const SOURCES = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--', 'src'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path.endsWith('.ts'));

/** `src/report` writes: that nothing breaks out of what it writes is held by `__tests__/report/untrusted.test.ts`. */
const READING = SOURCES.filter((path) => !path.startsWith('src/report/'));

/** What only a file does that makes something of a text from outside. */
const SIGNS: readonly RegExp[] = [
  /\bJSON\.parse\b/,
  /\bnew TextDecoder\b/,
  /\bfrom '(?:yaml|fast-xml-parser|dockerfile-ast)'/,
  /\bparseArgs\(/,
  // An exported function that takes a text or bytes first, under a name that says what it does with it.
  /^export (?:async )?(?:function|const) (?:parse|read|split|expand|explain|normalise|recognise|discover)\w*(?: = )?\((?:\w+: (?:string|Uint8Array)\b)/m,
  /^export (?:async )?(?:function|const) \w+(?: = )?\((?:text|raw|header|script|body|bytes|line|given|output|output\w+): (?:string|Uint8Array)\b/m,
];

/** Files with such a sign that read nothing from outside, or are reached through a row that does not name them. */
const NOT_A_READER: Readonly<Record<string, string>> = {
  'src/core/device-code.ts': 'targets of facts, read by parseTarget; reached by the row of facts',
  'src/core/host-view.ts': 'normalPlatform is in the row of engines; the rest reads parsed facts',
  'src/recognise/recognise.ts': 'texts inside facts: reached by the row of facts',
  'src/discover/found.ts': 'makes an outcome of parseReference; reached by every row of files',
};

const readers = READING.filter((file) => {
  const text = readFileSync(file, 'utf8');
  return SIGNS.some((sign) => sign.test(text));
});
const listed = new Set(PARSERS.flatMap(({ files }) => files));

describe('the table of parsers', () => {
  it('names files that exist, and each row once', () => {
    expect([...listed].filter((file) => !SOURCES.includes(file))).toEqual([]);
    const names = PARSERS.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('has every file of src that reads a text or bytes from outside', () => {
    expect(readers.length).toBeGreaterThan(30);
    expect(readers.filter((file) => !listed.has(file) && !(file in NOT_A_READER))).toEqual([]);
  });

  it('excepts only what would else be missing', () => {
    const excepted = Object.keys(NOT_A_READER);
    expect(excepted.filter((file) => !readers.includes(file) || listed.has(file))).toEqual([]);
  });

  it('has the rows of what was found before', () => {
    const names = new Set(PARSERS.map(({ name }) => name));
    expect(FOUND.filter(({ parser }) => !names.has(parser))).toEqual([]);
  });

  it('is listed in docs/fuzzing.md', () => {
    const page = readFileSync('docs/fuzzing.md', 'utf8');
    const names = PARSERS.map(({ name }) => name.replaceAll('|', '\\|'));
    expect(names.filter((name) => !page.includes(`| ${name} |`))).toEqual([]);
  });
});

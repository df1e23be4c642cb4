import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PARTS, type Part } from './row.js';

/** What came of one row. */
export interface Result {
  name: string;
  part: Part;
  what: string;
  how: string;
  seen: string;
  problems: string[];
  /** Containers, images, volumes, networks, mounts, layers, processes and files that were not there before; must be empty. */
  left: string[];
  ms: number;
  /** It was run alone after a whole run in which it had not come out well. */
  again?: boolean;
}

export const isWell = ({ problems, left }: Result): boolean => problems.length + left.length === 0;

/** What the last whole run came to, and the runs since then of the rows that had not come out well. */
export interface Record {
  /** SHA-256 of the bundle that was run. */
  build: string;
  /** The day of the whole run, `29 November 2026`, and its seconds from the lab's start to its end. */
  day: string;
  seconds: number;
  results: Result[];
}

const fileOf = (root: string): string => join(root, '.lab', 'torture', 'results.json');

/** What tells the build that is run from another one. */
export const buildOf = async (root: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(root, 'dist', 'index.js')))
    .digest('hex');

export const keepRecord = async (root: string, record: Record): Promise<void> => {
  await mkdir(join(root, '.lab', 'torture'), { recursive: true });
  await writeFile(fileOf(root), JSON.stringify(record));
};

/** `29 November 2026`. */
export const today = (): string =>
  new Date().toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

/** Undefined when there was no whole run. */
export const keptRecord = async (root: string): Promise<Record | undefined> => {
  const text = await readFile(fileOf(root), 'utf8').catch(() => undefined);
  const record = text === undefined ? undefined : JSON.parse(text);
  // One of an earlier form does not say what was run.
  return record?.build === undefined ? undefined : record;
};

const BEGIN = '<!-- table: npm run torture -->';
const END = '<!-- /table -->';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The table of docs/reliability.md, one part after the other. Pure. */
export const tableOf = ({ results, day, seconds }: Record, cores: number): string => {
  const parts = (Object.keys(PARTS) as Part[]).map((part) => {
    const rows = results.filter((result) => result.part === part);
    return [
      `### ${PARTS[part]}`,
      '',
      '| row | fault or attack | how it is produced | what happened | left over |',
      '|---|---|---|---|---|',
      ...rows.map(
        ({ name, what, how, seen, left }) =>
          `| \`${name}\` | ${[what, how, seen].map(cell).join(' | ')} | ${left.length} |`,
      ),
      '',
    ].join('\n');
  });
  const minutes = (seconds / 60).toFixed(1);
  const again = results.filter((result) => result.again).map(({ name }) => `\`${name}\``);
  return [
    `${day}: ${results.length} rows in ${minutes} minutes on ${cores} cores.${again.length === 0 ? '' : ` Run again after the whole run, in which they had not come out well: ${again.join(', ')}.`}`,
    '',
    ...parts,
  ].join('\n');
};

/** Puts text between two marks of docs/reliability.md. */
const replace = async (root: string, begin: string, end: string, text: string): Promise<string> => {
  const file = join(root, 'docs', 'reliability.md');
  const page = await readFile(file, 'utf8');
  const [before, rest = ''] = page.split(begin);
  const [, after = ''] = rest.split(end);
  await writeFile(file, `${before}${begin}\n\n${text}\n${end}${after}`);
  return file;
};

/** Puts the table of a run in its place in docs/reliability.md. */
export const writePage = (root: string, record: Record, cores: number): Promise<string> =>
  replace(root, BEGIN, END, tableOf(record, cores));

/** The same for what many runs in a row came to. */
export const writeRepeated = (root: string, told: readonly string[]): Promise<string> =>
  replace(
    root,
    '<!-- runs: npm run torture -- --repeat 1000 -->',
    '<!-- /runs -->',
    told.map((line) => `- ${line}\n`).join(''),
  );

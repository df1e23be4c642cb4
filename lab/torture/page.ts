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
const recordOf = (root: string): string => join(root, '.lab', 'torture', 'results.json');

export const keepResults = async (root: string, results: readonly Result[]): Promise<void> => {
  await mkdir(join(root, '.lab', 'torture'), { recursive: true });
  await writeFile(recordOf(root), JSON.stringify(results));
};

/** Undefined when there was no whole run. */
export const keptResults = async (root: string): Promise<Result[] | undefined> => {
  const text = await readFile(recordOf(root), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
};

const BEGIN = '<!-- table: npm run torture -->';
const END = '<!-- /table -->';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The table of docs/reliability.md, one part after the other. Pure. */
export const tableOf = (results: readonly Result[], cores: number): string => {
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
  const minutes = Math.round(results.reduce((sum, { ms }) => sum + ms, 0) / 60_000);
  const again = results.filter((result) => result.again).map(({ name }) => `\`${name}\``);
  return [
    `${results.length} rows, ${minutes} minutes on ${cores} cores.${again.length === 0 ? '' : ` Run again after the whole run, in which they had not come out well: ${again.join(', ')}.`}`,
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
export const writePage = (
  root: string,
  results: readonly Result[],
  cores: number,
): Promise<string> => replace(root, BEGIN, END, tableOf(results, cores));

/** The same for what many runs in a row came to. */
export const writeRepeated = (root: string, told: readonly string[]): Promise<string> =>
  replace(
    root,
    '<!-- runs: npm run torture -- --repeat 1000 -->',
    '<!-- /runs -->',
    told.map((line) => `- ${line}\n`).join(''),
  );

import { readFile, writeFile } from 'node:fs/promises';
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
}

const BEGIN = '<!-- table: npm run torture -->';
const END = '<!-- /table -->';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The table of docs/reliability.md, one part after the other. Pure. */
export const tableOf = (
  results: readonly Result[],
  { seconds, cores }: { seconds: number; cores: number },
): string => {
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
  return [
    `${results.length} rows, ${Math.round(seconds / 60)} minutes on ${cores} cores.`,
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
  run: { seconds: number; cores: number },
): Promise<string> => replace(root, BEGIN, END, tableOf(results, run));

/** The same for what many runs in a row came to. */
export const writeRepeated = (root: string, told: readonly string[]): Promise<string> =>
  replace(
    root,
    '<!-- runs: npm run torture -- --repeat 1000 -->',
    '<!-- /runs -->',
    told.map((line) => `- ${line}\n`).join(''),
  );

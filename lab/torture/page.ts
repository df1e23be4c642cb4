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

/** Puts the table of a run in its place in docs/reliability.md. */
export const writePage = async (
  root: string,
  results: readonly Result[],
  run: { seconds: number; cores: number },
): Promise<string> => {
  const file = join(root, 'docs', 'reliability.md');
  const page = await readFile(file, 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  await writeFile(file, `${before}${BEGIN}\n\n${tableOf(results, run)}\n${END}${after}`);
  return file;
};

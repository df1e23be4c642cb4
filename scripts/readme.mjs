// Writes the tables of inputs and outputs in README.md from action.yml, between the markers.
// `node scripts/readme.mjs` rewrites the file; with --print it prints what the file should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));

const cell = (text) =>
  String(text)
    .trim()
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');

const inputs = [
  '| input | default | what it does |',
  '|---|---|---|',
  ...Object.entries(action.inputs).map(([name, { description, default: value, required }]) => {
    const shown = required ? '*required*' : value ? `\`${cell(value)}\`` : '';
    return `| \`${name}\` | ${shown} | ${cell(description)} |`;
  }),
].join('\n');

const outputs = [
  '| output | value |',
  '|---|---|',
  ...Object.entries(action.outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
  ),
].join('\n');

const between = (text, name, body) => {
  const start = `<!-- ${name}: from action.yml -->`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md lacks the markers ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n${body}\n${text.slice(to)}`;
};

const readme = join(root, 'README.md');
const text = between(between(readFileSync(readme, 'utf8'), 'inputs', inputs), 'outputs', outputs);
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(readme, text);

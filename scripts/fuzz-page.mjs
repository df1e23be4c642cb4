// npm run fuzz:page -- RECORD…: writes the last recorded run of docs/fuzzing.md from what `FUZZ_RECORD=RECORD npm run fuzz` kept. Of a row that
// was run several times the last run counts.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './compiled.mjs';

const [BEGIN, END] = ['<!-- table: npm run fuzz:page -->', '<!-- /table -->'];
const page = join(root, 'docs', 'fuzzing.md');
const records = process.argv.slice(2);
if (records.length === 0) {
  process.stderr.write('no record given: FUZZ_RECORD=FILE npm run fuzz keeps one\n');
  process.exit(3);
}
const last = new Map();
for (const record of records) {
  for (const line of readFileSync(record, 'utf8').split('\n').filter(Boolean)) {
    const outcome = JSON.parse(line);
    last.set(`${outcome.parser}\n${outcome.what}`, outcome);
  }
}
const list = spawnSync(process.execPath, [join(root, 'scripts', 'fuzz.mjs'), '--list'], {
  encoding: 'utf8',
});
const thousands = (number) => Number(number).toLocaleString('en-US');
const of = (name, what) => last.get(`${name}\n${what}`) ?? { runs: 0, seconds: 0, failed: false };
const rows = JSON.parse(list.stdout).map(({ name, files }) => {
  const [texts, repeated] = [of(name, 'texts'), of(name, 'repeated texts')];
  return { name, files, texts, repeated, broken: texts.failed || repeated.failed };
});
const sum = (pick) => thousands(Math.round(rows.reduce((all, row) => all + pick(row), 0)));
/** What the nightly run reads of each. */
const NIGHTLY = 100_000;
const whole = rows.filter(({ texts }) => texts.runs >= NIGHTLY && !texts.failed);
const fewer = rows.length - whole.length;
const broken = rows.filter((row) => row.broken).map(({ name }) => name);
/** What the records say under this key, each once; records of an earlier form say nothing. */
const distinct = (key, wordOf) => {
  const told = [...last.values()].map((outcome) => outcome[key]).filter(Boolean);
  return [...new Set(told.sort().map(wordOf))];
};
const dayOf = (date) =>
  new Date(date).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
const days = distinct('day', dayOf);
const nodes = distinct('node', (node) => node.replace(/\..*/, ''));

const table = [
  `${days.join(', ') || 'On a day that was not recorded'}, Node.js ${nodes.join(' and ') || 'of a version that was not recorded'}, a seed of its own for each row: ${rows.length} readers, ${sum(({ texts }) => texts.runs)} texts (${fewer === 0 ? `${thousands(NIGHTLY)} or more each` : `**${thousands(NIGHTLY)} or more for ${whole.length} of them; for ${fewer} there was time for what the table says only**`}) and ${sum(({ repeated }) => repeated.runs)} repeated ones in`,
  `${sum(({ texts, repeated }) => texts.seconds + repeated.seconds)} s of processor time. ${broken.length === 0 ? 'Every promise was kept.' : `**Broken: ${broken.join('; ')}.**`}`,
  '',
  '| reader | files | texts | repeated texts | processor time |',
  '|---|---|---|---|---|',
  ...rows.map(
    ({ name, files, texts, repeated }) =>
      `| ${name.replaceAll('|', '\\|')} | ${files.map((file) => `\`${file}\``).join(', ')} | ${thousands(texts.runs)} | ${thousands(repeated.runs)} | ${(texts.seconds + repeated.seconds).toFixed(1)} s |`,
  ),
].join('\n');

const text = readFileSync(page, 'utf8');
const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (begin === -1 || end < begin) throw new Error(`docs/fuzzing.md has no ${BEGIN} … ${END}`);
writeFileSync(page, `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`);

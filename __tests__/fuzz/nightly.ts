// `nightly.js --list` names the rows as JSON; `nightly.js ROW RUNS SEED FILE` reads that many texts, and appends to the file a line of JSON for
// each kind of texts. Ends with 1 where a promise was broken. Started by scripts/fuzz.mjs, each row in a process of its own.
import { appendFileSync } from 'node:fs';
import { PARSERS } from './parsers/index.js';
import { fuzzRepeated, fuzzTexts, repeatedRuns } from './rows.js';

// Most texts are refused with an error, and nobody looks at its stack.
Error.stackTraceLimit = 3;

const [name, runs, seed, file] = process.argv.slice(2);

if (name === '--list') {
  const rows = PARSERS.map(({ name, files }) => ({ name, files }));
  process.stdout.write(`${JSON.stringify(rows)}\n`);
} else {
  const parser = PARSERS.find((one) => one.name === name);
  if (parser === undefined || file === undefined) throw new Error(`there is no row ${name}`);
  const [texts, repeated] = [Number(runs), repeatedRuns(Number(runs))];
  for (const outcome of [
    await fuzzTexts(parser, texts, Number(seed)),
    await fuzzRepeated(parser, repeated, Number(seed)),
  ]) {
    appendFileSync(file, `${JSON.stringify(outcome)}\n`);
    if (outcome.failed) {
      process.exitCode = 1;
      process.stderr.write(`${outcome.words}\n`);
    }
  }
}

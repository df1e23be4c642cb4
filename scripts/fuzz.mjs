// npm run fuzz [-- PART…]: the readers of outside text or bytes against 100,000 hostile texts each (FUZZ_RUNS), those whose names
// contain one of the words, or all of them. Each runs in a process of its own, so that one that ends its process fails alone, and without
// Jest, which takes several times as long. Prints what was run; FUZZ_RECORD=FILE keeps it as lines of JSON, which `npm run fuzz:page`
// writes into docs/fuzzing.md. FUZZ_SEED=N reads the texts of an earlier run again; --list names the rows as JSON.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, withCompiled } from './compiled.mjs';

/** A row that is not done by then does not end; in milliseconds. */
const MOST_MS = 3_600_000;
const wanted = process.argv.slice(2);
const runs = process.env.FUZZ_RUNS ?? '100000';
if (!/^[1-9]\d{0,8}$/.test(runs)) {
  process.stderr.write(`FUZZ_RUNS=${runs}: expected a number of texts, such as 100000\n`);
  process.exit(3);
}

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
const record = process.env.FUZZ_RECORD ?? join(folder, 'record');
try {
  process.exitCode = await withCompiled(['__tests__/fuzz/nightly.ts'], fuzz, '.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fuzz(_load, build) {
  // The samples are read from beside the sources.
  symlinkSync(join(root, '__tests__', 'recorded'), join(build, '__tests__', 'recorded'));
  const program = join(build, '__tests__', 'fuzz', 'nightly.js');
  const list = spawnSync(process.execPath, [program, '--list'], { encoding: 'utf8' });
  if (wanted[0] === '--list') {
    process.stdout.write(list.stdout);
    return 0;
  }
  const rows = JSON.parse(list.stdout).filter(
    ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
  );
  if (rows.length === 0) {
    const names = JSON.parse(list.stdout).map(({ name }) => name);
    process.stderr.write(
      `no reader is called ${wanted.join(' or ')}; there are: ${names.join('; ')}\n`,
    );
    return 3;
  }
  let broken = 0;
  for (const { name } of rows) {
    const seed = process.env.FUZZ_SEED ?? String(randomInt(2 ** 31));
    const own = join(folder, 'own');
    writeFileSync(own, '');
    const { status, signal } = spawnSync(process.execPath, [program, name, runs, seed, own], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: MOST_MS,
    });
    const text = readFileSync(own, 'utf8');
    const outcomes = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const when = { day: new Date().toISOString().slice(0, 10), node: process.versions.node };
    for (const outcome of outcomes)
      writeFileSync(record, `${JSON.stringify({ ...outcome, ...when })}\n`, { flag: 'a' });
    const told = outcomes.map(({ what, runs, seconds }) => `${runs} ${what} in ${seconds} s`);
    const again = ` (${signal ?? `exit code ${status}`}; again with FUZZ_SEED=${seed})`;
    if (status !== 0) broken += 1;
    process.stdout.write(
      `${status === 0 ? 'kept' : 'BROKEN'}  ${name}: ${told.join(', ') || 'it ended the process'}${status === 0 ? '' : again}\n`,
    );
  }
  return broken === 0 ? 0 : 1;
}

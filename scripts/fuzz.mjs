// npm run fuzz [-- PART…]: the readers of outside text or bytes against 100,000 hostile texts each (FUZZ_RUNS), those whose names
// contain one of the words, or all of them. Each runs in a process of its own, so that one that ends its process fails alone.
// Prints what was run; FUZZ_RECORD=FILE keeps it as lines of JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const wanted = process.argv.slice(2);
const page = readFileSync(new URL('../docs/fuzzing.md', import.meta.url), 'utf8');
/** The table of the page, which a test holds against the readers. */
const all = [...page.matchAll(/^\| (.+?) \| `src/gm)].map(([, name]) =>
  name.replaceAll('\\|', '|'),
);
const names = all.filter(
  (name) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
);
if (names.length === 0) {
  process.stderr.write(
    `no reader is called ${wanted.join(' or ')}; there are: ${all.join('; ')}\n`,
  );
  process.exit(3);
}

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
const record = process.env.FUZZ_RECORD ?? join(folder, 'record');
const pattern = (text) => `^${text.replace(/[^\w ]/g, '\\$&')} (?:keeps|takes|reads)`;
let failed = false;
for (const name of names) {
  const { status } = spawnSync(
    'npm',
    [
      'test',
      '--silent',
      '--',
      '__tests__/fuzz/fuzz.test.ts',
      '--silent=false',
      '-t',
      pattern(name),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { FUZZ_RUNS: '100000', ...process.env, FUZZ_RECORD: record },
      maxBuffer: 1 << 28,
    },
  );
  failed ||= status !== 0;
  process.stdout.write(`${status === 0 ? 'kept' : 'BROKEN'}  ${name}\n`);
}
for (const line of readFileSync(record, 'utf8').trim().split('\n')) {
  const { parser, what, runs, seed, path, failed: broken, seconds } = JSON.parse(line);
  const again = broken ? `, again with FUZZ_SEED=${seed}, path ${path}` : '';
  process.stdout.write(`${parser}: ${runs} ${what} in ${seconds} s${again}\n`);
}
rmSync(folder, { recursive: true, force: true });
process.exit(failed ? 1 : 0);

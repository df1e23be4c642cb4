// The part of `npm run bench` about reading an image's files: figures of the native program's `--scan`.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Fetched by the tests of the reader, from npm, with its hash pinned. */
const LIBRARY = 'node-llama-cpp-linux-x64-cuda-3.22.1/package/bins/linux-x64-cuda/libggml-cuda.so';

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Medians of the program's own time and of the process from outside, after one run that warms the cache; in ms. */
function scanned(probe, path, files) {
  const own = [];
  const whole = [];
  for (let round = 0; round < 8; round += 1) {
    const before = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(probe, ['--scan', path], {
      env: {},
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const ms = Number(process.hrtime.bigint() - before) / 1e6;
    const last = JSON.parse(stdout.trim().split('\n').at(-1));
    if (status !== 0 || last.files !== files)
      throw new Error(`--scan ${path}: exit ${status}, ${last.files} files: ${stderr}`);
    if (round === 0) continue;
    own.push(last.ms);
    whole.push(ms);
  }
  return { own: median(own), whole: median(whole) };
}

/** So many small files, 20 to a folder; a fifth of them have names that are opened. */
function fill(folder, count) {
  for (let at = 0; at < count; at += 1) {
    const inside = join(folder, `${Math.floor(at / 2000)}`, `${Math.floor(at / 20) % 100}`);
    if (at % 20 === 0) mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, `${at}.${['py', 'so', 'h', 'txt', 'pyc'][at % 5]}`), `file ${at}\n`);
  }
}

/** `figure(name, value, unit, limit)` prints one; `root` is the repository's. */
export function reader(root, figure) {
  const probe = join(root, 'dist/probe/cuda-image-probe-linux-x64');
  const library = join(root, '.lab/cache/binaries', LIBRARY);
  const folder = mkdtempSync(join(tmpdir(), 'bench-files-'));
  process.stdout.write('\nReading files (7 warm runs, medians)\n');
  try {
    const many = join(folder, 'many');
    fill(many, 100_000);
    const { own, whole } = scanned(probe, many, 100_000);
    figure('100,000 files, a fifth of them opened', own, 'ms', 3000);
    figure('the same, the whole process', whole, 'ms', 3000);
    rmSync(many, { recursive: true });
    if (!existsSync(library)) {
      process.stdout.write(
        '  The real library is not there; npm test -- __tests__/probe/npm-binaries fetches it.\n',
      );
      return;
    }
    const one = scanned(probe, library, 1);
    figure('device code of a real library of 159 MB', one.own, 'ms', 50);
    figure('the same, the whole process', one.whole, 'ms', 50);
    const image = join(folder, 'image');
    fill(image, 20_000);
    for (let at = 0; at < 6; at += 1) copyFileSync(library, join(image, `lib${at}.so`));
    figure('an image of 1 GB, 20,006 files', scanned(probe, image, 20_006).own, 'ms', 150);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

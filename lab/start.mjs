// Compiles the lab when a source is newer than its build, then runs it: Node 20 cannot load TypeScript by itself.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = dirname(fileURLToPath(import.meta.url));
const root = dirname(sources);
const built = join(root, '.lab', 'build');

/** Milliseconds since the epoch; 0 for a file that is not there. */
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const isFresh = readdirSync(sources, { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .every(
    (name) =>
      changedAt(join(built, name.replace(/\.ts$/, '.js'))) >= changedAt(join(sources, name)),
  );

if (!isFresh) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (changedAt(compiler) === 0) {
    process.stderr.write('The lab needs its compiler first: npm ci\n');
    process.exit(3);
  }
  try {
    execFileSync(process.execPath, [compiler, '-p', sources], { stdio: ['ignore', 2, 2] });
  } catch {
    process.exit(3);
  }
}

const entries = { demo: 'demo.js', torture: join('torture', 'main.js') };
await import(join(built, entries[process.argv[2]] ?? 'main.js'));

// Builds dist: tsc to JavaScript, then one minified bundle an entry. `--check` builds into a temporary folder and compares.
// ncc gets JavaScript only: its TypeScript loader needs a compiler API that TypeScript 7 does not have.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ncc from '@vercel/ncc';

// Entries start fast because what weighs is in files of its own, which they import at run time (`webpackIgnore` leaves such an
// import alone). In the sources those files lie in the importer's folder, here all lie in dist.
const ENTRIES = [
  'index',
  'post',
  'cli',
  'work',
  'changed',
  'engine/tar',
  'host/parsers',
  'registry',
  'platform/core',
  'platform/github',
];
const MAX_BYTES = 2 * 1024 * 1024;
const SHEBANG = '#!/usr/bin/env node\n';

const root = join(fileURLToPath(import.meta.url), '..', '..');

/** The files of dist that this script makes, as name -> text. Paths of this machine do not enter them. */
async function build() {
  const build = join(root, 'build');
  rmSync(build, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  writeFileSync(join(build, 'package.json'), '{"type":"module"}\n');
  const files = { 'package.json': '{\n  "type": "module"\n}\n' };
  const licences = new Map();
  for (const entry of ENTRIES) {
    const { code, assets } = await ncc(join(build, `${entry}.js`), {
      cache: false,
      minify: true,
      license: 'licenses.txt',
      quiet: true,
    });
    for (const name of Object.keys(assets)) {
      if (name !== 'licenses.txt' && name !== 'package.json')
        throw new Error(`${entry}.js brings an asset along: ${name}`);
    }
    for (const [name, text] of packagesOf(String(assets['licenses.txt']?.source ?? '')))
      licences.set(name, text);
    const bare = code.startsWith('#!') ? code.slice(code.indexOf('\n') + 1) : code;
    const name = `${entry.split('/').at(-1)}.js`;
    files[name] = name === 'cli.js' ? SHEBANG + bare : bare;
  }
  files['licenses.txt'] = [...licences]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join('\n');
  for (const [name, text] of Object.entries(files)) {
    if (Buffer.byteLength(text) > MAX_BYTES)
      throw new Error(`${name} has ${Buffer.byteLength(text)} bytes, and ${MAX_BYTES} is the most`);
    if (text.includes(root)) throw new Error(`${name} names the folder it was built in`);
  }
  return files;
}

/** ncc's licence file cut into packages: a name, the licence's id and its text, with an empty line before the next name. */
function packagesOf(text) {
  const parts = text.split(
    /\n\n(?=(?:@[\w.-]+\/)?[\w.-]+\n(?:[\w.-]+|\([^\n)]*\)|SEE LICENSE[^\n]*)\n)/,
  );
  return parts
    .filter((part) => part.trim() !== '')
    .map((part) => [part.split('\n', 1)[0], `${part.trim()}\n`]);
}

const files = await build();
if (process.argv.includes('--check')) {
  const different = Object.entries(files).filter(([name, text]) => {
    const path = join(root, 'dist', name);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  if (different.length > 0) {
    const folder = mkdtempSync(join(tmpdir(), 'dist-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const lines = different.map(([name, text]) => {
      const path = join(root, 'dist', name);
      const was = existsSync(path) ? `${readFileSync(path).length} bytes` : 'missing';
      return `  dist/${name}: committed ${was}, built ${Buffer.byteLength(text)} bytes`;
    });
    process.stderr.write(
      `dist is not what the sources build:\n${lines.join('\n')}\nRun "npm run build" and commit dist. What was built here is in ${folder}.\n`,
    );
    process.exitCode = 1;
  } else {
    process.stdout.write('dist is what the sources build\n');
  }
} else {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, 'dist', name);
    writeFileSync(path, text);
    if (name === 'cli.js') chmodSync(path, 0o755);
    process.stdout.write(`${name.padEnd(14)} ${Buffer.byteLength(text)}\n`);
  }
}

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { FINDING_IDS } from '../src/core/catalogue.js';

/** Jest runs in the repository's root. */
const ROOT = process.cwd();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const tracked = (): string[] =>
  execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
const sources = tracked().filter((path) => path.startsWith('src/') && path.endsWith('.ts'));

/** Folder of a source file below `src`; files directly in `src` are the `top` layer. */
const layerOf = (path: string): string => {
  const parts = relative('src', path).split('/');
  return parts.length > 1 ? (parts[0] ?? '') : 'top';
};

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const importsOf = (path: string): Import[] => {
  const text = read(path);
  const found: Import[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  for (const match of text.matchAll(statement))
    found.push({ from: path, specifier: match[2] ?? '', typeOnly: match[1] !== undefined });
  const dynamic = /\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?['"]([^'"]+)['"]\s*\)/g;
  for (const match of text.matchAll(dynamic))
    found.push({ from: path, specifier: match[1] ?? '', typeOnly: false });
  return found;
};

/** What each layer may import. `type:` entries may be imported as types only. */
const ALLOWED: Record<string, readonly string[]> = {
  knowledge: ['knowledge', 'type:core'],
  core: ['core', 'knowledge', 'semver'],
  recognise: ['recognise', 'core', 'knowledge'],
  report: ['report', 'core', 'picocolors', 'string-width', 'node:zlib', 'type:github'],
  syntax: ['syntax', 'yaml'],
  contract: ['contract', 'syntax', 'zod', 'yaml', 'core', 'type:report'],
  probe: ['probe', 'core', 'node:crypto', 'type:engine', 'type:image', 'type:platform'],
  host: ['host', 'core', 'syntax', 'fast-xml-parser', 'type:engine', 'type:platform'],
  image: ['image', 'core', 'type:engine', 'type:platform'],
  changes: ['changes', 'discover', 'image', 'type:platform'],
  github: ['github', 'changes', 'node:crypto', 'type:platform'],
  discover: ['discover', 'image', 'syntax', 'yaml', 'dockerfile-ast'],
  registry: ['registry', 'image', 'node:crypto', 'type:core', 'type:platform'],
  engine: ['engine', 'core', 'image', 'tar-stream', 'type:platform'],
  platform: ['platform', 'core', '@actions/core', '@actions/github', 'node:*', 'type:report'],
};

const targetOf = ({ from, specifier }: Import): string => {
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(ROOT, join(ROOT, dirname(from), specifier));
  return layerOf(path);
};

const isAllowed = (layer: string, imported: Import): boolean => {
  const target = targetOf(imported);
  const allowed = ALLOWED[layer] ?? [];
  if (allowed.includes(target)) return true;
  if (imported.typeOnly && allowed.includes(`type:${target}`)) return true;
  return allowed.includes('node:*') && target.startsWith('node:');
};

describe('layers', () => {
  it('knows every folder of src', () => {
    const layers = new Set(sources.map(layerOf));
    layers.delete('top');
    expect([...layers].filter((layer) => !(layer in ALLOWED))).toEqual([]);
  });

  it('keeps each layer to what it may import', () => {
    const offences = sources
      .filter((path) => layerOf(path) !== 'top')
      .flatMap(importsOf)
      .filter((imported) => !isAllowed(layerOf(imported.from), imported))
      .map(({ from, specifier }) => `${from} imports ${specifier}`);
    expect(offences).toEqual([]);
  });

  it('makes real adapters only in the entries', () => {
    const adapters = /platform\/(shell|files|clock|publisher|workflow|api)\.js$/;
    const makers = sources
      .filter((path) => layerOf(path) === 'top')
      .filter((path) =>
        importsOf(path).some(({ specifier, typeOnly }) => !typeOnly && adapters.test(specifier)),
      );
    expect(
      makers.filter((path) => !['src/index.ts', 'src/post.ts', 'src/cli.ts'].includes(path)),
    ).toEqual([]);
  });

  it('finds imports at all', () => {
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(100);
  });
});

describe('the catalogue', () => {
  it.each(FINDING_IDS)('%s has a docs page with the four sections', (id) => {
    const page = read(`docs/findings/${id}.md`);
    for (const heading of ['What we saw', 'Why it fails', 'How to fix', 'When this is wrong'])
      expect(page).toMatch(new RegExp(`^## ${heading}`, 'm'));
    expect(page.split('\n')[0]).toBe(`# ${id}`);
  });

  it('has no docs page without a finding', () => {
    const pages = readdirSync(join(ROOT, 'docs/findings')).map((name) => name.replace(/\.md$/, ''));
    expect(
      pages.filter((name) => name !== 'README' && !(FINDING_IDS as string[]).includes(name)),
    ).toEqual([]);
  });
});

describe('the index of findings', () => {
  it('is what the catalogue says', () => {
    const after = execFileSync('node', ['scripts/findings-index.mjs', '--print'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(after).toBe(read('docs/findings/README.md'));
    expect(after.match(/^\| \[/gm)?.length).toBe(FINDING_IDS.length);
  });
});

/** What can be abused in them is looked for by `__tests__/workflows`. */
describe('workflows', () => {
  it('has a gate that needs every other job of ci.yml', () => {
    const { jobs } = parse(read('.github/workflows/ci.yml'));
    const others = Object.keys(jobs).filter((job) => job !== 'all-passed');
    expect([...jobs['all-passed'].needs].sort()).toEqual(others.sort());
  });
});

describe('the action', () => {
  const action = parse(read('action.yml'));

  it('runs files that exist', () => {
    expect(action.runs.using).toBe('node24');
    expect(existsSync(join(ROOT, action.runs.main))).toBe(true);
    expect(existsSync(join(ROOT, action.runs.post))).toBe(true);
  });

  it('is described in the README exactly as in action.yml', () => {
    const before = read('README.md');
    const after = execFileSync('node', ['scripts/readme.mjs', '--print'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(after).toBe(before);
  });
});

describe('the repository', () => {
  it('holds no path or host of the machine it was made on', () => {
    const names = ['/wo' + 'rk/', '/fa' + 'rm/', 'npmjs.' + 'org/', 'deb.debian.' + 'org'];
    const offences = tracked()
      .filter(
        (path) =>
          !path.startsWith('dist/') && !/\.(png|bin)$/.test(path) && existsSync(join(ROOT, path)),
      )
      .flatMap((path) => {
        const text = read(path);
        return names.filter((name) => text.includes(name)).map((name) => `${path}: ${name}`);
      });
    expect(offences).toEqual([]);
  });

  it('keeps download addresses out of the lock file', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});

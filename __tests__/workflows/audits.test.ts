import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { PAGES, type Snippet, snippetsOf } from '../docs/yaml-snippets.js';
import { AUDITS, STRICT, type Workflow } from './audits.js';

const FOLDER = '.github/workflows';
const OWN = readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`);
const read = (path: string): Workflow => parse(readFileSync(path, 'utf8'));

const found = (workflow: Workflow, audits: typeof AUDITS): string[] =>
  Object.entries(audits).flatMap(([name, audit]) =>
    audit(workflow).map((where) => `${name}: ${where}`),
  );

/** The scopes that a job may write, by file: everything else reads. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  [`${FOLDER}/codeql.yml`]: ['security-events'],
  [`${FOLDER}/release.yml`]: ['attestations', 'contents', 'id-token'],
};

describe('the workflows of this repository', () => {
  it('are found', () => {
    expect(OWN.length).toBeGreaterThanOrEqual(6);
  });

  it.each(OWN)('%s passes every audit', (path) => {
    const workflow = read(path);
    expect([...found(workflow, AUDITS), ...found(workflow, STRICT)]).toEqual([]);
  });

  it.each(OWN)('%s writes no more than it must, and names the release of what it uses', (path) => {
    const text = readFileSync(path, 'utf8');
    const writes = [...text.matchAll(/^ +([\w-]+): write\b/gm)].map(([, scope]) => scope);
    expect([...new Set(writes)].sort()).toEqual(WRITES[path] ?? []);
    const uses = [...text.matchAll(/uses: (\S+)(.*)$/gm)].filter(([, name]) => name !== './');
    for (const [line, , rest = ''] of uses)
      expect([line, rest]).toEqual([line, expect.stringMatching(/^ # v\d+\.\d+\.\d+$/)]);
  });
});

/** The one that reads a fork's image in the context of the base: it checks nothing out and runs nothing of the pull request. */
const FOR_FORKS = 'docs/recipes/pull-request-comment.md';
const isForForks = ({ file, text }: Snippet): boolean =>
  file === FOR_FORKS && /^on: pull_request_target$/m.test(text);

const SNIPPETS = PAGES.flatMap(snippetsOf).filter(({ text }) => /^jobs:/m.test(text));

describe('the workflows that the documentation shows', () => {
  it('are found', () => {
    expect(SNIPPETS.length).toBeGreaterThanOrEqual(15);
  });

  it.each(SNIPPETS.map((one) => [`${one.file}:${one.line}`, one] as const))(
    '%s passes the audits of what a reader pastes',
    (_place, one) => {
      const expected = isForForks(one) ? ['dangerous-triggers: pull_request_target'] : [];
      expect(found(parse(one.text), AUDITS)).toEqual(expected);
    },
  );

  it('run nothing of a fork where the token can write', () => {
    const all = SNIPPETS.filter(isForForks);
    expect(all).toHaveLength(1);
    for (const { text } of all) {
      expect(text).toMatch(/^ +mode: predict$/m);
      expect(text).not.toMatch(/checkout|self-hosted|\brun:|contents: write/);
    }
  });
});

const WRONG: Readonly<Record<string, string>> = {
  'dangerous-triggers': 'on: [push, pull_request_target]',
  'excessive-permissions': 'jobs: { a: { permissions: write-all } }',
  'template-injection': 'jobs: { a: { steps: [{ run: "echo ${{ github.head_ref }}" }] } }',
  artipacked: 'jobs: { a: { steps: [{ uses: actions/checkout@v4 }] } }',
  'secrets-inherit': 'jobs: { a: { uses: ./x.yml, secrets: inherit } }',
  'overprovisioned-secrets': 'env: { A: "${{ toJSON(secrets) }}" }',
  'unredacted-secrets': 'env: { A: "${{ fromJSON(secrets.A).b }}" }',
  'hardcoded-container-credentials':
    'jobs: { a: { container: { image: a, credentials: { username: a, password: b } } } }',
  'insecure-commands': 'env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }',
  'bot-conditions': `jobs: { a: { if: "github.actor == 'dependabot[bot]'" } }`,
  'unsound-condition': 'jobs: { a: { if: "${{ false }}\\n" } }',
  'unsound-contains': `jobs: { a: { if: "contains('main develop', github.ref)" } }`,
  'adhoc-packages': 'jobs: { a: { steps: [{ run: npm install left-pad }] } }',
  'unpinned-uses': 'jobs: { a: { steps: [{ uses: actions/checkout@v4 }] } }',
  'unpinned-images': 'jobs: { a: { container: "node:24" } }',
  'github-env': 'jobs: { a: { steps: [{ run: \'echo A=b >> "$GITHUB_ENV"\' }] } }',
  'cache-poisoning':
    'jobs: { a: { permissions: { contents: write }, steps: [{ uses: actions/setup-node@v6, with: { cache: npm } }] } }',
  'secrets-outside-env': 'jobs: { a: { steps: [{ env: { A: "${{ secrets.A }}" } }] } }',
  'self-hosted-runner': 'jobs: { a: { runs-on: [self-hosted, gpu] } }',
};

describe('an audit', () => {
  it.each(Object.keys({ ...AUDITS, ...STRICT }))('%s finds what it is for', (name) => {
    const workflow: Workflow = parse(WRONG[name] ?? '');
    const audits = [AUDITS[name], STRICT[name]].filter((audit) => audit !== undefined);
    expect(audits.length).toBeGreaterThan(0);
    for (const audit of audits) expect(audit(workflow)).not.toEqual([]);
  });
});

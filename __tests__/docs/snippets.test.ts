import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, parseDocument } from 'yaml';
import { parseFleet } from '../../src/contract/fleet.js';
import { parseWaivers } from '../../src/contract/waivers.js';
import { whyNoPattern } from '../../src/image/pattern.js';
import { parseInputs } from '../../src/inputs.js';
import { gpuProblem } from '../../src/runners.js';
import { PAGES as pages, type Snippet, snippetsOf } from './yaml-snippets.js';

/** Every piece of YAML that the documentation shows is one that somebody pastes: each is read as what it is, strictly. */

const action: { inputs: Record<string, unknown>; outputs: Record<string, unknown> } = parse(
  readFileSync('action.yml', 'utf8'),
);

type Value = Record<string, unknown>;
const isMap = (value: unknown): value is Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
const WORKFLOW_KEYS = words('name run-name on permissions env defaults concurrency jobs');
const JOB_KEYS =
  words(`name permissions needs if runs-on environment concurrency outputs env defaults steps timeout-minutes strategy
  continue-on-error container services uses with secrets`);
const STEP_KEYS = words(
  'id if name uses run working-directory shell with env continue-on-error timeout-minutes',
);
const EVENTS = words(
  'push pull_request pull_request_target merge_group schedule workflow_dispatch workflow_call',
);
const SCOPES =
  words(`actions attestations checks contents deployments discussions id-token issues packages pages pull-requests
  security-events statuses`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** What is wrong with the keys of a map. */
const strange = (map: Value, known: ReadonlySet<string>, where: string): string[] =>
  Object.keys(map)
    .filter((key) => !known.has(key))
    .map((key) => `${where} has no key ${key}`);

function permissionProblems(value: unknown, where: string): string[] {
  if (value === undefined) return [];
  if (!isMap(value)) return [`${where}: permissions are a map of scopes`];
  return Object.entries(value).flatMap(([scope, level]) =>
    SCOPES.has(scope) && ['read', 'write', 'none'].includes(String(level))
      ? []
      : [`${where}: no permission ${scope}: ${level}`],
  );
}

/** Ours in a workflow, under whatever owner it is mirrored. */
const isOurs = (uses: unknown): boolean => /(?:^|\/)cuda-image-check@/.test(String(uses));

/** An expression is known when the workflow runs only: something that such an input may have stands in for it. */
const sample = (value: unknown): string =>
  String(value).replaceAll(/\$\{\{.*?\}\}/g, (expression) =>
    /matrix\.gpus/.test(expression) ? 'all' : 'one',
  );

function inputProblems(given: unknown, where: string): string[] {
  const inputs = isMap(given) ? given : {};
  const unknown = strange(inputs, new Set(Object.keys(action.inputs)), `${where}: with`);
  const parsed = parseInputs((name) => {
    const value = inputs[name];
    return value === undefined ? undefined : sample(value);
  });
  return [
    ...unknown,
    ...(parsed.ok ? [] : parsed.mistakes.map((mistake) => `${where}: ${JSON.stringify(mistake)}`)),
  ];
}

function stepProblems(step: unknown, where: string): string[] {
  if (!isMap(step)) return [`${where} is no step`];
  const { uses, run } = step;
  return [
    ...strange(step, STEP_KEYS, where),
    ...((uses === undefined) === (run === undefined) ? [`${where}: either uses or run`] : []),
    ...(uses === undefined || /^(?:[\w.-]+\/[\w./-]+@[\w.-]+|\.\/\S*)$/.test(String(uses))
      ? []
      : [`${where}: uses ${uses} names no release`]),
    ...(isOurs(uses) ? inputProblems(step['with'], where) : []),
    // Text from outside belongs into the environment, not into a script.
    ...(/\$\{\{\s*(?:github\.event|steps\.)/.test(String(run ?? ''))
      ? [`${where}: an expression in a script`]
      : []),
  ];
}

/** The steps, jobs, outputs and matrix keys that a job's expressions name have to be there. */
function expressionProblems(job: Value, jobs: Value, where: string): string[] {
  const steps = listOf(job['steps']).filter(isMap);
  const needs = listOf(job['needs']).map(String);
  const strategy = isMap(job['strategy']) ? job['strategy'] : {};
  const matrix = isMap(strategy['matrix']) ? strategy['matrix'] : {};
  const legs = [matrix, ...listOf(matrix['include']).filter(isMap)].flatMap(Object.keys);
  const text = JSON.stringify(job);
  const all = (pattern: RegExp) => [...text.matchAll(pattern)];
  return [
    ...needs.filter((name) => !(name in jobs)).map((name) => `${where}: no job ${name}`),
    ...all(/\bneeds\.([\w-]+)\.(?:result|outputs\.([\w-]+))/g).flatMap(([, name = '', output]) => {
      const needed = jobs[name];
      const outputs = isMap(needed) && isMap(needed['outputs']) ? needed['outputs'] : {};
      return needs.includes(name) && (output === undefined || output in outputs)
        ? []
        : [`${where}: needs.${name} ${output ?? ''}`];
    }),
    ...all(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g).flatMap(([, id = '', output = '']) => {
      const step = steps.find((one) => one['id'] === id);
      const known = step !== undefined && (!isOurs(step['uses']) || output in action.outputs);
      return known ? [] : [`${where}: no output steps.${id}.outputs.${output}`];
    }),
    ...all(/\bmatrix\.([\w-]+)/g)
      .filter(([, key = '']) => !legs.includes(key))
      .map(([, key]) => `${where}: no matrix.${key}`),
  ];
}

function jobProblems(name: string, job: unknown, jobs: Value): string[] {
  if (!isMap(job)) return [`job ${name} is none`];
  const where = `job ${name}`;
  return [
    ...strange(job, JOB_KEYS, where),
    ...permissionProblems(job['permissions'], where),
    ...(job['uses'] === undefined && job['runs-on'] === undefined ? [`${where}: runs-on`] : []),
    ...listOf(job['steps']).flatMap((step, at) => stepProblems(step, `${where}, step ${at + 1}`)),
    ...expressionProblems(job, jobs, where),
  ];
}

function workflowProblems(workflow: Value): string[] {
  const jobs = isMap(workflow['jobs']) ? workflow['jobs'] : {};
  const on = workflow['on'];
  const events = isMap(on) ? Object.keys(on) : listOf(on).map(String);
  return [
    ...strange(workflow, WORKFLOW_KEYS, 'the workflow'),
    ...events.filter((event) => !EVENTS.has(event)).map((event) => `no event ${event}`),
    ...permissionProblems(workflow['permissions'], 'the workflow'),
    ...Object.entries(jobs).flatMap(([name, job]) => jobProblems(name, job, jobs)),
  ];
}

/** What is wrong with a snippet; one that is of no known kind is wrong. */
function problemsOf({ file, text }: Snippet): string[] {
  const document = parseDocument(text, { uniqueKeys: true });
  const syntax = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (syntax.length > 0) return syntax;
  const value: unknown = document.toJS();
  const schema = isMap(value) ? String(value['schema'] ?? '') : '';
  if (schema.startsWith('cuda-image-check/gpu-fleet@')) {
    const fleet = parseFleet(text, file, gpuProblem);
    return fleet.ok ? [] : [...fleet.problems];
  }
  if (schema.startsWith('cuda-image-check/gpu-waivers@')) {
    const waivers = parseWaivers(text, file, whyNoPattern);
    return waivers.ok ? [] : [...waivers.problems];
  }
  if (isMap(value) && 'jobs' in value) return workflowProblems(value);
  if (Array.isArray(value))
    return value.flatMap((step, at) => stepProblems(step, `step ${at + 1}`));
  return ['neither a workflow, nor steps, nor a fleet file, nor a waiver file'];
}

const SNIPPETS = pages.flatMap(snippetsOf);

describe('YAML in the documentation', () => {
  it('is found', () => {
    expect(SNIPPETS.length).toBeGreaterThanOrEqual(20);
  });

  it.each(SNIPPETS.map((one) => [`${one.file}:${one.line}`, one] as const))('%s', (_at, one) => {
    expect(problemsOf(one)).toEqual([]);
  });

  it.each([
    ['an input that there is not', 'with: { image: a }', /no key image/],
    ['a value that an input does not take', 'with: { images: a, engine: lxc }', /engine/],
    ['a step of two kinds', 'run: echo', /either uses or run/],
  ])('refuses %s', (_name, line, problem) => {
    const text = `- uses: cuda-image-check/cuda-image-check@v0.1.0\n  ${line}\n`;
    expect(problemsOf({ file: 'x', line: 1, text }).join('\n')).toMatch(problem);
  });

  it('refuses outputs, jobs and matrix keys that there are not', () => {
    const text = `jobs:
  a:
    needs: b
    runs-on: x
    steps:
      - id: check
        uses: cuda-image-check/cuda-image-check@v0.1.0
        with: { images: a, html: "\${{ matrix.gone }}-\${{ steps.check.outputs.gone }}" }
`;
    const problems = problemsOf({ file: 'x', line: 1, text }).join('\n');
    for (const part of ['no job b', 'no matrix.gone', 'steps.check.outputs.gone'])
      expect(problems).toContain(part);
  });
});

const recipes = pages.filter((path) => /^docs\/recipes\/(?!README|self-check)/.test(path));

describe('recipes', () => {
  it.each(recipes)('%s has a whole workflow', (path) => {
    const whole = snippetsOf(path).map(({ text }) => parse(text));
    const names = ['on', 'jobs', 'permissions'];
    expect(whole.some((one) => isMap(one) && names.every((name) => name in one))).toBe(true);
  });

  it('has an index with every one of them', () => {
    const index = readFileSync('docs/recipes/README.md', 'utf8');
    const files = pages.filter((path) => path.startsWith('docs/recipes/') && !/README/.test(path));
    for (const path of files) expect(index).toContain(`(${path.replace('docs/recipes/', '')})`);
  });
});

describe('links in the documentation', () => {
  it.each(pages)('%s leads to files that are there', (path) => {
    const folder = path.includes('/') ? path.replace(/\/[^/]*$/, '/') : '';
    const targets = [
      ...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g),
    ];
    const known = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0');
    for (const [, target = ''] of targets) {
      const to = new URL(target, `file:///${folder}`).pathname.slice(1);
      const there = known.some((one) => one === to || one.startsWith(`${to.replace(/\/$/, '')}/`));
      expect([target, there]).toEqual([target, true]);
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { ALLOWED_OPTIONS } from '../../src/container-options.js';
import { INPUT_DEFAULTS, INPUT_NAMES, parseInputs } from '../../src/inputs.js';

const read = (given: Record<string, string>) => parseInputs((name) => given[name]);
const mistakes = (given: Record<string, string>) => {
  const parsed = read(given);
  return parsed.ok ? [] : parsed.mistakes;
};

describe('action.yml', () => {
  const action = parse(readFileSync('action.yml', 'utf8'));

  it('has the inputs of the program with their defaults', () => {
    const listed = Object.entries(action.inputs as Record<string, { default?: string }>);
    expect(listed.map(([name]) => name)).toEqual([...INPUT_NAMES]);
    // What the runner fills in has no default of its own.
    const own = (text = '') => (text.startsWith('${{') ? '' : text);
    expect(Object.fromEntries(listed.map(([name, input]) => [name, own(input.default)]))).toEqual(
      INPUT_DEFAULTS,
    );
  });

  it('uses expressions only where the runner evaluates them: in defaults', () => {
    const described = Object.values(action.inputs as Record<string, { description: string }>);
    expect(described.filter(({ description }) => description.includes('${{'))).toEqual([]);
    expect(action.inputs.token.default).toMatch(/^\$\{\{ github\.token \}\}$/);
    expect(action.inputs.matrix.default).toMatch(/^\$\{\{ toJSON\(matrix\) \}\}$/);
  });

  it('names every option that container-options takes', () => {
    for (const option of ALLOWED_OPTIONS)
      expect(action.inputs['container-options'].description).toContain(`\`${option}`);
  });
});

describe('parseInputs', () => {
  it('needs only an image', () => {
    expect(read({ images: 'busybox' })).toMatchObject({
      ok: true,
      inputs: {
        gpus: { kind: 'all' },
        engine: 'docker',
        pull: 'missing',
        pullTimeoutMs: 1_800_000,
        timeoutMs: 300_000,
        containerOptions: [],
        concurrency: 4,
        failOn: ['fails', 'unknown'],
        annotations: true,
      },
    });
  });

  it('takes auto for the images of the repository, with a base', () => {
    expect(read({ images: 'auto' })).toMatchObject({
      ok: true,
      inputs: { auto: true, images: [] },
    });
    expect(read({ images: 'auto', base: 'origin/main' })).toMatchObject({
      ok: true,
      inputs: { auto: true, base: 'origin/main' },
    });
    expect(read({ images: 'auto:latest' })).toMatchObject({ ok: true, inputs: { auto: false } });
    expect(mistakes({ images: 'a', base: 'main' })).toMatchObject([
      { input: 'base', value: 'main' },
    ]);
    for (const base of ['--upload-pack=x', 'a b', 'a\nb'])
      expect(mistakes({ images: 'auto', base })).toMatchObject([{ input: 'base', value: base }]);
  });

  it('takes lists by line and by comma, once each, in order', () => {
    const parsed = read({ images: ' a:1 \n\n b:2, c:3,\n a:1 ' });
    expect(parsed.ok && parsed.inputs.images.map(({ raw }) => raw)).toEqual(['a:1', 'b:2', 'c:3']);
  });

  it.each([
    ['all', { kind: 'all' }],
    ['2', { kind: 'count', count: 2 }],
    ['0,1', { kind: 'devices', devices: ['0', '1'] }],
    ['device=0', { kind: 'devices', devices: ['0'] }],
    ['GPU-8f3c0000-1111', { kind: 'devices', devices: ['GPU-8f3c0000-1111'] }],
    ['device=0:1,MIG-GPU-1/2/3', { kind: 'devices', devices: ['0:1', 'MIG-GPU-1/2/3'] }],
    ['nvidia.com/gpu=all', { kind: 'cdi', names: ['nvidia.com/gpu=all'] }],
    [
      'nvidia.com/gpu=0,nvidia.com/gpu=GPU-8f3c0000-1111,nvidia.com/gpu=1:0',
      {
        kind: 'cdi',
        names: ['nvidia.com/gpu=0', 'nvidia.com/gpu=GPU-8f3c0000-1111', 'nvidia.com/gpu=1:0'],
      },
    ],
  ])('takes gpus %s', (gpus, request) => {
    const parsed = read({ images: 'a', gpus });
    expect(parsed.ok && parsed.inputs.gpus).toEqual(request);
  });

  it.each([
    ['90', 90_000],
    ['1500ms', 1_500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('takes a time of %s', (timeout, ms) => {
    const parsed = read({ images: 'a', timeout });
    expect(parsed.ok && parsed.inputs.timeoutMs).toBe(ms);
  });

  it.each([
    ['fails', ['fails']],
    ['unknown, fails', ['fails', 'unknown']],
    ['never', []],
  ])('takes fail-on %s', (failOn, verdicts) => {
    const parsed = read({ images: 'a', 'fail-on': failOn });
    expect(parsed.ok && parsed.inputs.failOn).toEqual(verdicts);
  });

  it.each([
    ['images', ''],
    ['images', ' , \n'],
    ['images', '-v'],
    ['images', 'ok,--privileged'],
    ['images', 'имя'],
    ['images', 'a'.repeat(300)],
    ['gpus', '0'],
    ['gpus', 'some'],
    ['gpus', '-1'],
    ['gpus', '"device=0"'],
    ['gpus', 'nvidia.com/gpu'],
    ['gpus', 'nvidia.com/gpu='],
    ['gpus', 'nvidia.com/gpu=0,1'],
    ['gpus', 'vendor.com/net=eth0'],
    ['gpus', 'evil-nvidia.com/gpu=0'],
    ['gpus', 'device=nvidia.com/gpu=0'],
    ['engine', 'Docker'],
    ['engine', 'rkt'],
    ['pull', 'sometimes'],
    ['timeout', '0'],
    ['timeout', '1.5m'],
    ['timeout', '48h'],
    ['timeout', '-5'],
    ['pull-timeout', 'soon'],
    ['concurrency', '0'],
    ['concurrency', '17'],
    ['concurrency', '2.5'],
    ['fail-on', 'works'],
    ['fail-on', 'fails,maybe'],
    ['fail-on', 'never,fails'],
    ['report', 'a\u0000b'],
    ['annotations', 'yes'],
    ['comment', 'true'],
    ['comment', 'on-success'],
    ['check-run', 'a\nb'],
    ['check-run', 'x'.repeat(101)],
    ['container-options', '--privileged'],
  ])('refuses %s: %j with input, value, what is allowed and what to do', (input, value) => {
    const found = mistakes({ images: 'busybox', [input]: value || ' ' });
    expect(found).toHaveLength(1);
    expect(found[0]?.input).toBe(input);
    for (const part of [found[0]?.why, found[0]?.allowed, found[0]?.fix]) expect(part).toBeTruthy();
  });

  it.each([
    ['false', false],
    ['True', true],
    ['GPU image', 'GPU image'],
  ])('takes check-run %s', (text, checkRun) => {
    expect(read({ images: 'a', 'check-run': text })).toMatchObject({ inputs: { checkRun } });
  });

  it('takes when to comment', () => {
    for (const comment of ['never', 'on-failure', 'always'])
      expect(read({ images: 'a', comment })).toMatchObject({ inputs: { comment } });
  });

  it('reports all mistakes at once', () => {
    expect(
      mistakes({
        images: 'UPPER, -x, fine',
        engine: 'x',
        pull: 'x',
        timeout: 'x',
        'container-options': '--privileged -v /:/h',
      }).map(({ input, value }) => `${input} ${value}`),
    ).toEqual([
      'images UPPER',
      'images -x',
      'engine x',
      'pull x',
      'timeout x',
      'container-options --privileged',
      'container-options -v',
    ]);
  });

  it('answers any text', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...INPUT_NAMES),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (name, value) => {
          const parsed = read({ images: 'busybox', [name]: value });
          expect(parsed.ok || parsed.mistakes.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { batches, checkRunName } from '../../src/github/check-run.js';
import { stepPlace } from '../../src/github/place.js';
import type { ImageReport, Report } from '../../src/report/report.js';
import { error, type FakeGitHub, startGitHub, TOKEN } from '../fakes/github.js';
import { driverTooOld, hugeReport } from '../report/examples.js';
import { image, pairFacts, report } from '../report/reports.js';
import { ENV, HEAD, type StepOptions, step } from './steps.js';

const FAILS = report([driverTooOld()]);
const WORKS = report([image(pairFacts())]);

let github: FakeGitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterEach(() => {
  expect(github.problems).toEqual([]);
  github.reset();
});
afterAll(() => github.close());

const check = (which: Report = FAILS, options: StepOptions = {}) =>
  step(github.url, which, { checkRun: true, ...options });

/** An image each line of a workflow names, each with a cause of its own. */
const inFile = (count: number): Report =>
  report(
    Array.from({ length: count }, (_, at): ImageReport => {
      const source = {
        file: '.github/workflows/gpu.yml',
        line: at + 1,
        column: 7,
        endLine: at + 1,
        endColumn: 30,
        kind: 'container',
      };
      return { ...driverTooOld(`registry.example.com/image-${at}:1`), source };
    }),
  );

describe('the check run', () => {
  it('is on the head of the pull request, concluded, and links to the run', async () => {
    const { lines, notices } = await check();
    expect(notices).toEqual([]);
    const [run] = github.checkRuns;
    expect(run).toMatchObject({
      name: 'GPU image: CI / gpu',
      head_sha: HEAD,
      conclusion: 'failure',
      details_url: 'https://github.com/acme/vision/actions/runs/1',
      annotations: [{ path: '.github', start_line: 1, annotation_level: 'failure' }],
    });
    expect(run?.external_id).toMatch(/^[0-9a-f]{64}:1\.1$/);
    expect(run?.title).toMatch(/^fails: Driver 535\.104\.05 is too old/);
    expect(run?.summary).toContain('**What was seen**');
    expect(lines).toEqual([
      `Check run "GPU image: CI / gpu": https://github.com/acme/vision/runs/${run?.id}`,
    ]);
  });

  it.each([
    ['success', WORKS],
    ['failure', FAILS],
    ['neutral', report([driverTooOld()], true)],
  ] as const)('%s', async (conclusion, which) => {
    await check(which);
    expect(github.checkRuns).toMatchObject([{ conclusion }]);
  });

  it('sends 120 annotations as 50, 50 and 20', async () => {
    await check(inFile(120));
    const [run] = github.checkRuns;
    expect(run?.annotations).toHaveLength(120);
    expect(new Set(run?.annotations.map(({ start_line }) => start_line)).size).toBe(120);
    expect(github.requests).toEqual([
      'POST /repos/acme/vision/check-runs',
      `PATCH /repos/acme/vision/check-runs/${run?.id}`,
      `PATCH /repos/acme/vision/check-runs/${run?.id}`,
    ]);
  });

  it('keeps its conclusion where the rest of the annotations is not taken, and says how many are there', async () => {
    github.fault = (request) =>
      request.startsWith('PATCH') ? error(403, 'Resource not accessible') : undefined;
    const { notices } = await check(inFile(120));
    expect(github.checkRuns).toMatchObject([{ conclusion: 'failure' }]);
    expect(notices[0]?.message).toContain('50 annotations are there');
  });

  it('keeps to its limits with 3,000 findings', async () => {
    await check(hugeReport());
    const [run] = github.checkRuns;
    expect(run?.summary.length).toBeLessThanOrEqual(65_535);
    expect(run?.title.length).toBeLessThanOrEqual(255);
    expect(run?.annotations.length).toBeLessThanOrEqual(600);
    expect(github.requests.length).toBeLessThanOrEqual(12);
  });

  it('is made beside a comment that cannot be', async () => {
    github.tokens.set(TOKEN, { login: 'github-actions[bot]', writes: ['checks'] });
    const { notices } = await check(FAILS, { comment: 'always' });
    expect(notices.map(({ title }) => title)).toEqual(['No pull-request comment']);
    expect(github.checkRuns).toHaveLength(1);
  });

  it('403: says which permission is missing, or that a person cannot make one', async () => {
    github.tokens.set(TOKEN, { login: 'github-actions[bot]', writes: ['comments'] });
    const { notices } = await check();
    expect(notices[0]?.message).toContain('permissions: { checks: write }');
    github.fault = () => error(403, 'You must authenticate via a GitHub App.');
    expect((await check()).notices[0]?.message).toContain('A personal token cannot');
  });

  it('422: a commit that the repository does not have', async () => {
    const refused = error(422, `No commit found for SHA: ${HEAD}`);
    github.fault = () => refused;
    expect((await check()).notices[0]?.message).toContain('No commit found');
  });

  it.each([
    ['push', { ref: 'refs/heads/main', payload: {} }, 'b'.repeat(40)],
    ['workflow_dispatch', { ref: 'refs/heads/main', payload: {} }, 'b'.repeat(40)],
    [
      'merge_group',
      { ref: '', payload: { merge_group: { head_sha: 'd'.repeat(40) } } },
      'd'.repeat(40),
    ],
    ['workflow_run', { ref: '', payload: { workflow_run: { head_sha: HEAD } } }, HEAD],
  ])('of %s is on the commit that it is about', async (name, event, sha) => {
    await check(WORKS, { event: { name, ...event } });
    expect(github.checkRuns).toMatchObject([{ head_sha: sha }]);
  });

  it('is not made where the event does not say which commit was checked', async () => {
    const payload = { issue: { number: 7, pull_request: {} } };
    const { notices } = await check(WORKS, { event: { name: 'issue_comment', ref: '', payload } });
    expect(notices[0]?.message).toContain('does not say which commit');
    expect(github.requests).toEqual([]);
  });
});

describe('checkRunName', () => {
  const place = (matrix: string) => {
    const made = stepPlace({ ...ENV, GITHUB_RUN_ID: '1' }, matrix);
    if ('missing' in made) throw new Error(made.missing);
    return made;
  };

  it.each([
    [true, 'null', 'GPU image: CI / gpu'],
    [true, '{"gpu":"a100"}', 'GPU image: CI / gpu (a100)'],
    ['GPU', 'null', 'GPU'],
    ['GPU', '{"gpu":"a100","driver":550}', 'GPU (a100, 550)'],
    ['GPU on a100, driver 550', '{"gpu":"a100","driver":550}', 'GPU on a100, driver 550'],
    ['GPU on a100', '{"gpu":"a100","driver":550}', 'GPU on a100 (a100, 550)'],
  ])('%j in %s', (given, matrix, name) => {
    expect(checkRunName(given as true | string, place(matrix))).toBe(name);
  });

  it('is never longer than a check’s name may be', () => {
    const long = JSON.stringify({ a: 'x'.repeat(1000) });
    expect(checkRunName('y'.repeat(100), place(long)).length).toBeLessThanOrEqual(200);
    expect(checkRunName(true, place(long)).length).toBeLessThanOrEqual(200);
  });
});

describe('batches', () => {
  it('are at most 50 each, in order, and at least one', () => {
    for (const count of [0, 1, 49, 50, 51, 100, 120]) {
      const all = Array.from({ length: count }, (_, at) => at);
      const made = batches(all);
      expect(made.flat()).toEqual(all);
      expect(made).toHaveLength(Math.max(1, Math.ceil(count / 50)));
    }
  });
});

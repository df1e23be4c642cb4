import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readMarker } from '../../src/github/marker.js';
import { error, type FakeGitHub, startGitHub, TOKEN } from '../fakes/github.js';
import { driverTooOld, EXAMPLES, hugeReport } from '../report/examples.js';
import { image, pairFacts, report } from '../report/reports.js';
import { PULL, pullRequest, type StepOptions, step } from './steps.js';

const FAILS = report([driverTooOld()]);
const WORKS = report([image(pairFacts())]);

let github: FakeGitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterEach(() => {
  // Every request and every answer of the test was as GitHub describes it.
  expect(github.problems).toEqual([]);
  github.reset();
});
afterAll(() => github.close());

const onFailure = (which = FAILS, options: StepOptions = {}) =>
  step(github.url, which, { comment: 'on-failure', ...options });
const bodies = () => github.comments.map(({ body }) => body);

describe('the comment on a pull request', () => {
  it('is made where something fails: verdict and next command first, then where it comes from', async () => {
    const { notices, lines } = await onFailure();
    expect(notices).toEqual([]);
    const [comment] = github.comments;
    expect(comment).toMatchObject({ number: PULL, author: 'github-actions[bot]', hidden: null });
    const [marker, verdict, next, , where] = comment?.body.split('\n') ?? [];
    expect(readMarker(`${marker}`)).toMatchObject({ run: { id: 1, attempt: 1 }, state: 'open' });
    expect(verdict).toMatch(/^## ❌ fails: /);
    expect(next).toMatch(/^\*\*Next:\*\* /);
    expect(where).toBe(
      '<sub>CI / gpu at `aaaaaaa` · [everything that was seen](https://github.com/acme/vision/actions/runs/1)</sub>',
    );
    expect(comment?.body).toContain('**Do this');
    expect(comment?.body).not.toContain('**What was seen**');
    expect(lines).toEqual([
      `Comment: https://github.com/acme/vision/pull/${PULL}#issuecomment-${comment?.id}`,
    ]);
  });

  it('is updated in place by later runs, and asks who it is only once there is a comment', async () => {
    await onFailure(FAILS, { run: 1 });
    expect(github.requests.join()).not.toContain('viewer');
    await onFailure(FAILS, { run: 2 });
    expect(github.comments).toHaveLength(1);
    expect(readMarker(`${bodies()[0]}`)?.run).toEqual({ id: 2, attempt: 1 });
    expect(github.requests.filter((one) => one.startsWith('PATCH'))).toHaveLength(1);
  });

  it('stands once for each workflow, job, matrix leg and step', async () => {
    const legs: StepOptions[] = [
      { matrix: '{"gpu":"a100","driver":550}' },
      { matrix: '{"gpu":"h100","driver":550}' },
      { matrix: '{ "gpu": "a100",\n  "driver": 550 }' },
      { matrix: 'called from release' },
      { env: { GITHUB_JOB: 'gpu-2' } },
      { env: { GITHUB_WORKFLOW: 'Nightly' } },
      { env: { GITHUB_ACTION: '__self_2' } },
      { env: { GITHUB_ACTION: 'images' } },
    ];
    for (const leg of legs) await onFailure(FAILS, leg);
    const names = bodies().map((body) => /<sub>(.*?) at /.exec(body)?.[1]);
    expect(names).toEqual(
      [
        'CI / gpu (a100, 550)',
        'CI / gpu (h100, 550)',
        'CI / gpu (called from release)',
        'CI / gpu-2',
        'Nightly / gpu',
        'CI / gpu #2',
        'CI / gpu images',
      ].map((name) => name.replace(/#2/, '&#35;&#8203;2')),
    );
  });

  it('says that it is resolved and is folded when the step passes, and comes back when it fails again', async () => {
    await onFailure(FAILS, { run: 1 });
    await onFailure(WORKS, { run: 2 });
    expect(github.comments).toMatchObject([{ hidden: 'resolved' }]);
    expect(bodies()[0]?.split('\n')[1]).toBe('## ✅ Resolved: works now');
    const before = github.requests.length;
    await onFailure(WORKS, { run: 3 });
    expect(github.requests.slice(before).filter((one) => !/^GET|viewer/.test(one))).toEqual([]);
    await onFailure(FAILS, { run: 4 });
    expect(github.comments).toMatchObject([{ hidden: null }]);
    expect(bodies()[0]).toContain('## ❌ fails');
  });

  it('is never made by a run that passes, on-failure; is by any run, always', async () => {
    await onFailure(WORKS);
    expect(github.comments).toEqual([]);
    await step(github.url, WORKS, { comment: 'always', run: 2 });
    await step(github.url, FAILS, { comment: 'always', run: 3 });
    await step(github.url, WORKS, { comment: 'always', run: 4 });
    expect(github.comments).toMatchObject([{ hidden: null }]);
    expect(bodies()[0]).toContain('## ✅ works');
  });

  it('asks nothing of GitHub with never', async () => {
    await step(github.url, FAILS);
    expect(github.requests).toEqual([]);
  });

  it('passes by policy without working, and says so', async () => {
    await onFailure(FAILS, { run: 1 });
    await onFailure(report([driverTooOld()], true), { run: 2 });
    expect(bodies()[0]).toContain('## ✅ Resolved: the step passes now\n❌ fails: ');
  });
});

describe('comments of others', () => {
  it('are left alone, also with our marker', async () => {
    await onFailure();
    const [ours] = github.comments;
    const copied = `${ours?.body}`;
    github.comments.length = 0;
    const forged = github.say(PULL, 'mallory', copied);
    const quoted = github.say(PULL, 'github-actions[bot]', `> look\n${copied}`);
    await onFailure(FAILS, { run: 2 });
    expect(github.comments).toHaveLength(3);
    expect(forged.body).toBe(copied);
    expect(quoted.body).toBe(`> look\n${copied}`);
    await onFailure(WORKS, { run: 3 });
    expect(github.comments.map(({ hidden }) => hidden)).toEqual([null, null, 'resolved']);
  });

  it('do not hide ours on a later page', async () => {
    for (let at = 0; at < 250; at += 1) github.say(PULL, 'someone', `word ${at}`);
    await onFailure(FAILS, { run: 1 });
    await onFailure(FAILS, { run: 2 });
    expect(github.comments).toHaveLength(251);
    expect(github.requests.filter((one) => one.startsWith('GET'))).toHaveLength(6);
  });

  it('are those of another token too', async () => {
    github.tokens.set('ghs_app', { login: 'acme-bot[bot]', writes: ['comments'] });
    await onFailure(FAILS, { run: 1 });
    await onFailure(FAILS, { run: 2, token: 'ghs_app' });
    await onFailure(FAILS, { run: 3, token: 'ghs_app' });
    expect(github.comments.map(({ author }) => author)).toEqual([
      'github-actions[bot]',
      'acme-bot[bot]',
    ]);
  });
});

describe('runs that overlap', () => {
  it('leave what a later one wrote', async () => {
    await onFailure(FAILS, { run: 20 });
    const { lines } = await onFailure(WORKS, { run: 19 });
    expect(bodies()[0]).toContain('## ❌ fails');
    expect(lines).toEqual(['Comment left as it is: a later run of this job wrote it']);
    await onFailure(WORKS, { run: 20, env: { GITHUB_RUN_ATTEMPT: '2' } });
    expect(bodies()[0]).toContain('Resolved');
  });

  it('make one comment of two', async () => {
    await onFailure(FAILS, { run: 1 });
    github.say(PULL, 'github-actions[bot]', `${bodies()[0]}`);
    await onFailure(FAILS, { run: 2 });
    expect(github.comments).toHaveLength(1);
  });

  it('write nothing once they are cancelled', async () => {
    const { lines, notices } = await onFailure(FAILS, { cancelled: true });
    expect(github.requests).toEqual([]);
    expect(notices).toEqual([]);
    expect(lines).toEqual(['comment left out: the run was cancelled']);
  });
});

describe('a server that says nothing', () => {
  it('is asked twice, then a notice', async () => {
    github.fault = () => ({ status: 200, silent: true });
    const { notices, waits } = await onFailure(FAILS, { requestMs: 200 });
    expect(waits).toEqual([1_000]);
    expect(notices[0]?.message).toContain('could not be reached: no answer within 0.2 s. ');
  });

  it('does not keep a run that is cancelled', async () => {
    github.fault = () => ({ status: 200, silent: true });
    const began = Date.now();
    const { notices, lines } = await onFailure(FAILS, { cancelled: 200, checkRun: true });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(notices).toEqual([]);
    expect(lines).toEqual(['comment, check-run left out: the run was cancelled']);
    expect(github.requests.length).toBeLessThanOrEqual(1);
  });
});

describe('what GitHub may answer', () => {
  const POST = `POST /repos/acme/vision/issues/${PULL}/comments`;

  it('403: a token that can only read is a notice, with the permission that is missing', async () => {
    github.tokens.set(TOKEN, { login: 'github-actions[bot]', writes: [] });
    const { notices, waits } = await onFailure();
    expect(notices).toMatchObject([{ level: 'notice', title: 'No pull-request comment' }]);
    expect(notices[0]?.message).toContain('Resource not accessible by integration');
    expect(notices[0]?.message).toContain('permissions: { pull-requests: write }');
    expect(waits).toEqual([]);
  });

  it('403 from a fork: says that it is the fork', async () => {
    github.tokens.set(TOKEN, { login: 'github-actions[bot]', writes: [] });
    const event = pullRequest({ head: { sha: 'a'.repeat(40), repo: { id: 2 } } });
    const { notices } = await onFailure(FAILS, { event });
    expect(notices[0]?.message).toContain('fork');
  });

  it('404: no such repository for this token', async () => {
    const { notices } = await onFailure(FAILS, { env: { GITHUB_REPOSITORY: 'acme/other' } });
    expect(notices[0]?.message).toMatch(/\(404\): Not Found\. To fix: /);
  });

  it('401: a token that ended', async () => {
    const { notices } = await onFailure(FAILS, { token: 'ghs_old' });
    expect(notices[0]?.message).toContain('Bad credentials');
    expect(JSON.stringify(notices)).not.toContain('ghs_old');
  });

  it('422: what GitHub refused', async () => {
    const refused = {
      message: 'Validation Failed',
      documentation_url: 'https://docs.github.com/rest',
      errors: [
        {
          resource: 'IssueComment',
          field: 'data',
          code: 'unprocessable',
          message: 'Body cannot be blank',
        },
      ],
    };
    github.fault = (request) => (request === POST ? { status: 422, body: refused } : undefined);
    const { notices, waits } = await onFailure();
    expect(notices[0]?.message).toContain('(422): Validation Failed: Body cannot be blank');
    expect(waits).toEqual([]);
  });

  it.each([403, 429])(
    '%i, secondary rate limit: waits as it is told, then writes',
    async (status) => {
      const limit = {
        ...error(status, 'You have exceeded a secondary rate limit. Please wait a few minutes.'),
        headers: { 'retry-after': '7' },
      };
      github.fault = (request, count) => (request === POST && count === 1 ? limit : undefined);
      const { notices, waits } = await onFailure();
      expect(notices).toEqual([]);
      expect(waits).toEqual([7_000]);
      expect(github.comments).toHaveLength(1);
    },
  );

  it('secondary rate limit for longer than a minute: a notice at once', async () => {
    const limit = {
      ...error(403, 'You have exceeded a secondary rate limit.'),
      headers: { 'retry-after': '61' },
    };
    github.fault = () => limit;
    const { notices, waits } = await onFailure(FAILS, { checkRun: true });
    expect(waits).toEqual([]);
    expect(notices.map(({ message }) => /wait 61 s/.test(message))).toEqual([true, true]);
  });

  it('rate limit without end: a minute in all, then a notice', async () => {
    github.fault = () => ({ ...error(429, 'slow down'), headers: { 'retry-after': '25' } });
    const { notices, waits } = await onFailure(FAILS, { checkRun: true });
    expect(waits).toEqual([25_000, 25_000]);
    expect(notices).toHaveLength(2);
  });

  it('rate limit of the hour: by the server’s clock', async () => {
    const now = Math.floor(Date.parse('Mon, 05 Jan 2026 10:00:00 GMT') / 1000);
    const limit = {
      ...error(403, 'API rate limit exceeded for installation ID 1.'),
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': `${now + 40}`,
        date: 'Mon, 05 Jan 2026 10:00:00 GMT',
      },
    };
    github.fault = (_, count) => (count === 1 ? limit : undefined);
    const { waits } = await onFailure(FAILS);
    expect(waits[0]).toBe(40_000);
  });

  it('500, then as ever: the comment is there once', async () => {
    github.fault = (_, count) => (count === 1 ? error(500, 'Server Error') : undefined);
    const { notices } = await onFailure();
    expect(notices).toEqual([]);
    expect(github.comments).toHaveLength(1);
  });

  it('502 although the comment was made: looks before it writes again', async () => {
    github.fault = (request, count) =>
      request === POST && count === 1 ? { ...error(502, 'Bad Gateway'), after: true } : undefined;
    const { notices } = await onFailure();
    expect(notices).toEqual([]);
    expect(github.comments).toHaveLength(1);
    expect(github.requests.filter((one) => one === POST)).toHaveLength(1);
  });

  it('500 without end: three tries, a notice', async () => {
    github.fault = () => error(503, 'Service Unavailable');
    const { notices, waits } = await onFailure();
    expect(waits).toEqual([1_000, 4_000]);
    expect(notices[0]?.message).toContain('GitHub failed (503): Service Unavailable');
  });

  it('nothing: connection refused is a notice, and is not tried for the check run again and again', async () => {
    const gone = await startGitHub();
    await gone.close();
    const { notices, waits } = await step(gone.url, FAILS, { comment: 'always', checkRun: true });
    expect(waits).toEqual([1_000]);
    expect(notices.map(({ title }) => title)).toEqual(['No pull-request comment', 'No check run']);
    expect(notices[0]?.message).toContain('could not be reached');
  });

  it.each([200, 502])('%i with a page that is not GitHub’s: a notice', async (status) => {
    const page = '<html><b>Sign in</b>\n::error::stop</html>';
    github.fault = () => ({ status, text: page });
    const { notices } = await onFailure(FAILS, { checkRun: true });
    expect(notices.map(({ level, title }) => `${level} ${title}`)).toEqual([
      'notice No pull-request comment',
      'notice No check run',
    ]);
    expect(notices[0]?.message).not.toContain('\n');
  });

  it('a refusal of GraphQL: the comment stands, and a notice says that it is not folded', async () => {
    await onFailure(FAILS, { run: 1 });
    github.fault = (request) =>
      request === 'minimizeComment'
        ? {
            status: 200,
            body: {
              data: null,
              errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible' }],
            },
          }
        : undefined;
    const { notices } = await onFailure(WORKS, { run: 2 });
    expect(notices).toMatchObject([
      { title: 'Not hidden or shown again: the pull-request comment' },
    ]);
    expect(bodies()[0]).toContain('Resolved');
  });

  it('never tells the token', async () => {
    github.fault = () => error(403, `what ${TOKEN} may not`);
    const told = JSON.stringify(await onFailure(FAILS, { checkRun: true }));
    expect(told).not.toContain(TOKEN);
  });
});

describe('the comment on changed images', () => {
  it('says what got worse, and where it comes from', async () => {
    const changes = EXAMPLES['changes-worse']?.() ?? FAILS;
    await onFailure({ ...changes, passed: false });
    const [, verdict, , , where] = bodies()[0]?.split('\n') ?? [];
    expect(verdict).toMatch(/^## ❌ /);
    expect(where).toMatch(/^<sub>CI \/ gpu at /);
    const quiet = EXAMPLES['changes-quiet']?.() ?? WORKS;
    await onFailure({ ...quiet, passed: true }, { run: 2 });
    expect(bodies()[0]).toContain('## ✅ Resolved: works now');
  });
});

describe('the size of a comment', () => {
  it('keeps to 65,536 characters, the marker and the first two lines first', async () => {
    await onFailure(hugeReport());
    const [body = ''] = bodies();
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(readMarker(body)).toBeDefined();
    expect(body.split('\n')[1]).toMatch(/^## ❌ fails for /);
    expect(body.split('\n')[2]).toMatch(/^\*\*Next:\*\*/);
    expect(body).toContain('actions/runs/1');
  });
});

describe('on GitHub Enterprise Server', () => {
  it('writes, asks and folds below /api', async () => {
    const server = await startGitHub('/api/v3');
    await step(server.url, FAILS, { comment: 'on-failure', checkRun: true, run: 1 });
    await step(server.url, WORKS, { comment: 'on-failure', run: 2 });
    expect(server.comments).toMatchObject([{ hidden: 'resolved' }]);
    expect(server.checkRuns).toHaveLength(1);
    expect(server.problems).toEqual([]);
    await server.close();
  });
});

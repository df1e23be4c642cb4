import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createGitHubApi } from '../../src/platform/api.js';
import type { Report } from '../../src/report/report.js';
import { run } from '../../src/run.js';
import type { FakeImage } from '../fakes/docker.js';
import { error, type FakeGitHub, startGitHub, TOKEN } from '../fakes/github.js';
import { createTestWorld, type TestWorld } from '../fakes/world.js';
import { ENV, pullRequest } from '../github/steps.js';

/** The engine's words for a driver that the image's requirement is not met by. */
const failing: FakeImage = {
  env: ['CUDA_VERSION=12.4.1'],
  run: () => ({
    code: 125,
    stderr:
      'Error response from daemon: failed to create task: nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.4, please update your driver to a newer version',
  }),
};

let github: FakeGitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterEach(() => {
  expect(github.problems).toEqual([]);
  github.reset();
});
afterAll(() => github.close());

function world(inputs: Record<string, string>): TestWorld {
  const env = { ...ENV, GITHUB_API_URL: github.url, GITHUB_RUN_ID: '5' };
  return {
    ...createTestWorld({
      inputs: { images: 'r.example/fails:1', token: TOKEN, matrix: 'null', ...inputs },
      images: { 'r.example/fails:1': failing },
    }),
    env,
    event: async () => pullRequest(),
    github: (token, cancelled) => createGitHubApi(env, token, cancelled),
  };
}

const reportOf = ({ files }: TestWorld): Report =>
  JSON.parse(String(files.contents.get('/temp/cuda-image-check-run.json')));

describe('the action on a pull request', () => {
  it('comments and makes a check run when it is asked to, and tells neither report nor container the token', async () => {
    const made = world({ comment: 'on-failure', 'check-run': 'GPU image' });
    expect(await run(made)).toBe(1);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toContain('## ❌ fails');
    expect(github.checkRuns).toMatchObject([{ name: 'GPU image', conclusion: 'failure' }]);
    const everything = [
      ...made.files.contents.values(),
      ...made.shell.calls,
      ...made.publisher.lines,
      made.publisher.page,
      JSON.stringify(made.publisher.annotations),
      JSON.stringify([...made.publisher.outputs]),
    ];
    expect(everything.filter((text) => String(text).includes(TOKEN))).toEqual([]);
  });

  it('asks nothing of GitHub unless it is told to', async () => {
    expect(await run(world({}))).toBe(1);
    expect(github.requests).toEqual([]);
  });

  it.each([
    ['a token that may only read', () => github.tokens.set(TOKEN, { login: 'x', writes: [] })],
    [
      'a server that fails',
      () => {
        github.fault = () => error(500, 'Server Error');
      },
    ],
    ['no token', () => github.tokens.clear()],
  ])('ends as it would without, and has published everything: %s', async (_, set) => {
    set();
    const made = world({ comment: 'always', 'check-run': 'true' });
    expect(await run(made)).toBe(1);
    expect(reportOf(made).images[0]?.verdict).toBe('fails');
    expect(made.publisher.page).toContain('## ❌ fails');
    expect(made.publisher.outputs.get('verdict')).toBe('fails');
    const notices = made.publisher.annotations.filter(({ level }) => level === 'notice');
    expect(notices.map(({ title }) => title)).toEqual(['No pull-request comment', 'No check run']);
  });

  it('ends as it would without where the client itself breaks', async () => {
    const made = {
      ...world({ comment: 'always' }),
      github: () => {
        throw new Error('no such module');
      },
    };
    expect(await run(made)).toBe(1);
    expect(made.publisher.annotations.at(-1)?.message).toContain('no such module');
  });

  it.each([
    ['the token is empty', { token: '' }, /token is empty/],
    ['this is no pull request', {}, /belongs to no pull request/],
  ])('says so where %s', async (_, inputs, text) => {
    const made = { ...world({ comment: 'always', ...inputs }) };
    const event = async () => ({ name: 'schedule', ref: 'refs/heads/main', payload: {} });
    expect(await run({ ...made, event })).toBe(1);
    expect(made.publisher.annotations.at(-1)).toMatchObject({
      level: 'notice',
      message: expect.stringMatching(text),
    });
  });

  it('is quiet on a push where nothing would have been said', async () => {
    const made = world({ comment: 'on-failure', 'fail-on': 'never' });
    const event = async () => ({ name: 'push', ref: 'refs/heads/main', payload: {} });
    expect(await run({ ...made, event })).toBe(0);
    expect(made.publisher.annotations.filter(({ level }) => level === 'notice')).toEqual([]);
  });

  it('refuses a mistyped mode before anything is done', async () => {
    const made = world({ comment: 'sometimes' });
    expect(await run(made)).toBe(3);
    expect(made.publisher.annotations).toMatchObject([
      { title: 'Input comment', message: expect.stringContaining('never, on-failure, always') },
    ]);
  });
});

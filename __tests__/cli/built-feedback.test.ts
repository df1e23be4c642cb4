import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeGitHub, startGitHub, TOKEN } from '../fakes/github.js';
import { ENV, HEAD, PULL, pullRequest } from '../github/steps.js';

let folder = '';
let github: FakeGitHub;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feedback-'));
  github = await startGitHub('/api/v3');
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true });
});

/** The built action as a runner starts it, with a client of an engine that does not answer and notes its environment. */
async function action(inputs: Record<string, string>, run: string) {
  const file = (name: string, text = '') => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const seen = join(folder, 'environment');
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\nexport >> ${seen}\nexit 1\n`, { mode: 0o755 });
  const { name, ref, payload } = pullRequest();
  const child = spawn(process.execPath, [join(process.cwd(), 'dist/index.js')], {
    cwd: folder,
    env: {
      ...ENV,
      PATH: folder,
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: 'https://ghe.example',
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: file('event', JSON.stringify(payload)),
      GITHUB_REF: ref,
      GITHUB_RUN_ID: run,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      RUNNER_TEMP: folder,
      INPUT_IMAGES: 'a',
      INPUT_TOKEN: TOKEN,
      INPUT_MATRIX: 'null',
      ...Object.fromEntries(
        Object.entries(inputs).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value]),
      ),
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, log, environment: readFileSync(seen, 'utf8') };
}

describe('the built action on a pull request of GitHub Enterprise Server', () => {
  it('comments, updates the comment and makes a check run; no program that it starts sees the token', async () => {
    const first = await action({ comment: 'on-failure', 'check-run': 'true' }, '1');
    expect(first.status).toBe(2);
    expect(github.comments).toMatchObject([{ number: PULL, author: 'github-actions[bot]' }]);
    expect(github.comments[0]?.body).toContain('https://ghe.example/acme/vision/actions/runs/1');
    expect(github.checkRuns).toMatchObject([{ head_sha: HEAD, conclusion: 'failure' }]);
    expect(first.log).toContain('Comment: https://github.com/acme/vision/pull/7#issuecomment-');
    expect(first.environment).toContain('GITHUB_JOB');
    for (const text of [first.log, first.environment]) expect(text).not.toContain(TOKEN);

    const second = await action({ comment: 'on-failure', 'fail-on': 'never' }, '2');
    expect(second.status).toBe(0);
    expect(github.comments).toMatchObject([{ hidden: 'resolved' }]);
    expect(github.problems).toEqual([]);
  });

  it('says what to do where GitHub cannot be reached, and ends as it would', async () => {
    await github.close();
    const { status, log } = await action({ comment: 'always' }, '1');
    expect(status).toBe(2);
    expect(log).toMatch(/^::notice title=No pull-request comment::GitHub could not be reached: /m);
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toContain('could not tell');
    expect(readFileSync(join(folder, 'output'), 'utf8')).toContain('verdict');
    github = await startGitHub();
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'built-'));
  for (const name of ['output', 'state', 'summary']) writeFileSync(join(folder, name), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const dist = (name: string) => join(process.cwd(), 'dist', name);

/** The built action as a runner starts it, on a machine whose PATH has a client that must not be called. */
function action(inputs: Record<string, string>, env: Record<string, string> = {}) {
  writeFileSync(
    join(folder, 'docker'),
    `#!/bin/sh\necho "$@" >> ${join(folder, 'called')}\nexit 1\n`,
    {
      mode: 0o755,
    },
  );
  const result = spawnSync(process.execPath, [dist('index.js')], {
    encoding: 'utf8',
    cwd: folder,
    env: {
      PATH: folder,
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STATE: join(folder, 'state'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      RUNNER_TEMP: folder,
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      ...env,
    },
  });
  return {
    ...result,
    errors: result.stdout.split('\n').filter((line) => line.startsWith('::error')),
  };
}

describe('the built action, wrongly used', () => {
  it.each([
    [{}, {}, 1, /images/],
    [{ images: '-v' }, {}, 1, /begins with "-"/],
    [{ images: 'a'.repeat(300) }, {}, 1, /255/],
    [{ images: 'ок,-x\nfine' }, {}, 2, /ASCII/],
    [{ images: 'a', engine: 'podman' }, {}, 1, /use engine: docker/],
    [{ images: 'a', report: '/proc/nothing/report.json' }, {}, 1, /cannot be written/],
    [{ images: 'a' }, { GITHUB_STEP_SUMMARY: '/none/summary' }, 1, /GITHUB_STEP_SUMMARY/],
    [
      { images: '-', gpus: 'x', pull: 'x', timeout: 'x' },
      { GITHUB_OUTPUT: '/none' },
      5,
      /GITHUB_OUTPUT/,
    ],
    [{ images: 'a\n::error::injected' }, {}, 1, /scheme|registry|joined|tag/],
  ])('%j %j', (inputs, env, count, text) => {
    const { status, errors, stderr, stdout } = action(inputs, env);
    expect(status).toBe(3);
    expect(errors).toHaveLength(count);
    expect(errors.join('\n')).toMatch(text);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(/^::error::injected/m);
    expect(readdirSync(folder).sort()).toEqual(['docker', 'output', 'state', 'summary']);
    for (const name of ['output', 'state', 'summary'])
      expect(readFileSync(join(folder, name), 'utf8')).toBe('');
  });
});

describe('the built action, with an engine that does not answer', () => {
  it('reports and exits as the policy says, also without the runner’s files', () => {
    const without = { GITHUB_OUTPUT: '', GITHUB_STATE: '', GITHUB_STEP_SUMMARY: '' };
    const { status, stdout } = action({ images: 'a' }, without);
    expect(status).toBe(2);
    expect(stdout).toContain('GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY not set');
    expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(1);
    expect(readFileSync(join(folder, 'called'), 'utf8')).not.toMatch(/^create/m);
  });

  it('writes outputs, state and summary', () => {
    expect(action({ images: 'a', 'fail-on': 'never' }).status).toBe(0);
    expect(readFileSync(join(folder, 'output'), 'utf8')).toMatch(/verdict<<(\S+)\nunknown\n\1/);
    expect(readFileSync(join(folder, 'state'), 'utf8')).toMatch(/run-id<<(\S+)\n[0-9a-f-]{36}\n\1/);
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toContain('could not tell');
  });
});

describe('the built command line', () => {
  const cli = (...args: string[]) =>
    spawnSync(process.execPath, [dist('cli.js'), ...args], { encoding: 'utf8' });

  it('prints help and version', () => {
    expect(cli('--help')).toMatchObject({ status: 0, stderr: '' });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(cli('--version').stdout).toBe(`${version}\n`);
  });

  it('predicts from a file, and survives a reader that stops', () => {
    const facts = join(folder, 'facts.json');
    writeFileSync(
      facts,
      '{"schema":"cuda-image-check/facts@1","host":{"driver":{"version":"470.82.01"}},"image":{"cuda":"12.4.1"}}',
    );
    const { status, stdout } = cli('predict', '--facts', facts, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout).images[0].primary).toBe('driver-too-old');
    const piped = spawnSync(
      'sh',
      [
        '-c',
        `"$0" "$1" predict --facts "$2" --json | true`,
        process.execPath,
        dist('cli.js'),
        facts,
      ],
      { encoding: 'utf8' },
    );
    expect(piped).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('the post step', () => {
  it('does nothing after a main step that never came to a container', () => {
    const result = spawnSync(process.execPath, [dist('post.js')], {
      encoding: 'utf8',
      env: { PATH: '' },
    });
    expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Against, againstOf } from '../../src/changes/event.js';
import { type FoundImages, findImages } from '../../src/changes/find.js';
import { openRepository } from '../../src/changes/git.js';
import type { Placed } from '../../src/changes/pair.js';
import { createShell } from '../../src/platform/shell.js';
import { createTemporaryRepository, type TemporaryRepository } from '../fakes/git.js';
import { CHANGED, FILES } from './fixture.js';

const shell = createShell({ PATH: process.env['PATH'], HOME: '/nonexistent' });
let repository: TemporaryRepository;

// Each test starts git some dozens of times.
jest.setTimeout(60_000);

beforeEach(() => {
  repository = createTemporaryRepository();
});
afterEach(() => repository.delete());

async function ask(against: Against, folder = repository.folder) {
  const opened = await openRepository(shell, folder);
  if (!opened.ok) return opened;
  return findImages(against, {
    repository: opened.value,
    readText: (path) => readFile(join(opened.value.root, path), 'utf8').catch(() => undefined),
  });
}

async function find(against: Against): Promise<FoundImages> {
  const answer = await ask(against);
  if (!answer.ok) throw new Error(answer.problem.why);
  return answer.value;
}

const raw = (one: Placed | undefined): string => {
  const outcome = one?.reference.outcome;
  return outcome === undefined ? '-' : outcome.ok ? outcome.image.raw : `? ${outcome.why}`;
};
const lines = ({ changes }: FoundImages): string[] =>
  changes.map(
    ({ at, before, after }) =>
      `${at.file}:${at.range.line}:${at.range.column} ${raw(before)} → ${raw(after)}`,
  );

const main = (commit: string): Against => ({ kind: 'common', base: commit, because: 'main' });
const ALL: Against = { kind: 'nothing', because: 'a test' };

describe('a pull request that changes three images', () => {
  const expected = [
    '.github/workflows/ci.yml:9:13 nvcr.io/nvidia/pytorch:24.10-py3 → nvcr.io/nvidia/pytorch:25.03-py3',
    'Dockerfile:3:5 nvidia/cuda:12.4.1-devel-ubuntu22.04 → nvidia/cuda:13.0.0-devel-ubuntu22.04',
    'Dockerfile:3:5 nvidia/cuda:12.4.1-base-ubuntu22.04 → nvidia/cuda:13.0.0-base-ubuntu22.04',
  ];

  it('finds exactly those three, at the lines that chose them', async () => {
    repository.write(FILES);
    const base = repository.commit();
    repository.git('switch', '--quiet', '--create', 'topic');
    repository.write(CHANGED);
    repository.commit();
    const found = await find(main(base));
    expect(lines(found)).toEqual(expected);
    expect(found).toMatchObject({ base, files: 3, problems: [] });
  });

  it('finds the same in the merge commit that GitHub checks out, whatever happened on the base since', async () => {
    repository.write(FILES);
    const base = repository.commit();
    repository.git('switch', '--quiet', '--create', 'topic');
    repository.write(CHANGED);
    const head = repository.commit();
    repository.git('switch', '--quiet', 'main');
    repository.write({
      'chart/values.yaml': 'image:\n  repository: ghcr.io/acme/app\n  tag: "2.0"\n',
    });
    repository.commit();
    repository.git('merge', '--quiet', '--no-ff', '--message=merge', 'topic');
    const event = { pull_request: { base: { sha: base }, head: { sha: head } } };
    const against = againstOf({ name: 'pull_request', ref: 'refs/pull/1/merge', payload: event });
    expect(lines(await find(against))).toEqual(expected);
    // A clone of depth 2 is enough for that.
    const clone = createTemporaryRepository();
    try {
      clone.git('fetch', '--quiet', '--depth=2', `file://${repository.folder}`, 'main');
      clone.git('checkout', '--quiet', 'FETCH_HEAD');
      const answer = await ask(against, clone.folder);
      expect(answer.ok && lines(answer.value)).toEqual(expected);
    } finally {
      clone.delete();
    }
  });

  it('sees what is not committed yet', async () => {
    repository.write(FILES);
    const base = repository.commit();
    repository.write({ ...CHANGED, 'new/Dockerfile': 'FROM fresh:1\n' });
    expect(lines(await find(main(base)))).toEqual([...expected, 'new/Dockerfile:1:6 - → fresh:1']);
  });
});

describe('other changes', () => {
  it.each<[string, () => void, string[]]>([
    ['nothing about images', () => repository.write({ 'main.py': 'x', 'README.md': 'y' }), []],
    [
      'a comment in a Dockerfile',
      () => repository.write({ Dockerfile: `# x\n${FILES['Dockerfile']}` }),
      [],
    ],
    ['a renamed file', () => repository.move('Dockerfile', 'docker/Dockerfile'), []],
    [
      'a renamed and edited file',
      () => {
        repository.move('Dockerfile', 'docker/Dockerfile');
        repository.write({
          'docker/Dockerfile': (FILES['Dockerfile'] ?? '').replace('assets:1', 'assets:2'),
        });
      },
      ['docker/Dockerfile:7:13 ghcr.io/acme/assets:1 → ghcr.io/acme/assets:2'],
    ],
    [
      'a removed file',
      () => repository.remove('deploy/kustomization.yaml'),
      ['deploy/kustomization.yaml:3:13 app:v1 → -'],
    ],
    [
      'a line of .env',
      () => repository.write({ '.env': '# x\nCUDA_TAG=12.6.0-base-ubuntu22.04\n' }),
      ['.env:2:1 nvidia/cuda:12.1.0-base-ubuntu22.04 → nvidia/cuda:12.6.0-base-ubuntu22.04'],
    ],
    [
      'an ARG that lost its default',
      () => repository.write({ Dockerfile: 'ARG CUDA\nFROM nvidia/cuda:${CUDA}-base\n' }),
      [
        'Dockerfile:2:6 - → ? ARG CUDA has no default, so that only --build-arg says what it is',
        'Dockerfile:3:6 nvidia/cuda:12.4.1-devel-ubuntu22.04 → -',
        'Dockerfile:5:6 nvidia/cuda:12.4.1-base-ubuntu22.04 → -',
        'Dockerfile:7:13 ghcr.io/acme/assets:1 → -',
      ],
    ],
  ])('%s', async (_, change, expected) => {
    repository.write(FILES);
    const base = repository.commit();
    change();
    repository.commit();
    expect(lines(await find(main(base)))).toEqual(expected);
  });

  it('tells of broken files by line, and has the images of the others', async () => {
    repository.write(FILES);
    const base = repository.commit();
    repository.write({
      'compose.yaml': 'services:\n  web:\n    image: [\n',
      'docker/Dockerfile.tools': 'FORM a:1\n',
      'chart/values.yaml': 'image:\n  repository: ghcr.io/acme/app\n  tag: "2.0"\n',
    });
    repository.commit();
    const found = await find(main(base));
    expect(found.problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'compose.yaml:4',
      'docker/Dockerfile.tools:1',
    ]);
    expect(lines(found)).toContain(
      'chart/values.yaml:3:9 ghcr.io/acme/app:1.0 → ghcr.io/acme/app:2.0',
    );
  });
});

describe('without a base', () => {
  it('has every image of the repository, and what is not resolved', async () => {
    repository.write(FILES);
    repository.commit();
    const found = await find(ALL);
    expect(lines(found)).toEqual([
      '.devcontainer/devcontainer.json:3:13 - → mcr.microsoft.com/devcontainers/base:1',
      '.github/workflows/ci.yml:8:13 - → nvcr.io/nvidia/pytorch:24.05-py3',
      '.github/workflows/ci.yml:9:13 - → nvcr.io/nvidia/pytorch:24.10-py3',
      '.github/workflows/ci.yml:13:16 - → postgres:16',
      '.github/workflows/ci.yml:15:24 - → alpine:3.20',
      '.github/workflows/ci.yml:19:13 - → nvidia/cuda:12.2.0-base-ubuntu22.04',
      'Dockerfile:3:6 - → nvidia/cuda:12.4.1-devel-ubuntu22.04',
      'Dockerfile:5:6 - → nvidia/cuda:12.4.1-base-ubuntu22.04',
      'Dockerfile:7:13 - → ghcr.io/acme/assets:1',
      'action.yml:3:19 - → ghcr.io/acme/action:1',
      'chart/values.yaml:3:9 - → ghcr.io/acme/app:1.0',
      'compose.yaml:3:13 - → nginx:1.27',
      'compose.yaml:5:12 - → nvidia/cuda:12.1.0-base-ubuntu22.04',
      'deploy/job.yaml:9:18 - → nvcr.io/nvidia/tritonserver:24.05-py3',
      'deploy/kustomization.yaml:3:13 - → app:v1',
      'docker/Dockerfile.tools:2:6 - → ? ARG BASE has no default, so that only --build-arg says what it is',
    ]);
    expect(found.base).toBeNull();
  });

  it('does not follow symbolic links out of the repository', async () => {
    repository.write({ 'a/Dockerfile': 'FROM a:1\n' });
    repository.git('config', 'core.symlinks', 'true');
    const { symlinkSync } = await import('node:fs');
    symlinkSync('/etc/passwd', join(repository.folder, 'Dockerfile'));
    repository.commit();
    expect(lines(await find(ALL))).toEqual(['a/Dockerfile:1:6 - → a:1']);
  });
});

describe('a clone that cannot be compared', () => {
  it('is told with what to do: too shallow', async () => {
    repository.write(FILES);
    const base = repository.commit();
    repository.write(CHANGED);
    repository.commit();
    const clone = createTemporaryRepository();
    try {
      clone.git('fetch', '--quiet', '--depth=1', `file://${repository.folder}`, 'main');
      clone.git('checkout', '--quiet', 'FETCH_HEAD');
      const answer = await ask(main(base), clone.folder);
      expect(answer).toMatchObject({
        ok: false,
        problem: {
          why: expect.stringContaining(base),
          fix: expect.stringContaining('fetch-depth: 0'),
        },
      });
    } finally {
      clone.delete();
    }
  });

  it('is told with what to do: the base itself is checked out', async () => {
    repository.write(FILES);
    const base = repository.commit();
    const answer = await ask({ kind: 'common', base, head: 'b'.repeat(40), because: 'x' });
    expect(answer).toMatchObject({
      ok: false,
      problem: { why: expect.stringContaining('the base of the pull request is checked out') },
    });
  });

  it('is told with what to do: no repository', async () => {
    const answer = await ask(ALL, '/');
    expect(answer).toMatchObject({
      ok: false,
      problem: { why: 'this folder is no git repository' },
    });
  });
});

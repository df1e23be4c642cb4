import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Report } from '../../src/report/report.js';
import { run } from '../../src/run.js';
import type { FakeImage } from '../fakes/docker.js';
import {
  createTemporaryRepository,
  realGit as git,
  type TemporaryRepository,
} from '../fakes/git.js';
import { createTestWorld, probeOutput } from '../fakes/world.js';

jest.setTimeout(60_000);

const working: FakeImage = {
  env: ['CUDA_VERSION=12.4.1'],
  run: ({ nonce }) => ({
    stdout: probeOutput(
      nonce,
      { step: 'libcuda', path: '/usr/lib/libcuda.so.570.124.06', origin: 'host', code: 0 },
      { step: 'init', code: 0, deviceCount: 1 },
      { step: 'device', index: 0, uuid: 'GPU-1', name: 'NVIDIA L4' },
      { step: 'kernel', index: 0, code: 0, correct: true, ms: 1 },
    ),
  }),
};

let repository: TemporaryRepository;

beforeEach(() => {
  repository = createTemporaryRepository();
});
afterEach(() => repository.delete());

/** Two commits: `before`, and `after` on top of it, checked out. */
function world(
  before: Record<string, string>,
  after: Record<string, string>,
  inputs: Record<string, string> = {},
) {
  repository.write(before);
  const base = repository.commit();
  repository.write(after);
  const head = repository.commit();
  const files = Object.fromEntries(
    Object.entries({ ...before, ...after }).map(([path, text]) => [
      `${repository.folder}/${path}`,
      text,
    ]),
  );
  const made = createTestWorld({
    inputs: { images: 'auto', ...inputs },
    images: { 'a:1': working, 'a:2': working },
    files,
    programs: {
      git,
      'nvidia-smi': () => ({ stdout: '0, GPU-1, NVIDIA L4, 23034, N/A, 570.124.06, 8.9\n' }),
    },
  });
  const payload = { pull_request: { base: { sha: base }, head: { sha: head } } };
  return {
    ...made,
    workspace: repository.folder,
    event: async () => ({ name: 'pull_request', ref: 'refs/pull/1/merge', payload }),
  };
}

const reportOf = (files: { contents: ReadonlyMap<string, unknown> }): Report =>
  JSON.parse(String(files.contents.get('/temp/cuda-image-check-run.json')));

describe('images: auto', () => {
  it('checks the image that a pull request changes, and names the place', async () => {
    const made = world(
      { Dockerfile: 'FROM a:1\n', 'other/Dockerfile': 'FROM b:1\n' },
      { Dockerfile: '# x\nFROM a:2\n' },
    );
    expect(await run(made)).toBe(0);
    const { images, changes } = reportOf(made.files);
    expect(images).toMatchObject([
      { reference: 'a:2', basis: 'probe', source: { file: 'Dockerfile', line: 2, column: 6 } },
    ]);
    expect(changes?.images).toMatchObject([
      {
        before: 'a:1',
        after: 'a:2',
        profiles: [{ profile: 'this runner', after: 'works', outcome: 'new' }],
      },
    ]);
    expect(made.docker.containers.size).toBe(0);
  });

  it('annotates an image that fails at its line', async () => {
    const made = world({ x: '' }, { Dockerfile: 'FROM gone:1\n' });
    expect(await run(made)).toBe(2);
    expect(made.publisher.annotations).toMatchObject([
      { level: 'error', file: 'Dockerfile', startLine: 1, startColumn: 6, endColumn: 12 },
    ]);
  });

  it('starts no container where no image changed', async () => {
    const made = world({ Dockerfile: 'FROM a:1\n' }, { 'main.py': 'x' });
    expect(await run(made)).toBe(0);
    expect(made.shell.calls.filter((call) => call.startsWith('docker'))).toEqual([]);
    expect(made.publisher.annotations).toEqual([]);
    expect(made.publisher.page).toMatch(/^## ✅ no image changed/);
    expect(Object.fromEntries(made.publisher.outputs)).toMatchObject({ passed: 'true' });
  });

  it('is wrong use where there is nothing to compare with', async () => {
    const made = world({ x: '' }, { y: '' }, { base: 'origin/none' });
    expect(await run(made)).toBe(3);
    expect(made.publisher.annotations[0]?.message).toContain(
      'commit origin/none is not in this clone',
    );
    expect(made.publisher.annotations[0]?.message).toContain('fetch-depth: 0');
  });
});

import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { createTemporaryRepository, realGit, type TemporaryRepository } from '../fakes/git.js';
import { createFakeRegistry, type FakeRegistry } from '../fakes/registry.js';
import { call } from './call.js';

jest.setTimeout(60_000);

let registry: FakeRegistry;
let repository: TemporaryRepository;

beforeAll(async () => {
  registry = await createFakeRegistry();
  registry.publish('cuda:12', { env: ['CUDA_VERSION=12.4.1'] });
  registry.publish('cuda:13', { env: ['CUDA_VERSION=13.0.0'] });
  registry.publish('postgres:16', { env: ['PG_VERSION=16'] });
});
afterAll(() => registry.close());
beforeEach(() => {
  repository = createTemporaryRepository();
});
afterEach(() => repository.delete());

const FLEET = `profiles:
  - name: new
    driver: 580.65.06
    gpus: [{name: NVIDIA L4}]
  - name: old
    driver: 535.104.05
    gpus: [{name: NVIDIA A100-SXM4-80GB}]
`;

/** `predict auto --base` on two versions of a repository. */
async function predict(before: Record<string, string>, after: Record<string, string>) {
  repository.write({ x: '', ...before });
  const base = repository.commit();
  repository.write(after);
  repository.commit();
  const files = Object.entries({ ...before, ...after }).map(([path, text]) => [
    `${repository.folder}/${path}`,
    text,
  ]);
  return call(['predict', 'auto', '--base', base, '--json'], {
    files: { ...Object.fromEntries(files), '.github/gpu-fleet.yml': FLEET },
    programs: { git: realGit },
    workspace: repository.folder,
  });
}

const from = (name: string) => `FROM ${registry.address}/${name}\n`;

describe('predict auto', () => {
  it('compares before with after for each profile, from the registry alone', async () => {
    const { code, stdout, shell } = await predict(
      { Dockerfile: from('cuda:12') },
      { Dockerfile: `# newer\n${from('cuda:13')}`, 'db/Dockerfile': from('postgres:16') },
    );
    expect(code).toBe(1);
    const { images, changes, passed } = JSON.parse(stdout);
    expect(passed).toBe(false);
    expect(changes.images).toMatchObject([
      {
        source: { file: 'Dockerfile', line: 2, column: 6 },
        before: `${registry.address}/cuda:12`,
        after: `${registry.address}/cuda:13`,
        profiles: [
          { profile: 'new', before: 'works', after: 'works', outcome: 'same' },
          { profile: 'old', before: 'works', after: 'fails', outcome: 'worse' },
        ],
      },
      {
        source: { file: 'db/Dockerfile', line: 1 },
        profiles: [
          { profile: 'new', after: 'unknown', outcome: 'new', note: 'no-cuda' },
          { profile: 'old', after: 'unknown', outcome: 'new', note: 'no-cuda' },
        ],
      },
    ]);
    expect(images).toHaveLength(4);
    expect(shell.calls.filter((line) => !line.startsWith('git '))).toEqual([]);
  });

  it('is content with what got better, and asks no registry where nothing changed', async () => {
    const better = await predict({ Dockerfile: from('cuda:13') }, { Dockerfile: from('cuda:12') });
    expect(better.code).toBe(0);
    const nothing = await predict({}, { 'main.py': 'x' });
    expect(nothing.code).toBe(0);
    expect(nothing.stderr).toMatch(/^0 images: 0 requests/);
  });

  it('does not pass for the same what could not be told before either', async () => {
    const { code, stdout } = await predict(
      { Dockerfile: 'FROM 127.0.0.1:1/x:1\n' },
      { Dockerfile: 'FROM 127.0.0.1:1/x:2\n' },
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: false,
      changes: { images: [{ profiles: [{ outcome: 'same' }, { outcome: 'same' }] }] },
    });
  });

  it('is wrong use without a repository', async () => {
    const { code, stderr } = await call(
      ['predict', 'auto', '--driver', '570.124.06', '--gpu', 'NVIDIA L4'],
      {
        programs: { git: realGit },
        workspace: '/',
      },
    );
    expect(code).toBe(3);
    expect(stderr).toContain('this folder is no git repository');
  });
});

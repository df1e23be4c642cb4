import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createShell } from '../../src/platform/shell.js';
import { run } from '../../src/run.js';
import { createTemporaryRepository } from '../fakes/git.js';
import { createFakeRegistry, type FakeRegistry } from '../fakes/registry.js';
import type { FakeProgram } from '../fakes/shell.js';
import { createTestWorld, probeOutput } from '../fakes/world.js';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await createFakeRegistry();
  registry.publish('cuda:12', { env: ['CUDA_VERSION=12.4.1'] });
  registry.publish('cuda:13', { env: ['CUDA_VERSION=13.0.0'] });
});
afterAll(() => registry.close());

const FLEET = `profiles:
  - {name: new, driver: 580.65.06, gpus: [{name: NVIDIA L4}]}
  - {name: old, driver: 550.54.15, gpus: [{name: NVIDIA L4}]}
`;
const FLEET_FILE = { '.github/gpu-fleet.yml': FLEET };

const images = (...names: string[]) =>
  names.map((name) => `${registry.address}/${name}`).join('\n');

const reportOf = (world: ReturnType<typeof createTestWorld>) =>
  JSON.parse(String(world.files.contents.get('/temp/cuda-image-check-run.json')));

describe('mode: predict', () => {
  it('judges for the fleet on a machine with no GPU and no engine, and publishes everything', async () => {
    const world = createTestWorld({
      inputs: { images: images('cuda:12', 'cuda:13'), mode: 'predict' },
      files: FLEET_FILE,
      withoutDocker: true,
    });
    expect(await run(world)).toBe(1);
    expect(reportOf(world).images).toMatchObject([
      { profile: 'new', verdict: 'works' },
      { profile: 'old', verdict: 'works' },
      { profile: 'new', verdict: 'works' },
      { profile: 'old', verdict: 'fails', primary: 'driver-too-old' },
    ]);
    expect(world.publisher.outputs.get('verdict')).toBe('fails');
    expect(world.publisher.page).toContain('| Image | old | new |');
    expect(world.publisher.annotations.map(({ level }) => level)).toContain('error');
    expect(world.shell.calls).toEqual([]);
    expect(world.publisher.state.size).toBe(0);
  });

  it('takes a runner that the inputs describe', async () => {
    const world = createTestWorld({
      inputs: { images: images('cuda:13'), mode: 'predict', driver: '580.65.06', gpu: 'L4, T4' },
      withoutDocker: true,
    });
    expect(await run(world)).toBe(0);
    expect(reportOf(world).images[0].facts.host.gpus).toHaveLength(2);
  });

  it.each([
    [{ mode: 'predict' }, {}, /mode.*nothing tells which runner.*\.github\/gpu-fleet\.yml/],
    [{ mode: 'predict', fleet: 'none.yml' }, {}, /fleet.*none\.yml.*does not exist/],
    [{ mode: 'predict', driver: 'x' }, {}, /--driver.*no driver version/],
    [{ mode: 'predict' }, { '.github/gpu-fleet.yml': 'profiles: x' }, /gpu-fleet\.yml:1:11/],
    [{ mode: 'predcit' }, {}, /mode.*check, scan, predict, auto/],
    [{ fleet: 'f.yml' }, {}, /fleet.*mode: predict/],
    [{ mode: 'scan', fleet: 'f.yml' }, {}, /fleet.*f\.yml.*one runner.*mode: predict for a fleet/],
    [{ mode: 'scan', driver: 'new' }, {}, /--driver.*new.*no driver version/],
  ])('%j is refused before anything is asked', async (inputs, files, expected) => {
    const world = createTestWorld({
      inputs: { images: images('cuda:12'), ...inputs },
      files,
    });
    registry.seen.length = 0;
    expect(await run(world)).toBe(3);
    expect(world.publisher.annotations.map(({ message }) => message).join('\n')).toMatch(expected);
    expect(registry.seen).toEqual([]);
    expect(world.docker.containers.size).toBe(0);
  });
});

it('images: auto with mode: predict compares before with after for each kind of runner', async () => {
  const repository = createTemporaryRepository();
  try {
    const [before, after] = ['cuda:12', 'cuda:13'].map((name) => `FROM ${images(name)}\n`);
    repository.write({ Dockerfile: before ?? '' });
    const base = repository.commit();
    repository.write({ Dockerfile: after ?? '' });
    repository.commit();
    const world = createTestWorld({
      inputs: { images: 'auto', base, mode: 'predict', fleet: 'f.yml' },
      files: { 'f.yml': FLEET, [`${repository.folder}/Dockerfile`]: after ?? '' },
      programs: { git: realGit },
      withoutDocker: true,
    });
    expect(await run({ ...world, workspace: repository.folder })).toBe(1);
    expect(reportOf(world).changes.images).toMatchObject([
      {
        source: { file: 'Dockerfile', line: 1 },
        profiles: [
          { profile: 'new', before: 'works', after: 'works', outcome: 'same' },
          { profile: 'old', before: 'works', after: 'fails', outcome: 'worse' },
        ],
      },
    ]);
  } finally {
    repository.delete();
  }
});

const real = createShell({ PATH: process.env['PATH'] });
const realGit: FakeProgram = async (args, options) => {
  const { stdout, stderr, ...end } = await real.run('git', args, options);
  return { stdout, stderr, code: end.kind === 'exited' ? end.code : 1 };
};

describe('mode: scan', () => {
  it('starts the container without GPUs and judges for the runner that the inputs describe', async () => {
    const world = createTestWorld({
      inputs: { images: 'r.example/x:1', mode: 'scan', driver: '470.82.01', gpu: 'T4' },
      images: {
        'r.example/x:1': {
          env: ['CUDA_VERSION=12.4.1'],
          run: ({ nonce }) => ({ code: 0, stdout: probeOutput(nonce) }),
        },
      },
      programs: { 'nvidia-smi': () => ({ code: 0 }) },
    });
    expect(await run(world)).toBe(1);
    const create = world.shell.calls.find((call) => call.startsWith('docker create'));
    expect(create).toBeDefined();
    expect(create).not.toContain('--gpus');
    expect(reportOf(world).images).toMatchObject([
      { basis: 'scan', verdict: 'fails', primary: 'driver-too-old' },
    ]);
  });

  it('needs an engine', async () => {
    const world = createTestWorld({
      inputs: { images: 'x', mode: 'scan' },
      withoutDocker: true,
    });
    expect(await run(world)).toBe(3);
    expect(world.publisher.annotations[0]?.message).toContain('no such program in PATH');
  });
});

describe('mode: auto', () => {
  it('predicts where there is no driver, and says so', async () => {
    const world = createTestWorld({
      inputs: { images: images('cuda:12'), mode: 'auto' },
      files: FLEET_FILE,
      withoutDocker: true,
    });
    expect(await run(world)).toBe(0);
    expect(world.publisher.page).toContain('predicted, as this machine has no NVIDIA driver');
    expect(world.publisher.lines.join('\n')).toContain('Mode `auto`: predicted');
  });

  it('checks where there is one', async () => {
    const world = createTestWorld({
      inputs: { images: 'r.example/x:1', mode: 'auto' },
      files: FLEET_FILE,
      programs: { 'nvidia-smi': () => ({ code: 9 }) },
    });
    await run(world);
    expect(world.publisher.page).toContain('checked, as this machine has an NVIDIA driver');
    expect(world.shell.calls.some((call) => call.startsWith('docker pull'))).toBe(true);
  });

  it('without a driver and without a fleet is wrong use', async () => {
    const world = createTestWorld({ inputs: { images: 'x', mode: 'auto' } });
    expect(await run(world)).toBe(3);
    expect(world.publisher.annotations[0]?.message).toContain('no NVIDIA driver');
  });
});

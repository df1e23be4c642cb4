import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFakeRegistry, type FakeRegistry } from '../fakes/registry.js';
import { probeOutput } from '../fakes/world.js';
import { call } from './call.js';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await createFakeRegistry();
  registry.publish('cuda:12', { env: ['CUDA_VERSION=12.4.1'] });
  registry.publish('cuda:13', { env: ['CUDA_VERSION=13.0.0'] });
  registry.publish('arm', { env: ['CUDA_VERSION=12.4.1'], platform: 'linux/arm64' });
});
afterAll(() => registry.close());

const image = (name: string) => `${registry.address}/${name}`;
const RUNNER = ['--driver', '550.54.15', '--gpu', 'NVIDIA L4'];

const FLEET = `profiles:
  - name: new
    driver: 580.65.06
    gpus: [{name: NVIDIA L4}]
  - name: old
    driver: 470.82.01
    platform: linux/amd64
    gpus: [{name: Tesla T4}]
`;

describe('predict IMAGE', () => {
  it('judges from manifest and configuration, without an engine', async () => {
    const works = await call(['predict', image('cuda:12'), ...RUNNER, '--json']);
    expect(works.code).toBe(0);
    expect(JSON.parse(works.stdout)).toMatchObject({
      passed: true,
      images: [{ verdict: 'works', basis: 'prediction', reference: image('cuda:12') }],
    });
    expect(works.shell.calls).toEqual([]);
    expect(works.stderr).toMatch(/1 image: 2 requests, 0\.\d KiB/);
    const fails = await call(['predict', image('cuda:13'), ...RUNNER]);
    expect(fails.code).toBe(1);
    expect(fails.stdout).toContain('Driver 550.54.15 is too old for CUDA 13.0.0');
  });

  it('takes a compute capability in place of a name', async () => {
    const args = ['--driver', '550.54.15', '--compute-capability', '8.9'];
    expect((await call(['predict', image('cuda:12'), ...args])).code).toBe(0);
  });

  it('an image that cannot be read does not lose the others', async () => {
    const { code, stdout } = await call([
      'predict',
      image('none'),
      image('cuda:12'),
      '127.0.0.1:1/x',
      ...RUNNER,
      '--json',
    ]);
    expect(code).toBe(2);
    expect(
      JSON.parse(stdout).images.map(
        ({ verdict, primary }: { verdict: string; primary: string }) => [verdict, primary],
      ),
    ).toEqual([
      ['unknown', 'image-not-found'],
      ['works', null],
      ['unknown', 'registry-unreachable'],
    ]);
  });

  it('judges for each profile of a fleet file, also where nobody names it', async () => {
    for (const args of [['--fleet', 'f.yml'], []]) {
      const { code, stdout } = await call(
        ['predict', image('cuda:12'), image('arm'), ...args, '--json'],
        { files: { [args[1] ?? '.github/gpu-fleet.yml']: FLEET } },
      );
      expect(code).toBe(1);
      const { images } = JSON.parse(stdout);
      expect(images).toMatchObject([
        { reference: image('cuda:12'), profile: 'new', verdict: 'works' },
        { reference: image('cuda:12'), profile: 'old', primary: 'driver-too-old' },
        { reference: image('arm'), profile: 'new', verdict: 'works' },
        { reference: image('arm'), profile: 'old', primary: 'platform-mismatch' },
      ]);
    }
    const only = await call(['predict', image('cuda:12'), '--profile', 'new', '--json'], {
      files: { '.github/gpu-fleet.yml': FLEET },
    });
    expect(JSON.parse(only.stdout).images).toHaveLength(1);
  });

  it.each<[string[], RegExp]>([
    [['x'], /nothing tells which runner.*--fleet/],
    [[...RUNNER], /there is no image/],
    [['x', '--gpu', 'NVIDIA L4'], /there is no driver version/],
    [['x', '--driver', 'R550'], /driver: "R550": it is no driver version/],
    [['x', '--driver', '550.54', '--gpu', 'NVIDIA L44'], /gpu: "NVIDIA L44": no table has/],
    [['x', '--driver', '550.54', '--compute-capability', '80'], /no compute capability/],
    [['x', '--driver', '550.54', '--driver', '1.2'], /a runner has one driver/],
    [['x', '--driver', '550.54', '--platform', 'amd64'], /platform: "amd64": it is no platform/],
    [['x', '--driver', '550.54', '--fleet', 'f.yml'], /leave one of them out/],
    [['x', '--fleet', 'none.yml'], /fleet: "none\.yml": the file does not exist/],
    [
      ['x', '--fleet', 'f.yml', '--profile', 'odl'],
      /has no such profile.*new, old.*did you mean old/,
    ],
    [['x', '--fleet', 'bad.yml'], /bad\.yml:1:11: profiles: found "x"/],
    [['--facts', 'f', '--driver', '550.54'], /describes another/],
    [['UPPER', ...RUNNER], /lower case/],
  ])('%j is wrong use', async (args, expected) => {
    const { code, stderr, stdout } = await call(['predict', ...args], {
      files: { 'f.yml': FLEET, 'bad.yml': 'profiles: x' },
    });
    expect(stderr).toMatch(expected);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });
});

describe('fleet --check', () => {
  const SMI = `index, uuid\n`;
  const smi = {
    'nvidia-smi': (args: readonly string[]) =>
      args[0] === '-q'
        ? { code: 1, stdout: SMI }
        : { stdout: '0, GPU-1, NVIDIA L4, 23034, [N/A], 580.65.06, 8.9\n' },
  };

  it('passes a machine that is what its profile says', async () => {
    const { code, stdout } = await call(['fleet', '--check', 'f.yml', '--profile', 'new'], {
      files: { 'f.yml': FLEET },
      programs: smi,
    });
    expect(stdout).toBe('new in f.yml is what this machine is\n');
    expect(code).toBe(0);
  });

  it('tells the differences, as lines or as JSON', async () => {
    const options = { files: { '.github/gpu-fleet.yml': FLEET }, programs: smi };
    const { code, stdout } = await call(['fleet', '--check', '--profile', 'old'], options);
    expect(code).toBe(1);
    expect(stdout).toContain('driver: recorded 470.82.01, now 580.65.06');
    const json = await call(['fleet', '--check', '--profile', 'old', '--json'], options);
    expect(JSON.parse(json.stdout)).toMatchObject({
      profile: 'old',
      differences: [{ what: 'driver', recorded: '470.82.01', now: '580.65.06' }, {}],
    });
  });

  it('a machine without a driver is not what the profile says', async () => {
    const { code, stdout } = await call(['fleet', '--check', 'f.yml', '--profile', 'new'], {
      files: { 'f.yml': FLEET },
    });
    expect({ code, stdout: stdout.includes('none was found on this machine') }).toEqual({
      code: 1,
      stdout: true,
    });
  });

  it.each([
    [['fleet']],
    [['fleet', '--check']],
    [['fleet', '--check', 'a', 'b', '--profile', 'x']],
  ])('%j is wrong use', async (args) => {
    expect((await call(args)).code).toBe(3);
  });
});

describe('check --write-profile', () => {
  const options = (files: Record<string, string>) => ({
    files,
    images: {
      'r.example/works:1': {
        env: ['CUDA_VERSION=12.4.1'],
        run: ({ nonce }: { nonce: string }) => ({
          stdout: probeOutput(nonce, { step: 'init', code: 0 }),
        }),
      },
    },
    programs: {
      'nvidia-smi': (args: readonly string[]) =>
        args[0] === '-q'
          ? { code: 1 }
          : { stdout: '0, GPU-1, NVIDIA L4, 23034, [N/A], 580.65.06, 8.9\n' },
    },
    env: { RUNNER_NAME: 'gpu runner/3' },
  });

  it('records the machine under the name that was given, and keeps the rest of the file', async () => {
    const { files, stderr } = await call(
      ['check', 'r.example/works:1', '--write-profile', 'f.yml:old'],
      options({ 'f.yml': FLEET }),
    );
    const text = String(files.contents.get('f.yml'));
    expect(stderr).not.toContain('nothing was written');
    expect(text).toContain('driver: 580.65.06\n    platform: linux/amd64');
    expect(text).toContain('- name: new\n');
    const check = await call(
      ['fleet', '--check', 'f.yml', '--profile', 'old'],
      options({ 'f.yml': text }),
    );
    expect(check).toMatchObject({ code: 0 });
  });

  it('makes a file and a name where there are none', async () => {
    const { files } = await call(
      ['check', 'r.example/works:1', '--write-profile', 'new.yml'],
      options({}),
    );
    expect(String(files.contents.get('new.yml'))).toContain('- name: gpu-runner-3\n');
  });

  it('leaves a file with mistakes alone, and says so', async () => {
    const { files, stderr } = await call(
      ['check', 'r.example/works:1', '--write-profile', 'f.yml'],
      options({ 'f.yml': 'profiles: x' }),
    );
    expect(files.contents.get('f.yml')).toBe('profiles: x');
    expect(stderr).toMatch(/f\.yml:1:11: profiles: found "x"/);
  });

  it('writes nothing where the machine tells no driver', async () => {
    const { files, stderr } = await call(
      ['check', 'r.example/works:1', '--write-profile', 'new.yml'],
      { ...options({}), programs: {} },
    );
    expect(files.contents.has('new.yml')).toBe(false);
    expect(stderr).toContain('tells no driver version');
  });
});

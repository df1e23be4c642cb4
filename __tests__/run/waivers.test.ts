import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createShell } from '../../src/platform/shell.js';
import { run } from '../../src/run.js';
import { call } from '../cli/call.js';
import { createFakeClock } from '../fakes/clock.js';
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
/** One entry; the day of the fake clock is 2026-11-29. */
const waivers = (more = '', until = '2026-11-29', image = '**/cuda:13') => `waivers:
  - finding: driver-too-old
    image: "${image}"
    reason: known, see OPS-1
    until: ${until}
${more}`;

const reportOf = (world: ReturnType<typeof createTestWorld>) =>
  JSON.parse(String(world.files.contents.get('/temp/cuda-image-check-run.json')));

const predicting = (file: string, inputs: Record<string, string> = {}) =>
  createTestWorld({
    inputs: { images: `${registry.address}/cuda:13`, mode: 'predict', ...inputs },
    files: { '.github/gpu-fleet.yml': FLEET, '.github/gpu-waivers.yml': file },
    withoutDocker: true,
  });

describe('the action with .github/gpu-waivers.yml', () => {
  it('passes, and says on every surface what fails, until when and why it is accepted', async () => {
    const world = predicting(waivers());
    expect(await run(world)).toBe(0);
    const report = reportOf(world);
    expect(report).toMatchObject({
      passed: true,
      waivers: { file: '.github/gpu-waivers.yml', on: '2026-11-29', idle: [] },
      images: [
        { profile: 'new', verdict: 'works' },
        {
          profile: 'old',
          verdict: 'fails',
          primary: 'driver-too-old',
          countsAs: 'works',
          findings: [
            {
              id: 'driver-too-old',
              severity: 'error',
              waived: { reason: 'known, see OPS-1', until: '2026-11-29', line: 2 },
            },
          ],
        },
      ],
    });
    expect(report.images[0].countsAs).toBeUndefined();
    expect(Object.fromEntries(world.publisher.outputs)).toMatchObject({
      verdict: 'fails',
      passed: 'true',
      primary: 'driver-too-old',
    });
    const [first, second] = world.publisher.page.split('\n');
    expect(first).toMatch(/^## 🟡 fails for 1 of 2 pairs .*, waived until 2026-11-29: Driver/);
    expect(second).toBe('**Next:** nothing until 2026-11-29, by its waiver: known, see OPS-1');
    expect(world.publisher.annotations).toMatchObject([
      { level: 'notice', title: expect.stringMatching(/^Waived until 2026-11-29: Driver/) },
    ]);
  });

  it.each([
    ['it has expired', waivers('', '2026-11-28'), {}],
    ['it is for another runner', waivers('    profile: new\n'), {}],
    ['it is for another image', waivers('', '2027-01-31', '**/cuda:12'), {}],
    ['waivers: none reads no file', waivers(), { waivers: 'none' }],
  ])('fails where %s', async (_, file, inputs) => {
    const world = predicting(file, inputs);
    expect(await run(world)).toBe(1);
    expect(reportOf(world).passed).toBe(false);
  });

  it('tells an expired waiver as a finding of its own, beside the one that counts again', async () => {
    const world = predicting(waivers('', '2026-11-28'));
    await run(world);
    expect(reportOf(world).images[1]).toMatchObject({
      primary: 'driver-too-old',
      findings: [
        { id: 'driver-too-old' },
        {
          id: 'waiver-expired',
          severity: 'error',
          blame: 'workflow',
          title: 'The waiver for driver-too-old expired on 2026-11-28',
        },
      ],
    });
    expect(world.publisher.page.split('\n')[0]).toContain('(its waiver ended on 2026-11-28)');
    expect(world.publisher.annotations.map(({ title }) => title)).toContain(
      'The waiver for driver-too-old expired on 2026-11-28',
    );
  });

  it('holds to the end of its last day in UTC', async () => {
    for (const [now, code] of [
      ['2026-11-29T23:59:59.999Z', 0],
      ['2026-11-30T00:00:00.000Z', 1],
    ] as const) {
      expect([now, await run({ ...predicting(waivers()), clock: createFakeClock(now) })]).toEqual([
        now,
        code,
      ]);
    }
  });

  it('lists waivers that did nothing, and gives a notice where one can go', async () => {
    const more = `  - {finding: ptx-too-new, image: '**', reason: a, until: 2027-01-31}
  - {finding: gpu-lost, image: not.here/x, reason: b, until: 2027-01-31}
`;
    const world = predicting(waivers(more));
    expect(await run(world)).toBe(0);
    expect(reportOf(world).waivers.idle).toMatchObject([
      { finding: 'ptx-too-new', because: 'finding', line: 6 },
      { finding: 'gpu-lost', because: 'image', line: 7 },
    ]);
    expect(world.publisher.page).toContain('Waivers that did nothing in this run (2)');
    expect(
      world.publisher.annotations.filter(({ title }) => title.startsWith('Waiver without')),
    ).toMatchObject([{ level: 'notice', file: '.github/gpu-waivers.yml', startLine: 6 }]);
  });

  it.each([
    [
      {},
      waivers().replace('driver-too-old', 'driver-to-old'),
      /:2:14: .*Did you mean driver-too-old/,
    ],
    [{ waivers: 'none.yml' }, waivers(), /waivers: "none\.yml": the file does not exist/],
  ])(
    'with %j and a mistake is refused before anything is asked',
    async (inputs, file, expected) => {
      const world = predicting(file, inputs);
      registry.seen.length = 0;
      expect(await run(world)).toBe(3);
      expect(world.publisher.annotations.map(({ message }) => message).join('\n')).toMatch(
        expected,
      );
      expect(registry.seen).toEqual([]);
    },
  );

  it('passes a check that cannot start its container, where that is waived, and no other', async () => {
    const checked = async (finding: string) => {
      const world = createTestWorld({
        inputs: { images: 'r.example/x:1' },
        images: {
          'r.example/x:1': {
            env: ['CUDA_VERSION=12.4.1'],
            run: () => ({
              code: 127,
              stderr:
                'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
            }),
          },
        },
        files: {
          '.github/gpu-waivers.yml': `waivers: [{finding: ${finding}, image: '**', reason: r, until: 2027-01-31}]`,
        },
        programs: { 'nvidia-smi': () => ({ code: 9 }) },
      });
      return [await run(world), reportOf(world).images[0].verdict, reportOf(world).passed];
    };
    expect(await checked('container-toolkit-missing')).toEqual([0, 'unknown', true]);
    expect(await checked('driver-too-old')).toEqual([2, 'unknown', false]);
  });

  it('cannot waive what nobody could tell', async () => {
    const world = createTestWorld({
      inputs: { images: 'r.example/x:1', mode: 'scan' },
      images: {
        'r.example/x:1': { run: ({ nonce }) => ({ code: 0, stdout: probeOutput(nonce) }) },
      },
      files: {
        '.github/gpu-waivers.yml': `waivers: [{finding: driver-too-old, image: '**', reason: r, until: 2027-01-31}]`,
      },
    });
    expect(await run(world)).toBe(2);
    expect(reportOf(world).images[0]).toMatchObject({ verdict: 'unknown', primary: null });
  });
});

const real = createShell({ PATH: process.env['PATH'] });
const git: FakeProgram = async (args, options) => {
  const { stdout, stderr, ...end } = await real.run('git', args, options);
  return { stdout, stderr, code: end.kind === 'exited' ? end.code : 1 };
};

it('a change that makes an image worse passes where that is waived', async () => {
  const repository = createTemporaryRepository();
  try {
    const [before, after] = ['cuda:12', 'cuda:13'].map(
      (name) => `FROM ${registry.address}/${name}\n`,
    );
    repository.write({ Dockerfile: before ?? '' });
    const base = repository.commit();
    repository.write({ Dockerfile: after ?? '' });
    repository.commit();
    const world = (file: string) => ({
      ...createTestWorld({
        inputs: { images: 'auto', base, mode: 'predict', fleet: 'f.yml', waivers: 'w.yml' },
        files: { 'f.yml': FLEET, 'w.yml': file, [`${repository.folder}/Dockerfile`]: after ?? '' },
        programs: { git },
        withoutDocker: true,
      }),
      workspace: repository.folder,
    });
    const waived = world(waivers('    profile: old\n'));
    expect(await run(waived)).toBe(0);
    const [change] = reportOf(waived).changes.images;
    expect(change.profiles).toMatchObject([
      { profile: 'new', after: 'works' },
      { profile: 'old', before: 'works', after: 'fails', outcome: 'worse', countsAs: 'works' },
    ]);
    expect(waived.publisher.outputs.get('verdict')).toBe('fails');
    expect(waived.publisher.page.split('\n')[0]).toMatch(
      /^## 🟡 1 of 1 changed image got worse, waived until 2026-11-29: Driver/,
    );
    expect(waived.publisher.annotations).toMatchObject([
      { level: 'notice', file: 'Dockerfile', startLine: 1 },
    ]);
    // A waiver of what was there before is none of what is there now.
    const other = world(waivers('', '2027-01-31', '**/cuda:12'));
    expect(await run(other)).toBe(1);
    expect(reportOf(other).waivers.idle).toMatchObject([{ because: 'image' }]);
  } finally {
    repository.delete();
  }
});

describe('the command line', () => {
  const file = (finding: string) =>
    `waivers: [{finding: ${finding}, image: fails, reason: r, until: 2027-01-31}]`;

  it('takes --waivers, or the file of the folder that it is in', async () => {
    const facts = ['predict', '--facts', 'fails.json'];
    expect((await call(facts)).code).toBe(1);
    const named = { 'w.yml': file('driver-too-old') };
    const { code, stdout } = await call([...facts, '--waivers', 'w.yml'], { files: named });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^~ fails, waived until 2027-01-31: /);
    expect(stdout).toContain('waived until 2027-01-31 (w.yml:1): r');
    const here = { '.github/gpu-waivers.yml': file('driver-too-old') };
    expect((await call(facts, { files: here })).code).toBe(0);
    expect((await call([...facts, '--waivers=none'], { files: here })).code).toBe(1);
  });

  it('refuses a file with mistakes', async () => {
    const files = { 'w.yml': file('driver') };
    for (const args of [
      ['predict', '--facts', 'fails.json'],
      ['check', 'r.example/x:1'],
      ['scan', 'r.example/x:1'],
      ['predict', 'r.example/x:1', '--driver', '580.65.06', '--gpu', 'L4'],
    ]) {
      const { code, stderr } = await call([...args, '--waivers', 'w.yml'], { files });
      expect([args[0], code]).toEqual([args[0], 3]);
      expect(stderr).toMatch(/w\.yml:1:21: waivers\[0\]\.finding: found "driver"/);
    }
  });
});

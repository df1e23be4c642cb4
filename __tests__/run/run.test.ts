import { describe, expect, it } from '@jest/globals';
import { createFiles } from '../../src/platform/files.js';
import { loadPrograms } from '../../src/probe/program.js';
import type { Report } from '../../src/report/report.js';
import { run } from '../../src/run.js';
import type { FakeImage } from '../fakes/docker.js';
import { createTestWorld, probeOutput, type TestWorld } from '../fakes/world.js';

const SHA = `sha256:${'a'.repeat(64)}`;

const SMI = `<nvidia_smi_log><driver_version>570.124.06</driver_version><cuda_version>12.8</cuda_version>
<gpu><product_name>NVIDIA L4</product_name><uuid>GPU-1</uuid></gpu></nvidia_smi_log>`;

const GPU_HOST = {
  'nvidia-smi': (args: readonly string[]) =>
    args[0] === '-q'
      ? { stdout: SMI }
      : { stdout: '0, GPU-1, NVIDIA L4, 23034, N/A, 570.124.06, 8.9\n' },
};

/** An image whose probe says that all is well. */
const working: FakeImage = {
  digests: [`r.example/works@${SHA}`],
  env: ['CUDA_VERSION=12.4.1'],
  run: ({ nonce }) => ({
    stdout: `the image's own banner\n${probeOutput(
      nonce,
      { step: 'libcuda', path: '/usr/lib/libcuda.so.570.124.06', origin: 'host', code: 0 },
      { step: 'init', code: 0, deviceCount: 1 },
      { step: 'device', index: 0, uuid: 'GPU-1', name: 'NVIDIA L4' },
      { step: 'kernel', index: 0, code: 0, correct: true, ms: 1 },
    )}`,
  }),
};

const failing = (answer: ReturnType<NonNullable<FakeImage['run']>>): FakeImage => ({
  env: ['CUDA_VERSION=12.4.1'],
  run: () => answer,
});

const report = (world: TestWorld, path = '/temp/cuda-image-check-run.json'): Report =>
  JSON.parse(String(world.files.contents.get(path)));

const calls = (world: TestWorld, word: string) =>
  world.shell.calls.filter((call) => call.startsWith(`docker ${word}`));

describe('the action, on an image that works', () => {
  it('publishes report, page, outputs and state, and leaves no container', async () => {
    const world = createTestWorld({
      inputs: { images: 'r.example/works:1' },
      images: { 'r.example/works:1': working },
      programs: GPU_HOST,
    });
    expect(await run(world)).toBe(0);
    const { images, passed } = report(world);
    expect(passed).toBe(true);
    expect(images[0]).toMatchObject({
      reference: 'r.example/works:1',
      digest: SHA,
      verdict: 'works',
      basis: 'probe',
      facts: {
        host: {
          driver: { version: '570.124.06', cuda: '12.8' },
          gpus: [{ computeCapability: '8.9' }],
        },
        image: { digest: SHA, platform: 'linux/amd64' },
        probe: { started: true, complete: true, init: { code: 0 } },
      },
    });
    expect(Object.fromEntries(world.publisher.outputs)).toMatchObject({
      verdict: 'works',
      passed: 'true',
      report: '/temp/cuda-image-check-run.json',
      digest: SHA,
      'driver-version': '570.124.06',
    });
    expect(world.publisher.page).toContain('works');
    expect(Object.fromEntries(world.publisher.state)).toEqual({
      'run-id': 'run',
      engine: 'docker',
    });
    expect(world.docker.containers.size).toBe(0);
  });

  it('writes the report in every format that was asked for', async () => {
    const world = createTestWorld({
      inputs: {
        images: 'r.example/works:1',
        sarif: '/out/a.sarif',
        junit: '/out/a.xml',
        html: '/out/a.html',
        markdown: '/out/a.md',
      },
      images: { 'r.example/works:1': working },
      programs: GPU_HOST,
    });
    expect(await run(world)).toBe(0);
    const text = (path: string) => `${world.files.contents.get(path)}`;
    expect(JSON.parse(text('/out/a.sarif')).version).toBe('2.1.0');
    expect(text('/out/a.xml')).toMatch(
      /^<\?xml .*\n<testsuites name="cuda-image-check" tests="14"/,
    );
    expect(text('/out/a.html')).toMatch(/^<!doctype html>/);
    expect(text('/out/a.md')).toMatch(/^## ✅ works: /);
  });

  it('creates by digest, with the probe as entry point, and copies the right program in', async () => {
    let copied = '';
    const world = createTestWorld({
      inputs: { images: 'r.example/works:1', 'container-options': '--shm-size 1g' },
      images: {
        'r.example/works:1': {
          ...working,
          run: (context) => {
            const [container] = world.docker.containers.values();
            copied = Buffer.from(container?.copied ?? []).toString();
            return working.run?.(context) ?? {};
          },
        },
      },
    });
    await run(world);
    const [create = ''] = calls(world, 'create');
    expect(create).toContain(
      `--entrypoint /cuda-image-probe --shm-size=1g r.example/works@${SHA} --nonce `,
    );
    // Twice the longest that an image can take, once for its pull and once for its probe, and an hour.
    expect(create).toMatch(
      / --name cuda-image-check-run-1 --label cuda-image-check\.run=run --label cuda-image-check\.deadline=\d+ /,
    );
    expect(copied).toContain('program cuda-image-probe-linux-x64');
  });

  it('keeps NVIDIA’s wrapper, and gives no capability to an image with its own user', async () => {
    const world = createTestWorld({
      inputs: { images: 'w:1' },
      images: {
        'w:1': { ...working, entrypoint: ['/opt/nvidia/nvidia_entrypoint.sh'], user: '1000:1000' },
      },
      here: ['w:1'],
    });
    await run(world);
    const [create = ''] = calls(world, 'create');
    expect(create).not.toContain('--entrypoint');
    expect(create).not.toContain('--cap-add');
    expect(create).toMatch(
      / \/cuda-image-probe --nonce [0-9a-f]{32} --step-timeout \d+ --frameworks-timeout \d+$/,
    );
  });
});

describe('the action, on an image that does not start', () => {
  const once = async (image: FakeImage, inputs = {}) => {
    const world = createTestWorld({
      inputs: { images: 'x:1', ...inputs },
      images: { 'x:1': image },
      here: ['x:1'],
      programs: GPU_HOST,
    });
    const exitCode = await run(world);
    expect(world.docker.containers.size).toBe(image.heldAtStart ? 1 : 0);
    const [judged] = report(world).images;
    return { world, exitCode, image: judged, facts: judged?.facts };
  };

  it('tells a refused start from a program that ended', async () => {
    const refused = await once(
      failing({
        code: 1,
        stderr:
          'Error response from daemon: could not select device driver "" with capabilities: [[gpu]]\n',
      }),
    );
    expect(refused.facts?.failure).toMatchObject({ stage: 'start', exitCode: 1 });
    expect(report(refused.world).images[0]?.primary).toBe('container-toolkit-missing');
    expect(refused.exitCode).toBe(2);

    const ended = await once(
      failing({ code: 1, stderr: 'exec /cuda-image-probe: no such file or directory\n' }),
    );
    expect(ended.facts?.failure).toMatchObject({
      stage: 'run',
      exitCode: 1,
      text: 'exec /cuda-image-probe: no such file or directory',
    });
    expect(ended.facts?.probe).toMatchObject({ started: false, containerStarted: true });
  });

  it('calls no image refused that ran and ended in silence, whatever it requires', async () => {
    const silent = (answer: ReturnType<NonNullable<FakeImage['run']>>) => ({
      env: ['CUDA_VERSION=12.4.1', 'NVIDIA_REQUIRE_CUDA=cuda>=99.0'],
      run: () => answer,
    });
    const { image, exitCode } = await once(silent({ code: 1 }));
    expect(image).toMatchObject({ verdict: 'unknown', primary: 'unrecognised' });
    expect(exitCode).toBe(2);

    // Nor by words of its own that sound like a refusal.
    const words = 'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=99.0\n';
    for (const inputs of [{}, { mode: 'scan' }]) {
      const forged = await once(silent({ code: 1, stderr: words }), inputs);
      expect(forged.image?.verdict).toBe('unknown');
      expect(forged.image?.findings.map(({ id }) => id)).not.toContain('requirement-unmet');
    }
  });

  it('says of an engine that takes no file that it does not answer', async () => {
    const world = createTestWorld({
      inputs: { images: 'x:1' },
      images: { 'x:1': working },
      here: ['x:1'],
      programs: GPU_HOST,
    });
    world.docker.refusals.set('cp', [{ hangs: true }]);
    expect(await run(world)).toBe(2);
    expect(report(world).images[0]).toMatchObject({
      verdict: 'unknown',
      primary: 'engine-unreachable',
      facts: { failure: { stage: 'create', text: expect.stringMatching(/^no end after 180 s\n/) } },
    });
    expect(world.docker.containers.size).toBe(0);
  });

  it('says that the probe was killed, and by what', async () => {
    const { facts } = await once({
      run: ({ nonce }) => ({ code: 137, stdout: probeOutput(nonce).split('\n')[0] ?? '' }),
    });
    expect(facts?.probe).toMatchObject({ killedBy: 'SIGKILL', outOfMemory: false });
    expect(facts?.failure).toMatchObject({ stage: 'run', exitCode: 137 });
  });

  it('ends a probe at its limit', async () => {
    const { facts, exitCode } = await once(failing({ hangs: true }), { timeout: '5s' });
    expect(facts?.probe).toMatchObject({ timedOut: true });
    expect(exitCode).toBe(2);
  });

  it('tells a start that does not end from a container that never lets the probe begin', async () => {
    const held = await once({ heldAtStart: true }, { timeout: '5s' });
    expect(held.exitCode).toBe(2);
    expect(held.image).toMatchObject({
      verdict: 'unknown',
      primary: 'container-start-timed-out',
      blame: 'runner',
    });
    expect(held.image?.findings.map(({ id }) => id)).toEqual(['container-start-timed-out']);
    expect(held.facts?.failure).toEqual({
      stage: 'start',
      command: 'docker start --attach cuda-image-check-run-1',
      text: 'no end after 5 s; the engine lists the container as "Created"',
    });

    const silent = await once(failing({ hangs: true, stdout: 'busy' }), { timeout: '5s' });
    expect(silent.exitCode).toBe(2);
    expect(silent.image).toMatchObject({
      verdict: 'unknown',
      primary: 'probe-not-reached',
      blame: 'image',
    });
  });

  it('asks only once for the removal of a container that the engine still holds, and says how to remove it', async () => {
    const { world } = await once({ heldAtStart: true }, { timeout: '5s' });
    const name = 'cuda-image-check-run-1';
    expect(calls(world, 'rm')).toEqual([`docker rm --force --volumes ${name}`]);
    expect(world.publisher.annotations.filter(({ level }) => level === 'warning')).toEqual([
      {
        level: 'warning',
        title: 'Container not removed',
        message: `${name}: no end after 10 s. To remove it: docker rm --force --volumes ${name}`,
      },
    ]);
  });

  it('believes no document of the image’s own', async () => {
    const { facts } = await once({
      run: () => ({ stdout: probeOutput('0'.repeat(32), { step: 'init', code: 0 }) }),
    });
    expect(facts?.probe?.init).toBeUndefined();
    expect(facts?.probe?.complete).not.toBe(true);
  });

  it('passes the step when the policy says never, and still reports', async () => {
    const { exitCode, world } = await once(
      failing({ code: 1, stderr: 'Error response from daemon: x' }),
      {
        'fail-on': 'never',
      },
    );
    expect(exitCode).toBe(0);
    expect(world.publisher.outputs.get('passed')).toBe('true');
    expect(world.publisher.outputs.get('verdict')).toBe('unknown');
  });

  it('warns when the container would not go', async () => {
    const world = createTestWorld({
      inputs: { images: 'x:1' },
      images: { 'x:1': working },
      here: ['x:1'],
    });
    const stuck = { code: 1, stderr: 'Error response from daemon: removal is stuck\n' };
    world.docker.refusals.set('rm', [stuck]);
    await run(world);
    expect(world.publisher.annotations.filter(({ level }) => level === 'warning')).toMatchObject([
      { title: 'Container not removed' },
    ]);
    // The sweep that followed succeeded.
    expect(world.docker.containers.size).toBe(0);
  });
});

describe('a place that can no longer be written', () => {
  const full = async () => {
    throw new Error('ENOSPC: no space left on device, write');
  };

  it('hides the verdict nowhere else', async () => {
    const world = createTestWorld({
      inputs: { images: 'r.example/works:1' },
      images: { 'r.example/works:1': working },
      programs: GPU_HOST,
    });
    const code = await run({ ...world, files: { ...world.files, writeText: full } });
    expect(code).toBe(0);
    expect(world.publisher.page).toContain('works');
    expect(world.publisher.page).not.toContain('Full report');
    expect(Object.fromEntries(world.publisher.outputs)).toMatchObject({
      verdict: 'works',
      report: '',
    });
    expect(world.publisher.annotations.at(-1)).toMatchObject({
      level: 'warning',
      title: 'Result not written everywhere',
      message: expect.stringMatching(/cuda-image-check-run\.json: ENOSPC/),
    });
    expect(world.docker.containers.size).toBe(0);
  });

  it('nor does a job summary that is full', async () => {
    const world = createTestWorld({
      inputs: { images: 'r.example/works:1' },
      images: { 'r.example/works:1': working },
      programs: GPU_HOST,
    });
    const publisher = { ...world.publisher, summary: full };
    expect(await run({ ...world, publisher })).toBe(0);
    expect(report(world).passed).toBe(true);
    expect(Object.fromEntries(world.publisher.outputs)).toMatchObject({ verdict: 'works' });
  });
});

describe('a run that cannot be recorded for its post step', () => {
  it('says what follows from that, and goes on', async () => {
    const world = createTestWorld({
      inputs: { images: 'r.example/works:1' },
      images: { 'r.example/works:1': working },
      programs: GPU_HOST,
    });
    const saveState = async () => {
      throw new Error('ENOSPC: no space left on device, write');
    };
    expect(await run({ ...world, publisher: { ...world.publisher, saveState } })).toBe(0);
    expect(world.publisher.annotations).toMatchObject([
      { level: 'warning', title: 'Run not recorded', message: expect.stringMatching(/ENOSPC/) },
    ]);
    expect(world.docker.containers.size).toBe(0);
  });
});

describe('several images', () => {
  it('overlap up to the limit, are probed one at a time, and keep their order', async () => {
    let probing = 0;
    let most = 0;
    const names = Array.from({ length: 10 }, (_, index) => `r.example/i${index}:1`);
    const image = (index: number): FakeImage => ({
      digests: [`r.example/i${index}@sha256:${String(index).repeat(64)}`],
      run: ({ nonce }) => {
        probing += 1;
        most = Math.max(most, probing);
        probing -= 1;
        return { stdout: probeOutput(nonce) };
      },
    });
    const world = createTestWorld({
      inputs: { images: names.join('\n'), concurrency: '3' },
      images: Object.fromEntries(names.map((name, index) => [name, image(index)])),
    });
    await run(world);
    expect(report(world).images.map(({ reference }) => reference)).toEqual(names);
    expect(most).toBe(1);
    expect(world.shell.running.most).toBeGreaterThan(2);
    // Three images, and at most the host's one question and two removals beside them.
    expect(world.shell.running.most).toBeLessThanOrEqual(6);
    expect(world.docker.containers.size).toBe(0);
  });

  it('do not lose each other', async () => {
    const world = createTestWorld({
      inputs: { images: 'none:1,x:1' },
      images: { 'x:1': working },
      programs: GPU_HOST,
    });
    expect(await run(world)).toBe(2);
    expect(report(world).images.map(({ verdict }) => verdict)).toEqual(['unknown', 'works']);
  });
});

describe('wrong use', () => {
  const refused = async (options: Parameters<typeof createTestWorld>[0]) => {
    const world = createTestWorld(options);
    const before = [...world.files.contents.keys()];
    expect(await run(world)).toBe(3);
    expect(world.shell.calls).toEqual([]);
    expect([...world.files.contents.keys()]).toEqual(before);
    return world.publisher.annotations.map(({ title, message }) => `${title}: ${message}`);
  };

  it('names every mistake at once', async () => {
    const errors = await refused({
      inputs: { images: '-v,UPPER', engine: 'x' },
      workflowFiles: {
        unset: [],
        unusable: [{ variable: 'GITHUB_OUTPUT', path: '/gone', why: 'the file does not exist' }],
      },
    });
    expect(errors).toHaveLength(4);
    expect(errors.join('\n')).toMatch(/-v.*UPPER.*engine.*GITHUB_OUTPUT: "\/gone"/s);
  });

  it('is a missing engine, with the ones that are there', async () => {
    const errors = await refused({
      inputs: { images: 'a' },
      withoutDocker: true,
      programs: { podman: () => ({}) },
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('use engine: podman');
  });

  it('is a place that cannot be written', async () => {
    const errors = await refused({
      inputs: { images: 'a', report: '/read-only/report.json' },
      readOnly: ['/read-only'],
    });
    expect(errors).toEqual([expect.stringMatching(/report: "\/read-only\/report.json".*EROFS/)]);
  });

  it('is a place of a format, told with all others before any container starts', async () => {
    const errors = await refused({
      inputs: {
        images: 'a',
        report: '/read-only/report.json',
        sarif: '/read-only/a.sarif',
        html: '/out/page',
        markdown: '/out/../out/page',
      },
      readOnly: ['/read-only'],
    });
    expect(errors).toEqual([
      expect.stringMatching(/report: "\/read-only\/report.json".*EROFS/),
      expect.stringMatching(/sarif: "\/read-only\/a.sarif".*EROFS/),
      expect.stringMatching(/markdown: "\/out\/..\/out\/page": html goes to the same file/),
    ]);
  });

  it('is not needed to be told that the installation is damaged', async () => {
    const world = createTestWorld({
      inputs: { images: 'x:1' },
      images: { 'x:1': working },
      files: { '/action/dist/probe/SHA256SUMS': 'other' },
    });
    expect(await run(world)).toBe(3);
    expect(world.publisher.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining('its checksum'),
    ]);
    expect(calls(world, 'create')).toEqual([]);
  });

  it('is not a runner without files: that is said and survived', async () => {
    const world = createTestWorld({
      inputs: { images: 'x:1' },
      images: { 'x:1': working },
      programs: GPU_HOST,
      workflowFiles: { unset: ['GITHUB_OUTPUT'], unusable: [] },
    });
    expect(await run(world)).toBe(0);
    expect(world.publisher.lines.filter((line) => line.includes('GITHUB_OUTPUT'))).toHaveLength(1);
  });
});

describe('a cancelled run', () => {
  it('removes its container and writes what is known', async () => {
    const world = createTestWorld({
      inputs: { images: 'x:1' },
      images: {
        'x:1': {
          run: ({ nonce }) => {
            world.abort.abort();
            return { stdout: probeOutput(nonce).split('\n')[0] ?? '', hangs: true };
          },
        },
      },
      here: ['x:1'],
      programs: GPU_HOST,
    });
    expect(await run(world)).toBe(2);
    expect(world.docker.containers.size).toBe(0);
    expect(report(world)).toMatchObject({
      passed: false,
      images: [{ verdict: 'unknown', primary: null, findings: [] }],
    });
    expect(world.publisher.page).toContain('the run was cancelled');
  });

  it('makes no container after the abort', async () => {
    const world = createTestWorld({ inputs: { images: 'x:1' }, images: { 'x:1': working } });
    world.abort.abort();
    expect(await run(world)).toBe(2);
    expect(calls(world, 'create')).toEqual([]);
  });
});

describe('the probe’s programs', () => {
  it('are the committed ones, with their sums', async () => {
    const loaded = await loadPrograms(createFiles(), 'dist/probe');
    expect(loaded.ok && Object.keys(loaded.programs)).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('are refused when one byte differs', async () => {
    const world = createTestWorld({
      inputs: {},
      files: { '/action/dist/probe/cuda-image-probe-linux-arm64': 'changed' },
    });
    expect(await loadPrograms(world.files, '/action/dist/probe')).toMatchObject({
      ok: false,
      file: 'cuda-image-probe-linux-arm64',
    });
  });
});

describe('a value that container-options give to a variable', () => {
  it.each(['create', 'start'])('stands in nothing that a failing %s leaves', async (stage) => {
    const said = 'no luck with HF_TOKEN=hf_secret_value';
    const world = createTestWorld({
      inputs: {
        images: 'r.example/fails:1',
        'container-options': '--env HF_TOKEN=hf_secret_value',
      },
      images: {
        'r.example/fails:1': {
          ...failing({ code: 1, stderr: said }),
          env: ['CUDA_VERSION=12.4.1', 'API_TOKEN=hf_secret_value'],
        },
      },
      programs: GPU_HOST,
    });
    if (stage === 'create') world.docker.refusals.set('create', [{ code: 125, stderr: said }]);
    expect(await run(world)).not.toBe(0);
    expect(report(world).images[0]?.facts.failure?.text).toContain('no luck with HF_TOKEN=***');
    expect(JSON.stringify([...world.files.contents])).not.toContain('hf_secret_value');
    expect(JSON.stringify(world.publisher)).not.toContain('hf_secret_value');
  });
});

it('a container whose creation ran into its limit is looked for by its label at the end', async () => {
  const world = createTestWorld({
    inputs: { images: 'r.example/works:1' },
    images: { 'r.example/works:1': working },
    programs: GPU_HOST,
  });
  world.docker.refusals.set('create', [{ hangs: true }]);
  await run(world);
  expect(calls(world, 'ps')).toHaveLength(1);
  expect(world.publisher.annotations.map(({ title }) => title)).toContain('Container not removed');
});

it.each([
  ['1000', '--user root', true],
  ['1000', '--user 0:0', true],
  ['root', '--user 1000', false],
  ['1000', '', false],
])('image of user %s with "%s": root’s right to read is kept: %s', async (user, options, kept) => {
  const world = createTestWorld({
    inputs: { images: 'r.example/works:1', 'container-options': options },
    images: { 'r.example/works:1': { ...working, user } },
    programs: GPU_HOST,
  });
  await run(world);
  expect(calls(world, 'create')[0]?.includes('DAC_OVERRIDE')).toBe(kept);
});

it('Podman that is called docker is refused, with its own name', async () => {
  const world = createTestWorld({
    inputs: { images: 'r.example/works:1' },
    images: { 'r.example/works:1': working },
    files: { '/usr/bin/docker': '#!/usr/bin/sh\nexec /usr/bin/podman "$@"\n' },
  });
  expect(await run(world)).toBe(3);
  expect(world.publisher.annotations[0]?.message).toMatch(/Podman.*engine: podman/);
  expect(world.shell.calls).toEqual([]);
});

it('an image that pull: never does not find is told without a word about a registry', async () => {
  const world = createTestWorld({
    inputs: { images: 'r.example/works:1', pull: 'never' },
    images: { 'r.example/works:1': working },
    programs: GPU_HOST,
  });
  expect(await run(world)).toBe(2);
  const [image] = report(world).images;
  expect(image).toMatchObject({ verdict: 'unknown', primary: 'image-not-found' });
  const [finding] = image?.findings ?? [];
  expect(finding?.title).toMatch(/not on this/);
  expect(finding?.fixes.join(' ')).toContain('pull: missing');
  expect(`${finding?.why} ${finding?.fixes.join(' ')}`).not.toMatch(
    /registry answered|skopeo|deletes/,
  );
});

import { describe, expect, it } from '@jest/globals';
import { extract } from 'tar-stream';
import { createCliEngine } from '../../src/engine/cli.js';
import type { ContainerSpec, EngineName } from '../../src/engine/engine.js';
import { tarOfProgram } from '../../src/engine/tar.js';
import type { RunOptions } from '../../src/platform/ports.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeFiles } from '../fakes/files.js';
import { type Answer, createFakeShell } from '../fakes/shell.js';

const SPEC: ContainerSpec = {
  name: 'c',
  image: 'a@sha256:1',
  labels: ['cuda-image-check.run=r', 'cuda-image-check.deadline=1'],
  gpus: { kind: 'all' },
  entrypoint: '/probe',
  command: ['--nonce', 'ab'],
  keepDacOverride: true,
  options: ['--shm-size=8g'],
};

const created = async (engine: EngineName, spec: Partial<ContainerSpec> = {}) => {
  const shell = createFakeShell({ [engine]: () => ({}) });
  await createCliEngine(engine, shell, createFakeClock()).create({ ...SPEC, ...spec });
  return shell.calls[0] ?? '';
};

describe('create', () => {
  it('hardens the container, the user’s options after ours, then the image', async () => {
    expect(await created('docker')).toBe(
      'docker create --name c --label cuda-image-check.run=r --label cuda-image-check.deadline=1 --no-healthcheck --log-driver none --gpus all --network none --cap-drop ALL --cap-add DAC_OVERRIDE --security-opt no-new-privileges --pids-limit 2048 --memory 16g --entrypoint /probe --shm-size=8g a@sha256:1 --nonce ab',
    );
  });

  it('keeps an engine from running a health check and from keeping what an image prints', async () => {
    expect(await created('podman')).toContain('--no-healthcheck --log-driver none');
    expect(await created('nerdctl')).not.toContain('--log-driver');
  });

  it('adds no capability for an image with a user of its own', async () => {
    expect(await created('docker', { keepDacOverride: false })).not.toContain('--cap-add');
  });

  const CDI = { kind: 'cdi', names: ['nvidia.com/gpu=0', 'nvidia.com/gpu=MIG-1'] } as const;

  it.each([
    ['docker', { kind: 'count', count: 2 }, '--gpus 2 '],
    ['docker', { kind: 'devices', devices: ['0', 'GPU-1'] }, '--gpus "device=0,GPU-1" '],
    ['nerdctl', { kind: 'all' }, '--gpus all '],
    ['podman', { kind: 'all' }, '--device nvidia.com/gpu=all '],
    ['podman', { kind: 'count', count: 2 }, '--device nvidia.com/gpu=0 --device nvidia.com/gpu=1 '],
    ['podman', { kind: 'devices', devices: ['MIG-1'] }, '--device nvidia.com/gpu=MIG-1 '],
    ['docker', CDI, '--device nvidia.com/gpu=0 --device nvidia.com/gpu=MIG-1 '],
    ['podman', CDI, '--device nvidia.com/gpu=0 --device nvidia.com/gpu=MIG-1 '],
    ['nerdctl', CDI, '--device nvidia.com/gpu=0 --device nvidia.com/gpu=MIG-1 '],
  ] as const)('gives %s the GPUs %j', async (engine, gpus, words) => {
    expect(await created(engine, { gpus })).toContain(words);
  });
});

describe('rootless Podman without systemd', () => {
  it('is asked again without the limits that it cannot set', async () => {
    const text =
      'Error: invalid configuration, cannot specify resource limits without cgroups v2 and --cgroup-manager=systemd';
    const shell = createFakeShell({
      podman: (args) => (args.includes('--memory') ? { code: 125, stderr: text } : {}),
    });
    expect((await createCliEngine('podman', shell, createFakeClock()).create(SPEC)).ok).toBe(true);
    expect(shell.calls).toHaveLength(2);
    expect(shell.calls[1]).toContain('--cap-drop ALL');
    expect(shell.calls[1]).not.toContain('--pids-limit');
  });
});

describe('copyIn', () => {
  const copied = async (name: EngineName) => {
    const files = createFakeFiles();
    const seen: unknown[] = [];
    const shell = createFakeShell({
      [name]: (args, { input }) => {
        const path = args[1] ?? '';
        seen.push([...args], input === undefined, files.contents.get(path));
        return {};
      },
    });
    const program = Buffer.from('program');
    await createCliEngine(name, shell, createFakeClock(), files).copyIn('c', 'probe', program);
    expect([...files.contents.keys()]).toEqual([]);
    return seen;
  };

  it.each(['docker', 'podman'] as const)('gives %s an archive on standard input', async (name) => {
    expect(await copied(name)).toEqual([['cp', '-', 'c:/'], false, undefined]);
  });

  it('gives nerdctl a file, which reads no archive', async () => {
    expect(await copied('nerdctl')).toEqual([
      ['cp', '/tmp/program', 'c:/probe'],
      true,
      Buffer.from('program'),
    ]);
  });
});

describe('a value that --env gives', () => {
  it('reaches the engine and stands in no record of it', async () => {
    const given: (readonly string[])[] = [];
    const shell = createFakeShell({
      docker: (args) => {
        given.push(args);
        return { code: 125, stderr: 'invalid variable HF_TOKEN=hf_secret_value' };
      },
    });
    const result = await createCliEngine('docker', shell, createFakeClock()).create({
      ...SPEC,
      options: ['--env=HF_TOKEN=hf_secret_value'],
    });
    expect(given[0]).toContain('--env=HF_TOKEN=hf_secret_value');
    expect(JSON.stringify(result)).not.toContain('hf_secret_value');
    expect(!result.ok && result.failure.command).toContain(' --env=HF_TOKEN=*** ');
    expect(!result.ok && result.failure.text).toBe('invalid variable HF_TOKEN=***');
  });
});

describe('an engine’s answer', () => {
  const answering = (answer: {
    code?: number;
    stdout?: string;
    stderr?: string;
    hangs?: boolean;
  }) => createCliEngine('docker', createFakeShell({ docker: () => answer }), createFakeClock());

  it('without end is a failure and no answer, but for what nobody reads', async () => {
    const endless = { stdout: '['.repeat(9 * 1024 * 1024) };
    for (const asked of ['inspectImage', 'manifest', 'inspectContainer', 'listByLabel'] as const) {
      const result = await answering(endless)[asked]('x');
      expect(result.ok ? result.value : result.failure).toMatchObject({
        reason: 'refused',
        text: expect.stringMatching(/^the answer is longer than \d MiB: \[{10,200}…$/),
      });
    }
    expect((await answering(endless).pull('x')).ok).toBe(true);
  });

  it('that goes on and on is ended, not waited for', async () => {
    let ended = false;
    const docker = (_: readonly string[], { signal, onStdout }: RunOptions): Answer => {
      for (let mib = 0; mib < 8; mib += 1) onStdout?.(Buffer.alloc(1024 ** 2, '['));
      expect(signal?.aborted).toBe(false);
      onStdout?.(Buffer.from('['));
      ended = signal?.aborted === true;
      return { hangs: true };
    };
    const result = await createCliEngine(
      'docker',
      createFakeShell({ docker }),
      createFakeClock(),
    ).inspectImage('x');
    expect(ended).toBe(true);
    expect(!result.ok && result.failure).toMatchObject({
      reason: 'refused',
      text: expect.stringMatching(/^the answer is longer than 8 MiB: /),
    });
  });

  it('that is a refusal keeps the engine’s own words and the command', async () => {
    const result = await answering({ code: 125, stderr: 'Error: no\nreally\n' }).create(SPEC);
    expect(result).toMatchObject({
      ok: false,
      failure: { reason: 'refused', exitCode: 125, text: 'Error: no\nreally' },
    });
  });

  it('with words on standard error and exit code 0 is a success', async () => {
    expect((await answering({ stderr: 'WARNING: no swap limit' }).create(SPEC)).ok).toBe(true);
  });

  it('that does not come is a failure with the limit', async () => {
    const result = await answering({ hangs: true }).info({ timeoutMs: 2_000 });
    expect(result).toMatchObject({ ok: false, failure: { reason: 'timed-out' } });
    expect(!result.ok && result.failure.text).toContain('2 s');
  });

  it('of a missing program says so', async () => {
    const result = await createCliEngine('podman', createFakeShell({}), createFakeClock()).info();
    expect(!result.ok && result.failure).toMatchObject({
      reason: 'not-found',
      text: 'podman: command not found',
    });
  });

  it('that the container is gone counts as removed', async () => {
    const gone = { code: 1, stderr: 'Error response from daemon: No such container: c\n' };
    expect((await answering(gone).remove('c')).ok).toBe(true);
    expect((await answering({ code: 1, stderr: 'permission denied' }).remove('c')).ok).toBe(false);
  });

  it('about a container is read, or unknown', async () => {
    const state = '{"Status":"exited","ExitCode":137,"OOMKilled":true,"Error":""}\n';
    expect(await answering({ stdout: state }).inspectContainer('c')).toMatchObject({
      value: { status: 'exited', exitCode: 137, outOfMemory: true },
    });
    expect(await answering({ stdout: 'null' }).inspectContainer('c')).toMatchObject({
      ok: true,
      value: undefined,
    });
  });

  it('in lines is passed on in lines, also without a last line end and with carriage returns', async () => {
    const lines: string[] = [];
    await answering({ stdout: 'a\r\nb\rc\n' }).pull('x', { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['a', 'b', 'c']);
  });
});

describe('tarOfProgram', () => {
  it('holds one executable of root, the same bytes each time', async () => {
    const program = Buffer.from('\u007fELF and more');
    const archive = await tarOfProgram('cuda-image-probe', program);
    expect(Buffer.from(await tarOfProgram('cuda-image-probe', program)).equals(archive)).toBe(true);
    const entries: unknown[] = [];
    const reader = extract();
    reader.on('entry', (header, stream, next) => {
      const chunks: Uint8Array[] = [];
      stream.on('data', (chunk) => chunks.push(chunk as Uint8Array));
      stream.on('end', () => {
        entries.push([header.name, header.mode, header.uid, Buffer.concat(chunks).toString()]);
        next();
      });
    });
    await new Promise((resolve) => reader.on('finish', () => resolve(undefined)).end(archive));
    expect(entries).toEqual([['cuda-image-probe', 0o555, 0, '\u007fELF and more']]);
  });
});

describe('listedStatus', () => {
  const status = async (stdout: string) => {
    const shell = createFakeShell({ podman: () => ({ stdout }) });
    const result = await createCliEngine('podman', shell, createFakeClock()).listedStatus('run-1');
    expect(shell.calls).toEqual([
      'podman ps --all --filter name=run-1 --format {{.Names}} {{.Status}}',
    ]);
    return result.ok ? result.value : result;
  };

  it('is that of the container of exactly this name, whatever else the filter lets through', async () => {
    expect(await status('run-10 Up 2 seconds\nrun-1  Created\n')).toBe('Created');
    expect(await status('run-10 Up 2 seconds\nmy-run-1 Created\n')).toBeUndefined();
    expect(await status('')).toBeUndefined();
  });
});

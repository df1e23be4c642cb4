import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FailureFacts } from '../../src/core/facts.js';
import { createCliEngine } from '../../src/engine/cli.js';
import { parseImageInspect } from '../../src/image/config.js';
import { gatherImage, layerProgress, type PullPolicy } from '../../src/image/gather.js';
import { entryFor, type IndexEntry, parseManifest } from '../../src/image/manifest.js';
import { type ImageReference, parseReference } from '../../src/image/reference.js';
import { isPassing } from '../../src/image/retry.js';
import { recogniseFacts } from '../../src/recognise/recognise.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeDocker, type FakeImage } from '../fakes/docker.js';
import { createFakeFiles } from '../fakes/files.js';
import { createFakeShell } from '../fakes/shell.js';

const SHA = `sha256:${'a'.repeat(64)}`;

const reference = (text: string): ImageReference => {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.reference;
};

const setUp = (images: Record<string, FakeImage>, here: string[] = [], freeBytes = 1e12) => {
  const docker = createFakeDocker(images, here);
  const shell = createFakeShell({ docker: docker.program });
  const clock = createFakeClock();
  const lines: string[] = [];
  const gather = (name: string, policy: PullPolicy = 'missing', through = shell) =>
    gatherImage(reference(name), {
      engine: createCliEngine('docker', through, createFakeClock()),
      files: { ...createFakeFiles(), freeBytes: async () => freeBytes },
      clock,
      policy,
      pullTimeoutMs: 60_000,
      host: async () => ({ platform: 'linux/amd64', storage: '/var/lib/docker' }),
      foretell: async () => undefined,
      progress: (line) => lines.push(line),
      signal: new AbortController().signal,
    });
  return { docker, shell, clock, lines, gather };
};

const pulls = (calls: readonly string[]) => calls.filter((call) => call.startsWith('docker pull'));

describe('parseImageInspect', () => {
  it('keeps the digest that was asked for, where there are several of one repository', () => {
    const wanted = `r.example/x@sha256:${'c'.repeat(64)}`;
    const text = JSON.stringify({ Id: SHA, RepoDigests: [`r.example/x@${SHA}`, wanted] });
    expect(parseImageInspect(text, reference(wanted))?.pinned).toBe(wanted);
    expect(parseImageInspect(text, reference('r.example/x:1'))?.pinned).toBe(`r.example/x@${SHA}`);
  });

  it('reads the configuration and names the image by content', () => {
    const image = parseImageInspect(
      JSON.stringify([
        {
          Id: SHA,
          RepoDigests: [`other/x@sha256:${'b'.repeat(64)}`, `busybox@${SHA}`],
          Os: 'linux',
          Architecture: 'arm64',
          Variant: 'v8',
          Size: 10,
          Config: {
            Env: ['CUDA_A=1', 'CUDA_B=x=y', 'CUDA_C', '=bad', '__proto__=p', 'API_TOKEN=t'],
            User: '1000',
            Entrypoint: ['/e'],
            Labels: { 'com.nvidia.l': 'v', 'com.nvidia.n': 3, deploy: 'key' },
          },
        },
      ]),
      reference('docker.io/library/busybox:1'),
    );
    expect(image?.pinned).toBe(`busybox@${SHA}`);
    expect(image?.facts).toMatchObject({
      reference: 'docker.io/library/busybox:1',
      digest: SHA,
      platform: 'linux/arm64',
      sizeBytes: 10,
      labels: { 'com.nvidia.l': 'v' },
      user: '1000',
      entrypoint: ['/e'],
    });
    expect(Object.entries(image?.facts.env ?? {})).toEqual([
      ['CUDA_A', '1'],
      ['CUDA_B', 'x=y'],
      ['CUDA_C', ''],
    ]);
  });

  it('names an image that no registry has by its id, as Podman writes it too', () => {
    const image = parseImageInspect(`[{"Id":"${'c'.repeat(64)}","Config":null}]`, reference('a'));
    expect(image).toMatchObject({ pinned: `sha256:${'c'.repeat(64)}` });
    expect(image?.facts.digest).toBeUndefined();
    expect(image?.facts.platform).toBeUndefined();
  });

  it.each(['', '[]', 'null', '{}', '[{"Id":3}]', 'Error'])('is undefined for %j', (text) => {
    expect(parseImageInspect(text, reference('a'))).toBeUndefined();
  });
});

describe('pulling', () => {
  const images = { 'r.example/a:1': { digests: [`r.example/a@${SHA}`] } };

  it('is left out where the image is there', async () => {
    const { gather, shell } = setUp(images, ['r.example/a:1']);
    expect(await gather('r.example/a:1')).toMatchObject({ ok: true });
    expect(pulls(shell.calls)).toEqual([]);
  });

  it('is done where it is missing, and shown layer by layer', async () => {
    const { gather, shell, lines } = setUp(images);
    expect(await gather('r.example/a:1')).toMatchObject({
      ok: true,
      image: { pinned: `r.example/a@${SHA}` },
    });
    expect(pulls(shell.calls)).toHaveLength(1);
    expect(lines).toEqual(['pulling r.example/a:1', 'pulling r.example/a:1: 1 of 1 layers']);
  });

  it('is done always, or never, as asked', async () => {
    const always = setUp(images, ['r.example/a:1']);
    await always.gather('r.example/a:1', 'always');
    expect(pulls(always.shell.calls)).toHaveLength(1);
    const never = setUp(images);
    expect(await never.gather('r.example/a:1', 'never')).toMatchObject({
      ok: false,
      failure: {
        stage: 'pull',
        text: 'Error response from daemon: No such image: r.example/a:1\nthe image is not on this machine, and with pull: never it is not pulled',
      },
    });
    expect(pulls(never.shell.calls)).toEqual([]);
  });

  it('names the input that ended it', async () => {
    const { gather, docker } = setUp(images);
    docker.refusals.set('pull', [{ hangs: true }]);
    const gathered = await gather('r.example/a:1');
    expect(!gathered.ok && gathered.failure?.text).toMatch(/no end after 60 s\n.*pull-timeout/);
  });

  it.each([
    ['nothing at all', 'Using default tag: latest\n', 'registry-unreachable'],
    ['nothing, as Podman tells it', 'Trying to pull r.example/a:1...\n', 'registry-unreachable'],
    [
      'a layer that breaks off',
      '1: Pulling from a\n0123456789ab: Pulling fs layer\n0123456789ab: Retrying in 5 seconds\n',
      'registry-unreachable',
    ],
    [
      'a layer that goes on after that',
      '0123456789ab: Pulling fs layer\n0123456789ab: Retrying in 1 second\n0123456789ab: Download complete\n',
      undefined,
    ],
    ['a layer that is slow', '1: Pulling from a\n0123456789ab: Pulling fs layer\n', undefined],
  ])('that was ended at its limit after %s names the cause', async (_, stdout, id) => {
    const { gather, docker } = setUp(images);
    docker.refusals.set('pull', [{ stdout, hangs: true }]);
    const { failure } = (await gather('r.example/a:1')) as { failure: FailureFacts };
    expect(failure.text).toMatch(/\nthe pull was ended at pull-timeout: give it more time/);
    const found = recogniseFacts({ schema: 'cuda-image-check/facts@1', failure });
    expect(found[0]?.id).toBe(id);
  });

  it('tells a layer that was begun again lately from one that goes on since', () => {
    let now = 0;
    const { onLine, heard } = layerProgress(
      () => {},
      () => now,
    );
    onLine('0123456789ab: Retrying in 1 second');
    expect(heard()).toBe('retrying');
    now = 60_000;
    expect(heard()).toBe('answer');
  });

  it('is not tried where the engine says nothing, which is the engine’s failure', async () => {
    const { gather, docker, shell } = setUp(images);
    docker.refusals.set('image inspect', [{ hangs: true }]);
    const { failure } = (await gather('r.example/a:1')) as { failure: FailureFacts };
    expect(failure.text).toBe('no end after 60 s\nthe container engine does not answer');
    const found = recogniseFacts({ schema: 'cuda-image-check/facts@1', failure });
    expect(found[0]?.id).toBe('engine-unreachable');
    expect(pulls(shell.calls)).toEqual([]);
  });

  it('that failed waits no longer for the size of what was not pulled', async () => {
    const { gather, docker } = setUp(images);
    docker.refusals.set('pull', [{ code: 1, stderr: 'denied' }]);
    let asked: AbortSignal | undefined;
    const { program } = docker;
    const shell = createFakeShell({
      docker: (args, options) => {
        if (args[0] !== 'manifest') return program(args, options);
        asked = options.signal;
        return { hangs: true };
      },
    });
    expect((await gather('r.example/a:1', 'missing', shell)).ok).toBe(false);
    expect(asked?.aborted).toBe(true);
  });

  it('is tried again after an error that passes, with growing waits', async () => {
    const { gather, docker, clock, shell } = setUp(images);
    const bad = { code: 1, stderr: 'Get "https://r.example/v2/": net/http: TLS handshake timeout' };
    docker.refusals.set('pull', [bad, bad]);
    expect(await gather('r.example/a:1')).toMatchObject({ ok: true });
    expect(clock.waits).toEqual([2_000, 6_000]);
    expect(pulls(shell.calls)).toHaveLength(3);
  });

  it('is given up after the third time, with the engine’s words', async () => {
    const { gather, docker, shell } = setUp(images);
    const bad = { code: 1, stderr: 'received unexpected HTTP status: 503 Service Unavailable' };
    docker.refusals.set('pull', [bad, bad, bad]);
    expect(await gather('r.example/a:1')).toMatchObject({
      ok: false,
      failure: { stage: 'pull', exitCode: 1, text: bad.stderr },
    });
    expect(pulls(shell.calls)).toHaveLength(3);
  });

  it('is not tried again after an error that lasts', async () => {
    const { gather, shell } = setUp({});
    expect(await gather('r.example/none:1')).toMatchObject({
      ok: false,
      facts: { reference: 'r.example/none:1' },
      failure: { stage: 'pull' },
    });
    expect(pulls(shell.calls)).toHaveLength(1);
  });

  it('is not tried where the engine does not answer', async () => {
    const { gather, docker, shell } = setUp(images);
    docker.refusals.set('image inspect', [
      { code: 1, stderr: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' },
    ]);
    expect(await gather('r.example/a:1')).toMatchObject({ ok: false });
    expect(pulls(shell.calls)).toEqual([]);
  });

  it('warns when the disk is smaller than the image', async () => {
    const { gather, docker, lines } = setUp(images, [], 1_000);
    docker.refusals.set('manifest inspect', [
      {
        stdout: `{"manifests":[{"digest":"${SHA}","platform":{"os":"linux","architecture":"amd64"}}]}`,
      },
      { stdout: '{"layers":[{"size":3000000000},{"size":1}]}' },
    ]);
    const gathered = await gather('r.example/a:1');
    expect(gathered.ok && gathered.image.facts.compressedBytes).toBe(3_000_000_001);
    expect(lines.join('\n')).toContain('3.0 GB compressed, and 0.0 GB are free');
  });

  it('does not spend Docker Hub’s limit on a size', async () => {
    const { gather, shell } = setUp({ 'busybox:1': {} });
    await gather('busybox:1');
    expect(shell.calls.filter((call) => call.includes('manifest'))).toEqual([]);
  });
});

describe('isPassing', () => {
  it.each([
    ['dial tcp: lookup r.example on 127.0.0.53:53: server misbehaving', true],
    ['read tcp 10.0.0.2:1->10.0.0.3:443: read: connection reset by peer', true],
    ['error pulling image configuration: unexpected EOF', true],
    ['toomanyrequests: You have reached your pull rate limit', false],
    ['unauthorized: authentication required', false],
    ['manifest unknown', false],
    ['no space left on device', false],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock: i/o timeout', false],
  ])('%s: %s', (text, passing) => {
    expect(isPassing(text)).toBe(passing);
  });
});

describe('parseManifest', () => {
  it.each(['', 'null', '{}', '{"layers":[{"size":-1}]}', '{"layers":[null]}', 'no such manifest'])(
    'is undefined for %j',
    (text) => {
      expect(parseManifest(text)).toBeUndefined();
    },
  );

  it('never throws for what is JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (one, other) => {
        parseManifest(`{"layers":${one},"config":${other}}`);
        parseManifest(`{"manifests":${one},"annotations":${other}}`);
        parseManifest(`{"manifests":[{"digest":"x","platform":${one},"annotations":${other}}]}`);
      }),
    );
  });
});

describe('entryFor', () => {
  const entry = (platform: string): IndexEntry => {
    const [os = '', architecture = '', variant = ''] = platform.split('/');
    return { os, architecture, variant, digest: platform, mediaType: '', annotations: {} };
  };
  it.each([
    [['linux/arm64', 'linux/amd64'], 'linux/amd64', 'linux/amd64'],
    [['linux/amd64/v3', 'linux/amd64'], 'linux/amd64', 'linux/amd64'],
    [['linux/amd64/v3'], 'linux/amd64', 'linux/amd64/v3'],
    [['linux/arm64/v8'], 'linux/arm64', 'linux/arm64/v8'],
    [['linux/arm64'], 'linux/arm64/v8', 'linux/arm64'],
    [['linux/aarch64'], 'linux/arm64', 'linux/aarch64'],
    [['linux/arm/v5', 'linux/arm/v7'], 'linux/arm/v7', 'linux/arm/v7'],
    [['linux/arm/v7'], 'linux/arm/v6', undefined],
    [['windows/amd64'], 'linux/amd64', undefined],
    [[], 'linux/amd64', undefined],
  ])('of %j for %s is %s', (platforms, wanted, expected) => {
    expect(entryFor(platforms.map(entry), wanted)?.digest).toBe(expected);
  });
});

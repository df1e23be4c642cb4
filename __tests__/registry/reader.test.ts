import { afterEach, describe, expect, it } from '@jest/globals';
import { assess } from '../../src/assess.js';
import { FACTS_SCHEMA } from '../../src/core/facts.js';
import { createFakeFiles } from '../fakes/files.js';
import {
  createFakeRegistry,
  type FakeAuth,
  type FakeRegistry,
  json,
  listen,
  MANIFEST,
  OCI_INDEX,
  type Seen,
  sha256,
  stop,
} from '../fakes/registry.js';
import { dockerLogin, setUp } from './set-up.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function registryWith(auth?: FakeAuth): Promise<FakeRegistry> {
  const registry = await createFakeRegistry(auth);
  closing.push(registry.close);
  return registry;
}

/** Another server, which keeps what it was asked. */
async function otherServer(answer: (seen: Seen) => { status: number; body: string }) {
  const seen: Seen[] = [];
  const server = await listen((request, response) => {
    seen.push(request);
    const { status, body } = answer(request);
    response.writeHead(status).end(body);
  });
  closing.push(() => stop(server));
  const address = server.address();
  return { seen, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}

const CUDA = { env: ['CUDA_VERSION=12.4.1', 'PATH=/usr/bin', 'API_KEY=hidden'], layerBytes: 4e9 };

/** The answer as the report would have it. */
async function judged(answer: Awaited<ReturnType<ReturnType<typeof setUp>['read']>>) {
  return assess(
    {
      schema: FACTS_SCHEMA,
      host: { platform: 'linux/amd64', driver: { version: '550.54.15' } },
      image: answer.facts,
      ...(answer.ok ? {} : { failure: answer.failure }),
    },
    'prediction',
  );
}

describe('an image', () => {
  it('is read from its manifest and configuration in two requests', async () => {
    const registry = await registryWith();
    const digest = registry.publish('team/cuda:1', { ...CUDA, labels: { maintainer: 'us' } });
    const { read, reader } = setUp();
    expect(await read(`${registry.address}/team/cuda:1`)).toEqual({
      ok: true,
      facts: {
        reference: `${registry.address}/team/cuda:1`,
        digest,
        platform: 'linux/amd64',
        compressedBytes: 4e9,
        env: { CUDA_VERSION: '12.4.1', PATH: '/usr/bin' },
        labels: { maintainer: 'us' },
        user: '',
        entrypoint: [],
      },
    });
    expect(reader.traffic.requests).toBe(2);
    expect(registry.seen.map(({ path }) => path.replace(/[0-9a-f]{64}/, '…'))).toEqual([
      '/v2/team/cuda/manifests/1',
      '/v2/team/cuda/blobs/sha256:…',
    ]);
  });

  it('is chosen from an index by platform and variant; attestations are no images', async () => {
    const registry = await registryWith();
    const digest = registry.publish(
      'multi',
      { attestation: true },
      { platform: 'linux/arm64/v8', env: ['CUDA_VERSION=12.2.0'] },
      { platform: 'linux/amd64', env: ['CUDA_VERSION=12.1.0'] },
      { platform: 'linux/arm/v7' },
    );
    const { read, reader } = setUp();
    const name = `${registry.address}/multi`;
    const amd64 = await read(name);
    expect(amd64).toMatchObject({
      ok: true,
      facts: { digest, platform: 'linux/amd64', env: { CUDA_VERSION: '12.1.0' } },
    });
    expect(await read(name, 'linux/arm64')).toMatchObject({
      facts: { digest, platform: 'linux/arm64', env: { CUDA_VERSION: '12.2.0' } },
    });
    expect(await read(name, 'linux/arm/v7')).toMatchObject({ facts: { platform: 'linux/arm/v7' } });
    // The index once, then a manifest and a configuration each.
    expect(reader.traffic.requests).toBe(1 + 3 * 2);
  });

  it('is taken from an entry that says no platform, as engines do, and its configuration says which', async () => {
    const registry = await registryWith();
    const digest = registry.publish('arm:1', { ...CUDA, platform: 'linux/arm64' });
    const other = registry.publish('amd:1', CUDA);
    const index = (...manifests: object[]) => JSON.stringify({ schemaVersion: 2, manifests });
    registry.blobs.set('plain:1', { bytes: index({ digest }), mediaType: OCI_INDEX });
    const told = { digest: other, platform: { os: 'linux', architecture: 'amd64' } };
    registry.blobs.set('both:1', { bytes: index({ digest }, told), mediaType: OCI_INDEX });
    const { read } = setUp();
    expect(await read(`${registry.address}/plain:1`)).toMatchObject({
      ok: true,
      facts: { platform: 'linux/arm64' },
    });
    expect(await read(`${registry.address}/both:1`, 'linux/amd64')).toMatchObject({
      ok: true,
      facts: { platform: 'linux/amd64' },
    });
  });

  it('is taken from its only platform where none was asked for', async () => {
    const registry = await registryWith();
    registry.publish('arm', { platform: 'linux/arm64' }, { attestation: true });
    expect(await setUp().read(`${registry.address}/arm`)).toMatchObject({
      facts: { platform: 'linux/arm64' },
    });
  });

  it('has the annotations of its manifest as labels, below those of its own', async () => {
    const registry = await registryWith();
    registry.publish('a', {
      annotations: {
        'org.opencontainers.image.version': 'of the manifest',
        'org.opencontainers.image.title': 'of the manifest',
      },
      labels: { 'org.opencontainers.image.title': 'own' },
    });
    expect(await setUp().read(`${registry.address}/a`)).toMatchObject({
      facts: {
        labels: {
          'org.opencontainers.image.version': 'of the manifest',
          'org.opencontainers.image.title': 'own',
        },
      },
    });
  });

  it('is read by a digest of sha512 too', async () => {
    const registry = await registryWith();
    registry.publish('a:1', CUDA);
    const { bytes = '' } = registry.blobs.get('a:1') ?? {};
    const { createHash } = await import('node:crypto');
    const digest = `sha512:${createHash('sha512').update(bytes).digest('hex')}`;
    registry.blobs.set(digest, { bytes, mediaType: MANIFEST });
    // The header of the fake is of sha256, which must not matter.
    expect(await setUp().read(`${registry.address}/a@${digest}`)).toMatchObject({
      ok: true,
      facts: { digest },
    });
  });
});

describe('a login', () => {
  it('Basic: is sent from Docker’s file after the challenge, and then at once', async () => {
    const registry = await registryWith({ kind: 'basic', user: 'u', password: 'p:w' });
    registry.publish('a', CUDA);
    const files = createFakeFiles({
      '/home/u/.docker/config.json': dockerLogin(registry.address, 'u', 'p:w'),
    });
    const { read } = setUp({ files });
    expect((await read(`${registry.address}/a`)).ok).toBe(true);
    expect(registry.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('Bearer: anonymous tokens, one for each repository', async () => {
    const registry = await registryWith({ kind: 'token', anonymous: true });
    for (const name of ['a', 'b']) registry.publish(name, CUDA);
    const { read } = setUp();
    const answers = await Promise.all(
      ['a', 'a', 'b'].map((name) => read(`${registry.address}/${name}`)),
    );
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    const tokens = registry.seen.filter(({ path }) => path.startsWith('/token'));
    expect(tokens.map(({ path }) => path)).toEqual([
      '/token?service=fake.registry&scope=repository%3Aa%3Apull',
      '/token?service=fake.registry&scope=repository%3Ab%3Apull',
    ]);
    // One knocked without a token, for all.
    expect(registry.seen.filter(({ headers }) => !headers.authorization)).toHaveLength(3);
  });

  it('Bearer: the token server gets the password, the registry only the token', async () => {
    const registry = await registryWith({ kind: 'token', user: 'u', password: 'secret' });
    registry.publish('a', CUDA);
    const files = createFakeFiles({
      '/cfg/config.json': dockerLogin(registry.address, 'u', 'secret'),
    });
    const { read } = setUp({ files, env: { DOCKER_CONFIG: '/cfg' } });
    expect((await read(`${registry.address}/a`)).ok).toBe(true);
    const basics = registry.seen.filter(({ headers }) =>
      /^Basic/.test(headers.authorization ?? ''),
    );
    expect(basics.map(({ path }) => path.split('?')[0])).toEqual(['/token']);
  });

  it('Bearer: an identity token of a helper is exchanged, and the helper is asked once', async () => {
    const registry = await registryWith({ kind: 'token', refreshToken: 'refresh' });
    for (const name of ['a', 'b']) registry.publish(name, CUDA);
    const files = createFakeFiles({
      '/home/u/.docker/config.json': JSON.stringify({
        credHelpers: { [registry.address]: 'cloud' },
      }),
    });
    const inputs: string[] = [];
    const { read, shell } = setUp({
      files,
      programs: {
        'docker-credential-cloud': (_args, { input }) => {
          inputs.push(Buffer.from(input ?? []).toString());
          return { stdout: '{"ServerURL":"x","Username":"<token>","Secret":"refresh"}' };
        },
      },
    });
    expect((await read(`${registry.address}/a`)).ok).toBe(true);
    expect((await read(`${registry.address}/b`)).ok).toBe(true);
    expect(inputs).toEqual([registry.address]);
    expect(shell.calls).toEqual(['docker-credential-cloud get']);
  });

  it('Bearer: a token that the registry no longer takes is asked for again, once', async () => {
    const registry = await registryWith({ kind: 'token', anonymous: true });
    registry.publish('a', CUDA);
    let refusals = 0;
    registry.intercept = ({ headers, path }, response) => {
      if (!path.startsWith('/v2/') || headers.authorization === undefined || refusals > 0) {
        return false;
      }
      refusals += 1;
      response.setHeader(
        'www-authenticate',
        `Bearer realm="http://${registry.address}/token",service="s",error="invalid_token"`,
      );
      json(response, 401, {});
      return true;
    };
    expect((await setUp().read(`${registry.address}/a`)).ok).toBe(true);
  });
});

describe('what goes wrong', () => {
  const broken = async (
    intercept: FakeRegistry['intercept'],
    auth?: FakeAuth,
    options?: Parameters<typeof setUp>[0],
  ) => {
    const registry = await registryWith(auth);
    registry.publish('a:1', CUDA);
    registry.intercept = intercept;
    const set = setUp(options);
    const answer = await set.read(`${registry.address}/a:1`);
    if (answer.ok) throw new Error('it was read');
    return { ...set, registry, failure: answer.failure, report: await judged(answer) };
  };
  const isManifest = ({ path }: Seen) => path.includes('/manifests/');
  const isBlob = ({ path }: Seen) => path.includes('/blobs/');

  it.each([
    ['404', 404, 'image-not-found', 'image'],
    ['403', 403, 'registry-access-denied', 'registry'],
    ['401 without a challenge', 401, 'registry-login-required', 'registry'],
    ['418', 418, 'registry-answer-invalid', 'registry'],
    ['500', 500, 'registry-unreachable', 'registry'],
    ['503', 503, 'registry-unreachable', 'registry'],
    ['429', 429, 'registry-rate-limited', 'registry'],
  ])('%s is a finding', async (_name, status, primary, blame) => {
    const { report } = await broken((_seen, response) => {
      json(response, status, { errors: [{ code: 'X', message: 'said by the registry' }] });
      return true;
    });
    expect(report).toMatchObject({ verdict: 'unknown', primary, blame });
    expect(report.facts.failure?.stage).toBe('pull');
  });

  it.each([
    ['a page of a proxy', 'text/html; charset=utf-8', '<html>', 'registry-answer-invalid'],
    ['an empty answer', 'application/json', '', 'image-manifest-invalid'],
    ['no object', 'application/json', '[]', 'image-manifest-invalid'],
    [
      'a manifest of another kind',
      'application/json',
      '{"schemaVersion":2}',
      'image-manifest-invalid',
    ],
    ['schema 1', MANIFEST, '{"schemaVersion": 1,"fsLayers":[]}', 'image-manifest-invalid'],
    ['image and index at once', MANIFEST, '{"layers":[],"manifests":[]}', 'image-manifest-invalid'],
    ['no configuration', MANIFEST, '{"layers":[]}', 'image-manifest-invalid'],
    ['an index of nothing', OCI_INDEX, '{"manifests":[]}', 'image-manifest-invalid'],
    [
      'a digest that is a path',
      MANIFEST,
      '{"layers":[],"config":{"digest":"../../../v2/_catalog"}}',
      'image-manifest-invalid',
    ],
    [
      'a configuration that says it has 10 GB',
      MANIFEST,
      `{"layers":[],"config":{"digest":"${sha256('x')}","size":10000000000}}`,
      'image-manifest-invalid',
    ],
    [
      'a configuration that is not there',
      MANIFEST,
      `{"layers":[],"config":{"digest":"${sha256('x')}"}}`,
      'image-manifest-invalid',
    ],
  ])('%s', async (_name, type, body, primary) => {
    const { report, registry } = await broken((seen, response) => {
      if (!isManifest(seen)) return false;
      response.writeHead(200, { 'content-type': type }).end(body);
      return true;
    });
    expect(report).toMatchObject({ verdict: 'unknown', primary });
    expect(registry.seen.length).toBeLessThanOrEqual(2);
  });

  it('a signed manifest of schema 1 is told as such, although its digest is not that of its bytes', async () => {
    const { failure } = await broken((_seen, response) => {
      response.writeHead(200, {
        'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws',
        'docker-content-digest': sha256('without its signatures'),
      });
      response.end(
        '{\n   "schemaVersion": 1,\n   "name": "a",\n   "fsLayers": [],\n   "signatures": []\n}',
      );
      return true;
    });
    expect(failure.text).toMatch(/manifest version 2, schema 1/);
  });

  it('a configuration of a Helm chart is none of an image', async () => {
    const registry = await registryWith();
    registry.publish('chart', { config: '{"name":"chart","version":"1"}' });
    const report = await judged(await setUp().read(`${registry.address}/chart`));
    expect(report).toMatchObject({ primary: 'image-manifest-invalid', blame: 'image' });
  });

  it('a configuration of 10 MB is left where it is, however it is sent', async () => {
    for (const announced of [true, false]) {
      const body = `{"x":"${'a'.repeat(10 * 1024 * 1024)}"}`;
      const { report, reader } = await broken((seen, response) => {
        if (isManifest(seen)) {
          const config = { digest: sha256(body) };
          response.writeHead(200, { 'content-type': MANIFEST });
          response.end(JSON.stringify({ layers: [], config }));
        } else {
          response.writeHead(200, announced ? { 'content-length': body.length } : {});
          response.end(body);
        }
        return true;
      });
      expect(report.primary).toBe('image-manifest-invalid');
      expect(report.facts.failure?.text).toMatch(
        /configuration is too large: .* 10,000,000 are the most/,
      );
      expect(reader.traffic.bytes).toBeLessThan(1000);
    }
  });

  it('bytes that do not match their digest are not believed', async () => {
    const manifest = await broken((seen, response) => {
      if (!isManifest(seen)) return false;
      response.writeHead(200, { 'docker-content-digest': sha256('other') }).end('{"layers":[]}');
      return true;
    });
    expect(manifest.report).toMatchObject({
      primary: 'registry-answer-invalid',
      blame: 'registry',
    });
    const config = await broken((seen, response) => {
      if (!isBlob(seen)) return false;
      response.writeHead(200).end('{"os":"linux","architecture":"amd64"}');
      return true;
    });
    expect(config.report.primary).toBe('registry-answer-invalid');
    expect(config.failure.text).toContain('verification failed for digest sha256:');
    expect([...config.files.contents.keys()].some((path) => path.includes(sha256('x')))).toBe(
      false,
    );
  });

  it('redirects end', async () => {
    const { report, registry } = await broken(({ path }, response) => {
      response.writeHead(302, { location: `${path}x` }).end();
      return true;
    });
    expect(report.primary).toBe('registry-answer-invalid');
    expect(registry.seen).toHaveLength(6);
  });

  it.each(['ftp://127.0.0.1/x', 'file:///etc/passwd', 'http://', 'data:text/plain,x'])(
    'a redirect to %s is not followed',
    async (location) => {
      const { report } = await broken((_seen, response) => {
        response.writeHead(307, { location }).end();
        return true;
      });
      expect(report.verdict).toBe('unknown');
    },
  );

  it('a registry that asks for a login for ever is left after three tries', async () => {
    const { report, registry } = await broken(({ path, headers: { host } }, response) => {
      if (path.startsWith('/token')) {
        json(response, 200, { token: `t${Math.random()}` });
      } else {
        response.setHeader('www-authenticate', `Bearer realm="http://${host}/token"`);
        json(response, 401, {});
      }
      return true;
    }, undefined);
    expect(['registry-access-denied', 'image-not-found']).toContain(report.primary);
    expect(registry.seen.filter(({ path }) => path.startsWith('/v2/'))).toHaveLength(3);
  });

  it.each([
    ['Basic and no login', { kind: 'basic', user: 'u', password: 'p' } as const, {}],
    [
      'Basic and a wrong password',
      { kind: 'basic', user: 'u', password: 'p' } as const,
      { wrong: true },
    ],
    [
      'Bearer and a wrong password',
      { kind: 'token', user: 'u', password: 'p' } as const,
      { wrong: true },
    ],
  ])('%s: a login is required', async (_name, auth, { wrong = false }: { wrong?: boolean }) => {
    const registry = await registryWith(auth);
    const files = createFakeFiles(
      wrong ? { '/home/u/.docker/config.json': dockerLogin(registry.address, 'u', 'no') } : {},
    );
    const { read } = setUp({ files });
    const report = await judged(await read(`${registry.address}/a`));
    expect(report).toMatchObject({ primary: 'registry-login-required', blame: 'registry' });
    expect(registry.seen.length).toBeLessThanOrEqual(3);
  });

  it('a helper that is missing is told where the registry then refuses', async () => {
    const registry = await registryWith({ kind: 'basic', user: 'u', password: 'p' });
    const files = createFakeFiles({ '/home/u/.docker/config.json': '{"credsStore":"pass"}' });
    const answer = await setUp({ files }).read(`${registry.address}/a`);
    expect(answer).toMatchObject({ ok: false });
    if (!answer.ok)
      expect(answer.failure.text).toContain('docker-credential-pass: executable file');
    expect((await judged(answer)).primary).toBe('registry-login-required');
  });

  it('an answer that trickles ends at the limit', async () => {
    const before = Date.now();
    const { report } = await broken(
      (_seen, response) => {
        response.writeHead(200, { 'content-type': MANIFEST });
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
        return true;
      },
      undefined,
      { limits: { requestMs: 200 } },
    );
    expect(report).toMatchObject({ primary: 'registry-unreachable', blame: 'registry' });
    expect(Date.now() - before).toBeLessThan(1500);
  });

  it('a registry that is not there', async () => {
    const { address, close } = await createFakeRegistry();
    await close();
    const report = await judged(await setUp().read(`${address}/a`));
    expect(report).toMatchObject({ primary: 'registry-unreachable', blame: 'registry' });
  });

  it('an index without the platform', async () => {
    const registry = await registryWith();
    registry.publish('a', { platform: 'linux/arm64' }, { platform: 'linux/s390x' });
    const answer = await setUp().read(`${registry.address}/a`, 'linux/amd64');
    expect(await judged(answer)).toMatchObject({
      verdict: 'fails',
      primary: 'platform-mismatch',
      blame: 'image',
    });
    if (!answer.ok) expect(answer.failure.text).toContain('it has linux/arm64, linux/s390x');
  });

  it('one that is cancelled says so', async () => {
    const abort = new AbortController();
    abort.abort();
    const answer = await setUp({ signal: abort.signal }).read('127.0.0.1:9/a');
    expect(answer).toMatchObject({ ok: false, failure: { cancelled: true } });
  });
});

describe('what passes by itself', () => {
  const failing = async (times: number, status: number, headers: Record<string, string> = {}) => {
    const registry = await registryWith();
    registry.publish('a', CUDA);
    let failures = 0;
    registry.intercept = (_seen, response) => {
      if (failures >= times) return false;
      failures += 1;
      if (status === 0) response.destroy();
      else response.writeHead(status, headers).end();
      return true;
    };
    const set = setUp();
    return { ...set, registry, answer: await set.read(`${registry.address}/a`) };
  };

  it.each([
    ['503', 503],
    ['a connection that breaks', 0],
    ['429', 429],
  ])('%s is tried again, twice at most, after a wait with jitter', async (_name, status) => {
    const { answer, clock } = await failing(2, status);
    expect(answer.ok).toBe(true);
    const [first = 0, second = 0] = clock.waits;
    expect(first).toBeGreaterThanOrEqual(250);
    expect(first).toBeLessThanOrEqual(750);
    expect(second).toBeGreaterThanOrEqual(1000);
    expect(second).toBeLessThanOrEqual(3000);
    expect((await failing(3, status)).answer.ok).toBe(false);
  });

  it('Retry-After is kept to, and a registry that asks for too much is left', async () => {
    const soon = await failing(1, 429, { 'retry-after': '3' });
    expect(soon.answer.ok).toBe(true);
    expect(soon.clock.waits[0]).toBeGreaterThanOrEqual(3000);
    expect(soon.clock.waits[0]).toBeLessThan(3100);
    const late = await failing(1, 429, { 'retry-after': '3600' });
    expect(late.clock.waits).toEqual([]);
    expect(await judged(late.answer)).toMatchObject({ primary: 'registry-rate-limited' });
  });

  it.each([400, 403, 404])('%i is not tried again', async (status) => {
    const { registry, clock } = await failing(1, status);
    expect(registry.seen).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });
});

describe('credentials', () => {
  it('do not follow a redirect to another host', async () => {
    const body = JSON.stringify({ os: 'linux', architecture: 'amd64', config: {} });
    const storage = await otherServer(() => ({ status: 200, body }));
    const registry = await registryWith({ kind: 'basic', user: 'u', password: 'p' });
    registry.publish('a', { config: body });
    registry.intercept = ({ path, headers }, response) => {
      if (!path.includes('/blobs/') || headers.authorization === undefined) return false;
      const location = `http://x:y@127.0.0.1:${storage.port}/store?signature=s3cret`;
      response.writeHead(307, { location }).end();
      return true;
    };
    const files = createFakeFiles({
      '/home/u/.docker/config.json': dockerLogin(registry.address, 'u', 'p'),
    });
    expect((await setUp({ files }).read(`${registry.address}/a`)).ok).toBe(true);
    expect(storage.seen.map(({ path }) => path)).toEqual(['/store?signature=s3cret']);
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
    expect(storage.seen[0]?.headers.cookie).toBeUndefined();
  });

  it('go to the token server’s own address only, not where it redirects to', async () => {
    const thief = await otherServer(() => ({ status: 200, body: '{"token":"t"}' }));
    const registry = await registryWith({ kind: 'token', user: 'u', password: 'p' });
    registry.intercept = ({ path }, response) => {
      if (!path.startsWith('/token')) return false;
      response.writeHead(302, { location: `http://127.0.0.1:${thief.port}/` }).end();
      return true;
    };
    const files = createFakeFiles({
      '/home/u/.docker/config.json': dockerLogin(registry.address, 'u', 'p'),
    });
    expect((await setUp({ files }).read(`${registry.address}/a`)).ok).toBe(false);
    expect(thief.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it.each(['http://registry.example/token', 'ftp://127.0.0.1/', 'token', ''])(
    'are not sent to the realm %j',
    async (realm) => {
      const registry = await registryWith({ kind: 'token', user: 'u', password: 'p', realm });
      const asked: string[] = [];
      const { read } = setUp({
        files: createFakeFiles({
          '/home/u/.docker/config.json': dockerLogin(registry.address, 'u', 'p'),
        }),
        fetch: (input, init) => {
          asked.push(String(input));
          return fetch(input, init);
        },
      });
      const report = await judged(await read(`${registry.address}/a`));
      expect(report.primary).toBe('registry-answer-invalid');
      expect(asked).toEqual([`http://${registry.address}/v2/a/manifests/latest`]);
    },
  );

  it('of one registry are not sent to another, and none stands in the failure', async () => {
    const registry = await registryWith({ kind: 'basic', user: 'u', password: 'p' });
    const files = createFakeFiles({
      '/home/u/.docker/config.json': dockerLogin('other.example', 'u', 'p'),
    });
    const answer = await setUp({ files }).read(`${registry.address}/a`);
    expect(registry.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    expect(JSON.stringify(answer)).not.toContain(Buffer.from('u:p').toString('base64'));
  });
});

describe('the cache', () => {
  it('makes an unchanged image cost one conditional request', async () => {
    const registry = await registryWith();
    registry.publish('a', { attestation: true }, CUDA);
    const name = `${registry.address}/a`;
    const files = createFakeFiles();
    const first = await setUp({ files }).read(name);
    registry.seen.length = 0;
    const again = setUp({ files });
    expect(await again.read(name)).toEqual(first);
    expect(registry.seen.map(({ method }) => method)).toEqual(['HEAD']);
    expect(registry.seen[0]?.headers['if-none-match']).toBe(`"${first.facts.digest}"`);
    expect(again.reader.traffic).toEqual({ requests: 1, bytes: 0 });
  });

  it('sees a tag that moved, and fetches only what is new', async () => {
    const registry = await registryWith();
    const name = `${registry.address}/a`;
    const files = createFakeFiles();
    registry.publish('a', CUDA);
    await setUp({ files }).read(name);
    registry.publish('a', { ...CUDA, env: ['CUDA_VERSION=13.0.0'] });
    expect(await setUp({ files }).read(name)).toMatchObject({
      facts: { env: { CUDA_VERSION: '13.0.0' } },
    });
  });

  it('is not believed when it is damaged, and is mended', async () => {
    const registry = await registryWith();
    const name = `${registry.address}/a`;
    const files = createFakeFiles();
    registry.publish('a', CUDA);
    const first = await setUp({ files }).read(name);
    const whole = new Map(files.contents);
    for (const path of files.contents.keys()) files.contents.set(path, '{"layers":[]}');
    expect(await setUp({ files }).read(name)).toEqual(first);
    expect(files.contents).toEqual(whole);
  });

  it('is done without where nothing can be written', async () => {
    const registry = await registryWith();
    registry.publish('a', CUDA);
    const files = createFakeFiles({}, ['/']);
    expect((await setUp({ files }).read(`${registry.address}/a`)).ok).toBe(true);
  });
});

it('tells the rate limit, once', async () => {
  const registry = await registryWith();
  registry.publish('a', CUDA);
  registry.publish('b', CUDA);
  registry.intercept = (_seen, response) => {
    response.setHeader('ratelimit-limit', '100;w=21600');
    response.setHeader('ratelimit-remaining', '76;w=21600');
    return false;
  };
  const { read, lines } = setUp();
  expect((await read(`${registry.address}/a`)).facts.registryLimit).toEqual({
    limit: 100,
    remaining: 76,
    windowSeconds: 21600,
  });
  await read(`${registry.address}/b`);
  expect(lines).toEqual([`${registry.address}: 76 of 100 pulls are left in this period`]);
});

it('asks a mirror of Docker Hub first, without the login, and Docker Hub where it fails', async () => {
  const asked: { url: string; authorization: string | null }[] = [];
  const files = createFakeFiles({
    '/etc/docker/daemon.json': '{"registry-mirrors":["https://mirror.example/"]}',
    '/home/u/.docker/config.json': dockerLogin('https://index.docker.io/v1/', 'u', 'p'),
  });
  const { read, lines } = setUp({
    files,
    fetch: async (input, init) => {
      asked.push({
        url: String(input),
        authorization: new Headers(init?.headers).get('authorization'),
      });
      const headers = { 'www-authenticate': 'Basic realm="x"' };
      return new Response('{}', { status: 401, headers });
    },
  });
  expect((await read('busybox')).ok).toBe(false);
  expect(asked).toEqual([
    { url: 'https://mirror.example/v2/library/busybox/manifests/latest', authorization: null },
    {
      url: 'https://registry-1.docker.io/v2/library/busybox/manifests/latest',
      authorization: null,
    },
    {
      url: 'https://registry-1.docker.io/v2/library/busybox/manifests/latest',
      authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
    },
  ]);
  expect(lines).toEqual(['the mirror https://mirror.example did not have busybox']);
});

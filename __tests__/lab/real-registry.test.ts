import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LOGIN, publish } from '../../lab/registry.js';
import { findProgram, programPath } from '../../lab/requirements.js';
import { createFakeFiles } from '../fakes/files.js';
import { dockerLogin, setUp } from '../registry/set-up.js';

/** The real registry of Debian's package docker-registry, which the lab requires. */
const HTPASSWD = 'lab:$2y$05$abcdefghijklmnopqrstuuL/Ej5MNdcjasz4Sr7bjTMIxZn.WGpgG\n';

let folder = '';
let closing: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'registry-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function start(auth: object): Promise<string> {
  const program = await findProgram('docker-registry');
  if (program === undefined) throw new Error('install the package docker-registry');
  const address = `127.0.0.1:${await freePort()}`;
  const configuration = join(folder, 'config.yml');
  writeFileSync(
    configuration,
    JSON.stringify({
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
      http: { addr: address, secret: 'x' },
      ...auth,
    }),
  );
  const child: ChildProcess = spawn(program, ['serve', configuration], {
    env: { PATH: programPath(), HOME: folder },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  closing.push(async () => {
    child.kill();
    await ended;
  });
  for (let tries = 0; tries < 200; tries += 1) {
    const answered = await fetch(`http://${address}/v2/`).catch(() => undefined);
    if (answered !== undefined) return address;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the registry did not start');
}

const image = (architecture: string, cuda: string) => ({
  architecture,
  os: 'linux',
  env: { CUDA_VERSION: cuda },
  labels: { maintainer: 'lab' },
});

describe('a real registry', () => {
  it('anonymous: an image, and the cache on the next run', async () => {
    const address = await start({});
    const target = { address, repository: 'team/cuda', login: false };
    const name = await publish(target, [], image('amd64', '12.4.1'), false);
    const files = createFakeFiles();
    const first = setUp({ files });
    const answer = await first.read(name);
    expect(answer).toMatchObject({
      ok: true,
      facts: { platform: 'linux/amd64', env: { CUDA_VERSION: '12.4.1' } },
    });
    expect(first.reader.traffic.requests).toBe(2);
    const again = setUp({ files });
    expect(await again.read(name)).toEqual(answer);
    expect(again.reader.traffic).toEqual({ requests: 1, bytes: 0 });
    expect(await first.read(`${address}/team/none`)).toMatchObject({ ok: false });
  });

  it('basic authentication: refused without a login, read with one; an index of a platform', async () => {
    writeFileSync(join(folder, 'htpasswd'), HTPASSWD);
    const address = await start({
      auth: { htpasswd: { realm: 'lab', path: join(folder, 'htpasswd') } },
    });
    const target = { address, repository: 'team/private', login: true };
    const name = await publish(target, [], image('arm64', '12.2.0'), true);
    const refused = await setUp().read(name);
    expect(refused.ok ? '' : refused.failure.text).toContain('no basic auth credentials');
    const files = createFakeFiles({
      '/home/u/.docker/config.json': dockerLogin(address, LOGIN.user, LOGIN.password),
    });
    expect(await setUp({ files }).read(name, 'linux/arm64')).toMatchObject({
      ok: true,
      facts: { platform: 'linux/arm64', env: { CUDA_VERSION: '12.2.0' } },
    });
    const other = await setUp({ files }).read(name, 'linux/amd64');
    expect(other.ok ? '' : other.failure.text).toContain('no matching manifest for linux/amd64');
  });

  it('token authentication: asks the token server, whose word the registry verifies; a multi-arch index', async () => {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'key.pem',
        '-out',
        'cert.pem',
        '-days',
        '1',
        '-subj',
        '/CN=lab',
      ],
      { cwd: folder, stdio: 'pipe' },
    );
    const asked: string[] = [];
    const server = await tokenServer(folder, asked);
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    const address = await start({
      auth: {
        token: {
          realm: `http://127.0.0.1:${port}/token`,
          service: 'lab-registry',
          issuer: 'lab',
          rootcertbundle: join(folder, 'cert.pem'),
        },
      },
    });
    const bearer = tokenFor(folder, 'team/multi', ['pull', 'push']);
    await push(address, 'team/multi', bearer, [image('arm64', '12.2.0'), image('amd64', '12.1.0')]);
    const files = createFakeFiles({
      '/home/u/.docker/config.json': dockerLogin(address, LOGIN.user, LOGIN.password),
    });
    const { read, reader } = setUp({ files });
    const name = `${address}/team/multi:1`;
    expect(await read(name, 'linux/amd64')).toMatchObject({
      ok: true,
      facts: { platform: 'linux/amd64', env: { CUDA_VERSION: '12.1.0' } },
    });
    // The challenge, the token, then at most three.
    expect(reader.traffic.requests).toBe(5);
    expect(await read(name, 'linux/arm64')).toMatchObject({
      facts: { env: { CUDA_VERSION: '12.2.0' } },
    });
    expect(reader.traffic.requests).toBe(7);
    expect(asked).toEqual(['/token?service=lab-registry&scope=repository%3Ateam%2Fmulti%3Apull']);
    const anonymous = await setUp().read(name);
    expect(anonymous.ok ? '' : anonymous.failure.text).toContain('unauthorized');
  });
});

const base64 = (value: object | Buffer): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url');

/** https://distribution.github.io/distribution/spec/auth/jwt/ */
function tokenFor(place: string, name: string, actions: string[]): string {
  const certificate = readFileSync(join(place, 'cert.pem'), 'utf8').replace(
    /-----[^-]+-----|\s/g,
    '',
  );
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'JWT', alg: 'RS256', x5c: [certificate] };
  const claims = {
    iss: 'lab',
    sub: LOGIN.user,
    aud: 'lab-registry',
    iat: now,
    nbf: now - 10,
    exp: now + 300,
    jti: `${now}`,
    access: [{ type: 'repository', name, actions }],
  };
  const signed = `${base64(header)}.${base64(claims)}`;
  const key = readFileSync(join(place, 'key.pem'), 'utf8');
  return `${signed}.${base64(sign('RSA-SHA256', Buffer.from(signed), key))}`;
}

/** Gives a token for what is asked, to the one user. */
async function tokenServer(place: string, asked: string[]): Promise<Server> {
  const login = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== login) {
      response.writeHead(401).end('{"details":"no such user"}');
      return;
    }
    asked.push(request.url ?? '');
    const scope = new URL(request.url ?? '/', 'http://x').searchParams.get('scope') ?? '';
    const [, name = '', actions = ''] = scope.split(':');
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ token: tokenFor(place, name, actions.split(',')), expires_in: 300 }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Publishes an OCI index of images without layers under the tag 1. */
async function push(
  address: string,
  repository: string,
  bearer: string,
  images: readonly ReturnType<typeof image>[],
): Promise<void> {
  const headers = { authorization: `Bearer ${bearer}` };
  const sha = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const put = async (url: string, type: string, body: string) => {
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { ...headers, 'content-type': type },
      body,
    });
    if (answer.status !== 201) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    return { digest: sha(body), size: Buffer.byteLength(body), mediaType: type };
  };
  const base = `http://${address}/v2/${repository}`;
  const entries = [];
  for (const { architecture, os, env } of images) {
    const config = JSON.stringify({
      architecture,
      os,
      config: { Env: Object.entries(env).map(([name, value]) => `${name}=${value}`) },
      rootfs: { type: 'layers', diff_ids: [] },
    });
    const started = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers });
    const place = started.headers.get('location') ?? '';
    const url = `${place}${place.includes('?') ? '&' : '?'}digest=${sha(config)}`;
    const blob = await put(url, 'application/octet-stream', config);
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { ...blob, mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: [],
    });
    const entry = await put(`${base}/manifests/${sha(manifest)}`, MANIFEST, manifest);
    entries.push({ ...entry, platform: { os, architecture } });
  }
  await put(
    `${base}/manifests/1`,
    INDEX,
    JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: entries }),
  );
}

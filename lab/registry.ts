import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Layer } from './base.js';
import { startService, waitUntil } from './process.js';
import { findProgram, programPath } from './requirements.js';

/** The name and password that the registry with a login accepts. It holds simulated images on the loopback interface only. */
export const LOGIN = { user: 'lab', password: 'lab-password' } as const;

/** bcrypt of the password above: the registry accepts no other kind of hash. */
const HTPASSWD = 'lab:$2y$05$abcdefghijklmnopqrstuuL/Ej5MNdcjasz4Sr7bjTMIxZn.WGpgG';

export interface RegistryProcess {
  pid: number;
  /** `127.0.0.1:PORT`. */
  address: string;
}

export interface ImageConfig {
  architecture: string;
  os: string;
  env: Record<string, string>;
  labels: Record<string, string>;
  user?: string | undefined;
  entrypoint?: string[] | undefined;
  /** Further members, such as `Healthcheck`; they win. */
  more?: Record<string, unknown> | undefined;
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json';

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no free port on the loopback interface')),
      );
    });
  });

/** Starts a registry (distribution v2) on a free loopback port, with its storage in `folder`. */
export const startRegistry = async (
  folder: string,
  withLogin: boolean,
): Promise<RegistryProcess> => {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const auth = withLogin
    ? { auth: { htpasswd: { realm: 'lab', path: join(folder, 'htpasswd') } } }
    : {};
  if (withLogin) {
    await writeFile(join(folder, 'htpasswd'), `${HTPASSWD}\n`);
  }
  const configuration = join(folder, 'config.yml');
  // JSON is YAML, which spares a quoting of paths.
  await writeFile(
    configuration,
    JSON.stringify({
      version: '0.1',
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
      http: { addr: `127.0.0.1:${port}`, secret: 'one-instance-only' },
      ...auth,
    }),
  );
  const program = (await findProgram('docker-registry')) ?? 'docker-registry';
  const log = join(folder, 'log');
  const child = startService(program, ['serve', configuration], log, {
    PATH: programPath(),
    HOME: folder,
  });
  const address = `127.0.0.1:${port}`;
  const answers = await waitUntil(
    async () => {
      try {
        await fetch(`http://${address}/v2/`);
        return true;
      } catch {
        return child.exitCode !== null;
      }
    },
    10_000,
    20,
  );
  if (!answers || child.exitCode !== null || child.pid === undefined) {
    throw new Error(`The registry did not start: ${await readFile(log, 'utf8')}`);
  }
  return { pid: child.pid, address };
};

interface Target {
  address: string;
  repository: string;
  login: boolean;
}

const request = async (
  target: Target,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array | string,
): Promise<Response> => {
  const credentials = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64');
  const url = path.startsWith('http') ? path : `http://${target.address}${path}`;
  return await fetch(url, {
    method,
    headers: { ...headers, ...(target.login ? { authorization: `Basic ${credentials}` } : {}) },
    ...(body === undefined ? {} : { body }),
  });
};

const mustBe = async (response: Response, status: number, what: string): Promise<Response> => {
  if (response.status !== status) {
    throw new Error(
      `The registry answered ${response.status} to ${what}: ${await response.text()}`,
    );
  }
  return response;
};

const sha256 = (text: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

const pushBlob = async (
  target: Target,
  digest: string,
  read: () => Promise<Uint8Array>,
): Promise<void> => {
  const path = `/v2/${target.repository}/blobs`;
  if ((await request(target, 'HEAD', `${path}/${digest}`)).status === 200) {
    return;
  }
  const started = await mustBe(await request(target, 'POST', `${path}/uploads/`), 202, 'an upload');
  const place = started.headers.get('location') ?? '';
  const url = `${place}${place.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
  const headers = { 'content-type': 'application/octet-stream' };
  await mustBe(await request(target, 'PUT', url, headers, await read()), 201, 'a blob');
};

const pushManifest = async (
  target: Target,
  reference: string,
  mediaType: string,
  manifest: object,
): Promise<{ digest: string; size: number }> => {
  const text = JSON.stringify(manifest);
  const path = `/v2/${target.repository}/manifests/${reference}`;
  await mustBe(
    await request(target, 'PUT', path, { 'content-type': mediaType }, text),
    201,
    'a manifest',
  );
  return { digest: sha256(text), size: Buffer.byteLength(text) };
};

/**
 * Publishes an image under the tag `latest` without any engine: layers, configuration, manifest and, if wanted, an index
 * of platforms that has this image as its only one. Returns the reference that a workflow would write.
 */
export const publish = async (
  target: Target,
  layers: readonly Layer[],
  config: ImageConfig,
  asIndex: boolean,
): Promise<string> => {
  const configuration = JSON.stringify({
    architecture: config.architecture,
    os: config.os,
    created: '1970-01-01T00:00:00Z',
    config: {
      Env: Object.entries(config.env).map(([name, value]) => `${name}=${value}`),
      Labels: config.labels,
      ...(config.user === undefined ? {} : { User: config.user }),
      ...(config.entrypoint === undefined ? {} : { Entrypoint: config.entrypoint }),
      ...config.more,
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'lab' })),
  });
  for (const layer of layers) {
    await pushBlob(target, layer.digest, () => readFile(layer.file));
  }
  await pushBlob(target, sha256(configuration), async () => Buffer.from(configuration));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: Buffer.byteLength(configuration),
      digest: sha256(configuration),
    },
    layers: layers.map((layer) => ({
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      size: layer.bytes,
      digest: layer.digest,
    })),
  };
  if (asIndex) {
    const digest = sha256(JSON.stringify(manifest));
    const pushed = await pushManifest(target, digest, MANIFEST, manifest);
    await pushManifest(target, 'latest', INDEX, {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [
        {
          mediaType: MANIFEST,
          ...pushed,
          platform: { architecture: config.architecture, os: config.os },
        },
      ],
    });
  } else {
    await pushManifest(target, 'latest', MANIFEST, manifest);
  }
  return `${target.address}/${target.repository}:latest`;
};

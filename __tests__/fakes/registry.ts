import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const CONFIG = 'application/vnd.docker.container.image.v1+json';

export const sha256 = (bytes: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export interface Seen {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers a request, or returns false to leave it to the registry. */
export type Intercept = (seen: Seen, response: ServerResponse) => boolean;

export interface FakeRegistry {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly seen: Seen[];
  /** What it serves, by digest or by `NAME:TAG`. */
  readonly blobs: Map<string, { bytes: string | Uint8Array; mediaType: string }>;
  intercept: Intercept | undefined;
  /** Publishes an image or, with several, an index of them; returns its digest. */
  publish(name: string, ...images: FakeRegistryImage[]): string;
  close(): Promise<void>;
}

export interface FakeRegistryImage {
  env?: readonly string[];
  platform?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  layerBytes?: number;
  /** In place of the configuration. */
  config?: string;
  /** An entry of the index that is no image. */
  attestation?: boolean;
}

export interface FakeAuth {
  kind: 'basic' | 'token';
  user?: string;
  password?: string;
  refreshToken?: string;
  /** Anonymous tokens are good for pulling. */
  anonymous?: boolean;
  realm?: string;
}

/** A registry that speaks the real protocol on a loopback port: what it must answer to bad input is set by `intercept`. */
export async function createFakeRegistry(auth?: FakeAuth, latencyMs = 0): Promise<FakeRegistry> {
  const seen: Seen[] = [];
  const blobs: FakeRegistry['blobs'] = new Map();
  let tokens = 0;
  const valid = new Set<string>();
  const registry: FakeRegistry = {
    address: '',
    seen,
    blobs,
    intercept: undefined,
    publish: (name, ...images) => publish(blobs, name, images),
    close: () => stop(server),
  };

  const answer = (request: Seen, response: ServerResponse): void => {
    if (registry.intercept?.(request, response) === true) return;
    const url = new URL(request.path, `http://${registry.address}`);
    if (url.pathname === '/token') {
      token(request, url, response);
      return;
    }
    if (!isAllowed(request)) {
      challenge(response);
      return;
    }
    const [, repository, kind, place] =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
    const found =
      kind === 'manifests' && !place?.includes(':')
        ? blobs.get(`${repository}:${place}`)
        : blobs.get(place ?? '');
    if (found === undefined) {
      json(response, 404, { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'not here' }] });
      return;
    }
    const digest = sha256(found.bytes);
    const headers = {
      'content-type': found.mediaType,
      'docker-content-digest': digest,
      etag: `"${digest}"`,
    };
    if (request.headers['if-none-match'] === `"${digest}"`) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(found.bytes) });
    response.end(request.method === 'HEAD' ? undefined : found.bytes);
  };

  const isAllowed = ({ headers: { authorization } }: Seen): boolean => {
    if (auth === undefined) return true;
    if (auth.kind === 'basic') return authorization === basicHeader(auth);
    return valid.has(authorization ?? '');
  };

  const challenge = (response: ServerResponse): void => {
    const realm = auth?.realm ?? `http://${registry.address}/token`;
    const value =
      auth?.kind === 'basic'
        ? 'Basic realm="fake"'
        : `Bearer realm="${realm}",service="fake.registry"`;
    response.setHeader('www-authenticate', value);
    json(response, 401, {
      errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }],
    });
  };

  const token = (request: Seen, url: URL, response: ServerResponse): void => {
    const form = new URLSearchParams(request.body);
    const refreshed =
      auth?.refreshToken !== undefined && form.get('refresh_token') === auth.refreshToken;
    const { authorization } = request.headers;
    const loggedIn = refreshed || (auth !== undefined && authorization === basicHeader(auth));
    if (authorization !== undefined && !loggedIn) {
      json(response, 401, { details: 'wrong' });
      return;
    }
    tokens += 1;
    const scope = url.searchParams.get('scope') ?? form.get('scope') ?? '';
    const value = `token-${tokens}-${Buffer.from(scope).toString('hex').slice(0, 12)}`;
    if (loggedIn || auth?.anonymous === true) valid.add(`Bearer ${value}`);
    json(response, 200, { token: value, expires_in: 300 });
  };

  const server = await listen((request, response) => {
    seen.push(request);
    if (latencyMs === 0) answer(request, response);
    else setTimeout(() => answer(request, response), latencyMs);
  });
  const { port } = server.address() as AddressInfo;
  Object.assign(registry, { address: `127.0.0.1:${port}` });
  return registry;
}

/** A server on a free loopback port that keeps what it was asked. */
export async function listen(
  answer: (seen: Seen, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      answer({ method, path: url, headers, body: Buffer.concat(chunks).toString() }, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

export const json = (response: ServerResponse, status: number, document: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
};

const basicHeader = ({ user = '', password = '' }: FakeAuth): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function publish(
  blobs: FakeRegistry['blobs'],
  name: string,
  images: readonly FakeRegistryImage[],
): string {
  const named = name.includes(':') ? name : `${name}:latest`;
  const keep = (document: object | string, mediaType: string) => {
    const bytes = typeof document === 'string' ? document : JSON.stringify(document);
    const digest = sha256(bytes);
    blobs.set(digest, { bytes, mediaType });
    return { digest, size: Buffer.byteLength(bytes), mediaType };
  };
  const manifests = images.map((image) => {
    const [os, architecture, variant] = (image.platform ?? 'linux/amd64').split('/');
    const config = keep(
      image.config ?? {
        os,
        architecture,
        ...(variant === undefined ? {} : { variant }),
        config: { Env: image.env ?? [], Labels: image.labels ?? null },
      },
      CONFIG,
    );
    const type = image.annotations === undefined ? MANIFEST : OCI_MANIFEST;
    const manifest = keep(
      {
        schemaVersion: 2,
        mediaType: type,
        config,
        layers: [{ mediaType: 'x', digest: sha256('layer'), size: image.layerBytes ?? 1000 }],
        ...(image.annotations === undefined ? {} : { annotations: image.annotations }),
      },
      type,
    );
    return image.attestation === true
      ? {
          ...manifest,
          platform: { os: 'unknown', architecture: 'unknown' },
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        }
      : { ...manifest, platform: { os, architecture, ...(variant && { variant }) } };
  });
  const [only] = manifests;
  const top =
    manifests.length === 1 && only !== undefined
      ? only
      : keep({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, OCI_INDEX);
  const content = blobs.get(top.digest);
  if (content !== undefined) blobs.set(named, content);
  return top.digest;
}

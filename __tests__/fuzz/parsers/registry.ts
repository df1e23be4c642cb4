import { parseReference } from '../../../src/image/reference.js';
import { createCache } from '../../../src/registry/cache.js';
import { parseChallenges } from '../../../src/registry/challenge.js';
import { findLogin } from '../../../src/registry/credentials.js';
import { isDigest } from '../../../src/registry/digest.js';
import { DAEMON_CONFIG, endpointsOf, readDaemonConfig } from '../../../src/registry/endpoints.js';
import { networkWords, registryWords } from '../../../src/registry/failure.js';
import { retryAfterMs } from '../../../src/registry/http.js';
import { createRegistryReader, rateLimit } from '../../../src/registry/reader.js';
import { createFakeClock } from '../../fakes/clock.js';
import { createFakeFiles } from '../../fakes/files.js';
import { createFakeShell } from '../../fakes/shell.js';
import { bytesOf, holds, type Parser } from '../parser.js';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

const challenge: Parser = {
  name: 'challenge of a registry (WWW-Authenticate)',
  files: ['src/registry/challenge.ts'],
  samples: [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/busybox:pull"',
    'Basic realm="Registry Realm", Bearer realm="https://x.example/t"',
    'Negotiate YWJj==, Digest username="a\\"b", nonce=abc',
  ],
  pieces: [
    'Bearer ',
    'Basic',
    'realm',
    '=',
    '"',
    '\\"',
    'https://x',
    ',',
    ', ',
    ' ',
    'abc==',
    'service',
  ],
  read: (text) =>
    parseChallenges(text).map(({ scheme, parameters }) => {
      holds(scheme === scheme.toLowerCase(), 'a scheme is in lower case');
      return [scheme, [...parameters]];
    }),
  growth: { factor: 2, beside: 50 },
};

const CONFIG = {
  auths: {
    'https://index.docker.io/v1/': { auth: Buffer.from('user:pass\0\0').toString('base64') },
    'nvcr.io': { username: '$oauthtoken', password: 'x' },
    'ghcr.io/a/b': { identitytoken: 'y' },
  },
  credHelpers: { 'gcr.io': 'gcloud' },
  credsStore: '',
};

const credentials: Parser = {
  name: 'logins (Docker and Podman) and answers of credential helpers',
  files: ['src/registry/credentials.ts'],
  json: true,
  samples: [
    JSON.stringify(CONFIG),
    JSON.stringify({ ...CONFIG, credsStore: 'desktop' }),
    '{"ServerURL":"https://x","Username":"<token>","Secret":"s"}',
  ],
  pieces: [
    '{',
    '}',
    '"auths":',
    '"credHelpers":',
    '"credsStore":',
    '"auth":',
    '"dXNlcjpwYXNz"',
    ',',
    '"../x"',
  ],
  read: async (text) => {
    const ports = {
      files: createFakeFiles({ '/h/.docker/config.json': text, '/r/containers/auth.json': text }),
      shell: createFakeShell({
        'docker-credential-gcloud': () => ({ stdout: text }),
        'docker-credential-desktop': () => ({ stdout: text, code: text.length % 2 }),
      }),
      env: { HOME: '/h', XDG_RUNTIME_DIR: '/r' },
      signal: new AbortController().signal,
    };
    const found = [];
    for (const domain of ['docker.io', 'nvcr.io', 'gcr.io', 'ghcr.io', 'toString']) {
      found.push(await findLogin(domain, 'a/b', ports));
    }
    for (const command of ports.shell.calls) {
      holds(/^docker-credential-[\w.-]+ get$/.test(command), 'only a helper is run');
    }
    return found;
  },
  growth: { factor: 20, beside: 2_000 },
};

const daemon: Parser = {
  name: "settings of Docker's daemon",
  files: ['src/registry/endpoints.ts'],
  json: true,
  samples: [
    '{"registry-mirrors":["https://m.example/hub/","http://127.0.0.1:5000"],"insecure-registries":["plain.example:5000","10.0.0.0/8"]}',
  ],
  pieces: [
    '{',
    '}',
    '"registry-mirrors":',
    '"insecure-registries":',
    '"https://x/"',
    '"mailto:x"',
    '"file:///etc/passwd"',
    '[',
    ']',
    ',',
  ],
  read: async (text) => {
    const config = await readDaemonConfig(createFakeFiles({ [DAEMON_CONFIG]: text }));
    const endpoints = ['docker.io', 'plain.example:5000', 'localhost', 'nvcr.io'].flatMap(
      (domain) => endpointsOf(domain, config),
    );
    for (const { origin } of endpoints) {
      holds(/^https?:\/\//.test(origin), `a registry is asked over HTTP: ${origin}`);
      holds(URL.canParse(`${origin}/v2/a/manifests/b`), 'an endpoint makes an address');
    }
    return [config, endpoints];
  },
  growth: { factor: 4, beside: 500 },
};

const words: Parser = {
  name: 'errors, limits and waits that a registry tells',
  files: ['src/registry/failure.ts', 'src/registry/http.ts', 'src/registry/digest.ts'],
  json: true,
  samples: [
    '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"x"}}]}',
    '{"details":"incorrect username or password"}',
    '{"error":"invalid_grant"}',
    'Thu, 01 Jan 2026 00:00:30 GMT',
    '100;w=21600',
    DIGEST,
  ],
  pieces: [
    '{',
    '}',
    '"errors":',
    '[',
    ']',
    '"code":',
    '"message":',
    'null',
    '12',
    ';w=',
    'Thu, ',
    'sha256:',
    '-',
    '0',
  ],
  read: (text) => {
    const said = registryWords(bytesOf(text));
    holds(said.length <= 600, 'words are bounded');
    const wait = retryAfterMs(text, 0);
    holds(wait === undefined || wait >= 0, 'a wait is not negative');
    holds(!isDigest(text) || /^sha\d+:[0-9a-f]+$/.test(text), 'a digest is safe as a file name');
    const line = text.replace(/[^\x20-\x7e]/g, '');
    const limit = rateLimit(new Headers({ 'ratelimit-limit': line, 'ratelimit-remaining': line }));
    const cause = { code: text.slice(0, 30), hostname: text, message: text };
    return [said, wait, limit, networkWords({ name: 'TypeError', cause })];
  },
  growth: { factor: 4, beside: 800 },
};

const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  config: { digest: DIGEST, size: 10, mediaType: 'application/vnd.oci.image.config.v1+json' },
  layers: [{ digest: DIGEST, size: 123 }],
});

/** The whole client against a registry whose every body is the text: manifests, configurations, tokens, error documents. */
const client: Parser = {
  name: 'bodies of a registry and its token server, and the cache on disk',
  files: ['src/registry/reader.ts', 'src/registry/session.ts', 'src/registry/cache.ts'],
  json: true,
  samples: [
    MANIFEST,
    '{"token":"abc","access_token":"def","expires_in":300,"issued_at":"2026-01-01T00:00:00Z"}',
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ digest: DIGEST, size: 5, platform: { os: 'linux', architecture: 'amd64' } }],
    }),
    JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Env: ['CUDA_VERSION=12.8'] } }),
    '{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}',
  ],
  pieces: [
    '{',
    '}',
    '"token":',
    '"expires_in":',
    '"config":',
    '"digest":',
    `"${DIGEST}"`,
    '"layers":',
    '[',
    ']',
    ',',
  ],
  read: async (text) => {
    let requests = 0;
    const fetch = async (url: unknown): Promise<Response> => {
      requests += 1;
      const { pathname } = new URL(String(url));
      const asks = pathname !== '/token' && text.length % 3 === 0 && requests === 1;
      const status = asks ? 401 : text.length % 5 === 0 ? 403 : 200;
      const headers = { 'www-authenticate': 'Bearer realm="https://r.example/token"' };
      return new Response(new Uint8Array(bytesOf(text)), { status, headers });
    };
    const parsed = parseReference('r.example/a/b:1');
    holds(parsed.ok, 'the reference is valid');
    const reader = createRegistryReader({
      fetch: fetch as typeof globalThis.fetch,
      clock: createFakeClock(),
      progress: () => {},
      signal: new AbortController().signal,
      shell: createFakeShell({}),
      files: createFakeFiles(),
      env: {},
    });
    const answer = await reader.read(parsed.reference, 'linux/amd64');
    holds(requests <= 8, `a registry gets few requests: ${requests}`);
    holds(answer.ok || answer.failure.text !== '', 'a failure has words');
    const cache = createCache(createFakeFiles({ [`/c/${DIGEST.replace(':', '-')}`]: text }), '/c');
    holds((await cache.read(DIGEST)) === undefined, 'a planted file is not read');
    return answer;
  },
  growth: { factor: 6, beside: 3_000 },
};

export const REGISTRY: readonly Parser[] = [challenge, credentials, daemon, words, client];

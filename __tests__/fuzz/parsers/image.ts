import { createCliEngine } from '../../../src/engine/cli.js';
import { parseImageConfig, parseImageInspect } from '../../../src/image/config.js';
import {
  isRecorded,
  isRecordedLabel,
  shownOption,
  withoutValues,
} from '../../../src/image/environment.js';
import { layerProgress } from '../../../src/image/gather.js';
import { entryFor, entryPlatform, parseManifest } from '../../../src/image/manifest.js';
import { canonical, parseReference } from '../../../src/image/reference.js';
import { isPassing } from '../../../src/image/retry.js';
import { createFakeClock } from '../../fakes/clock.js';
import { createFakeShell } from '../../fakes/shell.js';
import { holds, type Parser } from '../parser.js';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

const reference: Parser = {
  name: 'image reference',
  files: ['src/image/reference.ts'],
  samples: [
    'nvcr.io/nvidia/pytorch:25.03-py3',
    `ghcr.io/a/b_c.d-e@${DIGEST}`,
    '[::1]:5000/cuda:12.8.1',
    'busybox',
    `localhost:5000/x/y:1@sha512:${'b'.repeat(128)}`,
  ],
  pieces: [
    'nvcr.io',
    '/',
    ':',
    '@',
    'sha256:',
    '0a'.repeat(32),
    'a',
    'A',
    '_',
    '__',
    '.',
    '-',
    '[::1]',
    'localhost',
    ':5000',
    'toString:',
    'constructor:',
    '://',
  ],
  read: (text) => {
    const parsed = parseReference(text);
    if (!parsed.ok) {
      holds(parsed.why !== '', 'a refusal has words');
      return parsed;
    }
    const full = canonical(parsed.reference);
    const again = parseReference(full);
    holds(again.ok && canonical(again.reference) === full, 'in full it reads back the same');
    holds(!/[^\x21-\x7e]/.test(full) && !full.startsWith('-'), 'an engine takes it as one word');
    return parsed;
  },
  growth: { factor: 4, beside: 500 },
};

const INSPECT = {
  Id: DIGEST,
  RepoTags: ['nvcr.io/nvidia/pytorch:25.03-py3'],
  RepoDigests: [`nvcr.io/nvidia/pytorch@${DIGEST}`],
  Size: 9123456789,
  Os: 'linux',
  Architecture: 'arm64',
  Variant: 'v8',
  Config: {
    User: 'nobody',
    Env: [
      'PATH=/usr/bin',
      'CUDA_VERSION=12.8.1',
      'NVIDIA_REQUIRE_CUDA=cuda>=9.0',
      'API_TOKEN=x',
      'NCCL_AUTH=y',
    ],
    Entrypoint: ['/opt/nvidia/nvidia_entrypoint.sh'],
    Labels: { 'com.nvidia.volumes.needed': 'nvidia_driver', maintainer: 'NVIDIA', secret: 'x' },
  },
};

const ASKED = parseReference('nvcr.io/nvidia/pytorch:25.03-py3');

const config: Parser = {
  name: 'image inspect, and the configuration of an image',
  files: ['src/image/config.ts', 'src/image/environment.ts'],
  json: true,
  samples: [
    JSON.stringify([INSPECT]),
    JSON.stringify(INSPECT),
    JSON.stringify({ os: 'linux', architecture: 'amd64', config: INSPECT.Config, rootfs: {} }),
  ],
  pieces: [
    '{',
    '}',
    '[',
    ']',
    '"Id":',
    '"Config":',
    '"Env":',
    '"A=b"',
    '"Labels":',
    ',',
    'null',
    '"linux"',
  ],
  read: (text) => {
    holds(ASKED.ok, 'the reference is valid');
    const inspected = parseImageInspect(text, ASKED.reference);
    const config = parseImageConfig(text);
    for (const facts of [inspected?.facts, config]) {
      for (const [name, value] of Object.entries(facts?.env ?? {})) {
        holds(isRecorded(name, value), 'no variable stands in a report that may not');
      }
      for (const [name, value] of Object.entries(facts?.labels ?? {})) {
        holds(isRecordedLabel(name, value), 'no label stands in a report that may not');
      }
    }
    return [inspected, config];
  },
  growth: { factor: 4, beside: 500 },
};

const INDEX = {
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [
    { digest: DIGEST, size: 1, mediaType: 'm', platform: { os: 'linux', architecture: 'amd64' } },
    {
      digest: DIGEST,
      size: 2,
      mediaType: 'm',
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      annotations: { 'com.docker.x': 'y' },
    },
  ],
  annotations: { 'org.opencontainers.image.version': '1' },
};

const manifest: Parser = {
  name: 'manifest and index of a registry',
  files: ['src/image/manifest.ts'],
  json: true,
  samples: [
    JSON.stringify(INDEX),
    JSON.stringify({
      schemaVersion: 2,
      config: { digest: DIGEST, size: 10, mediaType: 'c' },
      layers: [{ digest: DIGEST, size: 123 }, { size: 456 }],
    }),
  ],
  pieces: ['{', '}', '[', ']', '"layers":', '"manifests":', '"size":', '1', '"digest":', ','],
  read: (text) => {
    const parsed = parseManifest(text);
    if (parsed?.kind !== 'index') return parsed;
    const platforms = ['linux/amd64', 'linux/arm64/v8', text.slice(0, 40), 'linux/constructor'];
    for (const platform of platforms) {
      const entry = entryFor(parsed.entries, platform);
      holds(entry === undefined || parsed.entries.includes(entry), 'an entry is one of them');
    }
    return [parsed, parsed.entries.map(entryPlatform)];
  },
  growth: { factor: 6, beside: 500 },
};

/** Answers of an engine's commands, and lines of its pulls. */
const engine: Parser = {
  name: 'answers and progress of an engine',
  files: ['src/engine/cli.ts', 'src/image/gather.ts', 'src/image/retry.ts'],
  json: true,
  samples: [
    '{"Status":"exited","Running":false,"OOMKilled":false,"ExitCode":137,"Error":"","StartedAt":"2026-01-01T00:00:00Z"}',
    '0123456789ab: Pulling fs layer\n0123456789ab: Downloading [=>   ] 1MB/2MB\r0123456789ab: Pull complete\nDigest: sha256:0\nStatus: Downloaded newer image\n',
    'Error response from daemon: Get "https://nvcr.io/v2/": net/http: TLS handshake timeout\n',
  ],
  pieces: [
    '{',
    '}',
    '"Status":',
    '"ExitCode":',
    '1',
    '0123456789ab',
    ': Pulling fs layer',
    ': Pull complete',
    '\n',
    '\r',
    'EOF',
    ' 503 ',
    'status: 500',
    'toomanyrequests',
    'i/o timeout',
  ],
  read: async (text) => {
    const lines: string[] = [];
    const answer = { stdout: text, stderr: '' };
    const cli = createCliEngine(
      'docker',
      createFakeShell({ docker: () => answer }),
      createFakeClock(),
    );
    const state = await cli.inspectContainer('x');
    await cli.pull('x', { onLine: layerProgress((line) => lines.push(line), Date.now).onLine });
    const ids = await cli.listByLabel('x');
    const refusing = createCliEngine(
      'podman',
      createFakeShell({ podman: () => ({ code: 125, stderr: text }) }),
      createFakeClock(),
    );
    const removed = await refusing.remove('x');
    isPassing(text);
    return [state, ids, removed, lines];
  },
  growth: { factor: 6, beside: 1_000 },
};

const options: Parser = {
  name: 'values that options give to variables',
  files: ['src/image/environment.ts'],
  samples: [
    '--env=API_TOKEN=secret-value',
    '--env=NCCL_DEBUG=INFO',
    'docker: invalid secret-value',
  ],
  pieces: ['--env=', 'A', '=', 'secret-value', ' ', 'TOKEN', 'NCCL_'],
  read: (text) => {
    const word = `--env=MY_TOKEN=${text}`;
    holds(text === '' || shownOption(word) === '--env=MY_TOKEN=***', 'a value is not shown');
    const said = withoutValues(`error: ${text} refused`, [word]);
    holds(
      text.length < 6 ||
        !said.includes(text) ||
        '***'.includes(text) ||
        `error: *** refused`.includes(text),
      'nor repeated',
    );
    return [said, isRecorded(text, text), isRecordedLabel(text, text)];
  },
  growth: { factor: 4, beside: 100 },
};

export const IMAGE: readonly Parser[] = [reference, config, manifest, engine, options];

// The part of `npm run bench` about `predict IMAGE`: what it asks of a registry, how long that takes, and what a pull costs instead.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sha256 = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json';

/** A registry of indexes, each of one image with a configuration of its own, that answers everything after `latencyMs`. */
async function slowRegistry(latencyMs) {
  const contents = new Map();
  const keep = (text, mediaType) => {
    const digest = sha256(text);
    contents.set(digest, { text, mediaType });
    return { digest, size: text.length, mediaType };
  };
  const publish = (name) => {
    const env = ['CUDA_VERSION=12.4.1', `NV_NAME=${name}`];
    const config = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Env: env } });
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: keep(config, 'application/vnd.docker.container.image.v1+json'),
      layers: [{ digest: sha256('layer'), size: 4e9, mediaType: 'x' }],
    };
    const entry = keep(JSON.stringify(manifest), MANIFEST);
    const platform = { os: 'linux', architecture: 'amd64' };
    const index = { schemaVersion: 2, mediaType: INDEX, manifests: [{ ...entry, platform }] };
    contents.set(name, contents.get(keep(JSON.stringify(index), INDEX).digest));
  };
  const server = createServer((request, response) => {
    setTimeout(() => {
      const [, name = '', place = ''] =
        /^\/v2\/([^/]+)\/(?:manifests|blobs)\/(.+)$/.exec(request.url) ?? [];
      const { text, mediaType } = contents.get(place.includes(':') ? place : name);
      const digest = sha256(text);
      const unchanged = request.headers['if-none-match'] === `"${digest}"`;
      response.writeHead(unchanged ? 304 : 200, {
        'content-type': mediaType,
        'docker-content-digest': digest,
        etag: `"${digest}"`,
      });
      response.end(unchanged || request.method === 'HEAD' ? undefined : text);
    }, latencyMs);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, publish, address: `127.0.0.1:${server.address().port}` };
}

/** Runs `predict` and reads what it says of its requests; not `spawnSync`, which would stop a registry in this process. */
function predictOnce(cli, images, env) {
  const before = process.hrtime.bigint();
  const runner = ['--driver', '550.54.15', '--gpu', 'NVIDIA L4', '--json', '--fail-on', 'never'];
  const child = spawn(process.execPath, [cli, 'predict', ...images, ...runner], { env });
  let told = '';
  let report = '';
  child.stdout.on('data', (chunk) => {
    report += chunk;
  });
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      const [, requests, kib] = /(\d+) requests, ([\d.]+) KiB/.exec(told) ?? [];
      if (code !== 0 || requests === undefined) {
        reject(new Error(`predict: exit ${code}: ${told}`));
        return;
      }
      resolve({
        ms: Number(process.hrtime.bigint() - before) / 1e6,
        requests: Number(requests),
        bytes: Number(kib) * 1024,
        images: JSON.parse(report).images,
      });
    });
  });
}

const MANY = 200;
const LATENCY_MS = 100;
/** `REGISTRY_CONCURRENCY` of src/predict-images.ts. */
const AT_ONCE = 16;

/** Many images at once from a registry with latency, and the same again. */
export async function registries(cli, figure) {
  const { server, publish, address } = await slowRegistry(LATENCY_MS);
  const cache = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const names = Array.from({ length: MANY }, (_, index) => `image${index}`);
    for (const name of names) publish(name);
    const images = names.map((name) => `${address}/${name}:1`);
    const bare = { PATH: process.env.PATH };
    const env = { ...bare, XDG_CACHE_HOME: cache };
    const one = await predictOnce(cli, images.slice(0, 1), bare);
    const many = await predictOnce(cli, images, env);
    const again = await predictOnce(cli, images, env);
    process.stdout.write(
      `\npredict IMAGE: indexes in a registry that answers after ${LATENCY_MS} ms, ${AT_ONCE} images at once\n`,
    );
    figure('one image: requests, one after the other', one.requests, '', 3);
    figure('one image', one.ms, 'ms');
    figure(`${MANY} images`, many.ms, 'ms');
    // What the program takes to start is told by the single image.
    const start = one.ms - one.requests * LATENCY_MS;
    const ideal = (many.requests / MANY) * LATENCY_MS * (MANY / AT_ONCE);
    figure(
      'without the start, of trips x latency x images / at once',
      (many.ms - start) / ideal,
      'x',
      1.5,
    );
    figure('the same images, unchanged: requests', again.requests, '', MANY);
    figure('the same images, unchanged: bytes of bodies', again.bytes, 'B', 0);
    figure('the same images, unchanged', again.ms, 'ms');
  } finally {
    rmSync(cache, { recursive: true, force: true });
    server.closeAllConnections();
    server.close();
  }
}

/** What a prediction costs against pulling the same image and running something in it by hand. */
export async function againstPull(cli, figure, image, env) {
  const predicted = await predictOnce(cli, [image], { ...env, HOME: '/nonexistent' });
  const { compressedBytes } = predicted.images[0].facts.image;
  const docker = (...args) => spawnSync('docker', args, { env, encoding: 'utf8' });
  const before = process.hrtime.bigint();
  for (const args of [
    ['pull', image],
    ['run', '--rm', '--network', 'none', image, '/bin/true'],
  ]) {
    const { status, stderr } = docker(...args);
    if (status !== 0) throw new Error(`docker ${args[0]}: exit ${status}: ${stderr}`);
  }
  const ms = Number(process.hrtime.bigint() - before) / 1e6;
  process.stdout.write('\nA prediction, against docker pull and docker run of the same image\n');
  figure('bytes of the prediction', predicted.bytes, 'B');
  figure('bytes of the pull, by the manifest', compressedBytes, 'B');
  figure(
    'bytes of the prediction, of those of the pull',
    predicted.bytes / compressedBytes,
    'x',
    0.01,
  );
  figure('the prediction', predicted.ms, 'ms');
  figure('pull and run', ms, 'ms');
}

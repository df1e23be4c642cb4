import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isCertainFailure } from '../../src/core/certain.js';
import { diagnose } from '../../src/core/diagnose.js';
import { FACTS_SCHEMA, type HostFacts, type ImageFacts } from '../../src/core/facts.js';
import type { InputName } from '../../src/inputs.js';
import type { Report } from '../../src/report/report.js';
import { run } from '../../src/run.js';
import type { FakeImage } from '../fakes/docker.js';
import { createFakeRegistry, type FakeRegistry } from '../fakes/registry.js';
import { createTestWorld, probeOutput } from '../fakes/world.js';

const SMI = `<nvidia_smi_log><driver_version>550.54.15</driver_version><cuda_version>12.4</cuda_version>
<gpu><product_name>NVIDIA L4</product_name><uuid>GPU-1</uuid></gpu></nvidia_smi_log>`;
const programs = (mode: 'legacy' | 'cdi') => ({
  'nvidia-smi': (args: readonly string[]) =>
    args[0] === '-q'
      ? { stdout: SMI }
      : { stdout: '0, GPU-1, NVIDIA L4, 23034, N/A, 550.54.15, 8.9\n' },
  ...(mode === 'cdi'
    ? {}
    : { 'nvidia-container-cli': () => ({ stdout: 'cli-version: 1.17.8\n' }) }),
});

const env = ['CUDA_VERSION=13.0.0', 'NVIDIA_REQUIRE_CUDA=cuda>=13.0'];
const started: FakeImage = {
  env,
  run: ({ nonce }) => ({
    stdout: probeOutput(nonce, { step: 'init', code: 0, deviceCount: 1 }),
  }),
};

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await createFakeRegistry();
  registry.publish('cuda:13', { env });
  registry.publish('cuda:12', { env: ['CUDA_VERSION=12.4.1', 'NVIDIA_REQUIRE_CUDA=cuda>=12.4'] });
  registry.publish('cuda:odd', { env: ['CUDA_VERSION=12.4.1', 'NVIDIA_REQUIRE_CUDA=cuda>>13'] });
  registry.publish('arm:1', { env: ['CUDA_VERSION=12.4.1'], platform: 'linux/arm64' });
});
afterAll(() => registry.close());

async function checked(
  name: string,
  inputs: Partial<Record<InputName, string>> = {},
  docker: { answers?: 'cdi' | 'legacy'; here?: boolean; files?: Record<string, string> } = {},
) {
  const image = `${registry.address}/${name}`;
  const world = createTestWorld({
    inputs: { images: image, pull: 'unless-certain', ...inputs },
    images: { [image]: started },
    ...(docker.here ? { here: [image] } : {}),
    ...(docker.files === undefined ? {} : { files: docker.files }),
    programs: programs(docker.answers ?? 'legacy'),
  });
  const asked = registry.seen.length;
  const code = await run(world);
  const report: Report = JSON.parse(
    String(world.files.contents.get('/temp/cuda-image-check-run.json')),
  );
  return {
    code,
    image: report.images[0],
    pulled: world.shell.calls.some((call) => call.startsWith('docker pull')),
    created: world.shell.calls.some((call) => call.startsWith('docker create')),
    asked: registry.seen.length - asked,
    lines: world.publisher.lines,
    page: world.publisher.page,
  };
}

describe('pull: unless-certain', () => {
  it('pulls and checks where the certain failure is waived, for the failures that are not', async () => {
    const waiver = (finding: string) => ({
      'w.yml': `waivers: [{finding: ${finding}, image: '**', reason: r, until: 2027-01-31}]`,
    });
    const { image } = await checked('cuda:13');
    const cause = image?.primary ?? '';
    const waived = await checked('cuda:13', { waivers: 'w.yml' }, { files: waiver(cause) });
    expect([waived.pulled, waived.created]).toEqual([true, true]);
    const other = await checked('cuda:13', { waivers: 'w.yml' }, { files: waiver('gpu-lost') });
    expect([other.pulled, other.code]).toEqual([false, 1]);
  });

  it('reports a certain failure from the registry’s few KB, and pulls nothing', async () => {
    const { code, image, pulled, created, asked, page } = await checked('cuda:13');
    expect({ code, pulled, created, asked }).toEqual({
      code: 1,
      pulled: false,
      created: false,
      asked: 2,
    });
    expect(image).toMatchObject({
      verdict: 'fails',
      basis: 'prediction',
      primary: 'requirement-unmet',
      facts: { image: { digest: expect.stringMatching(/^sha256:/) } },
    });
    expect(image?.facts).not.toHaveProperty('probe');
    expect(page).toContain('nothing ran');
  });

  it('pulls what may work', async () => {
    const { pulled, created, image } = await checked('cuda:12');
    expect({ pulled, created }).toEqual({ pulled: true, created: true });
    expect(image?.basis).toBe('probe');
  });

  it('an image for another platform is not pulled either', async () => {
    const { pulled, image } = await checked('arm:1');
    expect(pulled).toBe(false);
    expect(image).toMatchObject({ verdict: 'fails', primary: 'platform-mismatch' });
  });

  it('asks nobody for an image that is there', async () => {
    const { asked, created } = await checked('cuda:13', {}, { here: true });
    expect({ asked, created }).toEqual({ asked: 0, created: true });
  });

  it.each<[string, Partial<Record<InputName, string>>]>([
    ['a variable that the job gives', { 'container-options': '--env NVIDIA_DISABLE_REQUIRE=1' }],
    ['a runtime of the job’s own', { 'container-options': '--runtime nvidia' }],
  ])('%s leaves it to the engine', async (_, inputs) => {
    const { asked, pulled } = await checked('cuda:13', inputs);
    expect({ asked, pulled }).toEqual({ asked: 0, pulled: true });
  });

  it('a registry that does not tell leaves it to the engine’s own pull', async () => {
    const { pulled, image } = await checked('none:1');
    expect(pulled).toBe(true);
    expect(image?.basis).toBe('probe');
  });

  it('what toolkits differ about is not certain', async () => {
    expect((await checked('cuda:odd')).pulled).toBe(true);
  });
});

describe('isCertainFailure', () => {
  const judged = (host: HostFacts, image: ImageFacts) =>
    diagnose({ schema: FACTS_SCHEMA, host, image }, []);
  const host: HostFacts = {
    driver: { version: '550.54.15' },
    gpus: [
      { index: 0, name: 'NVIDIA L4', computeCapability: '8.9' },
      { index: 1, name: 'NVIDIA T4', computeCapability: '7.5' },
    ],
    engine: { name: 'docker', gpuMode: 'legacy' },
  };
  const requires = (text: string) => ({
    env: { CUDA_VERSION: '12.4.1', NVIDIA_REQUIRE_CUDA: text },
  });

  it('a requirement that CDI mode does not read is no refusal', () => {
    const cdi: HostFacts = { ...host, engine: { name: 'docker', gpuMode: 'cdi' } };
    expect(isCertainFailure(judged(cdi, requires('cuda>=13.0')), true)).toBe(false);
    expect(isCertainFailure(judged(host, requires('cuda>=13.0')), true)).toBe(true);
  });

  it('one that a single GPU fails is certain only where every GPU is asked for', () => {
    const judgement = judged(host, requires('arch>=8.0'));
    expect(isCertainFailure(judgement, true)).toBe(true);
    expect(isCertainFailure(judgement, false)).toBe(false);
  });

  it('a driver that is too old may be made up for by what the image holds', () => {
    const gpus = [{ index: 0, name: 'NVIDIA GeForce RTX 4090', computeCapability: '8.9' }];
    const judgement = judged(
      { ...host, gpus, engine: { name: 'docker', gpuMode: 'cdi' } },
      { env: { CUDA_VERSION: '13.0.0' } },
    );
    expect(judgement).toMatchObject({ verdict: 'fails', primary: 'driver-too-old' });
    expect(isCertainFailure(judgement, true)).toBe(false);
  });
});

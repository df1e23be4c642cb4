import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { debianMirrors } from '../../lab/debian.js';
import { driverDescription, hookDescription } from '../../lab/host.js';
import { cudartFiles } from '../../lab/image.js';
import { loadScenario, parseScenario, ScenarioError } from '../../lab/scenario.js';
import { CATALOGUE } from '../../src/core/catalogue.js';

const LAB = join(process.cwd(), 'lab');
const SCHEMA = JSON.parse(readFileSync(join(LAB, 'scenario.schema.json'), 'utf8')) as object;
const NAMES = readdirSync(join(LAB, 'scenarios')).map((name) => name.replace(/\.json$/, ''));

const MINIMAL = {
  description: 'one GPU and one image',
  host: {
    driver: { version: '535.104.05', cuda: '12.2' },
    gpus: [{ name: 'NVIDIA L4', computeCapability: '8.9' }],
  },
  images: [{ base: 'bookworm' }],
  expect: { exitCode: 0 },
};

const read = (document: unknown): string => {
  try {
    parseScenario(JSON.stringify(document), 'x.json', SCHEMA);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ScenarioError);
    return (error as Error).message;
  }
};

describe('scenario files', () => {
  it.each(NAMES)('%s can be read, and expects findings that exist', async (name) => {
    const scenario = await loadScenario(name, LAB);
    for (const image of scenario.expect.images ?? []) {
      for (const id of [image.primary ?? null, ...(image.findings ?? [])]) {
        expect(id === null || Object.hasOwn(CATALOGUE, id)).toBe(true);
      }
      if (image.primary !== null && image.primary !== undefined) {
        expect(CATALOGUE[image.primary as keyof typeof CATALOGUE].verdict).toBe(image.verdict);
      }
    }
  });

  it('are named by what they are, by their file, or not at all', async () => {
    const byFile = await loadScenario(join(LAB, 'scenarios', 'works-one-gpu.json'), LAB);
    expect(byFile).toEqual(await loadScenario('works-one-gpu', LAB));
    await expect(loadScenario('no-such', LAB)).rejects.toThrow(
      /no scenario no-such.*works-one-gpu/,
    );
  });

  it('get every mistake named with its place', () => {
    expect(read(MINIMAL)).toBe('');
    const message = read({
      ...MINIMAL,
      host: { ...MINIMAL.host, driver: { version: 'new', cuda: '12.2' }, colour: 'red' },
      images: [{ base: 'alpine' }],
    });
    expect(message).toContain('x.json is not a scenario');
    expect(message).toContain('/host has the unknown field "colour"');
    expect(message).toContain('/host/driver/version must match pattern');
    expect(message).toContain('/images/0/base must be one of ["bullseye"');
  });

  it('give each file of an image one content', () => {
    const files = [{ path: '/a', text: 'x', link: 'y' }, { path: '/b' }];
    expect(read({ ...MINIMAL, images: [{ base: 'bookworm', files }] }).split('\n')).toEqual([
      'x.json is not a scenario:',
      '  /images/0/files/0 must have exactly one of text, link, library and deviceCode',
      '  /images/0/files/1 must have exactly one of text, link, library and deviceCode',
      'What is allowed: lab/scenario.schema.json',
    ]);
  });

  it('cannot let a GPU fail that the host does not have', () => {
    expect(
      read({ ...MINIMAL, host: { ...MINIMAL.host, faults: [{ call: 'cuInit', gpu: 1 }] } }),
    ).toContain('/host/faults/0/gpu is 1, but the host has 1 GPUs');
  });

  it('that are no JSON, or other JSON, are refused in words', () => {
    expect(() => parseScenario('{', 'x.json', SCHEMA)).toThrow(/x\.json is not JSON/);
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        expect(read(document)).toContain('is not a scenario');
      }),
      { numRuns: 50 },
    );
  });
});

describe('what a scenario becomes', () => {
  it('the description that the simulated driver reads', () => {
    const text = driverDescription(
      { version: '535.104.05', cuda: '12.2', compatCuda: '12.4' },
      [{ name: 'NVIDIA L4', computeCapability: '8.9', memoryMiB: 23034, mig: true }],
      [
        { call: 'cuInit', from: 'compat', code: 803 },
        { call: 'cuLaunchKernel', hang: true },
      ],
    );
    expect(text).toBe(
      [
        'driver = 535.104.05',
        'cuda = 12.2',
        'kernel-module = open',
        'compat-cuda = 12.4',
        '',
        '[gpu]',
        'name = NVIDIA L4',
        'uuid = GPU-00000000-0000-0000-0000-000000000000',
        'compute-capability = 8.9',
        'memory-mib = 23034',
        'mig = on',
        '',
        '[fault]',
        'call = cuInit',
        'from = compat',
        'code = 803',
        '',
        '[fault]',
        'call = cuLaunchKernel',
        'hang = yes',
        '',
      ].join('\n'),
    );
  });

  it('a hook that fails in the toolkit’s words where there is no driver', () => {
    expect(hookDescription({ driver: null, gpus: [] })).toContain(
      'failure nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1',
    );
  });

  it('a libcudart where NVIDIA’s images have it', () => {
    expect(cudartFiles('11.8.89').map((file) => file.path)).toContain(
      '/usr/local/cuda-11.8/lib64/libcudart.so.11.0',
    );
  });

  it('images from the mirrors of the machine’s own apt', () => {
    const sources = [
      'http://mirror.example.com/debian bookworm main',
      'http://mirror.example.com/debian bookworm-updates main',
      'http://mirror.example.com/debian bookworm main',
      'http://ubuntu.example.com/ubuntu noble main',
      'http://local.example.com/debian stable non-free',
    ];
    expect(debianMirrors(sources.join('\n'))).toEqual(['http://mirror.example.com/debian']);
    expect(debianMirrors('')).toEqual([]);
  });
});

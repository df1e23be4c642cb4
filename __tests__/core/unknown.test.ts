import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import { FACTS_SCHEMA, type Facts } from '../../src/core/facts.js';
import { facts, host, verdict } from './pair.js';

describe('facts that do not decide', () => {
  it.each<[string, Facts]>([
    ['nothing at all', { schema: FACTS_SCHEMA }],
    ['no driver', facts({ gpus: [{ name: 'NVIDIA L4' }] }, { cuda: '12.4' })],
    ['a driver that cannot be read', facts({ driver: { version: 'unknown' } }, { cuda: '12.4' })],
    ['no CUDA version', facts(host('580.95.05', ['NVIDIA L4']), {})],
    ['a CUDA version that cannot be read', facts(host('580.95.05'), { cuda: 'latest' })],
    [
      'only the CUDA version of the driver, which is enough',
      facts({ driver: { cuda: '13.0' } }, { cuda: '12.4' }),
    ],
    [
      'a note alone',
      facts(
        { gpus: [{ name: 'NVIDIA L40S' }] },
        { cuda: '12.4', deviceCode: [{ cubins: ['sm_80'] }] },
      ),
    ],
  ])('%s: unknown, without any finding', (_name, pair) => {
    expect(diagnose(pair, [])).toMatchObject({ verdict: 'unknown', primary: null, findings: [] });
  });
  it('say what is missing', () => {
    const { unchecked } = diagnose({ schema: FACTS_SCHEMA }, []);
    expect(unchecked).toContainEqual({
      what: 'driver against the CUDA version',
      why: expect.stringContaining("the image's CUDA version is not known"),
    });
    expect(unchecked.map((one) => one.what)).toEqual([
      ...new Set(unchecked.map((one) => one.what)),
    ]);
  });
});

describe('facts that prove a failure although others are missing', () => {
  it.each<[string, Facts, string]>([
    [
      'the CUDA major of the driver',
      facts({ driver: { cuda: '11.4' } }, { cuda: '12.1' }),
      'fails driver-too-old',
    ],
    [
      'a CPU build',
      facts({}, { frameworks: [{ name: 'torch', cuda: null }] }),
      'fails framework-cpu-only',
    ],
    [
      'a platform',
      facts({ platform: 'linux/arm64' }, { platform: 'linux/amd64' }),
      'fails platform-mismatch',
    ],
    ['a C library', facts({}, { libc: { family: 'musl' } }), 'fails libc-incompatible'],
    [
      'code for other GPUs only',
      facts({ gpus: [{ computeCapability: '9.0' }] }, { deviceCode: [{ cubins: ['sm_80'] }] }),
      'fails no-kernel-for-gpu',
    ],
    [
      'PTX newer than the driver',
      facts(
        { driver: { cuda: '12.2' }, gpus: [{ computeCapability: '9.0' }] },
        { deviceCode: [{ ptx: [{ target: 'compute_90', isa: '8.4' }] }] },
      ),
      'fails ptx-too-new',
    ],
  ])('%s', (_name, pair, expected) => {
    expect(verdict(pair)).toBe(expected);
  });
});

describe('the CUDA version of an image', () => {
  it.each([
    [{ cuda: '11.8', env: { CUDA_VERSION: '13.0' } }, 'works minor-version-compatibility'],
    [{ env: { CUDA_VERSION: '13.0', NVIDIA_REQUIRE_CUDA: 'cuda>=9.0' } }, 'fails driver-too-old'],
    [
      {
        env: { CUDA_VERSION: '11.8.0.022', NVIDIA_REQUIRE_CUDA: 'cuda>=9.0' },
        frameworks: [{ name: 'torch', version: '2.0.1', cuda: '11.8' }],
      },
      'works minor-version-compatibility',
    ],
    [{ frameworks: [{ name: 'torch', version: '2.1.0+cu121' }] }, 'fails driver-too-old'],
    // a framework of a newer CUDA than the image says
    [
      { cuda: '11.8', frameworks: [{ name: 'torch', version: '2.9.0', cuda: '12.8' }] },
      'fails driver-too-old',
    ],
  ])('of %j on driver 470: %s', (image, expected) => {
    expect(verdict(facts(host('470.82.01'), image))).toBe(expected);
  });
});

describe('what a fix needs to know', () => {
  it('names the drivers, the CUDA versions and the package that would do', () => {
    const image = { reference: 'nvidia/cuda:13.0.1-base-ubuntu24.04', cuda: '13.0.1' };
    const [finding] = diagnose(
      facts(host('535.104.05', ['NVIDIA A100-SXM4-80GB']), image),
      [],
    ).findings;
    expect(finding?.data).toMatchObject({
      driver: '535.104.05',
      driverCuda: '12.2',
      cuda: '13.0.1',
      needsDriver: '580.82.07',
      needsDriverMinor: '580',
      newestCuda: '12.9',
      newestCudaFull: '12.2',
      compatPackage: 'cuda-compat-13-0',
      compatBranches: ['535', '550', '565', '570', '575'],
    });
    expect(finding?.data.variants?.[0]).toMatch(/^nvidia\/cuda:12\.9\.\d-base-ubuntu24\.04$/);
  });
  it('names no compat package where the GPU is not entitled to it', () => {
    const [finding] = diagnose(
      facts(host('535.104.05', ['NVIDIA GeForce RTX 4090']), { cuda: '13.0.1' }),
      [],
    ).findings;
    expect(finding?.data.compatPackage).toBeUndefined();
  });
  it('names no driver that does not know the GPU', () => {
    const gpus = [{ computeCapability: '12.0' }];
    const old = facts(host('470.82.01', undefined, { gpus }), { cuda: '12.1' });
    const { findings } = diagnose(old, []);
    expect(findings.map((one) => one.id)).toEqual(['gpu-unsupported-by-driver']);
    expect(findings[0]?.data).toMatchObject({ needsDriver: '570', needsDriverMinor: '570' });
    const volta = facts(host('570.86.15', ['Tesla V100-SXM2-16GB']), { cuda: '13.0.1' });
    expect(diagnose(volta, []).findings.map((one) => one.id)).toEqual(['gpu-architecture-dropped']);
    const kepler = facts(host('470.82.01', ['Tesla K80']), { cuda: '11.8.0' });
    expect(diagnose(kepler, []).findings[0]?.data.needsDriver).toBeUndefined();
  });
  it.each([
    ['387.26', '9.1.85', '9.0', '9.0'],
    ['470.82.01', '12.1', '11.8', '11.4'],
    ['535.104.05', '13.0', '12.9', '12.2'],
    ['580.65.06', '14.0', '13.4', '13.0'],
  ])(
    'names the newest CUDA that driver %s serves when %s is too new',
    (driver, cuda, newestCuda, newestCudaFull) => {
      const [finding] = diagnose(facts(host(driver), { cuda }), []).findings;
      expect(finding?.data).toMatchObject({ newestCuda, newestCudaFull });
    },
  );
  it('names the builds of the same release that hold code for the GPU', () => {
    const image = { frameworks: [{ name: 'torch', version: '2.7.0', cuda: '12.6' }] };
    const [finding] = diagnose(
      facts(host('580.95.05', ['NVIDIA GeForce RTX 5090']), image),
      [],
    ).findings;
    expect(finding?.data).toMatchObject({
      variants: ['torch 2.7.0+cu128'],
      derivedFrom: 'official builds of PyTorch 2.7, cu126',
      computeCapability: '12.0',
      firstCuda: '12.8',
    });
    const volta = { frameworks: [{ name: 'torch', version: '2.9.0', cuda: '13.0' }] };
    const [dropped] = diagnose(
      facts(host('580.95.05', ['Tesla V100-SXM2-16GB']), volta),
      [],
    ).findings;
    expect(dropped?.data).toMatchObject({
      architecture: 'Volta',
      lastCuda: '12.9',
      variants: ['torch 2.9.0+cu129', 'torch 2.9.0+cu128', 'torch 2.9.0+cu126'],
    });
  });
});

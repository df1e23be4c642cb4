import { describe, expect, it } from '@jest/globals';
import type { HostFacts, ImageFacts } from '../../src/core/facts.js';
import { facts, host, verdict } from './pair.js';

const A100 = 'NVIDIA A100-SXM4-80GB';
const H100 = 'NVIDIA H100 80GB HBM3';
const RTX4090 = 'NVIDIA GeForce RTX 4090';
const RTX3090 = 'NVIDIA GeForce RTX 3090';

const image = (cuda: string, compat: string, rest: ImageFacts = {}): ImageFacts => ({
  cuda,
  compatDriver: { version: compat, path: `/usr/local/cuda/compat/libcuda.so.${compat}` },
  ...rest,
});

const legacy: HostFacts = { engine: { name: 'docker', gpuMode: 'legacy' } };
const cdi: HostFacts = { engine: { name: 'docker', gpuMode: 'cdi' } };

describe('a compat library on hosts that need it', () => {
  it.each<[string, string, string, string, string, HostFacts]>([
    // driver, GPU, image CUDA, compat, expected, host
    ['535.104.05', A100, '13.0.1', '580.82.07', 'works forward-compatibility-in-use', legacy],
    ['535.104.05', A100, '13.0.1', '580.82.07', 'works forward-compatibility-in-use', cdi],
    ['535.104.05', RTX4090, '13.0.1', '580.82.07', 'fails forward-compatibility-unsupported', cdi],
    [
      '535.104.05',
      'NVIDIA RTX A6000',
      '13.0.1',
      '580.82.07',
      'fails forward-compatibility-unsupported',
      cdi,
    ],
    ['570.124.06', H100, '13.4.1', '615.23', 'works forward-compatibility-in-use', legacy],
    ['610.43.02', H100, '13.4.1', '615.23', 'works forward-compatibility-in-use', legacy],
    // not in any list: legacy loads it by its number and meets 803, the CDI hook reads the library's note and leaves it
    ['525.147.05', H100, '13.0.1', '580.82.07', 'fails forward-compatibility-unsupported', legacy],
    ['525.147.05', H100, '13.0.1', '580.82.07', 'fails driver-too-old', cdi],
    ['545.23.08', H100, '12.9.1', '575.57.08', 'fails forward-compatibility-unsupported', legacy],
    ['545.23.08', H100, '12.9.1', '575.57.08', 'works minor-version-compatibility', cdi],
    ['550.54.15', H100, '13.0.1', '580.82.07', 'works forward-compatibility-in-use', cdi],
    // without a note the hook goes by the major number alone
    ['530.30.02', A100, '12.4.1', '550.54.15', 'fails forward-compatibility-unsupported', cdi],
    // minor-version compatibility alone would do, but no runtime asks for the class of the GPU
    [
      '525.147.05',
      RTX3090,
      '12.4.1',
      '550.54.15',
      'fails forward-compatibility-unsupported',
      legacy,
    ],
    ['525.147.05', A100, '12.4.1', '550.54.15', 'works forward-compatibility-in-use', legacy],
    [
      '450.102.04',
      'GeForce RTX 2080 Ti',
      '11.2.2',
      '460.32.03',
      'fails forward-compatibility-unsupported',
      legacy,
    ],
    // boards that NVIDIA lists beside data-center GPUs
    [
      '575.57.08',
      'NVIDIA GB10',
      '13.0.1',
      '580.82.07',
      'fails forward-compatibility-unsupported',
      legacy,
    ],
    // the newer user-mode driver no longer knows the GPU
    [
      '470.82.01',
      'Tesla K80',
      '11.8.0',
      '520.61.05',
      'fails forward-compatibility-unsupported',
      legacy,
    ],
  ])('driver %s, %s, CUDA %s, compat %s: %s', (driver, gpu, cuda, compat, expected, rest) => {
    expect(verdict(facts(host(driver, [gpu], rest), image(cuda, compat)))).toBe(expected);
  });
});

describe('a compat library on hosts that do not need it', () => {
  it.each<[string, string, HostFacts]>([
    ['580.95.05', 'works -', legacy],
    ['580.95.05', 'works -', cdi],
    ['570.124.06', 'works -', legacy],
    ['570.211.01', 'works -', cdi],
  ])('driver %s with compat 570.124.06: %s', (driver, expected, rest) => {
    expect(verdict(facts(host(driver, [H100], rest), image('12.8.1', '570.124.06')))).toBe(
      expected,
    );
  });

  it('is loaded all the same where LD_LIBRARY_PATH lists its folder, and then meets 803', () => {
    const env = { LD_LIBRARY_PATH: '/usr/local/cuda-12.8/compat:/usr/local/nvidia/lib64' };
    const given = image('12.8.1', '570.124.06', { env });
    expect(verdict(facts(host('580.95.05', [H100], legacy), given))).toBe(
      'fails compat-library-shadows-driver',
    );
    expect(verdict(facts(host('570.211.01', [H100], legacy), given))).toBe(
      'fails compat-library-shadows-driver',
    );
    expect(verdict(facts(host('570.124.06', [H100], legacy), given))).toBe('works -');
    expect(verdict(facts(host('535.104.05', [H100], legacy), given))).toBe(
      'works forward-compatibility-in-use',
    );
  });
});

describe("NVIDIA's framework images choose at their entry point", () => {
  const ngc = (cuda: string, compat: string): ImageFacts => ({
    cuda,
    compatDriver: { version: compat, path: '/usr/local/cuda/compat/lib.real/libcuda.so.1' },
    env: {
      NVIDIA_REQUIRE_CUDA: 'cuda>=9.0',
      LD_LIBRARY_PATH: '/usr/local/cuda/compat/lib:/usr/local/nvidia/lib',
    },
  });
  it.each([
    ['535.104.05', H100, 'works forward-compatibility-in-use'],
    ['535.104.05', RTX4090, 'works minor-version-compatibility'],
    ['580.95.05', H100, 'works -'],
    ['545.23.08', H100, 'works minor-version-compatibility'],
  ])('driver %s on %s: %s', (driver, gpu, expected) => {
    expect(verdict(facts(host(driver, [gpu], legacy), ngc('12.8.1', '570.124.06')))).toBe(expected);
  });
});

describe('the version of the container toolkit', () => {
  const on = (toolkit: string, gpuMode: string) => ({
    engine: { name: 'docker', gpuMode },
    containerToolkit: { version: toolkit },
  });
  it.each([
    ['1.16.2', 'legacy', 'works forward-compatibility-in-use'],
    ['1.17.3', 'legacy', 'works forward-compatibility-in-use'],
    ['1.17.4', 'legacy', 'fails compat-library-not-used'],
    ['1.17.5', 'legacy', 'works forward-compatibility-in-use'],
    ['1.17.4', 'cdi', 'fails compat-library-not-used'],
    ['1.16.2', 'cdi', 'fails compat-library-not-used'],
    ['1.17.8', 'cdi', 'works forward-compatibility-in-use'],
    ['1.20.0', 'jit-cdi', 'works forward-compatibility-in-use'],
  ])('toolkit %s, %s: %s', (toolkit, mode, expected) => {
    const given = image('13.0.1', '580.82.07');
    expect(verdict(facts(host('535.104.05', [A100], on(toolkit, mode)), given))).toBe(expected);
  });

  it('reads the note of the library from 1.19 on, and goes by the major number before', () => {
    const given = image('12.9.1', '575.57.08');
    const driver = '545.23.08';
    expect(verdict(facts(host(driver, [A100], on('1.18.1', 'cdi')), given))).toBe(
      'fails forward-compatibility-unsupported',
    );
    expect(verdict(facts(host(driver, [A100], on('1.19.0', 'cdi')), given))).toBe(
      'works minor-version-compatibility',
    );
  });
});

describe('what is not known about a compat library', () => {
  it('is taken as absent when the files were read and hold none', () => {
    const given: ImageFacts = { cuda: '13.0.1', deviceCode: [] };
    expect(verdict(facts(host('535.104.05', [A100], cdi), given))).toBe('fails driver-too-old');
  });
  it('does not save a driver below the floor', () => {
    expect(verdict(facts(host('535.104.05', [A100], cdi), { cuda: '13.0.1' }))).toBe(
      'fails driver-too-old',
    );
  });
  it('is taken from the name of the installed package', () => {
    const given: ImageFacts = {
      cuda: '12.4.1',
      env: { NV_CUDA_COMPAT_PACKAGE: 'cuda-compat-12-4' },
    };
    expect(verdict(facts(host('470.82.01', [A100], cdi), given))).toBe(
      'works forward-compatibility-in-use',
    );
  });
  it('works on a GPU of unknown class, which stays unchecked', () => {
    expect(verdict(facts(host('535.104.05', undefined, cdi), image('13.0.1', '580.82.07')))).toBe(
      'works forward-compatibility-in-use',
    );
  });
});

describe('what was seen about libcuda', () => {
  const given = image('13.0.1', '580.82.07');
  it('the host library in spite of a good compat library', () => {
    const probe = {
      started: true,
      libcuda: { origin: 'host' },
      init: { code: 0 },
      runtime: { code: 35 },
    };
    expect(verdict(facts(host('535.104.05', [A100], legacy), given, { probe }))).toBe(
      'fails compat-library-not-used',
    );
  });
  it('cuInit through the compat library outranks the class of the GPU', () => {
    const probe = {
      started: true,
      libcuda: { origin: 'compat' },
      init: { code: 0 },
      runtime: { code: 0 },
    };
    expect(verdict(facts(host('535.104.05', [RTX4090], legacy), given, { probe }))).toBe(
      'works forward-compatibility-in-use',
    );
  });
  it.each([
    [804, 'compat', 'fails forward-compatibility-unsupported'],
    [803, 'host', 'unknown driver-library-mismatch'],
  ])('cuInit %d with the %s library: %s', (code, origin, expected) => {
    const probe = { started: true, libcuda: { origin }, init: { code } };
    expect(
      verdict(facts(host('580.95.05', [RTX4090], legacy), { cuda: '13.0.1' }, { probe })),
    ).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { HostFacts, ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import { normalPlatform } from '../../src/core/host-view.js';
import { facts, host, verdict } from './pair.js';

describe('the driver branch and the GPU', () => {
  it.each([
    ['565.77', 'NVIDIA GeForce RTX 5090', '12.4', 'unknown gpu-unsupported-by-driver'],
    ['570.86.16', 'NVIDIA GeForce RTX 5090', '12.4', 'works -'],
    ['515.105.01', 'NVIDIA GeForce RTX 4090', '11.7', 'unknown gpu-unsupported-by-driver'],
    ['520.61.05', 'NVIDIA H100 PCIe', '11.8', 'works -'],
    ['418.87.00', 'Tesla T4', '10.1', 'works -'],
    ['580.95.05', 'Tesla V100-SXM2-16GB', '12.8.1', 'works -'],
    ['590.44.01', 'Tesla V100-SXM2-16GB', '12.8.1', 'unknown gpu-unsupported-by-driver'],
    ['470.256.02', 'Tesla K80', '11.4.0', 'works -'],
    ['495.46', 'Tesla K80', '11.4.0', 'unknown gpu-unsupported-by-driver'],
    ['470.256.02', 'Tesla K80', '11.8.0', 'works minor-version-compatibility'],
    ['575.57.08', 'NVIDIA B300 SXM6 AC', '12.9.1', 'works -'],
  ])('driver %s, %s, CUDA %s: %s', (driver, gpu, cuda, expected) => {
    expect(verdict(facts(host(driver, [gpu]), { cuda }))).toBe(expected);
  });

  it('is judged by Windows numbers under Windows, where R580 runs on to 582', () => {
    const windows = (version: string, name: string): HostFacts => ({
      os: 'Windows 11 (WSL2)',
      driver: { version },
      gpus: [{ name }],
    });
    expect(
      verdict(facts(windows('582.78', 'NVIDIA GeForce GTX 1080 Ti'), { cuda: '12.8.1' })),
    ).toBe('works -');
    expect(
      verdict(facts(windows('591.59', 'NVIDIA GeForce GTX 1080 Ti'), { cuda: '12.8.1' })),
    ).toBe('unknown gpu-unsupported-by-driver');
  });

  it('needs no more than one GPU that works to be a matter of some GPUs', () => {
    const gpus = ['Tesla V100-SXM2-16GB', 'NVIDIA H100 80GB HBM3'];
    expect(verdict(facts(host('590.48.01', gpus), { cuda: '12.8.1' }))).toBe(
      'fails gpu-partly-covered',
    );
  });
});

describe('the flavour of the kernel module', () => {
  const module = (kernelModule: string): HostFacts => ({
    driver: { version: '580.95.05', kernelModule },
  });
  it.each([
    ['proprietary', 'NVIDIA B200', 'unknown open-kernel-module-required'],
    ['open', 'NVIDIA B200', 'works -'],
    ['Proprietary', 'NVIDIA GeForce RTX 5070 Ti', 'unknown open-kernel-module-required'],
    ['proprietary', 'NVIDIA GH200 480GB', 'unknown open-kernel-module-required'],
    ['proprietary', 'NVIDIA H100 80GB HBM3', 'works -'],
    ['open', 'NVIDIA H100 80GB HBM3', 'works -'],
    ['open', 'Tesla V100-SXM2-16GB', 'unknown gpu-unsupported-by-driver'],
    ['proprietary', 'Tesla V100-SXM2-16GB', 'works -'],
  ])('%s on %s: %s', (flavour, gpu, expected) => {
    expect(verdict(facts(host('580.95.05', [gpu], module(flavour)), { cuda: '12.8.1' }))).toBe(
      expected,
    );
  });
  it('is unchecked on GPUs where it matters and unknown', () => {
    const checked = (gpu: string) =>
      diagnose(facts(host('580.95.05', [gpu]), { cuda: '12.8.1' }), []).unchecked.map(
        (one) => one.what,
      );
    expect(checked('NVIDIA B200')).toContain('flavour of the kernel module');
    expect(checked('NVIDIA L4')).not.toContain('flavour of the kernel module');
  });
});

describe('the architectures of a CUDA major', () => {
  it.each([
    ['Tesla V100-SXM2-16GB', '13.0.1', 'fails gpu-architecture-dropped'],
    ['Tesla V100-SXM2-16GB', '12.9.1', 'works -'],
    ['NVIDIA GeForce GTX 1080 Ti', '13.0', 'fails gpu-architecture-dropped'],
    ['Tesla T4', '13.0', 'works -'],
  ])('%s, CUDA %s: %s', (gpu, cuda, expected) => {
    expect(verdict(facts(host('580.95.05', [gpu]), { cuda }))).toBe(expected);
  });
  it('are outranked by code that was read from the image', () => {
    const image: ImageFacts = {
      cuda: '13.0.1',
      deviceCode: [{ path: '/app/x.so', cubins: ['sm_70'] }],
    };
    expect(verdict(facts(host('580.95.05', ['Tesla V100-SXM2-16GB']), image))).toBe('works -');
  });
  it('prove a failure without any driver', () => {
    expect(verdict(facts({ gpus: [{ name: 'Tesla K80' }] }, { cuda: '12.0' }))).toBe(
      'fails gpu-architecture-dropped',
    );
  });
});

describe('Windows, WSL and Jetson', () => {
  const under = (os: string, version: string, rest: HostFacts = {}): HostFacts => ({
    os,
    driver: { version },
    ...rest,
  });
  it.each([
    [under('Windows 11', '551.78'), '12.4.1', 'works -'],
    [under('Windows 11', '551.61'), '12.4.1', 'works minor-version-compatibility'],
    [under('Ubuntu 22.04 on WSL2', '528.33'), '12.9.1', 'works minor-version-compatibility'],
    [under('Ubuntu 22.04 on WSL2', '527.41'), '12.1.0', 'fails driver-too-old'],
    [under('Ubuntu 22.04 on WSL2', '527.41'), '12.0.0', 'works -'],
    [under('Windows 11', '576.02'), '13.0.1', 'fails driver-too-old'],
    [under('Windows 11', '581.80'), '13.0.1', 'works -'],
    [under('Windows 11', '581.80'), '13.2.0', 'works minor-version-compatibility'],
    [under('Windows 11', '596.86'), '13.2.0', 'works -'],
    // nvidia-smi inside WSL prints the number of the Linux part
    [under('WSL2', '525.60.13'), '12.1.0', 'works minor-version-compatibility'],
    // Jetson numbers are none of a Linux branch: the CUDA version that the driver reports decides
    [
      under('JetPack 6.1, L4T 36.4.0', '540.4.0', { driver: { version: '540.4.0', cuda: '12.6' } }),
      '12.9',
      'works minor-version-compatibility',
    ],
    [
      under('JetPack 6.1, L4T 36.4.0', '540.4.0', { driver: { version: '540.4.0', cuda: '12.6' } }),
      '13.0',
      'fails driver-too-old',
    ],
    [
      under('JetPack 6.1, L4T 36.4.0', '540.4.0', { driver: { version: '540.4.0', cuda: '12.6' } }),
      '12.6',
      'works -',
    ],
    [under('JetPack 6.1, L4T 36.4.0', '540.4.0'), '12.9', 'works minor-version-compatibility'],
  ])('%j, CUDA %s: %s', (given, cuda, expected) => {
    expect(verdict(facts(given, { cuda }))).toBe(expected);
  });
  it('have no forward compatibility on Windows', () => {
    const image: ImageFacts = { cuda: '13.0.1', compatDriver: { version: '580.82.07' } };
    const wsl = under('WSL2', '528.33', { gpus: [{ name: 'NVIDIA A100-SXM4-80GB' }] });
    expect(verdict(facts(wsl, image))).toBe('fails driver-too-old');
  });
});

describe('Jetson boards whose driver does not tell its CUDA version', () => {
  it.each([
    ['540.4.0', 'Jetson AGX Orin', '13.0', 'fails driver-too-old'],
    ['540.4.0', 'Jetson AGX Orin', '12.6', 'works -'],
    ['580.00', 'NVIDIA Thor', '13.0', 'works -'],
    ['580.00', 'NVIDIA Thor', '13.1', 'works minor-version-compatibility'],
    ['35.4.1', 'Jetson AGX Orin', '12.6', 'unknown -'],
    ['350.10', 'Jetson AGX Orin', '12.6', 'works -'],
  ])('driver %s, %s, CUDA %s: %s', (driver, gpu, cuda, expected) => {
    expect(verdict(facts(host(driver, [gpu]), { cuda }))).toBe(expected);
  });
});

describe('drivers whose branch does not tell their CUDA version', () => {
  it.each([
    ['430.26', undefined, '10.2', 'fails driver-too-old'],
    ['430.26', '10.2', '10.2', 'works -'],
    ['430.26', '10.1', '10.2', 'fails driver-too-old'],
    ['585.10', undefined, '13.0', 'works -'],
    ['600.10', undefined, '13.2.0', 'works -'],
    ['600.10', undefined, '13.3.0', 'works minor-version-compatibility'],
  ])('driver %s reporting %s, CUDA %s: %s', (version, reported, cuda, expected) => {
    const driver = { version, ...(reported === undefined ? {} : { cuda: reported }) };
    expect(verdict(facts({ driver }, { cuda }))).toBe(expected);
  });
});

describe('platforms', () => {
  it.each([
    ['linux/amd64', 'linux/amd64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['aarch64', 'linux/arm64'],
    ['x86_64', 'linux/amd64'],
    ['Linux/X86_64', 'linux/amd64'],
    ['windows/amd64', 'windows/amd64'],
  ])('%s is %s', (text, expected) => {
    expect(normalPlatform(text)).toBe(expected);
  });
  it.each([
    ['linux/arm64', 'linux/amd64', 'fails platform-mismatch'],
    ['linux/amd64', 'linux/386', 'works -'],
    ['windows/amd64', 'linux/amd64', 'works -'],
    ['windows/arm64', 'linux/amd64', 'fails platform-mismatch'],
    ['linux/amd64', 'windows/amd64', 'fails platform-mismatch'],
    ['linux/amd64', 'linux/x86_64', 'works -'],
    ['linux/amd64', 'linux/arm64/v8', 'fails platform-mismatch'],
  ])('host %s, image %s: %s', (platform, image, expected) => {
    expect(
      verdict(facts(host('580.95.05', undefined, { platform }), { cuda: '12.8', platform: image })),
    ).toBe(expected);
  });
  it('that differ are overruled by a container that started', () => {
    const given = host('580.95.05', undefined, { platform: 'linux/arm64' });
    const image = { cuda: '12.8', platform: 'linux/amd64' };
    expect(verdict(facts(given, image, { probe: { started: true } }))).toBe('works -');
  });
});

describe('C libraries', () => {
  it.each([
    ['musl', '1.2.5', 'fails libc-incompatible'],
    ['glibc', '2.12', 'fails libc-incompatible'],
    ['glibc', '2.17', 'works -'],
    ['glibc', '2.41', 'works -'],
    ['glibc', undefined, 'works -'],
    ['bionic', '1', 'works -'],
  ])('%s %s: %s', (family, version, expected) => {
    const libc = { family, ...(version === undefined ? {} : { version }) };
    expect(verdict(facts(host('580.95.05'), { cuda: '12.8', libc }))).toBe(expected);
    expect(verdict(facts(host('580.95.05'), { cuda: '12.8' }, { probe: { libc } }))).toBe(expected);
  });
});

describe('environments', () => {
  it('are no reason for a refusal where the container ran', () => {
    const image = { cuda: '12.8', env: { NVIDIA_DRIVER_CAPABILITIES: 'compute,foo' } };
    const legacy = host('580.95.05', [], { engine: { gpuMode: 'legacy' } });
    const ids = (probe: ProbeFacts) =>
      diagnose(facts(legacy, image, { probe }), []).findings.map(({ id }) => id);
    expect(ids({ started: false })).toContain('driver-capabilities-missing');
    expect(ids({ started: false, containerStarted: true })).not.toContain(
      'driver-capabilities-missing',
    );
  });

  const mode = (gpuMode: string): HostFacts => ({ engine: { gpuMode } });
  it.each<[Record<string, string>, HostFacts, string]>([
    [{ NVIDIA_DRIVER_CAPABILITIES: 'utility' }, {}, 'fails driver-capabilities-missing'],
    // nvidia-container-runtime-hook 1.20 refused each of these, and let the last three in
    ...['compute,foo', 'Compute', 'gpu,utility', 'none', 'compute,utility;video'].map(
      (value): [Record<string, string>, HostFacts, string] => [
        { NVIDIA_DRIVER_CAPABILITIES: value },
        mode('legacy'),
        'fails driver-capabilities-missing',
      ],
    ),
    ...['all,foo', ' compute , utility', 'ngx,compute,compat32,display'].map(
      (value): [Record<string, string>, HostFacts, string] => [
        { NVIDIA_DRIVER_CAPABILITIES: value },
        mode('legacy'),
        'works -',
      ],
    ),
    // an unknown mode may read nothing of it, and the csv mode of Tegra does not
    [{ NVIDIA_DRIVER_CAPABILITIES: 'compute,foo' }, {}, 'works -'],
    [{ NVIDIA_DRIVER_CAPABILITIES: 'utility' }, mode('csv'), 'works -'],
    [
      { NVIDIA_DRIVER_CAPABILITIES: 'utility' },
      mode('legacy'),
      'fails driver-capabilities-missing',
    ],
    [{ NVIDIA_DRIVER_CAPABILITIES: 'utility' }, mode('cdi'), 'works -'],
    [
      { NVIDIA_DRIVER_CAPABILITIES: 'video, graphics' },
      mode('legacy'),
      'fails driver-capabilities-missing',
    ],
    [{ NVIDIA_DRIVER_CAPABILITIES: '' }, mode('legacy'), 'works -'],
    [{ NVIDIA_DRIVER_CAPABILITIES: ' ' }, mode('legacy'), 'fails driver-capabilities-missing'],
    [{ NVIDIA_DRIVER_CAPABILITIES: 'all' }, mode('legacy'), 'works -'],
    [{ NVIDIA_DRIVER_CAPABILITIES: 'utility,COMPUTE' }, {}, 'works -'],
    [{ CUDA_VISIBLE_DEVICES: '0' }, {}, 'works -'],
    [{ CUDA_VISIBLE_DEVICES: '0,1' }, {}, 'works -'],
    [{ CUDA_VISIBLE_DEVICES: '2' }, {}, 'fails visible-devices-mismatch'],
    [{ CUDA_VISIBLE_DEVICES: '0,2' }, {}, 'fails visible-devices-mismatch'],
    [{ CUDA_VISIBLE_DEVICES: '-1' }, {}, 'fails visible-devices-mismatch'],
    [{ CUDA_VISIBLE_DEVICES: '' }, {}, 'fails visible-devices-mismatch'],
    [{ CUDA_VISIBLE_DEVICES: 'GPU-aa' }, {}, 'works -'],
    [{ CUDA_VISIBLE_DEVICES: 'MIG-x' }, {}, 'fails visible-devices-mismatch'],
  ])('%j with %j: %s', (env, rest, expected) => {
    const gpus = [
      { name: 'NVIDIA L4', uuid: 'GPU-aaaa' },
      { name: 'NVIDIA L4', uuid: 'GPU-bbbb' },
    ];
    expect(
      verdict(facts(host('580.95.05', undefined, { gpus, ...rest }), { cuda: '12.8', env })),
    ).toBe(expected);
  });
  it('name GPUs by number or UUID, and MIG instances that no fact lists', () => {
    const env = { CUDA_VISIBLE_DEVICES: 'GPU-cc' };
    const known = { gpus: [{ name: 'NVIDIA L4', uuid: 'GPU-aa' }] };
    expect(verdict(facts(host('580.95.05', undefined, known), { cuda: '12.8', env }))).toBe(
      'fails visible-devices-mismatch',
    );
    const mig = { gpus: [{ name: 'NVIDIA A100-SXM4-80GB', mig: true }] };
    expect(verdict(facts(host('580.95.05', undefined, mig), { cuda: '12.8', env }))).toBe(
      'works -',
    );
    expect(verdict(facts(host('580.95.05'), { cuda: '12.8', env }))).toBe('works -');
  });
});

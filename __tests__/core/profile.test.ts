import { describe, expect, it } from '@jest/globals';
import type { HostFacts } from '../../src/core/facts.js';
import { nearest } from '../../src/core/near.js';
import { differences, hostOf, profileOf, type RunnerProfile } from '../../src/core/profile.js';

const HOST = {
  platform: 'linux/amd64',
  os: 'Ubuntu 22.04',
  driver: { version: '550.54.15', cuda: '12.4', kernelModule: 'open' },
  gpus: [
    { index: 0, uuid: 'GPU-1', name: 'NVIDIA L4', computeCapability: '8.9', memoryMiB: 23034 },
    { index: 1, uuid: 'GPU-2', name: 'NVIDIA L4', computeCapability: '8.9', memoryMiB: 23034 },
    { index: 2, uuid: 'GPU-3', name: 'Tesla T4', computeCapability: '7.5', mig: false },
  ],
  engine: { name: 'docker', version: '28.2.2', gpuMode: 'legacy' },
  containerToolkit: { version: '1.17.8' },
  cdiDevices: ['nvidia.com/gpu=all'],
};

describe('a profile', () => {
  it('of a host leaves out what differs between runners of one kind', () => {
    expect(profileOf('l4', HOST)).toEqual({
      name: 'l4',
      platform: 'linux/amd64',
      driver: '550.54.15',
      driverCuda: '12.4',
      kernelModule: 'open',
      gpus: [
        { name: 'NVIDIA L4', computeCapability: '8.9', memoryMiB: 23034, count: 2 },
        { name: 'Tesla T4', computeCapability: '7.5', count: 1 },
      ],
      engine: { name: 'docker', version: '28.2.2', gpuMode: 'legacy' },
      containerToolkit: { version: '1.17.8' },
    });
  });

  it('gives the facts of its host back', () => {
    const { uuid: _, ...first } = HOST.gpus[0] ?? {};
    expect(hostOf(profileOf('l4', HOST))).toMatchObject({
      platform: 'linux/amd64',
      driver: HOST.driver,
      gpus: [first, { index: 1, name: 'NVIDIA L4' }, { index: 2, name: 'Tesla T4' }],
      engine: HOST.engine,
      containerToolkit: HOST.containerToolkit,
    });
  });

  it('that says nothing of GPUs says nothing of GPUs', () => {
    expect(hostOf({ name: 'x', driver: '550.54' })).toEqual({ driver: { version: '550.54' } });
    expect(profileOf('x', {})).toEqual({ name: 'x' });
  });

  it.each<[HostFacts, object]>([
    [{ driver: {} }, {}],
    [{ driver: { cuda: '12.4' } }, { driverCuda: '12.4' }],
    [{ driver: { kernelModule: 'open' } }, { kernelModule: 'open' }],
    [{ engine: {} }, { engine: {} }],
    [{ engine: { name: 'podman' } }, { engine: { name: 'podman' } }],
    [{ engine: { version: '5.0' } }, { engine: { version: '5.0' } }],
    [{ engine: { gpuMode: 'cdi' } }, { engine: { gpuMode: 'cdi' } }],
    [{ engine: { rootless: true } }, { engine: { rootless: true } }],
    [{ engine: { rootless: false, remote: true } }, { engine: {} }],
    [{ containerToolkit: {} }, {}],
    [{ gpus: [] }, { gpus: [] }],
    [{ gpus: [{}] }, { gpus: [{ count: 1 }] }],
    [
      { gpus: [{ name: 'a', mig: true }, { name: 'a' }] },
      {
        gpus: [
          { name: 'a', mig: true, count: 1 },
          { name: 'a', count: 1 },
        ],
      },
    ],
    [
      { gpus: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] },
      {
        gpus: [
          { name: 'a', count: 2 },
          { name: 'b', count: 1 },
        ],
      },
    ],
  ])('of %j says no more than is known', (host, expected) => {
    expect(profileOf('x', host)).toStrictEqual({ name: 'x', ...expected });
  });

  it.each<[Omit<RunnerProfile, 'name'>, HostFacts]>([
    [{}, {}],
    [{ labels: ['gpu'] }, {}],
    [{ platform: 'linux/arm64' }, { platform: 'linux/arm64' }],
    // what a driver reports is of no use without its version
    [{ driverCuda: '12.4', kernelModule: 'open' }, {}],
    [{ driver: '1.2', driverCuda: '12.4' }, { driver: { version: '1.2', cuda: '12.4' } }],
    [{ driver: '1.2', kernelModule: 'open' }, { driver: { version: '1.2', kernelModule: 'open' } }],
    [{ gpus: [] }, { gpus: [] }],
    [{ gpus: [{ name: 'a', count: 0 }] }, { gpus: [] }],
    [
      { gpus: [{ name: 'a', count: 2 }, { name: 'b' }] },
      {
        gpus: [
          { index: 0, name: 'a' },
          { index: 1, name: 'a' },
          { index: 2, name: 'b' },
        ],
      },
    ],
    [{ engine: { name: 'docker' } }, { engine: { name: 'docker' } }],
    [{ containerToolkit: { version: '1' } }, { containerToolkit: { version: '1' } }],
  ])('of %j stands for %j', (profile, expected) => {
    expect(hostOf({ name: 'x', ...profile })).toStrictEqual(expected);
  });
});

describe('differences', () => {
  const now = profileOf('l4', HOST);

  it('are none for what was recorded, and for what was not', () => {
    expect(differences(now, now)).toEqual([]);
    expect(differences({ name: 'l4', labels: ['x'] }, now)).toEqual([]);
    expect(differences({ ...now, containerToolkit: { version: '1' } }, { name: 'l4' })).toEqual([]);
  });

  it('are none for what the machine does not tell', () => {
    expect(differences(now, { name: 'l4' })).toEqual([]);
    expect(differences({ name: 'l4', gpus: [{ name: 'NVIDIA L4' }] }, { name: 'l4' })).toEqual([]);
    expect(differences({ ...now, name: 'other' }, now)).toEqual([]);
  });

  it('are GPUs that a machine without any does not have', () => {
    const recorded = { name: 'l4', gpus: [{ name: 'NVIDIA L4' }], engine: { name: 'docker' } };
    expect(differences(recorded, { name: 'l4', gpus: [] })).toEqual([
      { what: 'gpus[0].name', recorded: 'NVIDIA L4', now: 'none (0 kinds of GPU)' },
    ]);
  });

  it('are told by the path to the field', () => {
    const recorded = { ...now, engine: { name: 'docker', version: '27.0', gpuMode: 'cdi' } };
    expect(differences(recorded, now)).toEqual([
      { what: 'engine.version', recorded: '27.0', now: '28.2.2' },
      { what: 'engine.gpuMode', recorded: 'cdi', now: 'legacy' },
    ]);
  });

  it('are told with both values', () => {
    const recorded = {
      ...now,
      driver: '535.104.05',
      gpus: [{ name: 'NVIDIA L4', count: 4 }, { name: 'Tesla T4' }, { name: 'NVIDIA A10' }],
    };
    expect(differences(recorded, now)).toEqual([
      { what: 'driver', recorded: '535.104.05', now: '550.54.15' },
      { what: 'gpus[0].count', recorded: '4', now: '2' },
      { what: 'gpus[2].name', recorded: 'NVIDIA A10', now: 'none (2 kinds of GPU)' },
    ]);
  });
});

describe('nearest', () => {
  const names = ['NVIDIA H100 80GB HBM3', 'NVIDIA A100-SXM4-80GB', 'Tesla T4', 'NVIDIA L4'];
  it.each([
    ['H100', 'NVIDIA H100 80GB HBM3'],
    ['A1OO', 'NVIDIA A100-SXM4-80GB'],
    ['Telsa T4', 'Tesla T4'],
  ])('%s is near %s', (text, expected) => {
    expect(nearest(text, names)[0]).toBe(expected);
  });

  it.each<[string, string[], string[]]>([
    // by words that both have, whatever stands between them, before letters
    ['nvidia/a100', names, ['NVIDIA A100-SXM4-80GB', 'NVIDIA L4', 'NVIDIA H100 80GB HBM3']],
    ['A100 80GB', names, ['NVIDIA A100-SXM4-80GB', 'NVIDIA H100 80GB HBM3']],
    // a word with a wrong letter counts for less than the word
    [
      'runer gpu',
      ['runner cpu', 'runner gpu', 'worker gpu'],
      ['runner gpu', 'worker gpu', 'runner cpu'],
    ],
    // the fewest letters first where words do not tell
    ['l5', ['l44', 'l4'], ['l4', 'l44']],
    ['L4', ['l4', 'l40'], ['l4', 'l40']],
    ['abcdefghi', ['abcdefxyz', 'abcxyzxyz'], ['abcdefxyz']],
    // another first letter is another word
    ['xunner', ['runnerbig'], []],
    ['runner', ['ruxxyy'], []],
    // two letters are too few for a word
    ['ab cdefghij', ['ab zzzzzzzzzzzz'], []],
    ['', ['ab'], ['ab']],
    ['', ['abc'], []],
  ])('%j among %j: %j', (text, among, expected) => {
    expect(nearest(text, among)).toEqual(expected);
  });

  it('are as many as asked for, three unless told', () => {
    const many = ['gpu-a', 'gpu-b', 'gpu-c', 'gpu-d'];
    expect(nearest('gpu-x', many)).toEqual(['gpu-a', 'gpu-b', 'gpu-c']);
    expect(nearest('gpu-x', many, 1)).toEqual(['gpu-a']);
  });

  it('reads no more than the first letters of an endless text', () => {
    expect(nearest(`gpu ${'x'.repeat(100_000)}`, ['gpu'])).toEqual(['gpu']);
    expect(nearest(`${'x'.repeat(80)}gpu`, ['gpu'])).toEqual([]);
  });

  it('is empty for what is like none', () => {
    expect(nearest('qqqqqqqq', names)).toEqual([]);
    expect(nearest('', names)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { nearest } from '../../src/core/near.js';
import { differences, hostOf, profileOf } from '../../src/core/profile.js';

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
});

describe('differences', () => {
  const now = profileOf('l4', HOST);

  it('are none for what was recorded, and for what was not', () => {
    expect(differences(now, now)).toEqual([]);
    expect(differences({ name: 'l4', labels: ['x'] }, now)).toEqual([]);
    expect(differences({ ...now, containerToolkit: { version: '1' } }, { name: 'l4' })).toEqual([]);
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

  it('is empty for what is like none', () => {
    expect(nearest('qqqqqqqq', names)).toEqual([]);
    expect(nearest('', names)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ladder } from '../../src/core/diagnose.js';
import type { Facts } from '../../src/core/facts.js';

const facts = (driver: string | undefined, cuda: string | undefined, cc = '8.0'): Facts => ({
  schema: 'cuda-image-check/facts@1',
  host: {
    platform: 'linux/amd64',
    ...(driver === undefined ? {} : { driver: { version: driver } }),
    gpus: [{ index: 0, computeCapability: cc }],
  },
  image: cuda === undefined ? {} : { cuda },
});

describe('the version ladder', () => {
  it('has both sides and what would do', () => {
    // CUDA 12.8 GA: 570.26, 12.x: 525.60.13 (CUDA Toolkit release notes, tables 2 and 3).
    expect(ladder(facts('535.104.05', '12.8'))).toEqual({
      driver: '535.104.05',
      driverCuda: '12.2',
      cuda: '12.8',
      needsDriver: '570.26',
      needsDriverMinor: '525.60.13',
      newestCuda: '12.9',
      newestCudaFull: '12.2',
    });
  });

  it('never names a driver below what the GPU needs', () => {
    // Blackwell came with branch 570.
    expect(ladder(facts('535.104.05', '12.4', '10.0')).needsDriverMinor).toBe('570');
  });

  it('says that no driver will do where the GPU is dropped before the first that would', () => {
    // Kepler's last branch is 470, CUDA 13 starts with 580.
    expect(ladder(facts('470.82.01', '13.0', '3.5'))).toMatchObject({ noDriver: true });
  });

  it('leaves out what is not known', () => {
    expect(ladder(facts(undefined, undefined))).toEqual({});
    expect(ladder(facts('535.104.05', undefined))).not.toHaveProperty('needsDriver');
    expect(ladder(facts(undefined, '12.8'))).not.toHaveProperty('newestCuda');
  });
});

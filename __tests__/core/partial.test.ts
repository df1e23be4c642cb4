import { expect, it } from '@jest/globals';
import { assess } from '../../src/assess.js';
import { FACTS_SCHEMA } from '../../src/core/facts.js';

const H100 = { name: 'NVIDIA H100 80GB HBM3', computeCapability: '9.0' };
const V100 = { name: 'Tesla V100-SXM2-16GB', computeCapability: '7.0' };

it.each([
  ['code for the other one only', ['sm_75', 'sm_80', 'sm_90', 'sm_120']],
  ['no list of targets', undefined],
])('an error of one GPU names that GPU, and not the one that computed: %s', (_, targets) => {
  const torch = {
    name: 'torch',
    version: '2.9.0',
    cuda: '12.8',
    ...(targets === undefined ? {} : { targets }),
  };
  const gpus = [H100, V100].map((gpu, index) => ({ index, ...gpu }));
  const { findings, primary } = assess(
    {
      schema: FACTS_SCHEMA,
      host: { platform: 'linux/amd64', driver: { version: '570.124.06', cuda: '12.8' }, gpus },
      image: { reference: 'a/b:1', cuda: '12.8.1', env: {}, frameworks: [torch] },
      probe: {
        started: true,
        init: { code: 0 },
        gpus: gpus.map((gpu) => ({ ...gpu, kernel: { code: 0, correct: true } })),
        frameworks: [
          {
            ...torch,
            available: true,
            devices: [
              { index: 0, name: H100.name, correct: true },
              {
                index: 1,
                name: V100.name,
                correct: false,
                error: 'CUDA error: no kernel image is available for execution on the device',
              },
            ],
            error: null,
          },
        ],
      },
    },
    'probe',
  );
  expect(primary).toBe('gpu-partly-covered');
  expect(findings.find(({ id }) => id === 'no-kernel-for-gpu')?.data.gpus).toEqual([
    '1: Tesla V100-SXM2-16GB (7.0)',
  ]);
});

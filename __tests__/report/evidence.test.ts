import { describe, expect, it } from '@jest/globals';
import { equalGpus } from '../../src/report/equal-gpus.js';
import { bySide, factRows, gpuRows, runnerWords } from '../../src/report/fact-rows.js';
import { A100, goodProbe, L4, numbered, pairFacts, T4 } from './reports.js';

describe('the side of a piece of evidence', () => {
  it.each([
    ['host driver', 'nvidia-smi', 'runner', 'driver'],
    ['CUDA version of the host driver', 'nvidia-smi', 'runner', 'CUDA version of the host driver'],
    ['platform of the host', 'host', 'runner', 'platform of the host'],
    ['GPU', 'GPU name', 'runner', 'GPU'],
    ['GPU', 'nvidia-smi', 'runner', 'GPU'],
    ['kernel module', 'host', 'runner', 'kernel module'],
    ['container cuInit', 'probe', 'container', 'cuInit'],
    ['cuInit', 'probe', 'container', 'cuInit'],
    [
      'CUDA version of the image',
      'image environment CUDA_VERSION',
      'container',
      'CUDA version of the image',
    ],
    ['targets of torch 2.9.0', 'image files', 'container', 'targets of torch 2.9.0'],
    ['NVIDIA_DRIVER_CAPABILITIES', 'image environment', 'container', 'NVIDIA_DRIVER_CAPABILITIES'],
    ['choice of libcuda', 'container toolkit', 'elsewhere', 'choice of libcuda'],
    ['failure', 'docker start --attach cuda-image-check-1', 'elsewhere', 'failure'],
    ['engine', 'docker info', 'runner', 'engine'],
    ['log line 812', 'text', 'elsewhere', 'log line 812'],
  ])('%s from %s', (what, from, side, shown) => {
    expect(bySide([{ what, value: 'v', from }])).toEqual([{ what: shown, value: 'v', from, side }]);
  });

  it('puts the runner first and keeps the order within a side', () => {
    const piece = (what: string) => ({ what, value: '', from: '' });
    expect(
      bySide(['image a', 'host b', 'image c', 'host d'].map(piece)).map(({ what }) => what),
    ).toEqual(['b', 'd', 'image a', 'image c']);
  });
});

describe('facts', () => {
  it('leave out what is not known, and every environment variable that says nothing about CUDA', () => {
    const rows = factRows(pairFacts({ probe: goodProbe(numbered([A100])) }));
    expect(rows.every(({ value }) => value !== '' && value !== 'undefined')).toBe(true);
    expect(rows.filter(({ name }) => name === 'SECRET_TOKEN')).toEqual([]);
    expect(rows.find(({ name }) => name === '/dev/shm')?.value).toBe('64 MiB');
    expect(factRows({ schema: 'cuda-image-check/facts@1' })).toEqual([]);
  });

  it('join the GPUs of runner and container by UUID, else by index', () => {
    const gpus = numbered([A100, L4]);
    const probe = goodProbe([...gpus].reverse().map((gpu, index) => ({ ...gpu, index })));
    const rows = gpuRows(pairFacts({ gpus, probe }));
    expect(rows.map(({ index, name, kernel }) => [index, name, kernel])).toEqual([
      ['0', 'NVIDIA A100-SXM4-80GB', 'right result'],
      ['1', 'NVIDIA L4', 'right result'],
    ]);
    const bare = gpuRows({
      schema: 'cuda-image-check/facts@1',
      host: { gpus: [{ index: 0 }, { index: 1 }] },
      probe: { gpus: [{ index: 1, kernel: { code: 700 } }] },
    });
    expect(bare.map(({ index, kernel }) => [index, kernel])).toEqual([
      ['0', ''],
      ['1', '700 CUDA_ERROR_ILLEGAL_ADDRESS'],
    ]);
  });

  it('count equal GPUs in the line about the runner', () => {
    expect(runnerWords(pairFacts({ gpus: numbered([T4, T4, L4]) }))).toBe(
      'driver 580.65.06 (CUDA 13.0), 2 × Tesla T4, NVIDIA L4, docker 28.2.2',
    );
  });
});

describe('equal GPUs', () => {
  const H100 = 'NVIDIA H100 80GB HBM3 (9.0)';
  const gpus = (what: string, ...labels: string[]) =>
    bySide(labels.map((value) => ({ what, value, from: 'host' })));

  it('are one piece of evidence, with their numbers', () => {
    const eight = Array.from({ length: 8 }, (_, index) => `${index}: ${H100}`);
    expect(gpus('GPU', ...eight)).toEqual([
      { what: 'GPUs', value: `0-7: 8 × ${H100}`, from: 'host', side: 'runner' },
    ]);
    expect(
      gpus('GPU', `0: ${H100}`, '1: Tesla T4 (7.5)', `3: ${H100}`, `2: ${H100}`).map(
        ({ what, value }) => `${what} ${value}`,
      ),
    ).toEqual([`GPUs 0, 2-3: 3 × ${H100}`, 'GPU 1: Tesla T4 (7.5)']);
    expect(gpus('GPU that works', '0: A', '1: A')[0]).toMatchObject({
      what: 'GPUs that work',
      value: '0-1: 2 × A',
    });
  });

  it('stay apart where something else is told of each, or the source is another', () => {
    expect(gpus('GPU 0', '0: x', '0: x')).toHaveLength(2);
    expect(
      bySide([
        { what: 'GPU', value: '0: A', from: 'host' },
        { what: 'GPU', value: '1: A', from: 'name of the GPU' },
      ]).map(({ value }) => value),
    ).toEqual(['0: A', '1: A']);
    expect(equalGpus(['GPU without a number', '1: A'])).toEqual(['GPU without a number', '1: A']);
    expect(equalGpus(['0: A', '0: A'])).toEqual(['0: A']);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CommandWorld, commandLine } from '../../src/command-line.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeDocker } from '../fakes/docker.js';
import { createFakeFiles } from '../fakes/files.js';
import { createFakeShell } from '../fakes/shell.js';
import { probeFiles, probeOutput } from '../fakes/world.js';

const REPORT = '/out/report.json';

/** Runs a command over an image whose probe writes these documents, then `predict --facts` over the report that it wrote. */
async function recordedAndReplayed(args: readonly string[], documents: readonly object[]) {
  const image = {
    env: ['CUDA_VERSION=12.8.1', 'NVIDIA_REQUIRE_CUDA=cuda>=12.8'],
    run: ({ nonce }: { nonce: string }) => ({ stdout: probeOutput(nonce, ...documents) }),
  };
  const files = createFakeFiles(probeFiles());
  const world = (): CommandWorld => {
    const sink = { write: () => {}, isTerminal: false, columns: 80 };
    return {
      shell: createFakeShell({
        docker: createFakeDocker({ 'x:cu118': image }, ['x:cu118']).program,
      }),
      files,
      clock: createFakeClock(),
      dist: '/action/dist',
      runId: () => 'run',
      signal: () => new AbortController().signal,
      stdout: sink,
      stderr: sink,
      stdin: async function* () {},
      env: {},
      fetch,
      workspace: '/repository',
      event: async () => undefined,
    };
  };
  const report = () => JSON.parse(String(files.contents.get(REPORT))).images[0];
  const first = await commandLine([...args, `--json=${REPORT}`], world());
  const recorded = report();
  const second = await commandLine(['predict', '--facts', REPORT, `--json=${REPORT}`], world());
  return { first, recorded, second, replayed: report() };
}

const path = fc.constantFrom(
  '/app/libx.so',
  '/usr/lib/libcuda.so.590.44.01',
  '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06',
  '/sp/site-packages/torch/lib/libtorch_cuda.so',
  '/sp/site-packages/nvidia/nvjitlink/lib/libnvJitLink.so.12',
);
const maybe = fc.option(fc.boolean(), { nil: undefined });
const document = fc.oneof(
  fc.record({
    step: fc.constant('code'),
    path,
    cubins: fc.subarray(['sm_75', 'sm_80', 'sm_90a', 'sm_100f']),
    ptx: fc.subarray([
      { target: 'compute_80', isa: '8.7' },
      { target: 'compute_90', isa: '9.1' },
    ]),
    malformed: fc.option(fc.constant('cut'), { nil: undefined }),
  }),
  fc.record({
    step: fc.constant('library'),
    path,
    name: fc.constantFrom('cuda', 'cudart', 'nvJitLink', 'nvrtc', 'cudnn'),
    soname: fc.constantFrom('libcuda.so.1', 'libcudart.so.12', 'libnvJitLink.so.12'),
    version: fc.constantFrom('12.8.90', '12.1.105', '570.124.06', '590.44.01', '9.8.0'),
    kind: fc.constantFrom('library', 'stub', 'compat', 'driver', 'empty'),
    via: fc.constantFrom('LD_LIBRARY_PATH', 'cache', 'runpath'),
    loaded: maybe,
    mounted: maybe,
  }),
  fc.record({
    step: fc.constant('missing'),
    soname: fc.constantFrom('libcudnn.so.9', 'libcudart.so.11.0', 'libcuda.so.1'),
    neededBy: path,
  }),
  fc.record({
    step: fc.constant('package'),
    name: fc.constantFrom('torch', 'xformers', 'onnxruntime-gpu'),
    version: fc.constantFrom('2.9.0', '2.9.0+cpu', '1.20.0'),
    cuda: fc.constantFrom('12.8', '11.8', null),
  }),
  fc.record({
    step: fc.constant('framework'),
    name: fc.constant('torch'),
    version: fc.constant('2.9.0+cu128'),
    cuda: fc.constantFrom('12.8', null),
    targets: fc.subarray(['sm_80', 'sm_90', 'compute_90']),
    available: fc.boolean(),
    devices: fc.constantFrom([], [{ index: 0, correct: true, error: null }]),
  }),
  fc.record({ step: fc.constant('files'), complete: fc.boolean(), files: fc.nat() }),
  fc.record({
    step: fc.constant('libcuda'),
    origin: fc.constantFrom('host', 'absent', 'stub', 'image'),
    path: fc.constant('/usr/lib/x86_64-linux-gnu/libcuda.so.570.124.06'),
    cuda: fc.constant('12.8'),
  }),
  fc.record({
    step: fc.constant('init'),
    code: fc.constantFrom(0, 34, 100, 803),
    deviceCount: fc.constant(1),
  }),
  fc.constant({
    step: 'device',
    index: 0,
    name: 'NVIDIA A100-SXM4-80GB',
    computeCapability: '8.0',
  }),
  fc.record({
    step: fc.constant('kernel'),
    index: fc.constant(0),
    code: fc.constantFrom(0, 209),
    correct: fc.boolean(),
  }),
);

describe('the report of a run, given to predict --facts', () => {
  it.each([
    [['check', 'x:cu118']],
    [['scan', 'x:cu118']],
    [['scan', 'x:cu118', '--driver', '570.124.06', '--gpu', 'NVIDIA H100 80GB HBM3']],
  ])(
    '%j: is judged as it was',
    async (args) => {
      await fc.assert(
        fc.asyncProperty(fc.array(document, { maxLength: 10 }), async (documents) => {
          const { first, recorded, second, replayed } = await recordedAndReplayed(args, documents);
          expect(second).toBe(first);
          expect({ ...replayed, basis: recorded.basis }).toEqual(recorded);
        }),
        { numRuns: 40 },
      );
    },
    120_000,
  );

  it('fails by the image’s files as the run did', async () => {
    const { first, recorded, second, replayed } = await recordedAndReplayed(
      ['scan', 'x:cu118', '--driver', '570.124.06', '--compute-capability', '9.0'],
      [
        { step: 'code', path: '/app/libx.so', cubins: ['sm_80'] },
        { step: 'files', complete: true },
      ],
    );
    expect([first, second]).toEqual([1, 1]);
    expect(recorded).toMatchObject({ basis: 'scan', primary: 'no-kernel-for-gpu' });
    expect(replayed).toMatchObject({ basis: 'prediction', primary: 'no-kernel-for-gpu' });
    expect(recorded.findings.map(({ id }: { id: string }) => id)).toContain('image-tag-misleading');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createProbeReader } from '../../src/probe/protocol.js';

const NONCE = 'deadbeef00112233';

const document = (step: string, fields: object = {}, nonce = NONCE): string =>
  `${JSON.stringify({ probe: 'cuda-image-check/probe@1', nonce, step, ...fields })}\n`;

function read(text: string | Uint8Array, chunkBytes = Number.POSITIVE_INFINITY) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reader = createProbeReader(NONCE);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    reader.push(bytes.subarray(at, Math.min(at + chunkBytes, bytes.length)));
  }
  return reader.end();
}

/** What the probe wrote on a machine with a simulated driver and two GPUs, one of which computes wrongly. */
const WHOLE = [
  document('begin', { architecture: 'x86_64', stepTimeoutMs: 10000 }),
  document('limits', {
    shmBytes: 67108864,
    memlockBytes: null,
    glibc: '2.36',
    uid: 0,
    gid: 0,
    env: { LD_LIBRARY_PATH: '/usr/local/nvidia/lib64', 'not a name': 'x' },
  }),
  document('nodes', {
    nodes: [
      { path: '/dev/nvidia0', access: 'rw' },
      { path: '/dev/nvidiactl', access: 'none', error: 'EPERM' },
      { path: '/dev/nvidia-uvm', access: 'unknown' },
    ],
    timedOut: true,
  }),
  document('libcuda', { path: '/usr/lib/libcuda.so.535.104.05', origin: 'host', cuda: '12.2' }),
  document('init', { code: 0, deviceCount: 2 }),
  document('device', {
    index: 1,
    name: 'NVIDIA L4 (simulated)',
    computeCapability: '8.9',
    mig: false,
  }),
  document('kernel', {
    index: 1,
    code: 0,
    correct: false,
    wrongElements: 3,
    elements: 32768,
    ms: 3.5,
  }),
  document('device', { index: 0, name: 'NVIDIA L4 (simulated)', memoryMiB: 23034 }),
  document('kernel', { index: 0, timedOut: true, call: 'cuCtxSynchronize' }),
  document('nvml', {
    path: '/usr/lib/libnvidia-ml.so.1',
    code: 0,
    driver: '535.104.05',
    gpuCount: 2,
  }),
  document('runtime', {
    found: true,
    path: '/usr/local/cuda/lib64/libcudart.so.13',
    version: '13.0',
    code: 35,
    error: 'cudaErrorInsufficientDriver: CUDA driver version is insufficient',
    unreadable: ['/root/.local'],
  }),
  document('end', { ms: 21.5 }),
].join('');

const FACTS = {
  started: true,
  complete: true,
  limits: { shmBytes: 67108864, memlockBytes: null },
  libc: { family: 'glibc', version: '2.36' },
  user: { uid: 0, gid: 0 },
  env: { LD_LIBRARY_PATH: '/usr/local/nvidia/lib64' },
  deviceNodes: [
    { path: '/dev/nvidia0', access: 'rw' },
    { path: '/dev/nvidiactl', access: 'none', error: 'EPERM' },
    { path: '/dev/nvidia-uvm', access: 'unknown', error: 'did not return' },
  ],
  libcuda: { path: '/usr/lib/libcuda.so.535.104.05', origin: 'host', cuda: '12.2' },
  init: { code: 0 },
  gpus: [
    {
      index: 0,
      name: 'NVIDIA L4 (simulated)',
      memoryMiB: 23034,
      kernel: { timedOut: true, call: 'cuCtxSynchronize' },
    },
    {
      index: 1,
      name: 'NVIDIA L4 (simulated)',
      computeCapability: '8.9',
      mig: false,
      kernel: { code: 0, correct: false, wrongElements: 3, ms: 3.5 },
    },
  ],
  nvml: { path: '/usr/lib/libnvidia-ml.so.1', code: 0, driver: '535.104.05', gpuCount: 2 },
  runtime: {
    path: '/usr/local/cuda/lib64/libcudart.so.13',
    version: '13.0',
    code: 35,
    error: 'cudaErrorInsufficientDriver: CUDA driver version is insufficient',
  },
  unreadable: ['/root/.local'],
};

describe('the reader of the probe’s documents', () => {
  it('puts the facts together', () => {
    expect(read(WHOLE)).toEqual({ facts: FACTS, noise: '' });
  });

  it('knows nothing when nothing came', () => {
    expect(read('')).toEqual({ facts: {}, noise: '' });
    expect(read('sh: not found\n')).toEqual({ facts: {}, noise: 'sh: not found' });
  });

  it('keeps what the image wrote between, before and after as noise', () => {
    const lines = WHOLE.split(/(?<=\n)/);
    const text = `== CUDA ==\r\n\n== no newline ${lines[0]}warning\n${lines.slice(1).join('')}bye`;
    expect(read(text)).toEqual({
      facts: FACTS,
      noise: '== CUDA ==\n\n== no newline \nwarning\nbye',
    });
  });

  it('takes nothing with another nonce, protocol or step', () => {
    const forged =
      document('init', { code: 0 }, 'deadbeef') +
      document('init', { code: 0 }).replace('probe@1', 'probe@2') +
      document('init', { code: 0, nonce: 'other' }) +
      document('__proto__', { code: 0 }) +
      document('constructor') +
      document('device') +
      document('kernel', { index: -1 });
    const { facts, noise } = read(document('begin') + forged);
    expect(facts).toEqual({ started: true, lastStep: 'begin' });
    expect(noise.split('\n')).toHaveLength(7);
  });

  it('compares the nonce of the parsed document: a name that comes twice counts by its last value', () => {
    const twice = document('begin').replace('"step"', '"nonce":"other","step"');
    expect(read(twice).facts).toEqual({});
  });

  it('lets the first document of a step stand, and none after the end', () => {
    const { facts } = read(
      document('init', { code: 803 }) +
        document('init', { code: 0 }) +
        document('end') +
        document('nvml', { code: 0 }),
    );
    expect(facts).toEqual({ init: { code: 803 }, complete: true });
  });

  it('says which step it last heard of when the end did not come', () => {
    const { facts } = read(document('begin') + document('libcuda', { origin: 'host' }));
    expect(facts).toEqual({ started: true, lastStep: 'libcuda', libcuda: { origin: 'host' } });
  });

  it('ignores GPUs beyond those that CUDA counted, and beyond all bounds', () => {
    const gpu = (index: number) => document('device', { index, name: 'x' });
    const init = document('init', { code: 0, deviceCount: 2 });
    expect(read(init + [0, 1, 2].map(gpu).join('')).facts.gpus).toHaveLength(2);
    expect(read(init.replace('2}', '1e9}') + [63, 64, 1e9].map(gpu).join('')).facts.gpus).toEqual([
      { index: 63, name: 'x' },
    ]);
    const none = read(document('init', { code: 0, deviceCount: 0 }) + gpu(0) + document('end'));
    expect(none.facts).toEqual({ init: { code: 0 }, gpus: [], complete: true });
    expect(read(document('init', { code: 100 })).facts).not.toHaveProperty('gpus');
  });

  it('leaves out fields of a wrong type, size or form', () => {
    const { facts } = read(
      document('libcuda', { path: 7, origin: 'elsewhere', cuda: '12.2; rm', error: null }) +
        document('init', {
          code: '0',
          signal: 'SIG\nKILL',
          timedOut: 'yes',
          error: 'x'.repeat(5000),
        }) +
        document('nodes', { nodes: [null, 1, {}, { path: '/dev/nvidia0', access: 'maybe' }] }) +
        document('limits', { shmBytes: -1, memlockBytes: 1.5, env: [], uid: 2 ** 60, glibc: {} }) +
        document('kernel', { index: 0, ms: -1, correct: 1, wrongElements: 0.5 }) +
        document('runtime', { code: 1e300, version: ['13'], unreadable: 'all' }) +
        document('end'),
    );
    expect(facts).toEqual({
      complete: true,
      libcuda: {},
      init: {},
      deviceNodes: [],
      limits: {},
      libc: { family: 'glibc' },
      user: {},
      env: {},
      gpus: [{ index: 0, kernel: {} }],
      runtime: {},
    });
  });

  it('has words for a library that never came back from being loaded', () => {
    const hung = document('libcuda', { timedOut: true, call: 'dlopen' });
    expect(read(hung).facts.libcuda).toEqual({ error: 'dlopen did not return' });
    const crashed = document('nvml', { signal: 'SIGSEGV', call: 'nvmlInit_v2' });
    expect(read(crashed).facts.nvml).toEqual({ error: 'nvmlInit_v2 ended in SIGSEGV' });
  });

  it('calls a library that says it is a stub a stub', () => {
    const { facts } = read(
      document('libcuda', { path: '/opt/libcuda.so.1', origin: 'image' }) +
        document('init', { code: 34 }),
    );
    expect(facts.libcuda).toEqual({ path: '/opt/libcuda.so.1', origin: 'stub' });
  });

  it('takes an empty list of device files for none only when the listing came to its end', () => {
    expect(read(document('nodes', { nodes: [] })).facts.deviceNodes).toEqual([]);
    for (const how of [{ timedOut: true }, { signal: 'SIGKILL' }, { error: 'no process for it' }]) {
      const { facts } = read(document('nodes', { nodes: [], ...how }));
      expect(facts).not.toHaveProperty('deviceNodes');
    }
  });

  it('gives no runtime where the image has none', () => {
    expect(read(document('runtime', { found: false })).facts).not.toHaveProperty('runtime');
  });

  it('replaces bytes that are not UTF-8', () => {
    const bytes = new TextEncoder().encode(document('libcuda', { path: '/a?b' }));
    bytes[bytes.indexOf(0x3f)] = 0xff;
    expect(read(bytes).facts.libcuda?.path).toBe('/a\ufffdb');
  });

  it('bounds what it keeps of a line and of all noise', () => {
    const reader = createProbeReader(NONCE);
    const megabyte = new Uint8Array(1024 * 1024).fill(0x61);
    reader.push(new TextEncoder().encode('first words\n'));
    for (let at = 0; at < 64; at++) reader.push(megabyte);
    reader.push(new TextEncoder().encode(`\n${document('begin')}last words`));
    const { facts, noise } = reader.end();
    expect(facts).toEqual({ started: true, lastStep: 'begin' });
    expect(noise.length).toBeLessThan(33 * 1024);
    expect(noise.startsWith('first words\naaa')).toBe(true);
    expect(noise.endsWith('aaa\nlast words')).toBe(true);
    expect(noise).toMatch(/\n… \d+ bytes …\n/);
  });

  it('gives the same however the bytes are cut', () => {
    const lines = WHOLE.split(/(?<=\n)/);
    const noisy = lines.map((line, at) => `noise ${at} é😀\r\n${line}`).join('');
    const whole = read(noisy);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (chunk) => {
        expect(read(noisy, chunk)).toEqual(whole);
      }),
    );
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 4000 }),
        fc.integer({ min: 1, max: 50 }),
        (bytes, cut) => {
          const { facts } = read(bytes, cut);
          expect(facts).toEqual({});
        },
      ),
    );
  });

  const steps = [
    'begin',
    'limits',
    'nodes',
    'libcuda',
    'init',
    'device',
    'kernel',
    'runtime',
    'nvml',
    'end',
  ];

  it('never throws on any document, and gives facts that JSON can carry', () => {
    const documents = fc.array(
      fc.tuple(
        fc.constantFrom(...steps),
        fc.oneof(
          fc.dictionary(fc.string(), fc.jsonValue()),
          fc.record(
            Object.fromEntries(
              [
                'index',
                'code',
                'path',
                'nodes',
                'env',
                'unreadable',
                'call',
                'deviceCount',
                'found',
              ].map((name) => [name, fc.jsonValue()]),
            ),
            { requiredKeys: [] },
          ),
        ),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(documents, (all) => {
        const text = all.map(([step, fields]) => document(step, { ...fields, step })).join('');
        const { facts } = read(text);
        expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
        for (const { index } of facts.gpus ?? []) expect(index).toBeLessThan(64);
      }),
    );
  });

  it('takes nothing from documents that were changed in any one byte, but as noise or a fact of the same kind', () => {
    fc.assert(
      fc.property(fc.nat(WHOLE.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = new TextEncoder().encode(WHOLE);
        bytes[at] = byte;
        const { facts } = read(bytes);
        expect(Object.keys(FACTS).concat('lastStep')).toEqual(
          expect.arrayContaining(Object.keys(facts)),
        );
      }),
    );
  });
});

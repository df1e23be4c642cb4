import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { z } from 'zod';
import { MAX_FACTS_CHARACTERS, parseFacts } from '../../src/contract/facts.js';
import type { factsSchema } from '../../src/contract/facts-schema.js';
import { FACTS_SCHEMA, type Facts } from '../../src/core/facts.js';
import type { Extends, Paths } from './agreement.js';

/** Do not compile when the schema and the types of the core say different things. */
type Parsed = z.infer<typeof factsSchema>;
const agreement: [
  Extends<Parsed, Facts>,
  Extends<Facts, Parsed>,
  Extends<Paths<Parsed>, Paths<Facts>>,
  Extends<Paths<Facts>, Paths<Parsed>>,
] = [true, true, true, true];

const COMPLETE: Facts = {
  schema: FACTS_SCHEMA,
  host: {
    platform: 'linux/amd64',
    os: 'Ubuntu 24.04',
    driver: { version: '535.104.05', cuda: '12.2', kernelModule: 'open' },
    gpus: [
      {
        index: 0,
        name: 'NVIDIA A100-SXM4-80GB',
        computeCapability: '8.0',
        uuid: 'GPU-1',
        memoryMiB: 81920,
        mig: false,
      },
    ],
    engine: { name: 'docker', version: '28.2.2', gpuMode: 'legacy', rootless: false },
    containerToolkit: { version: '1.17.8' },
    cdiDevices: ['nvidia.com/gpu=all'],
  },
  image: {
    reference: 'not a:reference//at all',
    digest: 'sha256:0',
    platform: 'linux/amd64',
    compressedBytes: 9123456789,
    sizeBytes: 20123456789,
    env: { CUDA_VERSION: '12.8.1.012', 'odd key': '' },
    labels: { maintainer: 'somebody' },
    user: '1000',
    entrypoint: ['/opt/nvidia/nvidia_entrypoint.sh'],
    cuda: '12.8.1',
    compatDriver: {
      version: '570.124.06',
      path: '/usr/local/cuda/compat/lib.real/libcuda.so.1',
    },
    libraries: [
      { name: 'cudart', version: '12.8.90', path: '/usr/local/cuda/lib64' },
      {
        name: 'cudnn',
        version: '9.8.0',
        path: '/opt/lib/libcudnn.so.9.8.0',
        soname: 'libcudnn.so.9',
        loaded: true,
        via: 'LD_LIBRARY_PATH',
        kind: 'library',
        versionFrom: 'file name',
      },
    ],
    missingLibraries: [{ soname: 'libcublas.so.12', neededBy: '/app/program' }],
    driverFiles: [{ path: '/usr/lib/libcuda.so.1', bytes: 0, version: '535.104.05' }],
    deviceCode: [
      {
        path: 'libx.so',
        kind: 'elf',
        cubins: ['sm_90a'],
        ptx: [{ target: 'compute_90', isa: '8.7' }],
        malformed: 'an entry ends beyond the file',
      },
    ],
    frameworks: [
      {
        name: 'torch',
        version: '2.9.0',
        cuda: '12.8',
        cudnn: '9.10.2',
        targets: ['sm_70'],
        path: '/usr/lib/python3/dist-packages',
      },
      { name: 'jax', cuda: null },
    ],
    interpreters: [{ path: '/usr/bin/python3.11', version: '3.11' }],
    caches: [{ path: '/root/.triton/cache', what: 'triton cache' }],
    files: {
      files: 10,
      folders: 2,
      complete: false,
      skipped: [{ path: '/proc', why: 'pseudo file system' }],
      unreadable: ['/root'],
    },
    libc: { family: 'glibc', version: '2.35' },
  },
  probe: {
    started: true,
    libcuda: { path: '/usr/lib/libcuda.so.1', origin: 'host', cuda: '12.2' },
    init: { code: 0 },
    runtime: { path: '/libcudart.so.12', version: '12.8', code: 0, deviceCount: 1 },
    gpus: [
      {
        index: 0,
        uuid: 'GPU-1',
        name: 'NVIDIA A100',
        computeCapability: '8.0',
        memoryMiB: 81920,
        mig: false,
        kernel: { code: 0, call: 'cuLaunchKernel', correct: true, wrongElements: 0, ms: 3.1 },
      },
    ],
    nvml: { driver: '535.104.05', gpuCount: 1, code: 0, timedOut: false },
    frameworks: [
      {
        name: 'torch',
        version: '2.9.0',
        available: true,
        devices: [{ index: 0, correct: true, error: null }],
        error: null,
      },
    ],
    limits: { shmBytes: 67108864, memlockBytes: null },
    libc: { family: 'glibc', version: '2.35' },
    user: { uid: 0, gid: 0 },
    deviceNodes: [{ path: '/dev/nvidia0', access: 'none', error: 'EPERM' }],
    unreadable: ['/root'],
    env: { LD_LIBRARY_PATH: '/usr/local/cuda/compat' },
    lastStep: 'end',
    complete: true,
  },
  failure: { stage: 'start', command: 'docker start x', exitCode: 125, text: 'words' },
};

const facts = (rest: object): string => JSON.stringify({ schema: FACTS_SCHEMA, ...rest });

function problems(text: string): string[] {
  const result = parseFacts(text, 'facts.json');
  if (result.ok) throw new Error(`accepted: ${text.slice(0, 200)}`);
  return result.problems;
}

function accepted(rest: object): Facts {
  const result = parseFacts(facts(rest), 'facts.json');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  expect(result.facts).toHaveLength(1);
  return result.facts[0] as Facts;
}

describe('a facts document that is right', () => {
  it('comes back as it went in, with nothing lost', () => {
    expect(agreement).not.toContain(false);
    expect(parseFacts(JSON.stringify(COMPLETE), 'a')).toEqual({ ok: true, facts: [COMPLETE] });
  });

  it('may say nothing at all', () => {
    expect(accepted({})).toEqual({ schema: FACTS_SCHEMA });
  });

  it('may begin with a byte order mark', () => {
    expect(parseFacts(`\uFEFF${facts({})}`, 'a').ok).toBe(true);
  });

  it('may hold keys and names of a later release', () => {
    const read = accepted({
      invented: { deep: [1] },
      host: { engine: { name: 'zeppelin', gpuMode: 'teleport', colour: 'green' } },
      failure: { stage: 'reassemble', text: 'words' },
    });
    expect(read).toEqual({
      schema: FACTS_SCHEMA,
      host: { engine: { name: 'zeppelin', gpuMode: 'teleport' } },
      failure: { text: 'words' },
    });
  });

  it('reads null as unknown, except where null says something', () => {
    const read = accepted({
      host: { driver: null, gpus: [{ name: 'Tesla T4', computeCapability: null }] },
      image: { cuda: null, env: { A: null, B: '1' }, frameworks: [{ name: 'torch', cuda: null }] },
      probe: {
        limits: { memlockBytes: null, shmBytes: null },
        frameworks: [{ name: 'torch', error: null, devices: [{ index: 0, error: null }] }],
      },
    });
    expect(read).toEqual({
      schema: FACTS_SCHEMA,
      host: { gpus: [{ name: 'Tesla T4' }] },
      image: { env: { B: '1' }, frameworks: [{ name: 'torch', cuda: null }] },
      probe: {
        limits: { memlockBytes: null },
        frameworks: [{ name: 'torch', error: null, devices: [{ index: 0, error: null }] }],
      },
    });
  });

  it.each([
    ['384.81'],
    ['535.104.05'],
    ['580.65.06'],
    ['999.99'],
    ['31.0.15.3623'],
    ['540.4.0'],
    ['535'],
  ])('takes driver %s', (version) => {
    expect(accepted({ host: { driver: { version } } }).host?.driver?.version).toBe(version);
  });

  it.each([['12'], ['12.8'], ['12.8.1'], ['12.8.1.012'], ['12080'], ['27.1']])(
    'takes CUDA %s',
    (cuda) => {
      expect(accepted({ image: { cuda } }).image?.cuda).toBe(cuda);
    },
  );
});

describe('a report', () => {
  const report = (images: unknown) =>
    JSON.stringify({ schema: 'cuda-image-check/report@1', passed: true, images });

  it('gives the facts of each image in its order', () => {
    const first = { schema: FACTS_SCHEMA, image: { reference: 'first' } };
    const second = { image: { reference: 'second' } };
    expect(parseFacts(report([{ facts: first }, { facts: second }]), 'r')).toEqual({
      ok: true,
      facts: [first, { schema: FACTS_SCHEMA, image: { reference: 'second' } }],
    });
  });

  it('names the image whose facts are wrong', () => {
    expect(problems(report([{ facts: {} }, { facts: { host: { gpus: {} } } }]))).toEqual([
      'facts.json: images[1].facts: host.gpus: found an object, expected a list. Put the entries into [ ]',
    ]);
  });

  it('without images or facts is a problem', () => {
    expect(problems(report([]))).toEqual([expect.stringContaining('images: found a list of 0')]);
    expect(problems(report([{}]))).toEqual([
      expect.stringContaining('images[0].facts: (document): found nothing, expected an object'),
    ]);
  });
});

describe('a document that is wrong', () => {
  it.each([
    ['', 'facts.json: line 1, column 1: not JSON: the text is empty'],
    ['{\n  "schema": nope }', 'line 2, column 13: not JSON: expected a value'],
    ['{"a": 1,}', 'line 1, column 9: not JSON: a comma too many before the bracket'],
    ['{"a": [1,]}', 'line 1, column 10: not JSON: a value is missing before the bracket'],
    ["{'a': 1}", 'line 1, column 2: not JSON: expected a key in double quotes'],
    ['{"a": "x', 'line 1, column 7: not JSON: a text is not closed'],
    ['{"a": "x\ny"}', 'line 1, column 7: not JSON: a text is not closed'],
    ['{"a": 1', 'line 1, column 8: not JSON: the text ends in the middle'],
    ['{"a" 1}', 'line 1, column 6: not JSON: a colon is missing'],
    ['{"a": 1 "b": 2}', 'line 1, column 9: not JSON: expected "," or "}"'],
    ['[1 2]', 'line 1, column 4: not JSON: expected "," or "]"'],
    ['{} {}', 'line 1, column 4: not JSON: there is more text'],
    ['// hello\n{}', 'line 1, column 1: not JSON: JSON has no comments'],
    ['Mon Nov 23 | NVIDIA-SMI 535.104.05', 'line 1, column 1: not JSON: expected a value'],
  ])('%j: not JSON, with its place', (text, expected) => {
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it('survives brackets without end', () => {
    expect(problems('['.repeat(1_000_000))).toEqual([
      expect.stringContaining('line 1, column 1000001: not JSON: the text ends in the middle'),
    ]);
    const deep = `{"schema":"${FACTS_SCHEMA}","x":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    expect(parseFacts(deep, 'a')).toEqual({ ok: true, facts: [{ schema: FACTS_SCHEMA }] });
  });

  it.each([
    ['[]', '(document): found a list of 0, expected an object'],
    ['null', '(document): found null, expected an object'],
    ['"x"', '(document): found "x", expected an object'],
    ['{}', 'schema: found nothing, expected "cuda-image-check/facts@1"'],
    ['{"schema":"cuda-image-check/facts@2"}', 'schema: found "cuda-image-check/facts@2"'],
    ['{"schema":"cuda-image-check/facts@2"}', 'Use the release of cuda-image-check that wrote'],
    ['{"schema":"cuda-image-check/explanation@1","findings":[]}', 'an explanation holds no facts'],
    ['{"schema":1}', 'schema: found the number 1, expected'],
  ])('%s: another document', (text, expected) => {
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    [
      { host: { driver: { version: 535 } } },
      'host.driver.version: found the number 535, expected text. Put it in quotes ("535")',
    ],
    [
      { host: { driver: { version: 'banana' } } },
      'host.driver.version: found "banana", expected a driver version as nvidia-smi prints it',
    ],
    [{ host: { driver: { version: '999999.1' } } }, 'host.driver.version: found "999999.1"'],
    [
      { probe: { requestedGpus: 'none' } },
      'probe.requestedGpus: found "none", expected "all", a number of GPUs, or a list',
    ],
    [{ host: { driver: { version: '-535.1' } } }, 'host.driver.version: found "-535.1"'],
    [{ host: { driver: { version: '' } } }, 'host.driver.version: found ""'],
    [{ host: { driver: { version: '535.104.05.1.2' } } }, 'host.driver.version: found'],
    [{ host: { driver: { version: '0.0.0' } } }, 'host.driver.version: found "0.0.0"'],
    [{ host: { driver: { cuda: 12.2 } } }, 'host.driver.cuda: found the number 12.2'],
    [{ host: { driver: { cuda: 'N/A' } } }, 'host.driver.cuda: found "N/A"'],
    [{ image: { cuda: '999.1' } }, 'image.cuda: found "999.1", expected a CUDA version'],
    [{ image: { cuda: 'twelve' } }, 'image.cuda: found "twelve"'],
    [{ image: { compatDriver: { version: 'x' } } }, 'image.compatDriver.version: found "x"'],
    [
      { host: { gpus: [{}, { computeCapability: '80' }] } },
      'host.gpus[1].computeCapability: found "80", expected a compute capability such as "8.0"',
    ],
    [
      { host: { gpus: [{ index: 'zero' }] } },
      'host.gpus[0].index: found "zero", expected a number. Write the number without quotes',
    ],
    [{ host: { gpus: [{ index: 1.5 }] } }, 'host.gpus[0].index: found the number 1.5, expected a'],
    [{ host: { gpus: [{ index: -1 }] } }, 'host.gpus[0].index: found the number -1, expected'],
    [
      { host: { gpus: [{ memoryMiB: 1e12 }] } },
      'found the number 1000000000000, expected a number of at most 16777216',
    ],
    [{ host: [] }, 'host: found a list of 0, expected an object'],
    [{ host: { gpus: 'A100' } }, 'host.gpus: found "A100", expected a list'],
    [{ host: { gpus: new Array(1025).fill({}) } }, 'host.gpus: found a list of 1025, expected at'],
    [{ image: { env: ['A=1'] } }, 'image.env: found a list of 1, expected an object'],
    [
      { image: { env: { 'MY KEY': 1 } } },
      'image.env["MY KEY"]: found the number 1, expected text. Put it in quotes',
    ],
    [{ image: { libraries: [{}] } }, 'image.libraries[0].name: found nothing, expected text'],
    [{ probe: { started: 'yes' } }, 'probe.started: found "yes", expected true or false'],
    [{ failure: { exitCode: 1 } }, 'failure.text: found nothing, expected text. Add it, or leave'],
  ])('%j', (rest, expected) => {
    const found = problems(facts(rest));
    expect(found).toEqual([expect.stringContaining(`facts.json: `)]);
    expect(found[0]).toContain(expected);
    expect(found[0]).not.toContain('\n');
  });

  it('names both of two entries for one GPU', () => {
    const gpus = [
      { index: 0, uuid: 'GPU-a' },
      { index: 1, uuid: 'GPU-b' },
      { index: 0, uuid: 'GPU-b' },
    ];
    expect(problems(facts({ host: { gpus } }))).toEqual([
      'facts.json: host.gpus[2].index: found the number 0, expected another index than entry [0] of the same list has: each GPU stands once. Remove the duplicate',
      'facts.json: host.gpus[2].uuid: found "GPU-b", expected another uuid than entry [1] of the same list has: each GPU stands once. Remove the duplicate',
    ]);
    expect(problems(facts({ probe: { gpus: [{ index: 3 }, { index: 3 }] } }))).toHaveLength(1);
    expect(accepted({ host: { gpus: [{ name: 'A' }, { name: 'A' }] } }).host?.gpus).toHaveLength(2);
  });

  it('takes an environment that Linux can pass on and refuses 10 MB of it', () => {
    const many = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`V${i}`, 'x'.repeat(1000)]));
    expect(accepted({ image: { env: many(2000) } }).image?.env).toEqual(many(2000));
    expect(problems(facts({ image: { env: many(10_000) } }))).toEqual([
      'facts.json: image.env: found 10,068,890 bytes of environment, expected at most 2,097,152 bytes in all. Keep only the variables that the image sets',
    ]);
    const [one, ...rest] = problems(facts({ image: { env: { BIG: 'é'.repeat(5_000_000) } } }));
    expect(one).toContain(
      'image.env.BIG: found 10,000,005 bytes, expected at most 131,072 bytes for one variable',
    );
    expect(rest).toEqual([expect.stringContaining('image.env: found 10,000,005 bytes of env')]);
  });

  it('takes a reference of up to 4,096 characters, whatever it is', () => {
    const reference = `/images/${'x'.repeat(4_088)}`;
    expect(accepted({ image: { reference } }).image?.reference).toBe(reference);
    expect(problems(facts({ image: { reference: `${reference}y` } }))).toEqual([
      `facts.json: image.reference: found ${JSON.stringify(reference.slice(0, 80))}… (4097 characters), expected at most 4,096 characters. Shorten it`,
    ]);
  });

  it('refuses a text over the limit before reading it', () => {
    expect(problems(' '.repeat(MAX_FACTS_CHARACTERS + 1))).toEqual([
      expect.stringContaining('found 67,108,865 characters, expected at most 67,108,864'),
    ]);
  });

  it('shows every problem at once, up to twenty lines, none of them long', () => {
    const gpus = Array.from({ length: 30 }, () => ({ name: 7 }));
    const found = problems(facts({ host: { gpus } }));
    expect(found).toHaveLength(21);
    expect(found[20]).toBe('facts.json: 10 more problems of this kind. Mend those above first');
    const [long] = problems(facts({ image: { cuda: 'x'.repeat(1_000_000) } }));
    expect(long?.length).toBeLessThan(400);
    expect(long).toContain('(1000000 characters)');
  });
});

describe('whatever the text is', () => {
  it('never throws, and never loses where the fault is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const result = parseFacts(text, 'f');
        if (!result.ok) for (const line of result.problems) expect(line).toMatch(/^f: /);
      }),
      { numRuns: 500, seed: 20261123 },
    );
  });

  it('finds a fault exactly where JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', ',', '}', ']', 'x', '\\'),
        (json, at, put) => {
          const cut = at % (json.length + 1);
          const text = json.slice(0, cut) + put + json.slice(cut + 1);
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          const result = parseFacts(text, 'f');
          const notJson = !result.ok && result.problems.some((line) => line.includes('not JSON'));
          expect(notJson).toBe(!valid);
          if (notJson && !result.ok) expect(result.problems[0]).not.toContain('cannot be read');
        },
      ),
      { numRuns: 2000, seed: 20261123 },
    );
  });

  it('never throws on any JSON in the place of any field', () => {
    const paths = [['host'], ['host', 'gpus'], ['image'], ['image', 'env'], ['probe'], ['failure']];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), ([outer, inner], value) => {
        const rest =
          inner === undefined
            ? { [outer as string]: value }
            : { [outer as string]: { [inner]: value } };
        const result = parseFacts(facts(rest), 'f');
        expect(result.ok ? result.facts.length : result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000, seed: 20261123 },
    );
  });

  it('is not confused by keys of the language', () => {
    const text = `{"schema":"${FACTS_SCHEMA}","__proto__":{"host":1},"image":{"env":{"__proto__":"x","constructor":"y"}}}`;
    const result = parseFacts(text, 'f');
    expect(result.ok).toBe(true);
    if (result.ok) expect(result.facts[0]?.image?.env?.['constructor']).toBe('y');
    expect(({} as Record<string, unknown>)['host']).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../src/core/diagnose.js';
import type { Facts, ImageFacts, ProbeFacts } from '../../src/core/facts.js';
import type { Finding } from '../../src/core/finding.js';
import { facts, host, verdict } from './pair.js';

const A100 = 'NVIDIA A100-SXM4-80GB';
const fine: ImageFacts = { cuda: '12.4.1' };
const runner = (count = 1) =>
  host(
    '580.95.05',
    Array.from({ length: count }, () => A100),
  );

const given = (probe: ProbeFacts, image: ImageFacts = fine, gpus = 1): Facts =>
  facts(runner(gpus), image, { probe: { started: true, ...probe } });

const ran: ProbeFacts = {
  started: true,
  libcuda: { origin: 'host' },
  init: { code: 0 },
  runtime: { code: 0 },
};

describe('cuInit', () => {
  it.each([
    [0, 'works -'],
    [2, 'unknown gpu-busy'],
    [3, 'unknown uvm-unavailable'],
    [34, 'fails stub-driver-library-loaded'],
    [36, 'fails driver-too-old'],
    [46, 'unknown gpu-busy'],
    [100, 'unknown gpu-not-requested'],
    [101, 'fails visible-devices-mismatch'],
    [102, 'fails vgpu-feature-disabled'],
    [214, 'unknown gpu-lost'],
    [304, 'unknown gpu-device-permission-denied'],
    [800, 'unknown gpu-device-permission-denied'],
    [802, 'unknown fabric-manager-not-running'],
    [803, 'unknown driver-library-mismatch'],
    [804, 'fails forward-compatibility-unsupported'],
    [999, 'unknown uvm-unavailable'],
    [777, 'unknown unrecognised'],
  ])('returns %d: %s', (code, expected) => {
    expect(verdict(given({ init: { code } }))).toBe(expected);
  });
  it('finds nothing although GPUs were asked for: the toolkit, not the request', () => {
    const asked = { requestedGpus: 'all' as const };
    expect(verdict(given({ ...asked, init: { code: 100 } }))).toBe(
      'unknown container-toolkit-misconfigured',
    );
    expect(verdict(given({ ...asked, libcuda: { origin: 'absent' } }))).toBe(
      'unknown container-toolkit-misconfigured',
    );
  });
  it('hangs, crashes or is killed', () => {
    expect(verdict(given({ init: { timedOut: true } }))).toBe('unknown probe-timed-out');
    expect(verdict(given({ init: { signal: 'SIGKILL' } }))).toBe('unknown probe-killed');
    expect(verdict(given({ init: { signal: 'SIGSEGV' } }))).toBe('unknown unrecognised');
    expect(verdict(given({ init: {} }))).toBe('works -');
  });
  it('tells both sides and the name of the code', () => {
    const [finding] = diagnose(given({ init: { code: 802 } }), []).findings;
    expect(finding?.evidence).toEqual([
      {
        what: 'cuInit in the container',
        value: '802 (CUDA_ERROR_SYSTEM_NOT_READY)',
        from: 'probe',
      },
      { what: 'host driver', value: '580.95.05', from: 'host driver' },
      { what: 'CUDA version of the host driver', value: '13.0', from: 'table of driver branches' },
    ]);
    expect(finding?.data).toMatchObject({ code: 802, step: 'init', driver: '580.95.05' });
  });
});

describe('a rule that explains what was seen leads', () => {
  it.each<[string, Facts, string]>([
    [
      'capabilities',
      given(
        { init: { code: 100 } },
        { cuda: '12.4', env: { NVIDIA_DRIVER_CAPABILITIES: 'utility' } },
      ),
      'fails driver-capabilities-missing',
    ],
    [
      'capabilities, no libcuda',
      given(
        { libcuda: { origin: 'absent' } },
        { cuda: '12.4', env: { NVIDIA_DRIVER_CAPABILITIES: 'utility' } },
      ),
      'fails driver-capabilities-missing',
    ],
    [
      'hidden devices',
      given({ init: { code: 100 } }, { cuda: '12.4', env: { CUDA_VISIBLE_DEVICES: '7' } }),
      'fails visible-devices-mismatch',
    ],
    [
      'a dropped GPU',
      facts(host('590.48.01', ['Tesla V100-SXM2-16GB']), fine, {
        probe: { started: true, init: { code: 100 } },
      }),
      'unknown gpu-unsupported-by-driver',
    ],
    [
      'compat library on a newer host',
      given(
        { libcuda: { origin: 'compat' }, init: { code: 803 } },
        { cuda: '12.2', compatDriver: { version: '535.104.05' } },
      ),
      'fails compat-library-shadows-driver',
    ],
    [
      'compat library on a branch that it is not for',
      facts(
        host('545.23.08', [A100]),
        { cuda: '12.9.1', compatDriver: { version: '575.57.08' } },
        { probe: { started: true, libcuda: { origin: 'compat' }, init: { code: 803 } } },
      ),
      'fails forward-compatibility-unsupported',
    ],
  ])('%s', (_name, pair, expected) => {
    expect(verdict(pair)).toBe(expected);
  });
});

describe('libcuda', () => {
  it.each([
    ['stub', 'fails stub-driver-library-loaded'],
    ['empty', 'fails driver-files-in-image'],
    ['image', 'fails driver-files-in-image'],
    ['absent', 'unknown gpu-not-requested'],
    ['host', 'works -'],
  ])('of origin %s: %s', (origin, expected) => {
    expect(verdict(given({ libcuda: { origin } }))).toBe(expected);
  });
  it('that is absent says nothing where no driver is known', () => {
    expect(
      verdict(facts({}, fine, { probe: { started: true, libcuda: { origin: 'absent' } } })),
    ).toBe('unknown -');
  });
});

describe("the image's runtime", () => {
  it.each([
    [35, 'fails driver-too-old'],
    [36, 'fails driver-too-old'],
    [100, 'unknown gpu-not-requested'],
    [999, 'unknown uvm-unavailable'],
    [0, 'works -'],
  ])('returns %d after a good cuInit: %s', (code, expected) => {
    expect(
      verdict(given({ libcuda: { origin: 'host' }, init: { code: 0 }, runtime: { code } })),
    ).toBe(expected);
  });
  it('that repeats what cuInit said is one finding', () => {
    const { findings } = diagnose(given({ init: { code: 999 }, runtime: { code: 999 } }), []);
    expect(findings.map((one) => one.id)).toEqual(['uvm-unavailable']);
    expect(findings[0]?.evidence).toHaveLength(3);
  });
  it('tells the CUDA version of an image that nothing else tells', () => {
    const probe = { ...ran, runtime: { code: 0, version: '12.4' } };
    expect(verdict(facts(runner(), {}, { probe }))).toBe('works -');
    expect(
      verdict(
        facts(
          host('535.104.05', [A100]),
          {},
          { probe: { ...ran, runtime: { code: 35, version: '13.0' } } },
        ),
      ),
    ).toBe('fails driver-too-old');
  });
});

describe('the kernel on each GPU', () => {
  const gpus = (...codes: number[]): ProbeFacts => ({
    ...ran,
    gpus: codes.map((code, index) => ({
      index,
      kernel: { code, correct: true, call: 'cuModuleLoadData' },
    })),
  });
  it.each([
    [2, 'unknown gpu-busy'],
    [36, 'fails driver-too-old'],
    [46, 'unknown gpu-busy'],
    [98, 'fails no-kernel-for-gpu'],
    [209, 'fails no-kernel-for-gpu'],
    [214, 'unknown gpu-lost'],
    [218, 'fails no-kernel-for-gpu'],
    [220, 'unknown gpu-lost'],
    [221, 'unknown container-toolkit-misconfigured'],
    [222, 'fails ptx-too-new'],
    [223, 'fails no-kernel-for-gpu'],
    [226, 'unknown gpu-lost'],
    [700, 'unknown gpu-lost'],
    [714, 'unknown gpu-lost'],
    [719, 'unknown gpu-lost'],
    [802, 'unknown fabric-manager-not-running'],
    [999, 'unknown uvm-unavailable'],
    [12345, 'unknown unrecognised'],
  ])('fails with %d: %s', (code, expected) => {
    expect(verdict(given(gpus(code)))).toBe(expected);
  });
  it('that fails on one of four is a matter of some GPUs', () => {
    const pair = given(gpus(0, 0, 209, 0), fine, 4);
    expect(verdict(pair)).toBe('fails gpu-partly-covered');
    const [first, second] = diagnose(pair, []).findings;
    expect(first?.data).toMatchObject({
      gpus: ['2: NVIDIA A100-SXM4-80GB (8.0)'],
      device: '0,1,3',
      notes: ['no-kernel-for-gpu'],
      seen: 3,
      expected: 4,
    });
    expect(second?.id).toBe('no-kernel-for-gpu');
  });
  it('that computes wrongly is a matter of the hardware, on whichever GPU', () => {
    const probe: ProbeFacts = {
      ...ran,
      gpus: [0, 1].map((index) => ({
        index,
        kernel: { code: 0, correct: index === 0, wrongElements: 17 },
      })),
    };
    expect(verdict(given(probe, fine, 2))).toBe('fails gpu-result-wrong');
    const [finding] = diagnose(given(probe, fine, 2), []).findings;
    expect(finding?.evidence).toEqual([
      { what: 'kernel on GPU 1', value: '17 wrong results', from: 'probe' },
    ]);
  });
  it('hangs, crashes or is killed', () => {
    const one = (
      kernel: NonNullable<NonNullable<ProbeFacts['gpus']>[0]['kernel']>,
    ): ProbeFacts => ({ ...ran, gpus: [{ index: 0, kernel }] });
    expect(verdict(given(one({ timedOut: true })))).toBe('unknown probe-timed-out');
    expect(verdict(given(one({ signal: 'SIGKILL' })))).toBe('unknown probe-killed');
    expect(verdict(given(one({ signal: 'SIGBUS' })))).toBe('unknown unrecognised');
    expect(verdict(given(one({})))).toBe('works -');
  });
});

describe('the number of GPUs', () => {
  const saw = (count: number, env?: Record<string, string>): ProbeFacts => ({
    ...ran,
    gpus: Array.from({ length: count }, (_, index) => ({ index })),
    ...(env === undefined ? {} : { env }),
  });
  it('is smaller in the container than on the runner', () => {
    expect(verdict(given(saw(1), fine, 2))).toBe('fails gpu-count-mismatch');
    expect(verdict(given(saw(2), fine, 2))).toBe('works -');
    expect(verdict(given(saw(1, { NVIDIA_VISIBLE_DEVICES: '0' }), fine, 2))).toBe('works -');
    expect(verdict(given(saw(1, { NVIDIA_VISIBLE_DEVICES: 'all' }), fine, 2))).toBe(
      'fails gpu-count-mismatch',
    );
    expect(verdict(given(saw(1, { CUDA_VISIBLE_DEVICES: '1' }), fine, 2))).toBe('works -');
  });
  it('counts instances with MIG', () => {
    const mig = host('580.95.05', undefined, { gpus: [{ name: A100, mig: true }, { name: A100 }] });
    expect(verdict(facts(mig, fine, { probe: saw(1) }))).toBe('works -');
  });
});

describe("the frameworks' own test", () => {
  const torch = (rest: NonNullable<ProbeFacts['frameworks']>[0]): ProbeFacts => ({
    ...ran,
    frameworks: [rest],
  });
  it.each<[ProbeFacts, string]>([
    [torch({ name: 'torch', available: true, devices: [{ index: 0, correct: true }] }), 'works -'],
    [torch({ name: 'torch', available: false }), 'fails framework-cpu-fallback'],
    [
      torch({ name: 'torch', available: true, devices: [{ index: 0, correct: false }] }),
      'fails gpu-result-wrong',
    ],
    [torch({ name: 'torch', timedOut: true }), 'unknown probe-timed-out'],
    [
      torch({
        name: 'torch',
        available: true,
        devices: [{ index: 0, correct: false, error: 'CUDA error' }],
      }),
      'works -',
    ],
  ])('%j: %s', (probe, expected) => {
    expect(verdict(given(probe))).toBe(expected);
  });
  it('that says no because it is a CPU build', () => {
    const image: ImageFacts = {
      cuda: '12.4',
      frameworks: [{ name: 'torch', version: '2.6.0+cpu', cuda: null }],
    };
    expect(verdict(given(torch({ name: 'torch', available: false }), image))).toBe(
      'fails framework-cpu-only',
    );
  });
});

describe('what was seen outranks a table, but only about what was seen', () => {
  const old = host('535.104.05', [A100]);
  const uncovered: ImageFacts = {
    cuda: '12.2',
    deviceCode: [{ path: '/app/a.so', cubins: ['sm_90'] }],
  };
  const computed = (index: number): ProbeFacts => ({
    ...ran,
    frameworks: [{ name: 'torch', available: true, devices: [{ index, correct: true }] }],
  });
  it.each<[string, Facts, string]>([
    [
      'cuInit and the kernel prove nothing about the runtime',
      facts(
        old,
        { cuda: '13.0' },
        {
          probe: {
            started: true,
            libcuda: { origin: 'host' },
            init: { code: 0 },
            gpus: [{ index: 0, kernel: { code: 0, correct: true } }],
          },
        },
      ),
      'fails driver-too-old',
    ],
    ["the image's libcudart does", facts(old, { cuda: '13.0' }, { probe: ran }), 'works -'],
    [
      'so does a computation',
      facts(
        old,
        { cuda: '13.0' },
        {
          probe: {
            started: true,
            libcuda: { origin: 'host' },
            init: { code: 0 },
            frameworks: [{ name: 'torch', devices: [{ index: 0, correct: true }] }],
          },
        },
      ),
      'works -',
    ],
    [
      'the kernel proves nothing about the device code',
      facts(old, uncovered, {
        probe: { ...ran, gpus: [{ index: 0, kernel: { code: 0, correct: true } }] },
      }),
      'fails no-kernel-for-gpu',
    ],
    ['a computation on that GPU does', facts(old, uncovered, { probe: computed(0) }), 'works -'],
    [
      'one on another GPU does not',
      facts(host('535.104.05', [A100, A100]), uncovered, { probe: computed(1) }),
      'fails gpu-partly-covered',
    ],
    [
      'cuInit proves that the driver knows the GPU',
      facts(
        host('535.104.05', ['NVIDIA GeForce RTX 5090']),
        { cuda: '12.2' },
        { probe: { ...ran, gpus: [{ index: 0, kernel: { code: 0, correct: true } }] } },
      ),
      'works -',
    ],
    [
      'cuInit proves that libcuda was injected',
      facts(old, { cuda: '12.2', env: { NVIDIA_DRIVER_CAPABILITIES: 'utility' } }, { probe: ran }),
      'works -',
    ],
    [
      'cuInit proves that the C library will do',
      facts(old, { cuda: '12.2', libc: { family: 'musl' } }, { probe: ran }),
      'works -',
    ],
    [
      'a start without cuInit does not',
      facts(old, { cuda: '12.2', libc: { family: 'musl' } }, { probe: { started: true } }),
      'fails libc-incompatible',
    ],
  ])('%s', (_name, pair, expected) => {
    expect(verdict(pair)).toBe(expected);
  });
  it("leaves the table's no as a note that says what was seen", () => {
    const { findings } = diagnose(facts(old, { cuda: '13.0' }, { probe: ran }), []);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      id: 'driver-too-old',
      severity: 'notice',
      data: { overruledBy: "the image's runtime accepted the driver" },
    });
  });
});

describe('a runtime that accepts the driver proves it for its own CUDA version', () => {
  const old = host('535.104.05', [A100]);
  const accepts = (version?: string, computes?: string): ProbeFacts => ({
    ...ran,
    runtime: { code: 0, ...(version === undefined ? {} : { version }) },
    ...(computes === undefined
      ? {}
      : { frameworks: [{ name: computes, devices: [{ index: 0, correct: true }] }] }),
  });
  const torch = { name: 'torch', version: '2.9.0', cuda: '13.0' };
  const mixed: ImageFacts = { cuda: '12.2', frameworks: [torch] };
  const compatDriver = {
    version: '580.82.07',
    path: '/usr/local/cuda/compat/libcuda.so.580.82.07',
  };
  it.each<[string, ImageFacts, ProbeFacts, string]>([
    ['an older major proves nothing', mixed, accepts('12.2'), 'fails driver-too-old'],
    ['the same major does', mixed, accepts('13.0'), 'works -'],
    ['of an unknown version it does', mixed, accepts(), 'works -'],
    [
      'a computation of the framework that has the need does',
      mixed,
      accepts('12.2', 'torch'),
      'works -',
    ],
    ['one of a framework of unknown CUDA does', mixed, accepts('12.2', 'jax'), 'works -'],
    [
      'one of another, of an older CUDA, does not',
      { cuda: '12.2', frameworks: [torch, { name: 'jax', cuda: '12.2' }] },
      accepts('12.2', 'jax'),
      'fails driver-too-old',
    ],
    [
      'one of an older CUDA than the image has does not',
      { cuda: '13.0', frameworks: [{ ...torch, cuda: '12.2' }] },
      accepts('12.2', 'torch'),
      'fails driver-too-old',
    ],
    [
      'nor does it make the compat library needless',
      { ...mixed, compatDriver },
      accepts('12.2'),
      'fails compat-library-not-used',
    ],
  ])('%s', (_name, image, probe, expected) => {
    expect(verdict(facts(old, image, { probe }))).toBe(expected);
  });
  it('counts each version before CUDA 11', () => {
    const pair = (version: string) =>
      facts(
        host('418.39', ['Tesla V100-SXM2-16GB']),
        { cuda: '10.2' },
        { probe: accepts(version) },
      );
    expect(verdict(pair('10.1'))).toBe('fails driver-too-old');
    expect(verdict(pair('10.2'))).toBe('works -');
  });
});

describe('how the probe ended', () => {
  it.each<[ProbeFacts, string]>([
    [{ timedOut: true, lastStep: 'init' }, 'unknown probe-timed-out'],
    [{ timedOut: true }, 'unknown probe-timed-out'],
    [{ outOfMemory: true }, 'unknown probe-killed'],
    [{ killedBy: 'SIGKILL', lastStep: 'kernel' }, 'unknown probe-killed'],
    [{ complete: true }, 'unknown unrecognised'],
  ])('%j: %s', (probe, expected) => {
    expect(verdict(given(probe))).toBe(expected);
  });
});

describe('an image that prints something before the kernel ends it', () => {
  const noise: Finding = { id: 'no-kernel-for-gpu', severity: 'error', evidence: [], data: {} };
  it.each<[string, ProbeFacts, string]>([
    ['for want of memory, as the engine says', { outOfMemory: true }, 'unknown probe-killed'],
    ['for a reason that nobody says', { killedBy: 'SIGABRT' }, 'fails no-kernel-for-gpu'],
  ])('%s', (_name, probe, expected) => {
    const { verdict, primary } = diagnose(given(probe), [noise]);
    expect(`${verdict} ${primary}`).toBe(expected);
  });
});

describe('a complete probe with a step that has no answer', () => {
  const complete = (rest: ProbeFacts): Facts => given({ ...ran, complete: true, ...rest });
  it.each<[string, ProbeFacts]>([
    ['a kernel with an error and no code', { gpus: [{ index: 0, kernel: { error: 'EAGAIN' } }] }],
    ['a GPU without a kernel', { gpus: [{ index: 0 }] }],
    ['a result that was not compared', { gpus: [{ index: 0, kernel: { code: 0 } }] }],
    ['cuInit with an error and no code', { init: { error: 'no cuDeviceGetCount' } }],
  ])('proves nothing: %s', (_name, rest) => {
    expect(verdict(complete(rest))).toBe('unknown unrecognised');
  });
  it('nor does one whose libcuda could not be loaded', () => {
    const libcuda = { origin: 'host', error: 'undefined symbol' };
    expect(verdict(given({ complete: true, libcuda }))).toBe('unknown unrecognised');
  });
  it('proves what it proves when each has one', () => {
    const gpus = [{ index: 0, kernel: { code: 0, correct: true } }];
    expect(verdict(complete({ gpus }))).toBe('works -');
  });
  it('is told once, in the words of the failure where there is one', () => {
    const pair = complete({ gpus: [{ index: 0 }] });
    const failure = { stage: 'run' as const, text: 'words of the run' };
    expect(diagnose(pair, []).findings.map(({ data }) => data['text'])).toEqual([
      'the probe could not test everything:\nGPU 0: it was not tested',
    ]);
    expect(diagnose({ ...pair, failure }, []).findings.map(({ data }) => data['text'])).toEqual([
      'words of the run',
    ]);
  });
  it('does not hide what was seen beside it', () => {
    const gpus = [{ index: 0, kernel: { code: 209 } }, { index: 1 }];
    expect(verdict(given({ ...ran, complete: true, gpus }, fine, 2))).toBe(
      'fails no-kernel-for-gpu',
    );
  });
});

describe('NVML in the container', () => {
  it.each([
    [4, 'unknown gpu-device-permission-denied'],
    [9, 'unknown driver-not-loaded'],
    [15, 'unknown gpu-lost'],
    [18, 'unknown driver-library-mismatch'],
    [999, 'unknown gpu-device-access-lost'],
    [1, 'unknown uvm-unavailable'],
  ])('%d beside a failed cuInit: %s', (code, expected) => {
    expect(verdict(given({ nvml: { code }, init: { code: 999 } }))).toBe(expected);
  });
  it('does not matter where CUDA came up', () => {
    expect(verdict(given({ ...ran, nvml: { code: 999 } }))).toBe('works -');
  });
  it('tells the driver where the host did not', () => {
    expect(verdict(facts({}, fine, { probe: { ...ran, nvml: { driver: '580.95.05' } } }))).toBe(
      'works -',
    );
  });
});

describe('texts that were recognised', () => {
  const text = (id: Finding['id']): Finding => ({
    id,
    severity: 'error',
    evidence: [],
    data: { text: 'words' },
  });
  const failure = {
    stage: 'start' as const,
    command: 'docker start',
    exitCode: 125,
    text: 'no such thing',
  };
  const judge = (pair: Facts, ...recognised: Finding[]) => {
    const { verdict: word, primary, findings } = diagnose(pair, recognised);
    return `${word} ${primary} of ${findings.map((one) => one.id).join(' ')}`;
  };
  it('lead over the tables', () => {
    const pair = facts(host('470.82.01'), { cuda: '12.4' }, { failure });
    expect(judge(pair, text('container-toolkit-missing'))).toBe(
      'unknown container-toolkit-missing of container-toolkit-missing driver-too-old',
    );
  });
  it('join the rule of the same name', () => {
    const pair = facts(host('470.82.01'), { cuda: '12.4' }, { failure });
    expect(judge(pair, text('driver-too-old'))).toBe('fails driver-too-old of driver-too-old');
    expect(diagnose(pair, [text('driver-too-old')]).findings[0]?.data).toMatchObject({
      text: 'words',
      driver: '470.82.01',
    });
  });
  it('that nothing recognised are shown whole, after a cause that the tables know', () => {
    expect(judge(facts(host('580.95.05'), fine, { failure }))).toBe(
      'unknown unrecognised of unrecognised',
    );
    expect(judge(facts(host('470.82.01'), fine, { failure }))).toBe(
      'fails driver-too-old of driver-too-old unrecognised',
    );
    const [finding] = diagnose(facts(host('580.95.05'), fine, { failure }), []).findings;
    expect(finding).toMatchObject({
      data: { text: 'no such thing', step: 'start', code: 125 },
      evidence: [{ what: 'failure', value: 'no such thing', from: 'docker start' }],
    });
  });
  it('of an old toolkit give way to an expression that no toolkit reads', () => {
    const legacy = host('580.95.05', [A100], { engine: { gpuMode: 'legacy' } });
    const env = { NVIDIA_REQUIRE_CUDA: 'bogus' };
    const pair = facts(legacy, { cuda: '12.4', env }, { failure });
    expect(judge(pair, text('container-toolkit-outdated'))).toBe(
      'fails requirement-unmet of requirement-unmet',
    );
    const valid = facts(
      legacy,
      { cuda: '12.4', env: { NVIDIA_REQUIRE_CUDA: 'cuda>=14.0' } },
      { failure },
    );
    expect(judge(valid, text('container-toolkit-outdated'))).toBe(
      'unknown container-toolkit-outdated of container-toolkit-outdated requirement-unmet',
    );
  });
  it('of a runner without a driver say all that a container without one could', () => {
    const bare = facts({ platform: 'linux/amd64' }, fine, { failure });
    const both = [text('gpu-not-requested'), text('driver-not-installed')];
    expect(judge(bare, ...both)).toBe('unknown driver-not-installed of driver-not-installed');
  });
  it('may be notes on a pair that works', () => {
    expect(judge(facts(host('580.95.05'), fine), text('fabric-manager-not-needed'))).toBe(
      'works fabric-manager-not-needed of fabric-manager-not-needed',
    );
  });
});

describe('a framework that fails on some GPUs only', () => {
  const probe: ProbeFacts = {
    ...ran,
    frameworks: [
      {
        name: 'torch',
        available: true,
        devices: [
          { index: 0, correct: true },
          { index: 1, correct: false, error: 'no kernel image is available' },
        ],
      },
    ],
  };
  const text: Finding = { id: 'no-kernel-for-gpu', severity: 'error', evidence: [], data: {} };
  it('is a matter of some GPUs', () => {
    const pair = facts(host('580.95.05', [A100, 'NVIDIA GeForce RTX 5090']), fine, { probe });
    expect(diagnose(pair, [text])).toMatchObject({
      verdict: 'fails',
      primary: 'gpu-partly-covered',
    });
  });
  it('does not share out causes that hold for the whole container', () => {
    const pair = facts(host('580.95.05', [A100, 'NVIDIA GeForce RTX 5090']), fine, { probe });
    expect(diagnose(pair, [{ ...text, id: 'cuda-library-missing' }])).toMatchObject({
      primary: 'cuda-library-missing',
    });
  });
});

describe('a container that did not start, and nobody said why', () => {
  it('is unknown, after any cause that a rule names', () => {
    expect(verdict(facts(runner(), fine, { probe: { started: false } }))).toBe(
      'unknown unrecognised',
    );
    expect(verdict(facts(host('470.82.01', [A100]), fine, { probe: { started: false } }))).toBe(
      'fails driver-too-old',
    );
  });
});

describe('what the probe read of the host driver', () => {
  it('stands in for what the host did not tell', () => {
    const probe: ProbeFacts = {
      started: true,
      libcuda: { origin: 'host', cuda: '12.2' },
      init: { code: 0 },
    };
    expect(verdict(facts({}, { cuda: '13.0' }, { probe }))).toBe('fails driver-too-old');
    expect(
      verdict(
        facts(
          {},
          { cuda: '13.0' },
          { probe: { ...probe, libcuda: { origin: 'compat', cuda: '12.2' } } },
        ),
      ),
    ).toBe('unknown -');
  });
});

describe('a libcuda that is none', () => {
  it.each(['empty', 'stub', 'absent', 'image'])(
    '(%s) makes the runtime say 35, which proves nothing about the driver',
    (origin) => {
      const probe: ProbeFacts = { started: true, libcuda: { origin }, runtime: { code: 35 } };
      expect(diagnose(given(probe), []).findings.map((one) => one.id)).not.toContain(
        'driver-too-old',
      );
    },
  );
});

describe('a compat library that only the probe saw', () => {
  it('is told by the version in its file name', () => {
    const probe: ProbeFacts = {
      started: true,
      libcuda: { origin: 'compat', path: '/usr/local/cuda-12.2/compat/libcuda.so.535.104.05' },
      init: { code: 803 },
    };
    const { primary, findings } = diagnose(
      facts(host('550.54.15', [A100]), { cuda: '12.2.2' }, { probe }),
      [],
    );
    expect(primary).toBe('compat-library-shadows-driver');
    expect(findings[0]?.data.compatDriver).toBe('535.104.05');
  });
});

describe('a cause on one GPU of several', () => {
  it('names that GPU alone', () => {
    const probe: ProbeFacts = {
      ...ran,
      gpus: [0, 0, 209, 0].map((code, index) => ({
        index,
        kernel: { code, correct: code === 0 ? true : undefined },
      })) as NonNullable<ProbeFacts['gpus']>,
    };
    const pair = given(probe, fine, 4);
    const text: Finding = { id: 'no-kernel-for-gpu', severity: 'error', evidence: [], data: {} };
    for (const recognised of [[], [text]]) {
      const [, second] = diagnose(pair, recognised).findings;
      expect(second).toMatchObject({
        id: 'no-kernel-for-gpu',
        data: { gpus: ['2: NVIDIA A100-SXM4-80GB (8.0)'] },
      });
    }
  });
});

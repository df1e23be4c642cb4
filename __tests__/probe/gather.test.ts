import { describe, expect, it } from '@jest/globals';
import type { ProbeFacts } from '../../src/core/facts.js';
import { unanswered } from '../../src/core/unanswered.js';
import { createCliEngine } from '../../src/engine/cli.js';
import type { GpuRequest } from '../../src/engine/engine.js';
import type { CommandOutcome } from '../../src/platform/ports.js';
import { gatherProbe, type ProbeSources } from '../../src/probe/gather.js';
import { createFakeClock } from '../fakes/clock.js';
import { createFakeDocker } from '../fakes/docker.js';
import { type Answer, createFakeShell } from '../fakes/shell.js';
import { probeOutput } from '../fakes/world.js';

const NONCE = '00112233445566778899aabbccddeeff';
const IMAGE = {
  id: 'sha256:0',
  pinned: 'x:1',
  facts: { reference: 'x:1', platform: 'linux/amd64' },
} as const;

const LIBCUDA = { step: 'libcuda', path: '/usr/lib/libcuda.so.570.124.06', origin: 'host' };
const INIT = { step: 'init', code: 0, deviceCount: 1 };
const RIGHT = { step: 'kernel', index: 0, code: 0, correct: true };

const SOURCES: Omit<ProbeSources, 'engine'> = {
  programs: { 'linux/amd64': new Uint8Array(1) },
  container: 'c',
  labels: ['l=1'],
  nonce: NONCE,
  gpus: { kind: 'all' },
  options: [],
  timeoutMs: 20_000,
  turn: (work) => work(),
  onStart: () => {},
  signal: new AbortController().signal,
};

/** A container that writes these documents, and then ends, or is never let go by the kernel. */
async function gather(
  documents: readonly object[],
  more: Partial<ProbeSources> = {},
  stays = false,
) {
  const docker = createFakeDocker({ 'x:1': {} }, ['x:1']);
  const shell = createFakeShell({ docker: docker.program });
  const engine = createCliEngine('docker', shell, createFakeClock());
  const start: typeof engine.start = (container, options) =>
    new Promise<CommandOutcome>((resolve) => {
      const nothing = {
        command: `docker start ${container}`,
        stdout: '',
        stderr: '',
        truncated: false,
      };
      const limit = setTimeout(
        () => resolve({ ...nothing, kind: 'timed-out', afterMs: options.timeoutMs ?? 0 }),
        options.timeoutMs,
      );
      options.signal?.addEventListener('abort', () => {
        clearTimeout(limit);
        resolve({ ...nothing, kind: 'aborted' });
      });
      options.onStdout(Buffer.from(probeOutput(NONCE, ...documents)));
      if (stays) return;
      clearTimeout(limit);
      resolve({ ...nothing, kind: 'exited', code: 0 });
    });
  return gatherProbe(IMAGE, { ...SOURCES, engine: { ...engine, start }, ...more });
}

describe('the run of the probe', () => {
  it('is over with the last document, though a process that the kernel holds keeps the container', async () => {
    const began = performance.now();
    const { probe, failure } = await gather([LIBCUDA, INIT, RIGHT], { endMs: 50 }, true);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(probe).toMatchObject({ complete: true, gpus: [{ kernel: { correct: true } }] });
    expect(probe).not.toHaveProperty('timedOut');
    expect(failure).toBeUndefined();
  });

  it.each<[GpuRequest, ProbeFacts['requestedGpus']]>([
    [{ kind: 'all' }, 'all'],
    [{ kind: 'count', count: 2 }, 2],
    [{ kind: 'devices', devices: ['GPU-1'] }, ['GPU-1']],
    [{ kind: 'cdi', names: ['nvidia.com/gpu=all'] }, 'all'],
    [{ kind: 'cdi', names: ['nvidia.com/gpu=0', 'nvidia.com/gpu=GPU-1'] }, ['0', 'GPU-1']],
    [{ kind: 'cdi', names: ['nvidia.com/gpu=all', 'nvidia.com/gpu=0'] }, 'all'],
  ])('records which GPUs were asked for: %j', async (gpus, expected) => {
    const { probe } = await gather([LIBCUDA, INIT, RIGHT], { gpus });
    expect(probe?.requestedGpus).toEqual(expected);
  });

  it('has all facts where the limit comes between the last document and the end', async () => {
    const { probe } = await gather([LIBCUDA, INIT, RIGHT], { timeoutMs: 50 }, true);
    expect(probe).toMatchObject({ complete: true });
    expect(probe).not.toHaveProperty('timedOut');
  });

  it('keeps its answer when the user cancels after the last document', async () => {
    const abort = new AbortController();
    const { probe, failure, released } = await gather(
      [LIBCUDA, INIT, RIGHT],
      { signal: abort.signal },
      true,
    );
    abort.abort();
    expect(probe).toMatchObject({ complete: true });
    expect(failure).toBeUndefined();
    expect(await released).toBeUndefined();
  });

  it('fails where a GPU has no answer, for whatever reason', async () => {
    const refused = { step: 'kernel', index: 1, error: 'no process for it: EAGAIN' };
    const { probe, failure } = await gather([
      LIBCUDA,
      { ...INIT, deviceCount: 3 },
      RIGHT,
      { step: 'device', index: 1 },
      refused,
    ]);
    expect(probe?.gpus?.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(failure).toEqual({
      stage: 'run',
      command: 'docker start --attach c',
      text: 'the probe could not test everything:\nGPU 1: no process for it: EAGAIN\nGPU 2: it was not tested',
    });
  });
});

describe('a client that is killed as it starts the container', () => {
  it('is named, where nobody says anything else', async () => {
    const docker = createFakeDocker({ 'x:1': {} }, ['x:1']);
    const engine = createCliEngine(
      'docker',
      createFakeShell({ docker: docker.program }),
      createFakeClock(),
    );
    const start: typeof engine.start = async () => ({
      kind: 'signalled',
      signal: 'SIGKILL',
      command: 'docker start c',
      stdout: '',
      stderr: '',
      truncated: false,
    });
    const { failure } = await gatherProbe(IMAGE, { ...SOURCES, engine: { ...engine, start } });
    expect(failure).toMatchObject({
      stage: 'start',
      text: "the engine's client was ended by SIGKILL",
    });
  });
});

describe('a container of which nothing came within the limit', () => {
  const silent = async (ps: Answer) => {
    const docker = createFakeDocker({ 'x:1': { heldAtStart: true } }, ['x:1']);
    docker.refusals.set('ps', [ps]);
    const shell = createFakeShell({ docker: docker.program });
    const engine = createCliEngine('docker', shell, createFakeClock());
    return gatherProbe(IMAGE, { ...SOURCES, engine, timeoutMs: 5_000 });
  };

  it.each<[string, Answer, string | undefined]>([
    ['was never started', { stdout: 'c-1 Up 1 second\nc Created\n' }, 'lists the container as'],
    ['ran', { stdout: 'c-1 Created\nc Up 5 seconds\n' }, undefined],
  ])('%s', async (_, ps, words) => {
    const { probe, failure } = await silent(ps);
    expect(probe).toMatchObject({ started: false, timedOut: true });
    expect(failure?.stage).toBe(words === undefined ? undefined : 'start');
    expect(failure?.text).toEqual(words && expect.stringContaining(words));
  });

  it.each<[string, Answer]>([
    ['is of an engine that does not answer', { hangs: true }],
    ['is not in the list', { stdout: 'c-1 Created\n' }],
    ['is of an engine that refuses to answer', { code: 1, stderr: 'Cannot connect' }],
  ])('is unknown where it %s', async (_, ps) => {
    const { probe, failure } = await silent(ps);
    expect(probe).toMatchObject({ timedOut: true });
    expect(probe).not.toHaveProperty('started');
    expect(failure).toBeUndefined();
  });
});

describe('what a complete probe has no answer about', () => {
  const host = { origin: 'host', path: '/usr/lib/libcuda.so.570.124.06' };
  const right = { index: 0, kernel: { code: 0, correct: true } };

  const CASES: readonly [string, ProbeFacts, readonly string[]][] = [
    ['nothing, when every GPU was tested', { libcuda: host, init: { code: 0 }, gpus: [right] }, []],
    ['nothing, when cuInit failed', { libcuda: host, init: { code: 803 } }, []],
    ['nothing, when cuInit hung', { libcuda: host, init: { timedOut: true } }, []],
    ['nothing, when there is no driver', { libcuda: { origin: 'absent', error: 'x' } }, []],
    [
      'nothing, when a GPU failed, hung or crashed',
      {
        init: { code: 0 },
        gpus: [
          { index: 0, kernel: { code: 209 } },
          { index: 1, kernel: { timedOut: true } },
          { index: 2, kernel: { signal: 'SIGSEGV' } },
        ],
      },
      [],
    ],
    ['everything', {}, ['libcuda: no answer']],
    [
      'a driver of the host that does not come up',
      { libcuda: { ...host, error: 'cuDriverGetVersion did not return' } },
      ['libcuda: cuDriverGetVersion did not return'],
    ],
    [
      'cuInit, whose process left',
      { libcuda: host, init: { error: 'the process left by itself with status 1' } },
      ['cuInit: the process left by itself with status 1'],
    ],
    ['all GPUs', { init: { code: 0 }, gpus: [] }, ['cuInit succeeded, and no GPU was tested']],
    [
      'a libcudart that ends its process',
      { init: { code: 0 }, gpus: [right], runtime: { error: 'the process left by itself' } },
      ['libcudart: the process left by itself'],
    ],
    [
      'nothing, when libcudart answered, hung or crashed',
      { init: { code: 0 }, gpus: [right], runtime: { signal: 'SIGSEGV' } },
      [],
    ],
    [
      'a result that was not compared',
      { init: { code: 0 }, gpus: [{ index: 0, kernel: { code: 0 } }] },
      ['GPU 0: it was not tested'],
    ],
  ];
  for (const [name, probe, open] of CASES) {
    it(name, () => expect(unanswered({ complete: true, ...probe })).toEqual(open));
  }
});

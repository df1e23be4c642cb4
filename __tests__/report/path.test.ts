import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATALOGUE, FINDING_IDS } from '../../src/core/catalogue.js';
import type { Facts } from '../../src/core/facts.js';
import { basisWords, headline, worstFirst } from '../../src/report/headline.js';
import { diagnosisPath, QUESTIONS, STAGES } from '../../src/report/path.js';
import { pathChart } from '../../src/report/path-chart.js';
import { isSimulated, memory, size } from '../../src/report/readings.js';
import type { ImageReport } from '../../src/report/report.js';
import { STEP_IDS, type StepId } from '../../src/report/step-of.js';
import { EXAMPLES } from './examples.js';
import { hostileText, withTexts } from './hostile.js';
import {
  A100,
  finding,
  goodProbe,
  image,
  numbered,
  pairFacts,
  probeGpu,
  report,
  simulated,
} from './reports.js';

const gpus = numbered([A100, A100]);
const states = (one: ImageReport) =>
  Object.fromEntries(diagnosisPath(one).map(({ id, state }) => [id, state]));
const step = (facts: Facts, id: StepId, more: Partial<ImageReport> = {}) => {
  const found = diagnosisPath(image(facts, more)).find((one) => one.id === id);
  return [found?.state, found?.text];
};
const ran = (probe: Partial<ReturnType<typeof goodProbe>>) =>
  pairFacts({ gpus, probe: { ...goodProbe(gpus), ...probe } });

describe('the steps of the path', () => {
  it('all pass on a working pair; what the image lacks is none', () => {
    expect(states(image(ran({ requestedGpus: 'all' })))).toEqual({
      engine: 'passed',
      image: 'passed',
      requested: 'passed',
      toolkit: 'passed',
      driver: 'passed',
      version: 'passed',
      started: 'passed',
      libcuda: 'passed',
      gpus: 'passed',
      build: 'none',
      libraries: 'passed',
      conflict: 'none',
      code: 'none',
      compute: 'none',
    });
  });

  it('end where the run ended', () => {
    expect(
      states(image(pairFacts({ failure: { stage: 'pull', text: 'x', exitCode: 1 } }))),
    ).toMatchObject({
      image: 'failed',
      requested: 'not-reached',
      started: 'not-reached',
      libcuda: 'not-reached',
      gpus: 'not-reached',
    });
    expect(states(image(pairFacts({ failure: { stage: 'start', text: 'x' } })))).toMatchObject({
      image: 'passed',
      toolkit: 'unknown',
      started: 'failed',
      libcuda: 'not-reached',
    });
    expect(states(image(pairFacts(), { basis: 'prediction' }))).toMatchObject({
      engine: 'passed',
      image: 'none',
      requested: 'none',
      toolkit: 'none',
      driver: 'passed',
      version: 'passed',
      started: 'none',
      libcuda: 'none',
      gpus: 'none',
    });
  });

  it('of a scan say nothing about GPUs that nobody asked for', () => {
    const probe = {
      started: true,
      complete: true,
      requestedGpus: 0,
      libcuda: { origin: 'absent' },
    };
    const facts = pairFacts({ probe: { ...probe, runtime: { version: '12.8', code: 35 } } });
    const found = states(
      image({ ...facts, image: { ...facts.image, libraries: [] } }, { basis: 'scan' }),
    );
    expect(found).toMatchObject({
      requested: 'none',
      toolkit: 'none',
      started: 'passed',
      libcuda: 'none',
      gpus: 'none',
      libraries: 'passed',
    });
  });

  it.each([
    ['host', 'passed'],
    ['compat', 'passed'],
    ['stub', 'failed'],
    ['empty', 'failed'],
    ['absent', 'failed'],
    ['image', 'unknown'],
    ['something new', 'unknown'],
  ])('libcuda from %s: %s', (origin, state) => {
    expect(step(ran({ libcuda: { origin } }), 'libcuda')[0]).toBe(state);
  });

  it('say how cuInit ended', () => {
    const ended = (init: NonNullable<Facts['probe']>['init'] & object) =>
      step(ran({ init }), 'gpus');
    expect(ended({ code: 803 })).toEqual([
      'failed',
      'cuInit: 803 CUDA_ERROR_SYSTEM_DRIVER_MISMATCH',
    ]);
    expect(ended({ timedOut: true })).toEqual(['failed', 'cuInit: did not return']);
    expect(ended({ signal: 'SIGSEGV' })).toEqual(['failed', 'cuInit: ended by SIGSEGV']);
    expect(ended({})[0]).toBe('unknown');
  });

  it('count the GPUs that gave the right result, and name the first that did not', () => {
    const [first, second] = gpus;
    if (first === undefined || second === undefined) throw new Error('two GPUs');
    const kernels = (kernel: Parameters<typeof probeGpu>[1]) =>
      step(ran({ gpus: [probeGpu(first), probeGpu(second, kernel)] }), 'gpus');
    expect(kernels({ code: 0, correct: true })).toEqual([
      'passed',
      'test kernel right on 2 of 2 GPUs',
    ]);
    expect(kernels({ code: 0, correct: false, wrongElements: 3 })).toEqual([
      'failed',
      'test kernel right on 1 of 2 GPUs; GPU 1: wrong result (3 elements)',
    ]);
    expect(kernels({ code: 209, call: 'cuModuleLoadData' })).toEqual([
      'failed',
      'test kernel right on 1 of 2 GPUs; GPU 1: cuModuleLoadData 209 CUDA_ERROR_NO_BINARY_FOR_GPU',
    ]);
    expect(kernels({ code: 0 })[0]).toBe('unknown');
    expect(step(ran({ gpus: [probeGpu(first), { index: 1 }] }), 'gpus')[0]).toBe('unknown');
  });

  it('fail where a finding says so although the step passed', () => {
    const found = [finding('driver-too-old', { title: 't', why: 'w' })];
    expect(step(ran({}), 'version', { findings: found })[0]).toBe('failed');
    const note = [finding('driver-too-old', { title: 't', why: 'w', severity: 'notice' })];
    expect(step(ran({}), 'version', { findings: note, primary: null, verdict: 'works' })[0]).toBe(
      'passed',
    );
  });

  it('do not take an unknown version for a good one', () => {
    const facts = ran({});
    expect(step({ ...facts, host: {}, probe: {} }, 'version')[0]).toBe('unknown');
    expect(step({ ...facts, host: {}, probe: {} }, 'driver')[0]).toBe('unknown');
    expect(step({ ...facts, image: {} }, 'version')[0]).toBe('unknown');
    const unchecked = [{ what: 'driver against the CUDA version', why: 'no table knows it' }];
    expect(step(facts, 'version', { unchecked })[0]).toBe('unknown');
  });

  it('show frameworks, missing libraries and versions that differ', () => {
    const facts = ran({
      frameworks: [
        {
          name: 'torch',
          version: '2.9.0',
          available: true,
          devices: [{ index: 0, correct: true }],
        },
      ],
    });
    const full: Facts = {
      ...facts,
      image: {
        ...facts.image,
        frameworks: [
          { name: 'torch', version: '2.9.0', cuda: '12.8', targets: ['sm_80'] },
          { name: 'tensorflow', version: '2.19.0', cuda: null },
        ],
        libraries: [
          { name: 'cudart', version: '12.4.127' },
          { name: 'cudart', version: '12.8.90' },
          { name: 'cublas', version: '12.8.4' },
        ],
        missingLibraries: [{ soname: 'libcudnn.so.9', neededBy: '/x/libtorch_cuda.so' }],
      },
    };
    expect(step(full, 'build')).toEqual([
      'passed',
      'torch 2.9.0 for CUDA 12.8, tensorflow 2.19.0 for the CPU',
    ]);
    expect(step(full, 'conflict')).toEqual(['passed', 'cudart 12.4.127 and 12.8.90']);
    expect(step(full, 'libraries')).toEqual([
      'unknown',
      'CUDA runtime 12.8; libcudnn.so.9 not found',
    ]);
    expect(step(full, 'code')).toEqual(['passed', 'sm_80']);
    expect(step(full, 'compute')).toEqual(['passed', 'torch 2.9.0']);
    const untested = { ...full, probe: { ...full.probe, frameworks: [{ name: 'torch' }] } };
    expect(step(untested, 'compute')[0]).toBe('unknown');
  });
});

describe('the cause', () => {
  const failing = FINDING_IDS.filter((id) => CATALOGUE[id].verdict !== 'works');

  it.each(failing)('%s lies on exactly one step, which failed and ends the way', (id) => {
    for (const facts of [ran({}), pairFacts({ failure: { stage: 'start', text: 'x' } })]) {
      const path = diagnosisPath(
        image(facts, { findings: [finding(id, { title: 't', why: 'w' })] }),
      );
      const causes = path.filter(({ cause }) => cause);
      expect(causes.map(({ state, taken }) => [state, taken])).toEqual([['failed', true]]);
      const at = path.findIndex(({ cause }) => cause);
      expect(path.map(({ taken }) => taken)).toEqual(path.map((_, place) => place <= at));
    }
  });

  it.each([
    ['unrecognised', { stage: 'pull' as const }, 'image'],
    ['unrecognised', { stage: 'start' as const }, 'started'],
    ['engine-unreachable', { stage: 'pull' as const }, 'engine'],
  ] as const)('%s after %j lies at %s', (id, failure, where) => {
    const facts = pairFacts({ failure: { ...failure, text: 'x' } });
    const path = diagnosisPath(image(facts, { findings: [finding(id, { title: 't', why: 'w' })] }));
    expect(path.find(({ cause }) => cause)?.id).toBe(where);
    const after = path.slice(path.findIndex(({ cause }) => cause) + 1);
    expect(after.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  it.each([
    [{ started: false }, 'started'],
    [{ started: true }, 'libcuda'],
    [{ started: true, libcuda: { origin: 'host' } }, 'gpus'],
    [{ started: true, init: { code: 0 }, gpus: [{ index: 0 }] }, 'gpus'],
    [{ started: true, init: { code: 0 } }, 'libraries'],
    [{ started: true, init: { code: 0 }, runtime: { code: 0 } }, 'compute'],
  ])('of a probe that stopped (%j) is the step that has no end: %s', (probe, where) => {
    const facts = pairFacts({ probe });
    const found = [finding('probe-timed-out', { title: 't', why: 'w' })];
    expect(diagnosisPath(image(facts, { findings: found })).find(({ cause }) => cause)?.id).toBe(
      where,
    );
  });

  it('of a runner that works in part lies where that of the other GPUs does', () => {
    const part = finding('gpu-partly-covered', { title: 't', why: 'w' });
    const found = [
      { ...part, data: { notes: ['no-kernel-for-gpu'] } },
      finding('no-kernel-for-gpu', { title: 't', why: 'w' }),
    ];
    expect(diagnosisPath(image(ran({}), { findings: found })).find(({ cause }) => cause)?.id).toBe(
      'code',
    );
  });

  it('of an id that a later release brings is shown all the same', () => {
    const known = image(ran({}), {
      findings: [finding('driver-too-old', { title: 't', why: 'w' })],
    });
    const id = 'brand-new' as 'driver-too-old';
    const one = {
      ...known,
      primary: id,
      findings: known.findings.map((found) => ({ ...found, id })),
    };
    expect(diagnosisPath(one).filter(({ cause }) => cause)).toHaveLength(1);
  });
});

describe('the chart', () => {
  it('has every step in one row', () => {
    expect(STAGES.flatMap(({ steps }) => steps)).toEqual([...STEP_IDS]);
  });

  it.each(Object.entries(EXAMPLES))('%s: a node a step, thick lines up to the end', (_, make) => {
    for (const one of make().images) {
      const path = diagnosisPath(one);
      const chart = pathChart(path);
      const nodes = chart.match(/^ {4}\w+\["/gm) ?? [];
      expect(nodes).toHaveLength(STEP_IDS.length);
      const taken = path.filter((step) => step.taken).length;
      expect(chart.match(/==>/g)?.length ?? 0).toBe(Math.max(0, taken - 1));
      expect(chart.length).toBeLessThan(10_000);
    }
  });

  it('is the same chart with other words, whatever comes from outside', () => {
    const shape = (chart: string) => chart.replace(/"[^"\n]*"/g, '""');
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(EXAMPLES)),
        hostileText().map((text) => `${text}é`),
        (make, text) => {
          for (const one of withTexts(make(), text, text).images) {
            const chart = pathChart(diagnosisPath(one));
            const lines = chart.split('\n');
            expect(lines[0]).toBe('```mermaid');
            expect(lines.indexOf('```')).toBe(lines.length - 1);
            for (const line of lines.slice(1, -1))
              expect(shape(line)).toMatch(
                /^(?:flowchart TB| {2}subgraph s\d\[""\]| {4}direction LR| {2}end| {4}\w+\[""\]:::[\w-]+| {2,4}\w+ (?:==>|-\.->) \w+| {2}(?:classDef [\w-]+|style s\d) [\w:#,\- ]+)$/,
              );
            for (const [label] of chart.matchAll(/"[^"\n]*"/g))
              expect(
                label
                  .slice(1, -1)
                  .replace(/^[✓✗?–] /, '')
                  .replaceAll('<br/>', '')
                  .replace(/#\d+;/g, ''),
              ).not.toMatch(/[!-/:-@[-`{-~]/);
            expect(chart.length).toBeLessThan(10_000);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('asks a question at each step', () => {
    for (const question of Object.values(QUESTIONS)) expect(question).toMatch(/\?$/);
  });
});

describe('simulated GPUs', () => {
  it('are called simulated in the verdict, the table and a line of their own', () => {
    const lab = numbered([simulated(A100)]);
    const facts = pairFacts({ gpus: lab, probe: goodProbe(lab) });
    expect(isSimulated(facts)).toBe(true);
    expect(headline(report([image(facts)])).reason).toContain('on the simulated GPU');
    expect(isSimulated(ran({}))).toBe(false);
  });
});

describe('the headline', () => {
  it('puts the worst image first and keeps the order of equals', () => {
    const images = EXAMPLES['ten-images']?.().images ?? [];
    expect(worstFirst(images).map(({ verdict }) => verdict)).toEqual([
      'fails',
      'fails',
      'unknown',
      ...Array.from({ length: 7 }, () => 'works'),
    ]);
    expect(worstFirst(images)[3]?.reference).toBe('registry.example.com/team/service-1:1.1');
  });

  it('claims for all images only what holds for all', () => {
    const good = image(ran({}));
    const claim = (images: ImageReport[]) => headline(report(images)).claim;
    expect(claim([good])).toBe('works');
    expect(claim([good, good])).toBe('works for all 2 images');
    expect(claim([good, { ...good, verdict: 'unknown' }])).toBe('could not tell for 1 of 2 images');
    expect(claim([good, { ...good, verdict: 'unknown' }, { ...good, verdict: 'fails' }])).toBe(
      'fails for 1 of 3 images, could not tell for 1',
    );
  });

  it('says what the verdict rests on', () => {
    const facts = ran({});
    const said = (basis: ImageReport['basis']) =>
      headline(report([image(facts, { basis })])).reason;
    expect(said('probe')).toBe(
      'CUDA 12.8.1 on driver 580.65.06: the test kernel gave the right result on both GPUs',
    );
    expect(said('prediction')).toBe(
      'CUDA 12.8.1 on driver 580.65.06 fits by the version tables; nothing ran',
    );
    expect(said('scan')).toBe(
      'CUDA 12.8.1 on driver 580.65.06 fits by the version tables; nothing ran',
    );
    const read = { ...facts, image: { ...facts.image, files: { complete: true } } };
    expect(headline(report([image(read, { basis: 'scan' })])).reason).toBe(
      "CUDA 12.8.1 on driver 580.65.06 fits by the image's files; nothing ran on a GPU",
    );
  });
});

describe('a scan', () => {
  const probe = {
    started: true,
    complete: true,
    requestedGpus: 0,
    libcuda: { origin: 'absent', error: 'libcuda.so.1: cannot open shared object file' },
    nvml: { error: 'libnvidia-ml.so.1: cannot open shared object file' },
    frameworks: [{ name: 'torch', available: false }],
  };
  const scanned = (facts: ReturnType<typeof ran>, rest: Partial<ImageReport> = {}) =>
    image({ ...facts, probe }, { basis: 'scan', ...rest });

  it('has no state of what needs a GPU', () => {
    const states = diagnosisPath(scanned(ran({}))).map(({ id, state }) => [id, state]);
    expect(Object.fromEntries(states)).toMatchObject({
      started: 'passed',
      libcuda: 'none',
      gpus: 'none',
      libraries: 'none',
      compute: 'none',
    });
  });

  it('says that nothing ran on a GPU, and how far the files were read', () => {
    const words = (rest: ImageReport['facts']['image']) => {
      const one = scanned({ ...ran({}), image: { ...rest } });
      return basisWords('scan', one);
    };
    expect(words({ files: { complete: true } })).toBe(
      "scan: the image's files were read; nothing ran on a GPU",
    );
    expect(words({ files: { complete: false } })).toContain('read in part');
    expect(words({})).toContain('not read');
    const failed = { ...scanned(ran({})), facts: { ...ran({}), failure: { text: 'no' } } };
    expect(basisWords('scan', failed)).toContain('could not be read');
  });

  it('asks for the runner where none is named', () => {
    const { host: _host, ...facts } = ran({});
    const { reason, next } = headline(
      report([scanned(facts, { verdict: 'unknown', primary: null, findings: [] })]),
    );
    expect(reason).toContain('nothing is known of the runner');
    expect(next[0]?.text).toContain('--driver');
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 B', '0 B'],
    [999, '999 B', '999 B'],
    [67_108_864, '67.1 MB', '64 MiB'],
    [9_123_456_789, '9.1 GB', '8.5 GiB'],
    [2 ** 60, '1152922 TB', '1048576 TiB'],
  ])('%i', (bytes, decimal, binary) => {
    expect(size(bytes)).toBe(decimal);
    expect(memory(bytes)).toBe(binary);
  });
});

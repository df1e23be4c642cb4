import type { FindingId } from './catalogue.js';
import { commonData, dataOf, hostEvidence, type LooseData } from './evidence.js';
import type { ProbeFacts, ProbeFramework, ProbeGpu, ProbeStep } from './facts.js';
import type { Evidence, Finding } from './finding.js';
import { fellBack, isBeside, pythonEvidence } from './framework-test.js';
import { missingGpus } from './gpu-count.js';
import type { GpuView } from './host-view.js';
import { INIT_CODES, KERNEL_CODES } from './observed-codes.js';
import type { Situation } from './situation.js';
import { untested } from './unanswered.js';

/** What the probe saw fail, step by step: a failed step is a failure with its own cause, whatever the tables say. */
export interface Observed extends Finding {
  /** The GPUs that it was seen on; absent when it does not depend on the GPU, or when one of them is none of the host's. */
  readonly gpus?: readonly GpuView[];
}

export function observe(situation: Situation): readonly Observed[] {
  const { probe } = situation;
  if (probe === undefined) return [];
  return [
    ...libcudaSeen(probe, situation),
    ...nvmlSeen(probe),
    ...initSeen(probe, situation),
    ...gpusSeen(probe, situation),
    ...runtimeSeen(probe, situation),
    ...frameworksSeen(probe, situation),
    ...endSeen(probe, situation),
    ...startSeen(probe, situation),
    ...gapsSeen(probe, situation),
  ];
}

function found(
  id: FindingId,
  evidence: readonly Evidence[],
  data: LooseData = {},
  gpus?: readonly GpuView[],
): Observed {
  return {
    id,
    severity: 'error',
    evidence,
    data: dataOf(data),
    ...(gpus === undefined ? {} : { gpus }),
  };
}

const saw = (what: string, value: string): Evidence => ({ what, value, from: 'probe' });

function libcudaSeen(probe: ProbeFacts, situation: Situation): Observed[] {
  const { libcuda } = probe;
  const path = { path: libcuda?.path };
  const evidence = [saw('libcuda in the container', libcuda?.path ?? libcuda?.origin ?? '')];
  switch (libcuda?.origin) {
    case 'stub':
      return [found('stub-driver-library-loaded', evidence, path)];
    case 'empty':
    case 'image':
      return [found('driver-files-in-image', evidence, path)];
    case 'absent':
      // Without a driver on the host, or where none was asked for (a scan), its absence says nothing.
      return situation.host.driver.known && probe.started !== undefined
        ? [found('gpu-not-requested', evidence, {})]
        : [];
    default:
      return [];
  }
}

function initSeen(probe: ProbeFacts, situation: Situation): Observed[] {
  return stepSeen('cuInit in the container', 'init', probe.init, situation);
}

const NO_DRIVER_LIBRARY: ReadonlySet<string> = new Set(['absent', 'empty', 'stub', 'image']);

function runtimeSeen(probe: ProbeFacts, situation: Situation): Observed[] {
  const { runtime } = probe;
  // What cuInit said already comes back from the runtime: it is not a second finding.
  if (runtime?.code !== undefined && runtime.code === probe.init?.code) return [];
  // Without a driver library of its own the runtime says 35 whatever the host's driver is.
  if (NO_DRIVER_LIBRARY.has(probe.libcuda?.origin ?? '')) return [];
  return stepSeen("cudaGetDeviceCount of the image's libcudart", 'runtime', runtime, situation);
}

function stepSeen(
  what: string,
  step: string,
  result: ProbeStep | undefined,
  situation: Situation,
): Observed[] {
  if (result === undefined || result.code === 0) return [];
  if (result.timedOut === true) {
    return [found('probe-timed-out', [saw(what, 'did not return')], { step })];
  }
  if (result.signal !== undefined) {
    return [
      found(signalled(result.signal), [saw(what, `ended by ${result.signal}`)], {
        step,
        text: result.signal,
      }),
    ];
  }
  if (result.code === undefined) return [];
  const evidence = [saw(what, codeText(result.code, situation)), ...hostEvidence(situation)];
  const id = result.code === 803 ? mismatchOf(situation) : INIT_CODES[result.code];
  const data = { ...commonData(situation), code: result.code, step, text: result.error };
  return [found(id ?? 'unrecognised', evidence, data)];
}

/** A step that was killed from outside; a crash of its own has no name in the catalogue. */
const signalled = (signal: string): FindingId =>
  signal === 'SIGKILL' ? 'probe-killed' : 'unrecognised';

/** 803: the compat library on a newer host, on a branch that it is not for, or a driver upgraded without a restart. */
function mismatchOf(situation: Situation): FindingId {
  const choice = situation.libcuda();
  if (choice.from !== 'compat') return 'driver-library-mismatch';
  return situation.compat()?.kind === 'host-newer'
    ? 'compat-library-shadows-driver'
    : 'forward-compatibility-unsupported';
}

function codeText(code: number, { tables }: Situation): string {
  const { driverCodes, runtimeCodes } = tables.knowledge;
  const row = [...driverCodes.rows, ...runtimeCodes.rows].find((one) => one.code === code);
  return row === undefined ? String(code) : `${code} (${row.name})`;
}

/** NVML's own codes; 999 is its unknown error: the container's devices were taken away, for example by a reload of daemons. */
const NVML_CODES: Readonly<Record<number, FindingId>> = {
  4: 'gpu-device-permission-denied',
  9: 'driver-not-loaded',
  15: 'gpu-lost',
  18: 'driver-library-mismatch',
  999: 'gpu-device-access-lost',
};

function nvmlSeen(probe: ProbeFacts): Observed[] {
  const code = probe.nvml?.code;
  const id = code === undefined ? undefined : NVML_CODES[code];
  // Programs that compute need no NVML: where CUDA came up, its error is another's trouble.
  if (code === undefined || id === undefined || probe.init?.code === 0) return [];
  return [found(id, [saw('nvmlInit in the container', String(code))], { code, step: 'nvml' })];
}

function gpusSeen(probe: ProbeFacts, situation: Situation): Observed[] {
  const gpus = probe.gpus ?? [];
  const wrong = gpus.filter((gpu) => gpu.kernel?.correct === false);
  const byId = new Map<FindingId, ProbeGpu[]>();
  for (const gpu of gpus) {
    const id = wrong.includes(gpu) ? undefined : kernelFailure(gpu);
    if (id !== undefined) byId.set(id, [...(byId.get(id) ?? []), gpu]);
  }
  const results: Observed[] = [];
  if (wrong.length > 0) {
    results.push(
      found(
        'gpu-result-wrong',
        wrong.map((gpu) =>
          saw(kernelOn(gpu, situation), `${gpu.kernel?.wrongElements ?? 'some'} wrong results`),
        ),
        { gpus: wrong.map((gpu) => labelOf(gpu, situation)) },
      ),
    );
  }
  for (const [id, list] of byId) {
    const code = list[0]?.kernel?.code;
    results.push(
      found(
        id,
        list.map((gpu) => saw(kernelOn(gpu, situation), kernelText(gpu, situation))),
        {
          ...commonData(situation),
          gpus: list.map((gpu) => labelOf(gpu, situation)),
          code,
          step: 'kernel',
        },
        viewsOf(list, situation),
      ),
    );
  }
  const missing = missingGpus(probe, situation);
  return missing === undefined
    ? results
    : [...results, found('gpu-count-mismatch', missing.evidence, missing.data)];
}

function kernelFailure(gpu: ProbeGpu): FindingId | undefined {
  const { kernel } = gpu;
  if (kernel === undefined || kernel.code === 0) return undefined;
  if (kernel.timedOut === true) return 'probe-timed-out';
  if (kernel.signal !== undefined) return signalled(kernel.signal);
  if (kernel.code === undefined) return undefined;
  return KERNEL_CODES[kernel.code] ?? 'unrecognised';
}

function kernelText(gpu: ProbeGpu, situation: Situation): string {
  const { kernel } = gpu;
  const code =
    kernel?.code === undefined ? (kernel?.signal ?? 'no answer') : codeText(kernel.code, situation);
  return kernel?.call === undefined ? code : `${kernel.call}: ${code}`;
}

const labelOf = (gpu: Pick<ProbeGpu, 'index' | 'name'>, situation: Situation): string =>
  situation.gpuInContainer(gpu.index)?.label ?? `${gpu.index}: ${gpu.name ?? 'GPU'}`;

const kernelOn = ({ index }: ProbeGpu, situation: Situation): string =>
  `kernel on GPU ${runnerIndex(index, situation)}`;

/** The number that the runner gives the GPU which CUDA counts as this one in the container. */
const runnerIndex = (index: number, situation: Situation): number =>
  situation.gpuInContainer(index)?.index ?? index;

function viewsOf(gpus: readonly ProbeGpu[], situation: Situation): readonly GpuView[] | undefined {
  const views = gpus.flatMap(({ index }) => situation.gpuInContainer(index) ?? []);
  return views.length === gpus.length ? views : undefined;
}

function frameworksSeen(probe: ProbeFacts, situation: Situation): Observed[] {
  return (probe.frameworks ?? []).flatMap((framework) => {
    if (framework.untested === true) return [];
    const seen = frameworkSeen(framework, situation).map((one) => ({
      ...one,
      evidence: [...one.evidence, ...pythonEvidence(framework)],
    }));
    return isBeside(framework, situation.facts)
      ? seen.map((one) => ({ ...one, severity: 'warning' as const }))
      : seen;
  });
}

function frameworkSeen(framework: ProbeFramework, situation: Situation): Observed[] {
  const { name, version, stage } = framework;
  const data = { framework: name, frameworkVersion: version };
  const step = stage === undefined ? `test of ${name}` : `${stage} of ${name}`;
  const results: Observed[] = [];
  const wrong = (framework.devices ?? []).filter(
    (one) => one.correct === false && (one.error ?? '') === '',
  );
  if (wrong.length > 0) {
    const value = wrong.map((one) => `GPU ${runnerIndex(one.index, situation)}`).join(', ');
    results.push(
      found('gpu-result-wrong', [saw(`computation of ${name}`, `wrong on ${value}`)], {
        ...data,
        gpus: wrong.map((one) => labelOf(one, situation)),
      }),
    );
  }
  if (framework.nccl?.correct === false) {
    const evidence = [saw(`all-reduce of ${name} over all GPUs`, 'wrong result')];
    results.push(found('peer-to-peer-broken', evidence, data));
  }
  if (framework.timedOut === true) {
    results.push(found('probe-timed-out', [saw(step, 'did not end')], { ...data, step }));
  }
  if (framework.signal === 'SIGKILL') {
    const evidence = [saw(step, 'ended by SIGKILL')];
    results.push(found('probe-killed', evidence, { ...data, step, text: framework.signal }));
  }
  if (fellBack(framework) && situation.seen.initialised) {
    const evidence = [saw(`${name} says that it can use a GPU`, 'no')];
    const failed = framework.devices?.find(({ error }) => typeof error === 'string');
    const text = framework.error ?? failed?.error ?? undefined;
    results.push(found('framework-cpu-fallback', evidence, { ...data, text }));
  }
  return results;
}

/** The container did not start, and nobody said why. */
function startSeen(probe: ProbeFacts, situation: Situation): Observed[] {
  if (probe.started !== false || probe.timedOut === true) return [];
  if (situation.facts.failure !== undefined) return [];
  return [found('unrecognised', [saw('probe', 'did not start')], { step: 'start' })];
}

/** A probe that came to its end without an answer of every step; a run with a failure has told it in that failure's words. */
function gapsSeen(probe: ProbeFacts, situation: Situation): Observed[] {
  if (probe.complete !== true || situation.facts.failure !== undefined) return [];
  const text = untested(probe);
  return text === undefined ? [] : [found('unrecognised', [saw('probe', text)], { text })];
}

function endSeen(probe: ProbeFacts, { facts }: Situation): Observed[] {
  if (probe.outOfMemory === true || probe.killedBy !== undefined) {
    const value = probe.outOfMemory === true ? 'out of memory' : `ended by ${probe.killedBy}`;
    return [found('probe-killed', [saw('probe', value)], { step: probe.lastStep })];
  }
  if (probe.timedOut !== true) return [];
  if (probe.started === false) {
    // The engine's own words about a start that did not end are recognised as a text.
    return facts.failure === undefined
      ? [found('probe-not-reached', [saw('first line of the probe', 'it never came')])]
      : [];
  }
  return [
    found('probe-timed-out', [saw('probe', `no answer in step ${probe.lastStep ?? 'unknown'}`)], {
      step: probe.lastStep,
    }),
  ];
}

import type { FindingId } from '../core/catalogue.js';
import type { Facts, ImageFacts, ProbeGpu, ProbeStep } from '../core/facts.js';
import { runtimesOf } from '../core/image-view.js';
import { isScan } from '../core/scan.js';
import { driverResult, runtimeResult } from './cuda-codes.js';
import type { ImageReport } from './report.js';

/** `none`: this run had nothing to look at, for example no CUDA runtime in the image; `not-reached`: an earlier step ended the run. */
export type CheckState = 'passed' | 'failed' | 'unknown' | 'not-reached' | 'none';

export type CheckId =
  | 'pulled'
  | 'started'
  | 'driver'
  | 'libcuda'
  | 'init'
  | 'kernel'
  | 'runtime'
  | 'code'
  | 'frameworks';

export interface Check {
  readonly id: CheckId;
  readonly state: CheckState;
  /** What was seen, in a few words; may hold outside text. */
  readonly text: string;
  /** The same where a column is narrow; left out, the mark alone says it when the check passed. */
  readonly brief?: string;
}

export const CHECK_LABELS: Readonly<Record<CheckId, string>> = {
  pulled: 'Pulled',
  started: 'Started',
  driver: 'Driver for its CUDA',
  libcuda: 'libcuda',
  init: 'cuInit',
  kernel: 'Kernel on every GPU',
  runtime: "Image's CUDA runtime",
  code: "Image's GPU code",
  frameworks: 'Frameworks',
};

/** Labels of narrow columns. */
export const BRIEF_LABELS: Readonly<Record<CheckId, string>> = {
  ...CHECK_LABELS,
  driver: 'Driver for CUDA',
  kernel: 'Kernel',
  runtime: 'Runtime',
  code: 'GPU code',
};

/** Causes that the tables or the image's files show although each step of the probe passed. */
const FAILS_CHECK: Partial<Record<FindingId, CheckId>> = {
  'driver-too-old': 'driver',
  'requirement-unmet': 'driver',
  'driver-not-installed': 'driver',
  'driver-not-loaded': 'driver',
  'driver-library-mismatch': 'driver',
  'gpu-unsupported-by-driver': 'driver',
  'open-kernel-module-required': 'driver',
  'jetson-l4t-mismatch': 'driver',
  'compat-library-shadows-driver': 'libcuda',
  'compat-library-not-used': 'libcuda',
  'forward-compatibility-unsupported': 'libcuda',
  'stub-driver-library-loaded': 'libcuda',
  'driver-files-in-image': 'libcuda',
  'no-kernel-for-gpu': 'code',
  'ptx-too-new': 'code',
  'gpu-architecture-dropped': 'code',
  'cuda-library-missing': 'frameworks',
  'cuda-library-conflict': 'frameworks',
  'framework-cpu-only': 'frameworks',
  'framework-cpu-fallback': 'frameworks',
  'framework-cuda-mismatch': 'frameworks',
  'cudnn-mismatch': 'frameworks',
};

/** What was checked for one image, in the order of the run: always all of them, each with its state. */
export function checks(image: ImageReport): Check[] {
  const causes = new Map(
    image.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ id }) => [FAILS_CHECK[id], id]),
  );
  return fromFacts(image).map((check) => {
    const cause = causes.get(check.id);
    return cause === undefined || check.state === 'failed'
      ? check
      : { ...check, state: 'failed', text: check.text || cause };
  });
}

function fromFacts(image: ImageReport): Check[] {
  const { facts } = image;
  // What a scan's container says of driver and GPUs is what every container without GPUs says.
  const ran = facts.probe?.started === true && !isScan(facts.probe);
  return [
    pulled(image),
    started(image),
    driver(facts),
    ran ? libcuda(facts) : skipped('libcuda', image),
    ran ? init(facts) : skipped('init', image),
    ran ? kernel(facts) : skipped('kernel', image),
    ran ? runtime(facts) : skipped('runtime', image),
    code(facts),
    frameworks(facts),
  ];
}

const skipped = (id: CheckId, { basis, facts }: ImageReport): Check => ({
  id,
  state:
    basis !== 'probe' || isScan(facts.probe)
      ? 'none'
      : facts.failure || facts.probe
        ? 'not-reached'
        : 'unknown',
  text: '',
});

function pulled({ basis, digest, facts }: ImageReport): Check {
  const { compressedBytes, sizeBytes } = facts.image ?? {};
  const bytes = compressedBytes ?? sizeBytes;
  const text = bytes === undefined ? '' : size(bytes);
  const id = 'pulled';
  if (facts.failure?.stage === 'pull') return { id, state: 'failed', text: exit(facts) };
  if (facts.failure !== undefined || facts.probe !== undefined)
    return { id, state: 'passed', text };
  if (basis === 'prediction' || basis === 'text') return { id, state: 'none', text: '' };
  return { id, state: digest === undefined ? 'unknown' : 'passed', text };
}

function started({ basis, facts }: ImageReport): Check {
  const id = 'started';
  if (facts.probe?.started === true) return { id, state: 'passed', text: '' };
  const stage = facts.failure?.stage;
  if (stage === 'pull') return { id, state: 'not-reached', text: '' };
  if (stage !== undefined) return { id, state: 'failed', text: exit(facts) };
  if (facts.probe?.started === false) return { id, state: 'failed', text: '' };
  return { id, state: basis === 'probe' ? 'unknown' : 'none', text: '' };
}

const exit = ({ failure }: Facts): string =>
  failure?.exitCode === undefined ? '' : `exit ${failure.exitCode}`;

function driver(facts: Facts): Check {
  const version = driverVersion(facts);
  const cuda = imageCuda(facts);
  const serves = facts.host?.driver?.cuda;
  const text = [
    version === undefined ? '' : `${version}${serves === undefined ? '' : ` (CUDA ${serves})`}`,
    cuda === undefined ? '' : `image: CUDA ${cuda}`,
  ];
  return {
    id: 'driver',
    state: version === undefined || cuda === undefined ? 'unknown' : 'passed',
    text: text.filter(Boolean).join(', '),
    brief: cuda ?? '',
  };
}

const ORIGINS: Readonly<Record<string, readonly [CheckState, string]>> = {
  host: ['passed', "the runner's"],
  compat: ['passed', "the image's compat package"],
  stub: ['failed', "the toolkit's stub"],
  image: ['unknown', 'a file of the image'],
  empty: ['failed', 'a file of zero bytes'],
  absent: ['failed', 'not found'],
};

function libcuda({ probe }: Facts): Check {
  const found = probe?.libcuda;
  const [state, text] = ORIGINS[found?.origin ?? ''] ?? ['unknown', found?.origin ?? ''];
  return {
    id: 'libcuda',
    state,
    text: found?.cuda === undefined ? text : `${text}, CUDA ${found.cuda}`,
  };
}

function init({ probe }: Facts): Check {
  const step = probe?.init;
  if (step === undefined) return { id: 'init', state: 'not-reached', text: '' };
  return { id: 'init', state: stepState(step), text: stepText(step, driverResult) || 'succeeded' };
}

function kernel(facts: Facts): Check {
  const id = 'kernel';
  const gpus = facts.probe?.gpus ?? [];
  if (gpus.length === 0)
    return { id, state: facts.probe?.init?.code === 0 ? 'unknown' : 'not-reached', text: '' };
  const right = gpus.filter(kernelPassed);
  const wrong = gpus.filter((gpu) => kernelState(gpu) === 'failed');
  const kind = `${isSimulated(facts) ? 'simulated ' : ''}GPU${gpus.length === 1 ? '' : 's'}`;
  const count = `${right.length} of ${gpus.length} ${kind}`;
  const first = wrong[0];
  return {
    id,
    state: wrong.length > 0 ? 'failed' : right.length === gpus.length ? 'passed' : 'unknown',
    brief: `${right.length}/${gpus.length}`,
    text: first === undefined ? count : `${count}; GPU ${first.index}: ${kernelText(first)}`,
  };
}

/** Whether a GPU ran the kernel and every element of the result was right. */
export const kernelPassed = (gpu: ProbeGpu): boolean => kernelState(gpu) === 'passed';

function kernelState({ kernel }: ProbeGpu): CheckState {
  if (kernel === undefined) return 'unknown';
  if (kernel.correct === false) return 'failed';
  // A result that nobody compared proves nothing.
  if (kernel.code === 0) return kernel.correct === true ? 'passed' : 'unknown';
  return stepState(kernel);
}

/** How the kernel ended on a GPU, in a few words. */
export function kernelText({ kernel }: ProbeGpu): string {
  if (kernel === undefined) return 'not reached';
  if (kernel.code === 0 && kernel.correct === false)
    return kernel.wrongElements === undefined
      ? 'wrong result'
      : `wrong result (${kernel.wrongElements} elements)`;
  if (kernel.code === 0) return kernel.correct === true ? 'right result' : 'result not compared';
  const call = kernel.call === undefined ? '' : `${kernel.call} `;
  return call + stepText(kernel, driverResult);
}

function runtime({ probe }: Facts): Check {
  const step = probe?.runtime;
  const id = 'runtime';
  if (step === undefined)
    return probe?.complete === true
      ? { id, state: 'none', text: 'none in the image' }
      : { id, state: 'not-reached', text: '' };
  const version = step.version === undefined ? '' : `CUDA ${step.version}`;
  const text = step.code === 0 ? '' : stepText(step, runtimeResult);
  return {
    id,
    state: stepState(step),
    text: [version, text].filter(Boolean).join(': '),
    ...(step.code === undefined ? {} : { brief: step.code === 0 ? '' : `${step.code}` }),
  };
}

function code({ image }: Facts): Check {
  const files = image?.deviceCode ?? [];
  const targets = new Set([
    ...files.flatMap(({ cubins, ptx }) => [
      ...(cubins ?? []),
      ...(ptx ?? []).map(({ target }) => target),
    ]),
    ...(image?.frameworks ?? []).flatMap((framework) => framework.targets ?? []),
  ]);
  return {
    id: 'code',
    state: targets.size === 0 ? 'none' : 'passed',
    text: [...targets].slice(0, 12).join(' ') + (targets.size > 12 ? ' …' : ''),
  };
}

function frameworks({ probe }: Facts): Check {
  const tested = isScan(probe) ? [] : (probe?.frameworks ?? []);
  const failed = tested.filter(
    ({ available, error, timedOut, devices }) =>
      available === false ||
      timedOut === true ||
      typeof error === 'string' ||
      (devices ?? []).some(
        (device) => device.correct === false || typeof device.error === 'string',
      ),
  );
  return {
    id: 'frameworks',
    state: tested.length === 0 ? 'none' : failed.length > 0 ? 'failed' : 'passed',
    text: (failed.length > 0 ? failed : tested)
      .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`))
      .join(', '),
  };
}

const stepState = ({ code, timedOut, signal, error }: ProbeStep): CheckState => {
  if (code === 0) return 'passed';
  return code === undefined && !timedOut && signal === undefined && error === undefined
    ? 'unknown'
    : 'failed';
};

/** How a step of the probe ended; empty when it succeeded. */
export function stepText(step: ProbeStep, result: (code: number) => string): string {
  if (step.code === 0) return '';
  if (step.code !== undefined) return result(step.code);
  if (step.timedOut === true) return 'did not return';
  if (step.signal !== undefined) return `ended by ${step.signal}`;
  return step.error ?? '';
}

/** The driver's version, from the runner or as NVML in the container says. */
export const driverVersion = (facts: Facts): string | undefined =>
  facts.host?.driver?.version ?? facts.probe?.nvml?.driver;

/** The image's CUDA version: as stated, else of its environment, its first framework built with CUDA, its one libcudart. */
export const imageCuda = ({ image }: Facts): string | undefined =>
  image?.cuda ??
  image?.env?.['CUDA_VERSION'] ??
  image?.frameworks?.find(({ cuda }) => typeof cuda === 'string')?.cuda ??
  soleRuntime(image);

function soleRuntime(image: ImageFacts | undefined): string | undefined {
  const runtimes = image === undefined ? [] : runtimesOf(image);
  return runtimes.length === 1 ? runtimes[0]?.raw : undefined;
}

const SIMULATED = ' (simulated)';

/** Whether a GPU of these facts comes from the lab's simulated driver, which says so in each name. */
export const isSimulated = ({ host, probe }: Facts): boolean =>
  [...(host?.gpus ?? []), ...(probe?.gpus ?? [])].some(({ name }) => name?.endsWith(SIMULATED));

/** Bytes in decimal units, as registries and disks count: `8.5 GB`. */
export const size = (bytes: number): string => inUnits(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);

/** Bytes in binary units, as memory counts: `64 MiB`. */
export const memory = (bytes: number): string =>
  inUnits(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);

function inUnits(bytes: number, step: number, units: readonly string[]): string {
  let value = bytes;
  let power = 0;
  while (value >= step && power < units.length - 1) {
    value /= step;
    power += 1;
  }
  const digits = Number.isInteger(value) || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[power]}`;
}

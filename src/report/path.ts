import { isElsewhere } from '../core/environments.js';
import type { Facts, ImageFramework, ProbeFramework } from '../core/facts.js';
import { normalPlatform } from '../core/host-view.js';
import { isScan } from '../core/scan.js';
import { driverResult, runtimeResult } from './cuda-codes.js';
import {
  driverVersion,
  imageCuda,
  isSimulated,
  kernelPassed,
  kernelState,
  kernelText,
  type StepState,
  size,
  stepState,
  stepText,
} from './readings.js';
import type { ImageReport } from './report.js';
import { STEP_IDS, type StepId, stepOf } from './step-of.js';

/** One question on the way to the cause. */
export interface Step {
  readonly id: StepId;
  readonly state: StepState;
  /** What was seen, in a few words; may hold outside text. */
  readonly text: string;
  /** The same where a column is narrow; left out, the mark alone says it when the step passed. */
  readonly brief?: string;
  /** The leading finding lies here. */
  readonly cause: boolean;
  /** On the way from the start to the cause, or to the last step that was reached when nothing stands in the way. */
  readonly taken: boolean;
}

/** The question of each step: `passed` answers it with yes. */
export const QUESTIONS: Readonly<Record<StepId, string>> = {
  engine: 'Container engine there?',
  image: 'Image there?',
  requested: 'GPUs requested?',
  toolkit: 'GPUs handed over?',
  driver: 'Driver there?',
  version: 'Driver new enough?',
  started: 'Container starts?',
  libcuda: 'Right libcuda loaded?',
  gpus: 'GPUs usable?',
  build: 'Framework built with CUDA?',
  libraries: 'CUDA libraries load?',
  conflict: 'One version of each library?',
  code: 'Code for the GPU?',
  compute: 'Framework computes?',
};

/** Labels of narrow columns. */
export const COLUMN_LABELS: Readonly<Record<StepId, string>> = {
  engine: 'Engine',
  image: 'Pulled',
  requested: 'Requested',
  toolkit: 'Handed over',
  driver: 'Driver',
  version: 'Driver for CUDA',
  started: 'Started',
  libcuda: 'libcuda',
  gpus: 'GPUs',
  build: 'Built with CUDA',
  libraries: 'Libraries',
  conflict: 'Conflicts',
  code: 'GPU code',
  compute: 'Computes',
};

/** What the steps are about, for the chart's rows. */
export const STAGES: readonly { readonly title: string; readonly steps: readonly StepId[] }[] = [
  { title: 'The job', steps: ['engine', 'image', 'requested', 'toolkit'] },
  { title: 'The driver', steps: ['driver', 'version', 'started', 'libcuda', 'gpus'] },
  { title: "The image's CUDA", steps: ['build', 'libraries', 'conflict', 'code', 'compute'] },
];

type Seen = Pick<Step, 'state' | 'text' | 'brief'>;

/**
 * The way a person would have gone, derived from the report alone: every step with what was seen and its state. A finding that
 * stands in the way makes its step fail, also where the step itself saw nothing wrong.
 */
export function diagnosisPath(image: ImageReport): Step[] {
  const failing = new Map(
    image.findings
      .filter(({ severity }) => severity === 'error')
      .map((finding) => [stepOf(image, finding), finding]),
  );
  const lead = image.findings.find(({ id }) => id === image.primary);
  const cause = image.verdict === 'works' || lead === undefined ? undefined : stepOf(image, lead);
  const causeAt = cause === undefined ? -1 : STEP_IDS.indexOf(cause);
  const steps = STEP_IDS.map((id, at) => {
    const seen = SEEN[id](image);
    const finding = id === cause ? lead : failing.get(id);
    if (finding !== undefined)
      return { id, ...seen, state: 'failed' as const, text: seen.text || finding.id };
    // The engine's one failure is told at its cause: what the engine did not come to afterwards did not fail.
    const after = causeAt !== -1 && at > causeAt;
    return after && seen.state === 'failed' && (id === 'image' || id === 'started')
      ? { id, ...seen, state: 'not-reached' as const }
      : { id, ...seen };
  });
  const end = cause === undefined ? lastReached(steps) : causeAt;
  return steps.map((step, at) => ({ ...step, cause: step.id === cause, taken: at <= end }));
}

function lastReached(steps: readonly Pick<Step, 'state'>[]): number {
  const failed = steps.findIndex(({ state }) => state === 'failed');
  if (failed !== -1) return failed;
  return steps.findLastIndex(({ state }) => state === 'passed' || state === 'unknown');
}

const SEEN: Readonly<Record<StepId, (image: ImageReport) => Seen>> = {
  engine,
  image: pulled,
  requested,
  toolkit,
  driver,
  version,
  started,
  libcuda: (image) =>
    ran(image) && !isScan(image.facts.probe) ? libcuda(image.facts) : skipped(image),
  gpus: (image) => (ran(image) && !isScan(image.facts.probe) ? gpus(image.facts) : skipped(image)),
  build,
  libraries,
  conflict,
  code,
  compute,
};

const NOTHING: Seen = { state: 'none', text: '' };
const ran = ({ facts }: ImageReport): boolean => facts.probe?.started === true;

/** A step that only a running container answers. */
const skipped = ({ basis, facts }: ImageReport): Seen => ({
  state:
    basis !== 'probe' || isScan(facts.probe)
      ? 'none'
      : facts.failure || facts.probe
        ? 'not-reached'
        : 'unknown',
  text: '',
});

function engine({ basis, facts }: ImageReport): Seen {
  const { name, version, rootless, remote } = facts.host?.engine ?? {};
  const text = [name, version, rootless === true && '(rootless)', remote === true && '(remote)']
    .filter(Boolean)
    .join(' ');
  if (version !== undefined || ran({ facts } as ImageReport)) return { state: 'passed', text };
  return { state: basis === 'probe' ? 'unknown' : 'none', text };
}

function pulled({ basis, digest, facts }: ImageReport): Seen {
  const { compressedBytes, sizeBytes } = facts.image ?? {};
  const bytes = compressedBytes ?? sizeBytes;
  const { platform } = facts.image ?? {};
  const foreign =
    platform !== undefined &&
    normalPlatform(platform) !== normalPlatform(facts.host?.platform ?? platform);
  const text = [bytes !== undefined && size(bytes), foreign && platform].filter(Boolean).join(', ');
  if (facts.failure?.stage === 'pull') return { state: 'failed', text: exit(facts) };
  if (facts.failure !== undefined || facts.probe !== undefined) return { state: 'passed', text };
  if (basis === 'prediction' || basis === 'text') return NOTHING;
  return { state: digest === undefined ? 'unknown' : 'passed', text };
}

function requested(image: ImageReport): Seen {
  const asked = image.facts.probe?.requestedGpus;
  if (asked === undefined) {
    // Older facts do not say; what came was asked for.
    if (sawGpu(image.facts)) return { state: 'passed', text: '' };
    return image.basis === 'probe' ? skipped(image) : NOTHING;
  }
  // A scan asks for none, and what did not come was not missed.
  if (isScan(image.facts.probe)) return NOTHING;
  const text = Array.isArray(asked) ? asked.join(' ') : `${asked}`;
  return { state: 'passed', text };
}

const sawGpu = ({ probe }: Facts): boolean =>
  probe?.libcuda?.origin === 'host' || (probe?.gpus ?? []).length > 0;

function toolkit({ basis, facts }: ImageReport): Seen {
  const { containerToolkit, engine: host } = facts.host ?? {};
  const version = containerToolkit?.version;
  const text = [version && `toolkit ${version}`, host?.gpuMode].filter(Boolean).join(', ');
  if (sawGpu(facts)) return { state: 'passed', text };
  return {
    state: basis === 'probe' && !isScan(facts.probe) ? 'unknown' : 'none',
    text,
  };
}

function driver({ facts }: ImageReport): Seen {
  const version = driverVersion(facts);
  const module = facts.host?.driver?.kernelModule;
  const text = [version, module && `${module} kernel module`].filter(Boolean).join(', ');
  return { state: version === undefined ? 'unknown' : 'passed', text, brief: version ?? '' };
}

function version({ facts, unchecked }: ImageReport): Seen {
  const number = driverVersion(facts);
  const cuda = imageCuda(facts);
  const serves = facts.host?.driver?.cuda;
  const text = [
    number === undefined ? '' : `${number}${serves === undefined ? '' : ` (CUDA ${serves})`}`,
    cuda === undefined ? '' : `image: CUDA ${cuda}`,
  ];
  const told = unchecked.every(({ what }) => what !== 'driver against the CUDA version');
  const known = number !== undefined && cuda !== undefined && told;
  return {
    state: known ? 'passed' : 'unknown',
    text: text.filter(Boolean).join(', '),
    brief: cuda ?? '',
  };
}

function started({ basis, facts }: ImageReport): Seen {
  if (facts.probe?.started === true) return { state: 'passed', text: '' };
  const stage = facts.failure?.stage;
  if (stage === 'pull') return { state: 'not-reached', text: '' };
  if (stage !== undefined) return { state: 'failed', text: exit(facts) };
  if (facts.probe?.started === false) return { state: 'failed', text: '' };
  return { state: basis === 'probe' ? 'unknown' : 'none', text: '' };
}

const exit = ({ failure }: Facts): string =>
  failure?.exitCode === undefined ? '' : `exit ${failure.exitCode}`;

const ORIGINS: ReadonlyMap<string, readonly [StepState, string]> = new Map([
  ['host', ['passed', "the runner's"]],
  ['compat', ['passed', "the image's compat package"]],
  ['stub', ['failed', "the toolkit's stub"]],
  ['image', ['unknown', 'a file of the image']],
  ['empty', ['failed', 'a file of zero bytes']],
  ['absent', ['failed', 'not found']],
]);

function libcuda({ probe }: Facts): Seen {
  const found = probe?.libcuda;
  const [state, text] = ORIGINS.get(found?.origin ?? '') ?? ['unknown', found?.origin ?? ''];
  return { state, text: found?.cuda === undefined ? text : `${text}, CUDA ${found.cuda}` };
}

/** `cuInit` first: only when it succeeded is there a kernel to speak of. */
function gpus(facts: Facts): Seen {
  const { init, gpus: tested = [] } = facts.probe ?? {};
  if (init === undefined) return { state: 'not-reached', text: '' };
  const initState = stepState(init);
  if (initState !== 'passed') {
    const words = stepText(init, driverResult);
    const brief = init.code === undefined ? undefined : `${init.code}`;
    return {
      state: initState,
      text: ['cuInit', words].filter(Boolean).join(': '),
      ...(brief === undefined ? {} : { brief }),
    };
  }
  if (tested.length === 0) return { state: 'unknown', text: 'cuInit succeeded' };
  const right = tested.filter(kernelPassed);
  const wrong = tested.filter((gpu) => kernelState(gpu) === 'failed');
  const kind = `${isSimulated(facts) ? 'simulated ' : ''}GPU${tested.length === 1 ? '' : 's'}`;
  const count = `test kernel right on ${right.length} of ${tested.length} ${kind}`;
  const first = wrong[0];
  return {
    state: wrong.length > 0 ? 'failed' : right.length === tested.length ? 'passed' : 'unknown',
    brief: `${right.length}/${tested.length}`,
    text: first === undefined ? count : `${count}; GPU ${first.index}: ${kernelText(first)}`,
  };
}

const named = ({ name, version }: Pick<ImageFramework, 'name' | 'version'>): string =>
  version === undefined ? name : `${name} ${version}`;

/** Packages that come in a build for the CPU and builds for CUDA, as far as their metadata tells which. */
function build({ facts: { image } }: ImageReport): Seen {
  const known = (image?.frameworks ?? []).filter(({ cuda }) => cuda !== undefined);
  if (known.length === 0) return NOTHING;
  const words = known.map(
    (one) => `${named(one)} ${one.cuda === null ? 'for the CPU' : `for CUDA ${one.cuda}`}`,
  );
  // A CPU build beside a CUDA build of another framework may be meant: a rule decides, and makes the step fail.
  const state = known.some(({ cuda }) => cuda !== null) ? 'passed' : 'unknown';
  return { state, text: some(words, 3) };
}

const some = (items: readonly string[], most: number): string =>
  items.slice(0, most).join(', ') + (items.length > most ? ` and ${items.length - most} more` : '');

function libraries(image: ImageReport): Seen {
  const { probe, image: files } = image.facts;
  const missing = [...new Set((files?.missingLibraries ?? []).map(({ soname }) => soname))];
  // Without a GPU the runtime's answer is about the missing driver.
  const step = isScan(image.facts.probe) ? undefined : probe?.runtime;
  const words = missing.length === 0 ? '' : `${some(missing, 3)} not found`;
  if (step === undefined) {
    // What misses a library may never be used: whether that matters is for a rule to say.
    if (words !== '') return { state: 'unknown', text: words };
    if (!ran(image)) return image.basis === 'probe' ? skipped(image) : NOTHING;
    const read = files?.libraries !== undefined && isScan(image.facts.probe);
    if (read) return { state: 'passed', text: 'nothing that is needed is missing' };
    return probe?.complete === true
      ? { state: 'none', text: 'no CUDA runtime in the image' }
      : { state: 'not-reached', text: '' };
  }
  const version = step.version === undefined ? '' : `CUDA runtime ${step.version}`;
  const answer = step.code === 0 ? '' : stepText(step, runtimeResult);
  const state = stepState(step);
  return {
    state: state === 'passed' && words !== '' ? 'unknown' : state,
    text: [[version, answer].filter(Boolean).join(': '), words].filter(Boolean).join('; '),
    ...(step.code === undefined ? {} : { brief: step.code === 0 ? '' : `${step.code}` }),
  };
}

/** Libraries of one name in several versions, and which of them is loaded. */
function conflict({ facts: { image } }: ImageReport): Seen {
  const all = (image?.libraries ?? []).filter(
    ({ kind }) => kind === undefined || kind === 'library',
  );
  if (all.length === 0) return NOTHING;
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of all)
    if (version !== undefined) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  const several = [...versions].filter(([, found]) => found.size > 1);
  const words = several.map(([name, found]) => `${name} ${[...found].join(' and ')}`);
  return { state: 'passed', text: some(words, 3) };
}

function code({ facts: { image, host, probe } }: ImageReport): Seen {
  const files = image?.deviceCode ?? [];
  const targets = new Set([
    ...files.flatMap(({ cubins, ptx }) => [
      ...(cubins ?? []),
      ...(ptx ?? []).map(({ target }) => target),
    ]),
    ...(image?.frameworks ?? []).flatMap((framework) => framework.targets ?? []),
  ]);
  if (targets.size === 0) return NOTHING;
  const gpuKnown = [...(host?.gpus ?? []), ...(probe?.gpus ?? [])].length > 0;
  return {
    state: gpuKnown ? 'passed' : 'unknown',
    text: [...targets].slice(0, 12).join(' ') + (targets.size > 12 ? ' …' : ''),
  };
}

function compute({ facts }: ImageReport): Seen {
  const { probe } = facts;
  // Without a GPU a framework's test shows nothing, nor does one in a Python that the image's programs do not get.
  const tested = isScan(probe)
    ? []
    : (probe?.frameworks ?? []).filter((one) => !isElsewhere(one, facts));
  if (tested.length === 0) return NOTHING;
  const failed = tested.filter(frameworkFailed);
  return {
    state: failed.length > 0 ? 'failed' : tested.every(computed) ? 'passed' : 'unknown',
    text: some((failed.length > 0 ? failed : tested).map(named), 3),
  };
}

const frameworkFailed = ({ available, error, timedOut, devices }: ProbeFramework): boolean =>
  available === false ||
  timedOut === true ||
  typeof error === 'string' ||
  (devices ?? []).some((device) => device.correct === false || typeof device.error === 'string');

/** A result that nobody compared proves nothing. */
const computed = ({ devices }: ProbeFramework): boolean =>
  (devices ?? []).length > 0 && (devices ?? []).every(({ correct }) => correct === true);

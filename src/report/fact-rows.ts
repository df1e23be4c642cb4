import type { Facts, HostGpu, ImageFiles, ProbeGpu } from '../core/facts.js';
import type { Evidence, Unchecked } from '../core/finding.js';
import { withoutScannedGpus } from '../core/scan.js';
import { driverResult, runtimeResult } from './cuda-codes.js';
import { equalGpus } from './equal-gpus.js';
import { kernelPassed, kernelText, memory, size, stepText } from './readings.js';

type Side = 'runner' | 'image' | 'container';

export interface FactRow {
  readonly side: Side;
  readonly name: string;
  /** Outside text. */
  readonly value: string;
}

// Environment variables of image and container that decide about CUDA. Others are not shown: they may hold secrets.
const SHOWN_ENV =
  /^(?:CUDA_VERSION|NVIDIA_REQUIRE_\w+|NVIDIA_DISABLE_REQUIRE|NVIDIA_VISIBLE_DEVICES|NVIDIA_DRIVER_CAPABILITIES|CUDA_VISIBLE_DEVICES|LD_LIBRARY_PATH|LD_PRELOAD|NV_CUDA_COMPAT_PACKAGE)$/;

/** The facts worth reading, by side, without those that are not known. */
export function factRows(facts: Facts): FactRow[] {
  return [...runnerRows(facts), ...imageRows(facts), ...containerRows(facts)];
}

/** The runner in one line: driver, engine and GPUs, equal ones counted. */
export function runnerWords({ host }: Facts): string {
  const counts = new Map<string, number>();
  for (const { name } of host?.gpus ?? [])
    counts.set(name ?? 'unnamed GPU', (counts.get(name ?? 'unnamed GPU') ?? 0) + 1);
  const driver = host?.driver;
  return [
    driver?.version && `driver ${driver.version}${driver.cuda ? ` (CUDA ${driver.cuda})` : ''}`,
    ...[...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)),
    host?.engine?.name && join(host.engine.name, host.engine.version),
  ]
    .filter(Boolean)
    .join(', ');
}

type Pair = readonly [name: string, value: string | number | undefined];

const rows = (side: Side, pairs: readonly Pair[]): FactRow[] =>
  pairs.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ side, name, value: `${value}` }],
  );

function runnerRows({ host }: Facts): FactRow[] {
  if (host === undefined) return [];
  const { driver, engine } = host;
  return rows('runner', [
    ['platform', host.platform],
    ['operating system', host.os],
    ['driver', driver?.version],
    ['CUDA of the driver', driver?.cuda],
    ['kernel module', driver?.kernelModule],
    ['engine', join(engine?.name, engine?.version)],
    ['GPU injection', join(engine?.gpuMode, engine?.rootless === true ? '(rootless)' : undefined)],
    ['container toolkit', host.containerToolkit?.version],
    ['CDI devices', host.cdiDevices?.join(' ')],
  ]);
}

function imageRows({ image }: Facts): FactRow[] {
  if (image === undefined) return [];
  const { compatDriver, libc } = image;
  return rows('image', [
    ['digest', image.digest],
    ['platform', image.platform],
    ['size to pull', image.compressedBytes === undefined ? undefined : size(image.compressedBytes)],
    ['size on disk', image.sizeBytes === undefined ? undefined : size(image.sizeBytes)],
    ['CUDA', image.cuda],
    ['C library', join(libc?.family, libc?.version)],
    ['compat driver', join(compatDriver?.version, compatDriver?.path)],
    ...bounded('libraries', image.libraries ?? [], ({ name, version, path }) => [
      `lib${name}`,
      join(version, path),
    ]),
    ...bounded('missing libraries', image.missingLibraries ?? [], ({ soname, neededBy }) => [
      'missing library',
      join(soname, neededBy && `(needed by ${neededBy})`),
    ]),
    ...bounded('driver files', image.driverFiles ?? [], ({ path, bytes, version }) => [
      'driver file in the image',
      join(path, version, bytes === 0 ? '(empty)' : undefined),
    ]),
    ...(image.frameworks ?? []).map(
      ({ name, version, cuda }): Pair => [
        name,
        join(
          version,
          cuda === undefined ? undefined : cuda === null ? '(CPU build)' : `(CUDA ${cuda})`,
        ),
      ],
    ),
    ...bounded(
      'files with GPU code',
      image.deviceCode ?? [],
      ({ path, cubins, ptx, malformed }) => [
        `GPU code in ${path ?? 'a file'}`,
        [
          ...(cubins ?? []),
          ...(ptx ?? []).map(({ target, isa }) => join(target, isa && `(PTX ${isa})`)),
          ...(malformed === undefined ? [] : [`(not read whole: ${malformed})`]),
        ].join(' '),
      ],
    ),
    ...bounded('interpreters', image.interpreters ?? [], ({ path, version }) => [
      'Python',
      join(version, path),
    ]),
    ...bounded('caches', image.caches ?? [], ({ path, what }) => [what, path]),
    ['files read', filesRead(image.files)],
    ['user', image.user],
    ...environment(image.env),
  ]);
}

/** A report shows the first of each kind; the document of facts has all. */
const MOST_OF_A_KIND = 24;

function bounded<T>(kind: string, items: readonly T[], row: (item: T) => Pair): Pair[] {
  const more = items.length - MOST_OF_A_KIND;
  return [
    ...items.slice(0, MOST_OF_A_KIND).map(row),
    ...(more > 0 ? [[`more ${kind}`, `${more}, see the JSON report`] satisfies Pair] : []),
  ];
}

function filesRead(files: ImageFiles | undefined): string | undefined {
  if (files?.files === undefined) return undefined;
  const folders = files.folders === undefined ? '' : ` in ${files.folders} folders`;
  return `${files.files}${folders}${files.complete === false ? ', not all' : ''}`;
}

function containerRows(facts: Facts): FactRow[] {
  const { probe } = withoutScannedGpus(facts);
  if (probe === undefined) return [];
  const { libcuda, init, runtime, nvml, limits, user } = probe;
  const memlock = limits?.memlockBytes;
  return rows('container', [
    ['libcuda', join(libcuda?.path, libcuda?.origin && `(${libcuda.origin})`, libcuda?.error)],
    ['CUDA of libcuda', libcuda?.cuda],
    ['cuInit', init && (stepText(init, driverResult) || '0')],
    ['libcudart', join(runtime?.version, runtime?.path)],
    ['cudaGetDeviceCount', runtime && (stepText(runtime, runtimeResult) || '0')],
    ['NVML driver', nvml?.driver],
    ['NVML GPUs', nvml?.gpuCount],
    ['NVML', nvml?.timedOut === true ? 'did not return' : nvml?.error],
    ['/dev/shm', limits?.shmBytes === undefined ? undefined : memory(limits.shmBytes)],
    [
      'locked memory',
      memlock === null ? 'unlimited' : memlock === undefined ? undefined : memory(memlock),
    ],
    ['C library', join(probe.libc?.family, probe.libc?.version)],
    ['user', user?.uid === undefined ? undefined : `${user.uid}:${user.gid ?? ''}`],
    ['device nodes', probe.deviceNodes?.map(({ path, access }) => `${path} (${access})`).join(' ')],
    ['last step', probe.complete === true ? undefined : probe.lastStep],
    ['ended by', probe.killedBy],
    ...environment(probe.env),
  ]);
}

const environment = (env: Readonly<Record<string, string>> | undefined): Pair[] =>
  Object.entries(env ?? {}).filter(([name]) => SHOWN_ENV.test(name));

const join = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' ');

export interface GpuRow {
  readonly index: string;
  readonly name: string;
  readonly computeCapability: string;
  readonly memory: string;
  readonly uuid: string;
  /** How the test kernel ended there; empty when no container saw this GPU. */
  readonly kernel: string;
  readonly passed: boolean;
  readonly milliseconds: string;
}

/** The runner's GPUs and what the probe saw of each, joined by UUID, else by index. */
export function gpuRows({ host, probe }: Facts): GpuRow[] {
  const seen = [...(probe?.gpus ?? [])];
  const take = (gpu: HostGpu): ProbeGpu | undefined => {
    const at = seen.findIndex((other) =>
      gpu.uuid !== undefined && other.uuid !== undefined
        ? gpu.uuid === other.uuid
        : gpu.index === other.index,
    );
    return at === -1 ? undefined : seen.splice(at, 1)[0];
  };
  const onHost = (host?.gpus ?? []).map((gpu) => gpuRow(gpu, take(gpu)));
  return [...onHost, ...seen.map((gpu) => gpuRow({}, gpu))];
}

function gpuRow(host: HostGpu, seen: ProbeGpu | undefined): GpuRow {
  const mebibytes = host.memoryMiB ?? seen?.memoryMiB;
  const ms = seen?.kernel?.ms;
  return {
    index: `${host.index ?? seen?.index ?? '?'}`,
    name: join(host.name ?? seen?.name, (host.mig ?? seen?.mig) === true ? '(MIG)' : undefined),
    computeCapability: host.computeCapability ?? seen?.computeCapability ?? '',
    memory: mebibytes === undefined ? '' : memory(mebibytes * 1024 ** 2),
    uuid: host.uuid ?? seen?.uuid ?? '',
    kernel: seen === undefined ? '' : kernelText(seen),
    passed: seen !== undefined && kernelPassed(seen),
    milliseconds: ms === undefined ? '' : `${ms.toFixed(1)} ms`,
  };
}

/** Where the thing that a piece of evidence shows is; `elsewhere`: the engine's words, a line of a log. */
export type EvidenceSide = 'runner' | 'container' | 'elsewhere';

/** A piece of evidence with its side and, since a table names the side, without it in `what`. */
export interface SidedEvidence extends Evidence {
  readonly side: EvidenceSide;
}

/** All evidence, the runner's first; GPUs of which the same is told are one piece. */
export function bySide(evidence: readonly Evidence[]): SidedEvidence[] {
  const order: readonly EvidenceSide[] = ['runner', 'container', 'elsewhere'];
  return withEqualGpus(evidence)
    .map((piece) => ({
      ...piece,
      what: piece.what.replace(/^(?:host|runner|container) (?=\S)/i, ''),
      side: sideOf(piece),
    }))
    .sort((a, b) => order.indexOf(a.side) - order.indexOf(b.side));
}

/** What a piece of evidence calls one GPU, and several. */
const GPUS: Readonly<Record<string, string>> = {
  GPU: 'GPUs',
  'GPU that works': 'GPUs that work',
  'GPU that cannot be used': 'GPUs that cannot be used',
};

/** GPUs of which the same is told in one piece. */
export function withEqualGpus(evidence: readonly Evidence[]): readonly Evidence[] {
  const groups = new Map<string, Evidence[]>();
  for (const [at, piece] of evidence.entries()) {
    const key = GPUS[piece.what] === undefined ? `${at}` : JSON.stringify([piece.what, piece.from]);
    groups.set(key, [...(groups.get(key) ?? []), piece]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group;
    return equalGpus(group.map(({ value }) => value)).map((value) => ({
      ...first,
      what: value.includes(' × ') ? (GPUS[first.what] ?? first.what) : first.what,
      value,
    }));
  });
}

const RUNNER =
  /\b(?:host|runner|nvidia-smi|\/?proc\/driver|docker (?:info|version)|podman info|nvidia-ctk|kernel module)\b/i;
const CONTAINER = /\b(?:container|image|probe|manifest|registry|compat|framework|cu\w*[A-Z]\w+)\b/;

/** The name of the thing decides, then where it was read. */
function sideOf({ what, from }: Evidence): EvidenceSide {
  // A command that names the container is the engine's business, except where it only asks.
  const source = /^(?:docker|podman|nerdctl) (?!info|version)/.test(from) ? '' : from;
  for (const text of [what, source]) {
    const runner = text.search(RUNNER);
    const container = text.replace('container toolkit', '').search(CONTAINER);
    if (runner === -1 && container === -1) continue;
    return container === -1 || (runner !== -1 && runner < container) ? 'runner' : 'container';
  }
  return /^(?:GPU|driver)/i.test(what) ? 'runner' : 'elsewhere';
}

/** What was not checked, gathered by the reason. */
export function byReason(
  unchecked: readonly Unchecked[],
): { readonly why: string; readonly whats: readonly string[] }[] {
  const reasons = new Map<string, Set<string>>();
  for (const { what, why } of unchecked)
    reasons.set(why, (reasons.get(why) ?? new Set()).add(what));
  return [...reasons].map(([why, whats]) => ({ why, whats: [...whats] }));
}

import semver from 'semver';
import type { Architecture } from '../knowledge/index.js';
import type { Service } from './driver-support.js';
import type { HostFacts, HostGpu } from './facts.js';
import type { Evidence, FindingData } from './finding.js';
import { type Known, known, unknown } from './known.js';
import type { RequirementHost } from './requirement.js';
import type { DriverFamily, ServedCuda, Tables } from './tables.js';
import { type ComputeCapability, parseComputeCapability } from './target.js';
import {
  type CudaVersion,
  type DriverVersion,
  parseCudaVersion,
  parseDriverVersion,
} from './version.js';

export interface GpuView {
  /** As CUDA counts: the given index, else the position. */
  readonly index: number;
  /** `0: NVIDIA A100-SXM4-80GB (8.0)`. */
  readonly label: string;
  readonly name: string | undefined;
  readonly uuid: string | undefined;
  readonly capability: Known<ComputeCapability>;
  readonly architecture: Architecture | undefined;
  /** Entitled to forward compatibility. */
  readonly entitled: Known<boolean>;
  /** The names that the container stack may give to this board's brand. */
  readonly brands: Known<readonly string[]>;
  readonly mig: boolean;
  /** The newest CUDA version whose compiler makes code for it; undefined while none has dropped it. */
  readonly lastToolkit: CudaVersion | undefined;
  /** Driven by the open kernel modules only. */
  readonly needsOpenModule: boolean;
  /** What findings show of it. */
  readonly evidence: Evidence;
}

/** How GPUs come into the container: what enforces requirements and chooses the libcuda. */
export type GpuMode = 'legacy' | 'cdi' | 'csv';

/** A host's facts, parsed once. */
export interface HostView {
  readonly platform: Known<string>;
  readonly family: DriverFamily;
  /** Windows or WSL: NVIDIA has no forward compatibility there. */
  readonly windows: boolean;
  readonly driver: Known<DriverVersion>;
  readonly cuda: Known<ServedCuda>;
  readonly kernelModule: Known<string>;
  readonly gpus: Known<readonly GpuView[]>;
  /** Those whose compute capability is known, or the reason why there is none. */
  readonly capableGpus: Known<readonly GpuView[]>;
  readonly mode: Known<GpuMode>;
  /** Version of the container toolkit; absent: judged as a current one. */
  readonly toolkit: semver.SemVer | undefined;
  /** The toolkit's config.toml switches the requirements of images off. */
  readonly disableRequire: boolean;
  /** What findings show of the host. */
  readonly evidence: readonly Evidence[];
  /** What requirements are measured against: each GPU, or the host once where none is visible or known. */
  readonly measures: readonly HostMeasure[];
  /** Answers about this host by CUDA version: a fleet asks the same few of it for every image. */
  readonly answers: HostAnswers;
}

export interface HostMeasure {
  readonly gpu: GpuView | undefined;
  readonly values: RequirementHost;
}

/** Filled by the functions that work the answers out. */
export interface HostAnswers {
  readonly services: Map<string, Service>;
  readonly fits: Map<string, boolean>;
  readonly help: Map<string, FindingData>;
  readonly needed: Map<string, FindingData>;
  /** The driver that would meet a clause of a requirement, by the clause. */
  readonly clauses: Map<string, FindingData>;
  /** Tags and builds that would fit, by repository and flavour or by release. */
  readonly variants: Map<string, readonly string[]>;
}

/** The answer of that map, worked out where it has none yet. */
export function answered<T>(answers: Map<string, T>, key: string, work: (key: string) => T): T {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = work(key);
  answers.set(key, answer);
  return answer;
}

const NOTHING: HostFacts = {};

export function viewHost(facts: HostFacts | undefined, tables: Tables): HostView {
  const host = facts ?? NOTHING;
  const family = familyOf(host, tables);
  const driver = driverOf(host);
  const cuda = cudaOf(host, driver, family, tables);
  const gpus = gpusOf(host, driver, tables);
  return {
    platform:
      host.platform === undefined
        ? unknown('the host platform was not given')
        : known(normalPlatform(host.platform), 'host'),
    family,
    windows: isWindows(host),
    driver,
    cuda,
    kernelModule: moduleOf(host),
    gpus,
    capableGpus: capableOf(gpus),
    mode: modeOf(host),
    toolkit: semver.coerce(host.containerToolkit?.version ?? '') ?? undefined,
    disableRequire: host.containerToolkit?.disableRequire === true,
    evidence: evidenceOf(driver, cuda),
    measures: measuresOf(driver, cuda, gpus),
    answers: {
      services: new Map(),
      fits: new Map(),
      help: new Map(),
      needed: new Map(),
      clauses: new Map(),
      variants: new Map(),
    },
  };
}

function gpusOf(
  host: HostFacts,
  driver: Known<DriverVersion>,
  tables: Tables,
): Known<readonly GpuView[]> {
  if (host.gpus === undefined) return unknown("the host's GPUs were not given");
  const branch = driver.known ? driver.value.branch : undefined;
  return known(
    host.gpus.map((gpu, position) => viewGpu(gpu, position, branch, tables)),
    'host',
  );
}

function capableOf(gpus: Known<readonly GpuView[]>): Known<readonly GpuView[]> {
  if (!gpus.known) return gpus;
  const usable = gpus.value.filter((gpu) => gpu.capability.known);
  if (usable.length > 0) return known(usable, gpus.from);
  const [first] = gpus.value;
  if (first !== undefined && !first.capability.known) return first.capability;
  return unknown('the host has no GPU');
}

function evidenceOf(driver: Known<DriverVersion>, cuda: Known<ServedCuda>): readonly Evidence[] {
  const shown: Evidence[] = [];
  if (driver.known) shown.push({ what: 'host driver', value: driver.value.raw, from: driver.from });
  if (cuda.known) {
    const { version, atLeast, from } = cuda.value;
    const value = atLeast ? `${version.raw} or newer` : version.raw;
    shown.push({ what: 'CUDA version of the host driver', value, from });
  }
  return shown;
}

function measuresOf(
  driver: Known<DriverVersion>,
  cuda: Known<ServedCuda>,
  gpus: Known<readonly GpuView[]>,
): readonly HostMeasure[] {
  const common: RequirementHost = {
    ...(cuda.known ? { cuda: [cuda.value.version.major, cuda.value.version.minor] } : {}),
    ...(driver.known && !driver.value.branchOnly ? { driver: driver.value.parts } : {}),
  };
  if (!gpus.known) return [{ gpu: undefined, values: common }];
  if (gpus.value.length === 0) {
    return [{ gpu: undefined, values: { ...common, arch: 'any', brands: 'any' } }];
  }
  return gpus.value.map((gpu) => ({
    gpu,
    values: {
      ...common,
      ...(gpu.capability.known
        ? { arch: [gpu.capability.value.major, gpu.capability.value.minor] }
        : {}),
      ...(gpu.brands.known ? { brands: gpu.brands.value } : {}),
    },
  }));
}

const SAME_ARCHITECTURE: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
  ['sbsa', 'arm64'],
]);

/** `x86_64` and `aarch64` are what machines call the platforms that images call `amd64` and `arm64`. */
export function normalPlatform(text: string): string {
  const parts = text.trim().toLowerCase().split('/');
  const [os, architecture] =
    parts.length === 1 ? ['linux', parts[0] ?? ''] : [parts[0] ?? '', parts[1] ?? ''];
  const same = SAME_ARCHITECTURE.get(architecture) ?? architecture;
  return `${os}/${same}`;
}

const isWindows = (host: HostFacts): boolean =>
  /windows|wsl|microsoft/i.test(host.os ?? '') || /^windows/i.test(host.platform ?? '');

function familyOf(host: HostFacts, tables: Tables): DriverFamily {
  const os = host.os ?? '';
  if (isWindows(host)) {
    // nvidia-smi inside WSL prints a number of Linux form (three fields); Windows drivers have two.
    return (host.driver?.version ?? '').split('.').length > 2 ? 'linux' : 'windows';
  }
  if (/jetson|jetpack|l4t|tegra/i.test(os)) return 'jetson';
  const embedded = (host.gpus ?? []).some((gpu) => isJetson(gpu, tables));
  return embedded ? 'jetson' : 'linux';
}

function isJetson(gpu: HostGpu, tables: Tables): boolean {
  const named = gpu.name === undefined ? undefined : tables.gpuByName(gpu.name);
  if (named?.segment !== undefined) return named.segment === 'jetson';
  const capability = parseComputeCapability(gpu.computeCapability);
  return capability !== undefined && tables.isEmbedded(capability);
}

function driverOf(host: HostFacts): Known<DriverVersion> {
  const text = host.driver?.version;
  if (text === undefined) return unknown('the driver version is not known');
  const version = parseDriverVersion(text);
  return version === undefined
    ? unknown(`the driver version "${text}" cannot be read`)
    : known(version, 'host driver');
}

function cudaOf(
  host: HostFacts,
  driver: Known<DriverVersion>,
  family: DriverFamily,
  tables: Tables,
): Known<ServedCuda> {
  const reported = parseCudaVersion(host.driver?.cuda);
  if (reported !== undefined) {
    return known({ version: reported, atLeast: false, from: 'the driver' }, 'the driver');
  }
  if (!driver.known) return unknown('neither the driver nor its CUDA version is known');
  const served = tables.cudaOfDriver(driver.value, family);
  return served === undefined
    ? unknown(`no table says which CUDA version driver ${driver.value.raw} reports`)
    : known(served, served.from);
}

function moduleOf(host: HostFacts): Known<string> {
  const text = host.driver?.kernelModule?.toLowerCase();
  if (text === undefined || text === '') {
    return unknown('the flavour of the kernel module is not known');
  }
  return known(
    /open/.test(text) ? 'open' : /proprietary|closed/.test(text) ? 'proprietary' : text,
    'host',
  );
}

const FIRST_DOCKER_WITH_CDI = 29;

function modeOf(host: HostFacts): Known<GpuMode> {
  const mode = host.engine?.gpuMode?.toLowerCase();
  if (mode === 'legacy' || mode === 'hook') return known('legacy', 'engine');
  if (mode === 'cdi' || mode === 'jit-cdi') return known('cdi', 'engine');
  if (mode === 'csv') return known('csv', 'engine');
  // Docker's --gpus runs the legacy hook up to 28; from 29 on it prefers CDI where it can.
  // https://github.com/moby/moby/pull/50228
  const docker = mode === undefined && host.engine?.name?.toLowerCase() === 'docker';
  const major = docker ? semver.coerce(host.engine?.version ?? '')?.major : undefined;
  if (major !== undefined && major < FIRST_DOCKER_WITH_CDI) {
    return known('legacy', `engine docker ${host.engine?.version}`);
  }
  // Podman has no hook of its own: it resolves CDI devices.
  if (mode === undefined && host.engine?.name?.toLowerCase() === 'podman') {
    return known('cdi', 'engine podman');
  }
  return unknown('how the engine brings GPUs into a container is not known');
}

function viewGpu(
  gpu: HostGpu,
  position: number,
  branch: number | undefined,
  tables: Tables,
): GpuView {
  const named = gpu.name === undefined ? undefined : tables.gpuByName(gpu.name);
  const given = parseComputeCapability(gpu.computeCapability);
  const capability = given ?? named?.capability;
  const bySegment = capability === undefined ? undefined : tables.segmentOf(capability);
  const segment = named?.segment ?? bySegment?.segment;
  const special = named?.segment === undefined ? bySegment?.special === true : named.special;
  const index = gpu.index ?? position;
  const number = capability === undefined ? '' : ` (${capability.raw})`;
  const label = `${index}: ${gpu.name ?? 'GPU'}${number}`;
  const from = given === undefined && capability !== undefined ? 'name of the GPU' : 'host';
  const architecture = capability === undefined ? undefined : tables.architectureOf(capability);
  return {
    index,
    label,
    name: gpu.name,
    uuid: gpu.uuid,
    capability:
      capability === undefined
        ? unknown(`the compute capability of ${gpu.name ?? 'a GPU'} is not known`)
        : known(capability, from),
    architecture,
    entitled: entitlement(segment, special, gpu.name),
    brands: brandsOf(gpu.name, segment, branch),
    mig: gpu.mig === true || /\bMIG\b/.test(gpu.name ?? ''),
    lastToolkit: parseCudaVersion(architecture?.lastToolkit ?? undefined),
    needsOpenModule: architecture?.open === 'required' || GRACE_HOPPER.test(gpu.name ?? ''),
    evidence: { what: 'GPU', value: label, from },
  };
}

/** Hopper boards that, unlike the other ones, have open kernel modules only. */
const GRACE_HOPPER = /\bGH200\b|\bGH100\b|grace hopper/i;

/**
 * Forward compatibility is for data-center GPUs and Jetson; workstation boards have it only as part of an NGC-Ready server,
 * which no fact of the host tells.
 * Source: https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html
 */
function entitlement(
  segment: string | undefined,
  special: boolean,
  name: string | undefined,
): Known<boolean> {
  if (segment === undefined) {
    return unknown(`the market segment of ${name ?? 'a GPU without a name'} is not known`);
  }
  return known((segment === 'data-center' && !special) || segment === 'jetson', 'GPU name');
}

/** Before R460 NVML knew six brands and called every data-center board Tesla and every RTX workstation board Quadro. */
const FIRST_BRANCH_WITH_NEW_BRANDS = 460;

/**
 * libnvidia-container knows six brands and calls all others Unknown; newer ones may pass the board's own brand on. A board
 * therefore matches any of the names that it may get.
 * Source: https://github.com/NVIDIA/libnvidia-container src/driver.c
 */
function brandsOf(
  name: string | undefined,
  segment: string | undefined,
  branch: number | undefined,
): Known<readonly string[]> {
  const text = name ?? '';
  const old = branch !== undefined && branch < FIRST_BRANCH_WITH_NEW_BRANDS;
  if (/geforce/i.test(text) || segment === 'geforce') {
    return known(/titan/i.test(text) ? ['titan', 'titanrtx'] : ['geforce'], 'GPU name');
  }
  if (
    /^\s*(nvidia\s+)?tesla/i.test(text) ||
    /^\s*(nvidia\s+)?(T4|V100|P100|P40|P4|M60|M40|K80|K40|K20)\b/i.test(text)
  ) {
    return known(['tesla'], 'GPU name');
  }
  if (/grid|vgpu/i.test(text))
    return known(['unknown', 'grid', 'vcs', 'vws', 'vpc', 'vapps'], 'GPU name');
  if (/quadro rtx/i.test(text))
    return known(['unknown', 'quadrortx', ...(old ? ['quadro'] : [])], 'GPU name');
  if (/quadro/i.test(text)) return known(['quadro'], 'GPU name');
  if (segment === 'workstation')
    return known(['unknown', 'nvidiartx', ...(old ? ['quadro'] : [])], 'GPU name');
  if (segment === 'data-center')
    return known(['unknown', 'nvidia', ...(old ? ['tesla'] : [])], 'GPU name');
  return unknown(`the brand of ${name ?? 'a GPU without a name'} is not known`);
}

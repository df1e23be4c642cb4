import type {
  Architecture,
  BaseRequirement,
  CompatPackage,
  DriverBranch,
  ImageTag,
  Knowledge,
  PtxIsaOfCuda,
  Toolkit,
  TorchBuild,
} from '../knowledge/index.js';
import type { CodeRules } from './device-code.js';
import { createGpuNames, type NamedGpu } from './gpu-names.js';
import { parseRequirement, type Requirement } from './requirement.js';
import {
  type ComputeCapability,
  parseComputeCapability,
  parseTarget,
  type Target,
} from './target.js';
import {
  type CudaVersion,
  compareCudaMinor,
  compareDotted,
  type DriverVersion,
  driverAtLeast,
  type PtxIsa,
  parseCudaVersion,
  parseDotted,
  parseDriverVersion,
  parsePtxIsa,
} from './version.js';

/** How driver numbers are to be read: Windows and Jetson numbers are not those of Linux branches. */
export type DriverFamily = 'linux' | 'windows' | 'jetson';

/** The CUDA version that a driver serves. */
export interface ServedCuda {
  readonly version: CudaVersion;
  /** The driver is newer than the tables: it serves at least this version. */
  readonly atLeast: boolean;
  readonly from: string;
}

export interface PublishedTag {
  readonly tag: string;
  readonly cuda: CudaVersion;
  /** What the image declares in NVIDIA_REQUIRE_CUDA, where that is known. */
  readonly requirement: Requirement | undefined;
}

export interface PublishedBuild {
  readonly variant: string;
  readonly cuda: CudaVersion;
  readonly targets: readonly Target[];
}

/** The parsed tables, with the look-ups that the rules share. Indexes are made on first use and belong to this value. */
export interface Tables extends CodeRules {
  readonly knowledge: Knowledge;
  gpuByName(name: string): NamedGpu;
  /** The market segment of all known boards of a compute capability, if they agree. */
  segmentOf(capability: ComputeCapability): NamedGpu | undefined;
  architectureOf(capability: ComputeCapability): Architecture | undefined;
  branchRow(branch: number): DriverBranch | undefined;
  newestBranch(): number;
  cudaOfDriver(driver: DriverVersion, family: DriverFamily): ServedCuda | undefined;
  /** Lowest driver with full function for a toolkit, as published; undefined when the tables do not know. */
  fullDriver(cuda: CudaVersion, family: DriverFamily): DriverVersion | undefined;
  /** Lowest driver by minor-version compatibility; undefined before CUDA 11 and for unknown majors. */
  floorDriver(cuda: CudaVersion, family: DriverFamily): DriverVersion | undefined;
  branchOfCuda(cuda: { major: number; minor: number }): number | undefined;
  ptxIsaOf(cuda: { major: number; minor: number }): PtxIsa | undefined;
  newestCuda(): CudaVersion;
  /** Published tags of a repository that are of one flavour (`base-ubuntu22.04`), newest CUDA first. */
  tagsLike(repository: string, flavour: string): readonly PublishedTag[];
  /** The official builds of a PyTorch release, newest CUDA first. */
  torchBuilds(release: string): readonly PublishedBuild[];
  compatPackage(cuda: { major: number; minor: number }): CompatPackage | undefined;
}

const lazy = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Remembers answers by a short key: the same few versions are asked for again and again. */
function remember<A extends readonly unknown[], T>(
  keyOf: (...given: A) => string,
  work: (...given: A) => T,
): (...given: A) => T {
  const answers = new Map<string, T>();
  return (...given) => {
    const key = keyOf(...given);
    const found = answers.get(key);
    if (found !== undefined || answers.has(key)) return found as T;
    const answer = work(...given);
    // Facts from outside name the keys: a bound keeps a stream of odd versions from filling the memory.
    if (answers.size < MOST_REMEMBERED) answers.set(key, answer);
    return answer;
  };
}

const MOST_REMEMBERED = 4096;

interface ToolkitRow {
  readonly row: Toolkit;
  readonly parts: readonly number[];
  readonly preview: boolean;
}

/** First Windows driver of the branches that came after the last published Windows minimum (CUDA 12.9). */
const WINDOWS_AFTER_12_9: readonly (readonly [number, string])[] = [
  [580, '13.0'],
  [590, '13.1'],
  [595, '13.2'],
  [610, '13.3'],
  [615, '13.4'],
];

export function createTables(knowledge: Knowledge): Tables {
  const names = lazy(() => createGpuNames(knowledge.gpuNames.rows));
  const architectures = lazy(() => indexBy(knowledge.architectures.rows, (row) => row.cc));
  const branches = lazy(() => indexBy(knowledge.drivers.rows, (row) => String(row.branch)));
  const toolkits = lazy(() => groupToolkits(knowledge.toolkits.rows));
  const ptx = lazy(() => indexBy(knowledge.ptx.rows, (row) => row.cuda));
  const packages = lazy(() => indexBy(knowledge.compatPackages.rows, (row) => row.cuda));
  const requirements = lazy(() => requirementsByCuda(knowledge.baseRequirements.rows));
  const segments = lazy(() => segmentsByCapability(knowledge));
  const newest = lazy(() => Math.max(...knowledge.drivers.rows.map((row) => row.branch)));
  const newestCuda = lazy(() => newestPtxRow(knowledge.ptx.rows));

  const minorRows = (cuda: { major: number; minor: number }): readonly ToolkitRow[] =>
    toolkits().get(minorName(cuda)) ?? [];

  const windowsCuda = (driver: DriverVersion): ServedCuda | undefined => {
    const published = knowledge.toolkits.rows.flatMap((row) => {
      const minimum = row.windows === null ? undefined : parseDriverVersion(row.windows);
      return minimum !== undefined && driverAtLeast(driver, minimum) ? [row.cuda] : [];
    });
    const later = WINDOWS_AFTER_12_9.filter(([first]) => driver.branch >= first).map(
      ([, cuda]) => cuda,
    );
    const text = later.at(-1) ?? published.at(-1);
    const version = text === undefined ? undefined : parseCudaVersion(text);
    return version && { version, atLeast: false, from: 'table of Windows drivers' };
  };

  /** Of drivers before the first branch of the table: the newest toolkit whose published minimum they are at. */
  const olderLinuxCuda = (driver: DriverVersion): ServedCuda | undefined => {
    const served = knowledge.toolkits.rows.findLast((row) => {
      const minimum = row.linux === null ? undefined : parseDriverVersion(row.linux);
      return minimum !== undefined && driverAtLeast(driver, minimum);
    });
    const version = served && parseCudaVersion(served.cuda);
    return version && { version, atLeast: false, from: 'table of toolkits' };
  };

  const linuxCuda = (driver: DriverVersion): ServedCuda | undefined => {
    const row = branches().get(String(driver.branch));
    if (row !== undefined && !row.sure) return undefined;
    const exact = row === undefined ? undefined : parseCudaVersion(row.cuda);
    if (exact !== undefined) {
      return { version: exact, atLeast: false, from: 'table of driver branches' };
    }
    const below = knowledge.drivers.rows.filter(
      (known) => known.branch < driver.branch && known.sure,
    );
    const nearest = below.at(-1);
    if (nearest === undefined) return olderLinuxCuda(driver);
    const version = parseCudaVersion(nearest.cuda);
    return version && { version, atLeast: true, from: `driver branch after ${nearest.branch}` };
  };

  const jetsonCuda = (driver: DriverVersion): ServedCuda | undefined => {
    const row = knowledge.jetsonDrivers.rows.find((known) => known.branch === driver.branch);
    const version = row && parseCudaVersion(row.cuda);
    return version && { version, atLeast: false, from: 'table of Jetson drivers' };
  };

  return {
    knowledge,
    families: knowledge.families.rows,
    isEmbedded: (capability) =>
      architectures().get(`${capability.major}.${capability.minor}`)?.embedded ?? false,
    gpuByName: (name) => names()(name),
    segmentOf: (capability) => segments().get(`${capability.major}.${capability.minor}`),
    architectureOf: (capability) => architectures().get(`${capability.major}.${capability.minor}`),
    branchRow: (branch) => branches().get(String(branch)),
    newestBranch: newest,
    cudaOfDriver: remember(
      (driver: DriverVersion, family: DriverFamily) => `${family} ${driver.raw}`,
      (driver: DriverVersion, family: DriverFamily) => {
        if (family === 'jetson') return jetsonCuda(driver);
        return family === 'linux' ? linuxCuda(driver) : windowsCuda(driver);
      },
    ),
    fullDriver: remember(
      (cuda: CudaVersion, family: DriverFamily) => `${family} ${cuda.raw}`,
      (cuda: CudaVersion, family: DriverFamily) => {
        if (family === 'jetson') return undefined;
        const published = publishedMinimum(minorRows(cuda), cuda, family);
        if (published !== undefined || family === 'windows') return published;
        const branch = ptx().get(minorName(cuda))?.branch;
        return branch === undefined ? undefined : parseDriverVersion(String(branch));
      },
    ),
    floorDriver: remember(
      (cuda: CudaVersion, family: DriverFamily) => `${family} ${cuda.major}`,
      (cuda: CudaVersion, family: DriverFamily) => {
        const row = knowledge.minorVersion.rows.find((known) => known.major === cuda.major);
        if (row === undefined || family === 'jetson') return undefined;
        return parseDriverVersion(family === 'windows' ? row.windows : row.linux);
      },
    ),
    branchOfCuda: (cuda) => ptx().get(minorName(cuda))?.branch,
    ptxIsaOf: remember(minorName, (cuda: { major: number; minor: number }) => {
      const row = ptx().get(minorName(cuda));
      return row && parsePtxIsa(row.isa);
    }),
    tagsLike: remember(
      (repository: string, flavour: string) => `${repository}:${flavour}`,
      (repository: string, flavour: string) =>
        tagsLike(knowledge.tagsOf(repository), flavour, (base) => requirements().get(base)),
    ),
    torchBuilds: remember(
      (release: string) => release,
      (release: string) => torchBuilds(knowledge.torch.rows, release),
    ),
    newestCuda,
    compatPackage: (cuda) => packages().get(minorName(cuda)),
  };
}

const minorName = (cuda: { major: number; minor: number }): string => `${cuda.major}.${cuda.minor}`;

function indexBy<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [key(row), row]));
}

function groupToolkits(rows: readonly Toolkit[]): ReadonlyMap<string, readonly ToolkitRow[]> {
  const groups = new Map<string, ToolkitRow[]>();
  for (const row of rows) {
    const parts = parseDotted(row.version) ?? [];
    const group = groups.get(row.cuda) ?? [];
    group.push({ row, parts, preview: / RC$/.test(row.label) });
    groups.set(row.cuda, group);
  }
  return groups;
}

/**
 * The published minimum of the toolkit itself, else of the nearest earlier update of the same minor release. An image that names
 * only the minor release, or a build number (`11.0.167`) instead of an update, is taken as its first general release.
 */
function publishedMinimum(
  rows: readonly ToolkitRow[],
  cuda: CudaVersion,
  family: DriverFamily,
): DriverVersion | undefined {
  const driverOf = (row: ToolkitRow) => (family === 'windows' ? row.row.windows : row.row.linux);
  const listed = rows.filter((row) => driverOf(row) !== null);
  const general = listed.filter((row) => !row.preview);
  const update = cuda.parts[2];
  const byUpdate = cuda.major >= 11;
  const named =
    update === undefined || (byUpdate && update > 20)
      ? undefined
      : listed.filter((row) => compareDotted(row.parts, cuda.parts.slice(0, 3)) <= 0).at(-1);
  const row = named ?? general[0];
  const text = row === undefined ? null : driverOf(row);
  if (text !== null) return parseDriverVersion(text);
  const branch = rows[0]?.row.branch;
  return branch === undefined || family === 'windows'
    ? undefined
    : parseDriverVersion(String(branch));
}

function segmentsByCapability(knowledge: Knowledge): ReadonlyMap<string, NamedGpu> {
  const found = new Map<string, { segments: Set<string>; special: boolean }>();
  for (const row of knowledge.gpuNames.rows) {
    const entry = found.get(row.cc) ?? { segments: new Set<string>(), special: false };
    entry.segments.add(row.segment);
    entry.special ||= /matrox|dgx display|gb10/i.test(row.name);
    found.set(row.cc, entry);
  }
  const agreed = new Map<string, NamedGpu>();
  for (const [cc, entry] of found) {
    const [segment] = entry.segments;
    const capability = parseComputeCapability(cc);
    if (entry.segments.size !== 1 || segment === undefined || capability === undefined) continue;
    agreed.set(cc, { capability, segment, special: entry.special });
  }
  return agreed;
}

function newestPtxRow(rows: readonly PtxIsaOfCuda[]): CudaVersion {
  const versions = rows.flatMap((row) => parseCudaVersion(row.cuda) ?? []);
  versions.sort(compareCudaMinor);
  const last = versions.at(-1);
  if (last === undefined) throw new Error('the knowledge names no CUDA version');
  return last;
}

const newestFirst = <T extends { cuda: CudaVersion }>(rows: readonly T[]): readonly T[] =>
  [...rows].sort((a, b) => compareDotted(b.cuda.parts, a.cuda.parts));

function tagsLike(
  rows: readonly ImageTag[],
  flavour: string,
  requirementOf: (base: string) => Requirement | undefined,
): readonly PublishedTag[] {
  const alike = rows.filter((row) => flavourOf(row.tag) === flavour);
  return newestFirst(
    alike.flatMap(({ tag, cuda: text, base }) => {
      const cuda = parseCudaVersion(text);
      const requirement = base === null ? undefined : requirementOf(base);
      return cuda === undefined ? [] : [{ tag, cuda, requirement }];
    }),
  );
}

function requirementsByCuda(rows: readonly BaseRequirement[]): ReadonlyMap<string, Requirement> {
  return new Map(
    rows.map(({ cuda, brands, branches, others }) => {
      const older = branches.flatMap((branch) =>
        brands.map((brand) => `brand=${brand},driver>=${branch},driver<${branch + 1}`),
      );
      const text = [`cuda>=${cuda}`, ...older, ...others].join(' ');
      return [cuda, parseRequirement('NVIDIA_REQUIRE_CUDA', text)];
    }),
  );
}

/** What stays of a tag without the numbers of CUDA and of the release: `base-ubuntu22.04` keeps the distribution's. */
export const flavourOf = (tag: string): string =>
  tag.replace(/^v?\d+(\.\d+)*-?/, '').replace(/cuda\d+(\.\d+)*|cu\d+|cudnn\d+/g, '');

function torchBuilds(rows: readonly TorchBuild[], release: string): readonly PublishedBuild[] {
  return newestFirst(
    rows.flatMap((row) => {
      const cuda = row.patches.includes(release) ? parseCudaVersion(row.cuda) : undefined;
      if (cuda === undefined) return [];
      const targets = row.sass.flatMap((text) => parseTarget(text) ?? []);
      return [{ variant: row.variant, cuda, targets }];
    }),
  );
}

import semver from 'semver';
import type { ProbeFacts } from './facts.js';
import type { GpuView, HostView } from './host-view.js';
import { type CompatView, type ImageView, normalFolder } from './image-view.js';
import type { Tables } from './tables.js';
import { compareDotted, type DriverVersion, parseDriverVersion } from './version.js';

/**
 * Which libcuda a program in the container gets, and whether the image's forward-compatibility package may be used at all.
 *
 * Sources: https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html (packages x branches, GPU classes);
 * https://github.com/NVIDIA/libnvidia-container src/cli/compat_mode.c (legacy mode);
 * https://github.com/NVIDIA/nvidia-container-toolkit cmd/nvidia-cdi-hook/cudacompat (CDI) and CHANGELOG.md (versions).
 */
export type Libcuda =
  | { readonly from: 'host'; readonly seen: boolean; readonly why: string }
  | {
      readonly from: 'compat';
      readonly seen: boolean;
      readonly why: string;
      readonly compat: CompatView;
    };

/** What happens when the compat libcuda is loaded on a host. */
export type CompatVerdict =
  | { readonly kind: 'supported'; readonly entitlementKnown: boolean }
  /** The host's driver is the same or newer: error 803. */
  | { readonly kind: 'host-newer' }
  /** No package for this kernel driver branch: error 803. */
  | { readonly kind: 'branch' }
  /** A GPU that is not entitled to it: error 804. */
  | { readonly kind: 'gpu'; readonly gpus: readonly GpuView[] }
  /** The newer user-mode driver no longer knows the GPU: error 100. */
  | { readonly kind: 'gpu-dropped'; readonly gpus: readonly GpuView[] };

const USUAL_FOLDER = '/usr/local/cuda/compat';

/** Compat libraries from about this branch on carry an ELF note that lists the host branches that they accept. */
const FIRST_BRANCH_WITH_NOTE = 575;

export function judgeCompat(compat: CompatView, host: HostView, tables: Tables): CompatVerdict {
  const driver = host.driver.known ? host.driver.value : undefined;
  if (driver === undefined) return { kind: 'supported', entitlementKnown: false };
  if (!isNewer(compat, driver)) return { kind: 'host-newer' };
  if (host.family !== 'jetson' && !acceptsBranch(compat, driver.branch, tables))
    return { kind: 'branch' };
  const gpus = host.gpus.known ? host.gpus.value : [];
  const dropped = gpus.filter((gpu) => dropsGpu(compat, gpu));
  if (dropped.length > 0) return { kind: 'gpu-dropped', gpus: dropped };
  const refused = gpus.filter((gpu) => gpu.entitled.known && !gpu.entitled.value);
  if (refused.length > 0) return { kind: 'gpu', gpus: refused };
  return {
    kind: 'supported',
    entitlementKnown: gpus.length > 0 && gpus.every((gpu) => gpu.entitled.known),
  };
}

function isNewer(compat: CompatView, driver: DriverVersion): boolean {
  if (compat.branch !== driver.branch) return compat.branch > driver.branch;
  if (compat.version === undefined || compat.branch < FIRST_BRANCH_WITH_NOTE) return false;
  return compareDotted(compat.version.parts, driver.parts) > 0;
}

/** The very same user-mode driver as the host's: it does not matter which of the two is loaded. */
const isSame = (compat: CompatView, driver: DriverVersion): boolean =>
  compat.version !== undefined && compareDotted(compat.version.parts, driver.parts) === 0;

/** Whether the package may be used on a kernel driver branch: NVIDIA's matrix, ELF notes, and what its images allowed. */
export function acceptsBranch(compat: CompatView, branch: number, tables: Tables): boolean {
  const row = tables.compatPackage(compat.cuda);
  // A package that no table knows is newer than the tables: its branch is higher, and nothing says no.
  if (row === undefined) return compat.branch > tables.newestBranch();
  return (
    row.branches.includes(branch) || (branch === compat.branch && branch >= FIRST_BRANCH_WITH_NOTE)
  );
}

const dropsGpu = (compat: CompatView, gpu: GpuView): boolean =>
  gpu.architecture !== undefined &&
  gpu.architecture.lastBranch !== null &&
  compat.branch > gpu.architecture.lastBranch;

/** Chooses as the dynamic linker would, from what was seen or from how the container stack of that version and mode behaves. */
export function chooseLibcuda(
  host: HostView,
  image: ImageView,
  probe: ProbeFacts | undefined,
  tables: Tables,
): Libcuda {
  const compat = image.compat.known ? image.compat.value : null;
  const origin = originSeen(probe);
  if (origin === 'host') return { from: 'host', seen: true, why: 'the probe saw the host libcuda' };
  if (origin === 'compat') {
    const seen = compat ?? seenCompat(probe, image, tables);
    if (seen !== undefined) {
      return { from: 'compat', seen: true, why: 'the probe saw the compat libcuda', compat: seen };
    }
  }
  if (compat === null) return hostBecause('the image holds no compat library, as far as is known');
  if (host.windows) return hostBecause('there is no forward compatibility on Windows');
  const driver = host.driver.known ? host.driver.value : undefined;
  if (driver === undefined) return hostBecause('the host driver is not known');
  if (isSame(compat, driver)) return hostBecause('the compat library is the same driver');
  if (origin === undefined && COMPAT_ERRORS.has(probe?.init?.code ?? 0)) {
    const why = `cuInit answered ${probe?.init?.code}, as with a compat library that does not fit`;
    return { from: 'compat', seen: true, why, compat };
  }
  return chooseByPaths(compat, driver, host, image, probe, tables);
}

/** What cuInit answers when kernel driver and user-mode driver do not fit, and when the GPU is not entitled. */
const COMPAT_ERRORS: ReadonlySet<number> = new Set([803, 804]);

/** A path in a compat folder tells the origin too. */
function originSeen(probe: ProbeFacts | undefined): string | undefined {
  const { origin, path = '' } = probe?.libcuda ?? {};
  return origin ?? (/\/compat(_orin)?\//.test(path) ? 'compat' : undefined);
}

const hostBecause = (why: string): Libcuda => ({ from: 'host', seen: false, why });

const compatBecause = (compat: CompatView, why: string): Libcuda => ({
  from: 'compat',
  seen: false,
  why,
  compat,
});

function seenCompat(
  probe: ProbeFacts | undefined,
  image: ImageView,
  tables: Tables,
): CompatView | undefined {
  const path = probe?.libcuda?.path ?? '';
  const version = parseDriverVersion(/libcuda\.so\.(\d+\.\d+(?:\.\d+)?)$/.exec(path)?.[1]);
  const served = version && tables.cudaOfDriver(version, 'linux')?.version;
  const cuda = served ?? (image.cuda.known ? image.cuda.value : undefined);
  const branch = version?.branch ?? (cuda && tables.branchOfCuda(cuda));
  if (cuda === undefined || branch === undefined) return undefined;
  return { version, branch, cuda, folder: undefined, raw: version?.raw ?? path, from: 'probe' };
}

function chooseByPaths(
  compat: CompatView,
  driver: DriverVersion,
  host: HostView,
  image: ImageView,
  probe: ProbeFacts | undefined,
  tables: Tables,
): Libcuda {
  const folder = compat.folder ?? USUAL_FOLDER;
  const searched = searchPath(image, probe);
  if (searched.includes(folder)) {
    return compatBecause(compat, `LD_LIBRARY_PATH lists ${folder}`);
  }
  if (
    folder.endsWith('/compat/lib.real') ||
    (compat.folder === undefined && searched.includes(`${USUAL_FOLDER}/lib`))
  ) {
    // NVIDIA's framework images link that folder at start, and only if the compat library initialises.
    return judgeCompat(compat, host, tables).kind === 'supported'
      ? compatBecause(compat, 'the entry point enables the compat library where it works')
      : hostBecause('the entry point does not enable a compat library that cannot work');
  }
  if (folder !== USUAL_FOLDER && folder !== `${USUAL_FOLDER}_orin`) {
    return hostBecause(`the container stack does not look into ${folder}`);
  }
  return chooseByToolkit(compat, driver, host, tables);
}

function searchPath(image: ImageView, probe: ProbeFacts | undefined): readonly string[] {
  const text =
    probe?.env?.['LD_LIBRARY_PATH'] ??
    (image.env.known ? image.env.value['LD_LIBRARY_PATH'] : undefined);
  return (text ?? '').split(':').filter(Boolean).map(normalFolder);
}

/** Since 1.17.4 compat libraries are no longer mounted over the host's, since 1.17.5 they are put on the loader's path instead. */
function chooseByToolkit(
  compat: CompatView,
  driver: DriverVersion,
  host: HostView,
  tables: Tables,
): Libcuda {
  const before = (version: string) =>
    host.toolkit !== undefined && semver.lt(host.toolkit, version);
  const cdi = host.mode.known ? host.mode.value !== 'legacy' : !before('1.17.4');
  const higher = compat.branch > driver.branch;
  const byMajor = (why: string) =>
    higher
      ? compatBecause(compat, why)
      : hostBecause("the compat library's branch is not above the host's");
  if (!cdi && before('1.17.4'))
    return byMajor('the toolkit mounts a compat library of a higher branch');
  if (before('1.17.5')) {
    return hostBecause(
      `container toolkit ${host.toolkit?.version} does not enable compat libraries`,
    );
  }
  if (!cdi) return byMajor('the toolkit enables a compat library of a higher branch');
  if (before('1.19.0') || compat.branch < FIRST_BRANCH_WITH_NOTE) {
    return byMajor('the CDI hook enables a compat library of a higher branch');
  }
  return isNewer(compat, driver) &&
    (host.family === 'jetson' || acceptsBranch(compat, driver.branch, tables))
    ? compatBecause(compat, 'the CDI hook enables a compat library that lists the host branch')
    : hostBecause('the compat library does not list the host branch');
}

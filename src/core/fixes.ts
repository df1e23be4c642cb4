import type { FindingData } from './finding.js';
import { acceptsBranch, judgeCompat } from './forward-compat.js';
import type { CompatView } from './image-view.js';
import { gpusOf, type Situation } from './situation.js';
import {
  type CudaVersion,
  compareDotted,
  type DriverVersion,
  parseDriverVersion,
} from './version.js';

/** All that helps where the driver is too old for a CUDA version; the same for every image without a compat library of its own. */
export function driverHelp(situation: Situation, cuda: CudaVersion): FindingData {
  const { compat } = situation.image;
  const own = compat.known && compat.value !== null;
  const { help } = situation.host.answers;
  const known = own ? undefined : help.get(cuda.raw);
  if (known !== undefined) return known;
  const data = {
    ...neededDrivers(situation, cuda),
    ...servedCudaData(situation),
    ...compatHelp(situation, cuda),
  };
  if (!own) help.set(cuda.raw, data);
  return data;
}

/** The driver versions that would do: with full function, and by minor-version compatibility; never below what a GPU needs. */
export function neededDrivers(situation: Situation, cuda: CudaVersion): FindingData {
  const { tables, host } = situation;
  const full = atLeastForGpus(situation, tables.fullDriver(cuda, host.family));
  const floor = atLeastForGpus(situation, tables.floorDriver(cuda, host.family));
  return {
    ...(full === undefined ? {} : { needsDriver: full.raw }),
    ...(floor === undefined ? {} : { needsDriverMinor: floor.raw }),
  };
}

function atLeastForGpus(
  situation: Situation,
  driver: DriverVersion | undefined,
): DriverVersion | undefined {
  if (driver === undefined) return undefined;
  const branches = gpusOf(situation).flatMap((gpu) => gpu.architecture?.firstBranch ?? []);
  const first = parseDriverVersion(String(Math.max(100, ...branches)));
  if (first === undefined || situation.host.family !== 'linux') return driver;
  return compareDotted(first.parts, driver.parts) > 0 ? first : driver;
}

/** The newest CUDA that the present driver serves, fully and by minor-version compatibility. */
function servedCudaData(situation: Situation): FindingData {
  const { host, tables } = situation;
  if (!host.cuda.known) return {};
  const { version } = host.cuda.value;
  const minors = tables.knowledge.ptx.rows.filter((row) =>
    row.cuda.startsWith(`${version.major}.`),
  );
  const released = tables.knowledge.toolkits.rows.filter((row) =>
    row.cuda.startsWith(`${version.major}.`),
  );
  const floor = tables.floorDriver(version, host.family);
  const minor =
    floor !== undefined &&
    host.driver.known &&
    compareDotted(host.driver.value.parts, floor.parts) >= 0
      ? released.at(-1)?.cuda
      : undefined;
  const newestCuda = minor ?? version.raw;
  return {
    newestCudaFull: minors.length === 0 ? version.raw : `${version.major}.${version.minor}`,
    newestCuda,
  };
}

/** Whether the image's compat package, or the one of its CUDA version, would serve on this host. */
export function compatHelp(situation: Situation, cuda: CudaVersion): FindingData {
  const { host, tables, image } = situation;
  const branch = tables.branchOfCuda(cuda);
  if (branch === undefined || host.windows || host.family !== 'linux') return {};
  const own = image.compat.known ? image.compat.value : null;
  const compat: CompatView = own ?? {
    version: undefined,
    branch,
    cuda,
    folder: undefined,
    raw: `cuda-compat-${cuda.major}-${cuda.minor}`,
    from: 'table of compat packages',
  };
  const branches = tables.knowledge.drivers.rows
    .map((row) => row.branch)
    .filter((one) => one < compat.branch && acceptsBranch(compat, one, tables));
  const verdict = judgeCompat(compat, host, tables);
  const serves = verdict.kind === 'supported' && verdict.entitlementKnown;
  return {
    ...(branches.length === 0 ? {} : { compatBranches: branches.map(String) }),
    ...(serves ? { compatPackage: `cuda-compat-${compat.cuda.major}-${compat.cuda.minor}` } : {}),
    ...(own === null ? {} : { compatDriver: own.raw }),
  };
}

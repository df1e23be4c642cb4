import { hostService } from './driver-support.js';
import type { FindingData } from './finding.js';
import { acceptsBranch, judgeCompat } from './forward-compat.js';
import { answered } from './host-view.js';
import type { CompatView } from './image-view.js';
import { gpusOf, type Situation } from './situation.js';
import {
  type CudaVersion,
  compareDotted,
  type DriverVersion,
  parseCudaVersion,
  parseDriverVersion,
} from './version.js';

/** All that helps where the driver is too old for a CUDA version; the same for every image without a compat library of its own. */
export function driverHelp(situation: Situation, cuda: CudaVersion): FindingData {
  const { compat } = situation.image;
  const own = compat.known && compat.value !== null;
  const { truth, enforcement } = situation.requirements();
  // Refused before anything of the image runs: no library in it would be loaded.
  const refused = truth === 'unmet' && enforcement === 'enforced';
  const work = () => ({
    ...neededDrivers(situation, cuda),
    ...servedCudaData(situation),
    ...(refused ? {} : compatHelp(situation, cuda)),
  });
  return own || refused ? work() : answered(situation.host.answers.help, cuda.raw, work);
}

/** The driver versions that would do: with full function, and by minor-version compatibility; none where a GPU has no such driver. */
export function neededDrivers(situation: Situation, cuda: CudaVersion): FindingData {
  return answered(situation.host.answers.needed, cuda.raw, () => workOutDrivers(situation, cuda));
}

function workOutDrivers(situation: Situation, cuda: CudaVersion): FindingData {
  const { tables, host } = situation;
  const full = tables.fullDriver(cuda, host.family);
  const floor = tables.floorDriver(cuda, host.family);
  const needsDriver = full && driverForGpus(situation, full);
  const needsDriverMinor = floor && driverForGpus(situation, floor);
  const lowest = floor === undefined ? needsDriver : needsDriverMinor;
  return {
    ...(needsDriver === undefined ? {} : { needsDriver: needsDriver.raw }),
    ...(needsDriverMinor === undefined ? {} : { needsDriverMinor: needsDriverMinor.raw }),
    ...((full ?? floor) !== undefined && lowest === undefined ? { noDriver: true } : {}),
  };
}

/** The driver to install for one fix; none where a GPU of the host has no such driver. */
export function neededDriver(situation: Situation, text: string): FindingData {
  const driver = parseDriverVersion(text);
  const wanted = driver && driverForGpus(situation, driver);
  return wanted === undefined ? { noDriver: true } : { needsDriver: wanted.raw };
}

/** Never below what a GPU needs, and no driver that has dropped one. */
function driverForGpus(situation: Situation, driver: DriverVersion): DriverVersion | undefined {
  if (situation.host.family !== 'linux') return driver;
  const architectures = gpusOf(situation).flatMap((gpu) => gpu.architecture ?? []);
  const first = parseDriverVersion(
    String(Math.max(100, ...architectures.map((one) => one.firstBranch))),
  );
  const wanted =
    first !== undefined && compareDotted(first.parts, driver.parts) > 0 ? first : driver;
  const dropped = architectures.some(
    ({ lastBranch }) => lastBranch !== null && lastBranch < wanted.branch,
  );
  return dropped ? undefined : wanted;
}

/** The newest CUDA that the present driver serves, fully and by minor-version compatibility. */
export function servedCudaData({ host, tables }: Situation): FindingData {
  const newest = (kinds: readonly string[]): string | undefined => {
    const { rows } = tables.knowledge.toolkits;
    for (let index = rows.length - 1; index >= 0; index -= 1) {
      const cuda = parseCudaVersion(rows[index]?.version);
      if (cuda !== undefined && kinds.includes(hostService(host, cuda, tables).kind)) {
        return rows[index]?.cuda;
      }
    }
    return undefined;
  };
  const newestCuda = newest(['full', 'minor-version']);
  const newestCudaFull = newest(['full']);
  return {
    ...(newestCuda === undefined ? {} : { newestCuda }),
    ...(newestCudaFull === undefined ? {} : { newestCudaFull }),
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

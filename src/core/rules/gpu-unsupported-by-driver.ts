import { dataOf, gpuEvidence, hostEvidence, type LooseData, labels, rawOf } from '../evidence.js';
import { neededDrivers } from '../fixes.js';
import type { GpuView } from '../host-view.js';
import { defineRule } from '../rule.js';
import { gpusWithCapability } from '../situation.js';
import type { DriverVersion } from '../version.js';

/**
 * The host's driver branch came before the GPU, or has dropped it: 390 is the last branch for Fermi, 470 for Kepler, 580 for
 * Maxwell, Pascal and Volta. Open kernel modules never drove anything before Turing.
 * Sources: https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html,
 * https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/kernel-modules.html
 */
export const gpuUnsupportedByDriver = defineRule({
  id: 'gpu-unsupported-by-driver',
  severity: 'error',
  checks: 'driver branch against the GPU',
  needs: (situation) => ({ driver: situation.host.driver, gpus: gpusWithCapability(situation) }),
  test: ({ driver, gpus }, situation) => {
    const { host, seen, cuda } = situation;
    if (host.family === 'jetson') return undefined;
    const open = host.kernelModule.known && host.kernelModule.value === 'open';
    const windows = host.family === 'windows';
    const concerned = gpus.filter(
      (gpu) => outside(gpu, driver, windows) || (open && gpu.architecture?.open === 'unsupported'),
    );
    const [first] = concerned;
    if (first === undefined) return undefined;
    const { architecture } = first;
    const onlyModule = !outside(first, driver, windows);
    return {
      gpus: concerned,
      overruledBy: concerned.every((gpu) => seen.kernelRanOn(gpu) || seen.computedOn(gpu))
        ? 'a kernel ran on the GPU'
        : undefined,
      details: () => ({
        data: dataOf(
          {
            driver: driver.raw,
            gpus: labels(concerned),
            computeCapability: rawOf(first.capability),
            architecture: architecture?.name,
          },
          cuda.known ? neededDrivers(situation, cuda.value) : {},
          { kernelModule: onlyModule ? 'open' : undefined },
          branchesFor(gpus, first),
        ),
        evidence: [...hostEvidence(situation), ...gpuEvidence(concerned)],
      }),
    };
  },
});

/** The first and last branch that know all of the host's GPUs; where there is none (a K80 and a B200), those of one GPU. */
function branchesFor(gpus: readonly GpuView[], one: GpuView): LooseData {
  const all = range(gpus);
  const common = all.last === undefined || all.last >= all.first;
  const { first, last } = common ? all : range([one]);
  return {
    firstDriver: Number.isFinite(first) ? String(first) : undefined,
    lastDriver: last?.toString(),
    noDriver: !common,
  };
}

function range(gpus: readonly GpuView[]): { first: number; last: number | undefined } {
  const known = gpus.flatMap((gpu) => gpu.architecture ?? []);
  const last = Math.min(...known.map(({ lastBranch }) => lastBranch ?? Number.POSITIVE_INFINITY));
  return {
    first: Math.max(...known.map(({ firstBranch }) => firstBranch)),
    last: Number.isFinite(last) ? last : undefined,
  };
}

function outside(gpu: GpuView, driver: DriverVersion, windows: boolean): boolean {
  const { architecture } = gpu;
  if (architecture === undefined) return false;
  if (driver.branch < architecture.firstBranch) return true;
  if (architecture.lastBranch === null) return false;
  // Windows numbers of a branch run on above it: 582 is still R580.
  return driver.branch > architecture.lastBranch + (windows ? WINDOWS_NUMBERS_OF_A_BRANCH : 0);
}

const WINDOWS_NUMBERS_OF_A_BRANCH = 9;

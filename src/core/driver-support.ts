import { answered, type HostView } from './host-view.js';
import type { DriverFamily, ServedCuda, Tables } from './tables.js';
import {
  type CudaVersion,
  compareCudaMinor,
  type DriverVersion,
  driverAtLeast,
} from './version.js';

/**
 * How a libcuda serves programs of a CUDA version: backward compatibility, minor-version compatibility with its floors, or not
 * at all.
 *
 * Sources: CUDA Toolkit release notes (driver tables),
 * https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
 */
export type Service =
  /** Every feature, PTX included. */
  | { readonly kind: 'full'; readonly beyondTables: boolean }
  /** Runs, with the limits of minor-version compatibility. */
  | {
      readonly kind: 'minor-version';
      readonly needs: string | undefined;
      readonly floor: string | undefined;
      readonly beyondTables: boolean;
    }
  | {
      readonly kind: 'too-old';
      readonly needs: string | undefined;
      readonly floor: string | undefined;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export interface DriverSide {
  readonly driver: DriverVersion | undefined;
  readonly cuda: ServedCuda | undefined;
  readonly family: DriverFamily;
}

/** CUDA majors from here on have minor-version compatibility. */
const FIRST_MAJOR_WITH_MINOR_COMPATIBILITY = 11;

export function serviceOf(side: DriverSide, cuda: CudaVersion, tables: Tables): Service {
  const { driver, family } = side;
  if (driver === undefined || family === 'jetson') return serviceByCuda(side.cuda, cuda);
  const full = tables.fullDriver(cuda, family);
  const floor = tables.floorDriver(cuda, family);
  const beyondTables = full === undefined;
  if (full !== undefined && driverAtLeast(driver, full))
    return { kind: 'full', beyondTables: false };
  if (full === undefined) {
    const byCuda = serviceByCuda(side.cuda, cuda);
    if (byCuda.kind === 'full') return { kind: 'full', beyondTables };
    if (floor === undefined) return byCuda;
  }
  if (reportsEnough(side, cuda, tables)) return { kind: 'full', beyondTables };
  if (floor !== undefined && servesMajor(driver, cuda, floor)) {
    return { kind: 'minor-version', needs: full?.raw, floor: floor.raw, beyondTables };
  }
  return { kind: 'too-old', needs: full?.raw, floor: floor?.raw };
}

/** How the host's own libcuda serves a CUDA version; worked out once for each version. */
export const hostService = (host: HostView, cuda: CudaVersion, tables: Tables): Service =>
  answered(host.answers.services, cuda.raw, () => serviceOf(hostSide(host), cuda, tables));

const hostSide = ({ driver, cuda, family }: HostView): DriverSide => ({
  driver: driver.known ? driver.value : undefined,
  cuda: cuda.known ? cuda.value : undefined,
  family,
});

/** A branch whose releases disagree on their CUDA version: only the driver's own word counts. */
function reportsEnough(side: DriverSide, cuda: CudaVersion, tables: Tables): boolean {
  const row = side.driver === undefined ? undefined : tables.branchRow(side.driver.branch);
  if (row === undefined || row.sure || side.cuda === undefined) return false;
  return compareCudaMinor(side.cuda.version, cuda) >= 0;
}

/**
 * CUDA 11.0 is older than the floor of its major: it needs the driver of its own row, and only from the floor on do the later
 * minor releases run.
 */
function servesMajor(driver: DriverVersion, cuda: CudaVersion, floor: DriverVersion): boolean {
  return cuda.major >= FIRST_MAJOR_WITH_MINOR_COMPATIBILITY && driverAtLeast(driver, floor);
}

/** Without a comparable driver number only the CUDA version that the driver reports can tell. */
function serviceByCuda(served: ServedCuda | undefined, cuda: CudaVersion): Service {
  if (served === undefined)
    return { kind: 'unknown', why: 'the CUDA version of the driver is not known' };
  const needs = undefined;
  if (compareCudaMinor(served.version, cuda) >= 0)
    return { kind: 'full', beyondTables: served.atLeast };
  if (served.version.major === cuda.major && cuda.major >= FIRST_MAJOR_WITH_MINOR_COMPATIBILITY) {
    return { kind: 'minor-version', needs, floor: undefined, beyondTables: served.atLeast };
  }
  if (served.atLeast) {
    return {
      kind: 'unknown',
      why: 'the driver is newer than the tables, and so is the CUDA version',
    };
  }
  return { kind: 'too-old', needs, floor: undefined };
}

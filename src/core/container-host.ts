import type { HostDriver, HostFacts, HostGpu, ProbeFacts, ProbeGpu } from './facts.js';
import { parseDriverVersion } from './version.js';

/** The host as its facts and what was seen in the container tell it together. */
export interface ContainerHost {
  readonly facts: HostFacts | undefined;
  /** The container ran on another machine than the one that the facts of the host are of. */
  readonly foreign: boolean;
  /** Position in `facts.gpus` of each GPU that CUDA counts in the container; undefined where the probe lists none. */
  readonly places: ReadonlyMap<number, number> | undefined;
}

/**
 * Joins the facts of the host with those of the probe. The probe's stand in where the host's are missing; where they
 * contradict the host's (a remote engine, one in a virtual machine) they win, because the container's NVML and libcuda talk to
 * the driver that runs the job. The GPUs become those that the container had.
 */
export function containerHost(
  host: HostFacts | undefined,
  probe: ProbeFacts | undefined,
): ContainerHost {
  if (probe === undefined) return { facts: host, foreign: false, places: undefined };
  const joined = joinGpus(host?.gpus, probe.gpus ?? []);
  const seen = driverSeen(probe);
  const foreign = joined.foreign || isOtherDriver(host?.driver?.version, probe.nvml?.driver);
  if (foreign) return foreignHost(host, probe, seen, joined);
  const version = host?.driver?.version === undefined ? seen : undefined;
  const cuda = host?.driver?.cuda === undefined ? cudaSeen(probe) : undefined;
  const { gpus, places } = joined;
  if (version === undefined && cuda === undefined && gpus === host?.gpus) {
    return { facts: host, foreign, places };
  }
  const driver = { ...host?.driver, ...driverOf(version, cuda) };
  return { facts: { ...host, driver, ...(gpus === undefined ? {} : { gpus }) }, foreign, places };
}

/** Toolkit, CDI devices and flavour of the module were read on the wrong machine too; the engine speaks for itself. */
function foreignHost(
  host: HostFacts | undefined,
  probe: ProbeFacts,
  version: string | undefined,
  joined: JoinedGpus,
): ContainerHost {
  const { containerToolkit: _toolkit, cdiDevices: _devices, ...rest } = host ?? {};
  const own = probe.gpus?.every(isDescribed) ? ownGpus(probe.gpus) : joined;
  const { gpus, places } = joined.byUuid ? joined : own;
  const driver = driverOf(version, cudaSeen(probe));
  const facts = { ...rest, driver, ...(gpus === undefined ? {} : { gpus }) };
  return { facts, foreign: true, places };
}

const driverOf = (version: string | undefined, cuda: string | undefined): HostDriver => ({
  ...(version === undefined ? {} : { version }),
  ...(cuda === undefined ? {} : { cuda }),
});

/** `libcuda.so.1.1` of WSL and Jetson is no driver version. */
const DRIVER_IN_PATH = /libcuda\.so\.(\d{3}\.\d+(?:\.\d+)?)$/;

/** NVML's word; without it the number of the host's libcuda, which is the loaded module's where cuInit succeeded. */
function driverSeen({ nvml, libcuda, init }: ProbeFacts): string | undefined {
  if (nvml?.driver !== undefined) return nvml.driver;
  const isHostDriver = libcuda?.origin === 'host' && init?.code === 0;
  return isHostDriver ? DRIVER_IN_PATH.exec(libcuda.path ?? '')?.[1] : undefined;
}

const cudaSeen = ({ nvml, libcuda }: ProbeFacts): string | undefined =>
  (libcuda?.origin === 'host' ? libcuda.cuda : undefined) ?? nvml?.cuda;

function isOtherDriver(told: string | undefined, seen: string | undefined): boolean {
  const one = parseDriverVersion(told);
  const other = parseDriverVersion(seen);
  if (one === undefined || other === undefined) return false;
  if (one.branchOnly || other.branchOnly) return one.branch !== other.branch;
  return one.parts.some((part, position) => part !== other.parts[position]);
}

interface JoinedGpus extends Pick<ContainerHost, 'foreign' | 'places'> {
  readonly gpus: HostGpu[] | undefined;
  readonly byUuid: boolean;
}

/**
 * nvidia-smi counts in the order of the PCI bus, CUDA the fastest first, and a container with some of the GPUs counts anew: only
 * the UUID tells for sure which is which.
 * Source: https://docs.nvidia.com/cuda/cuda-c-programming-guide/ (CUDA environment variables, CUDA_DEVICE_ORDER)
 */
function joinGpus(host: HostGpu[] | undefined, probe: readonly ProbeGpu[]): JoinedGpus {
  if (probe.length === 0) return { gpus: host, foreign: false, places: undefined, byUuid: false };
  if (host === undefined) return ownGpus(probe);
  if (probe.every(isPhysical) && host.some(isPhysical)) return joinByUuid(host, probe);
  const places = placesByIndex(host, probe);
  const agrees =
    host.length === probe.length &&
    probe.every((gpu) => isSameKind(gpu, host[places.get(gpu.index) ?? -1]));
  if (agrees || !probe.every(isDescribed)) {
    return { gpus: host, foreign: false, places, byUuid: false };
  }
  return ownGpus(probe);
}

function joinByUuid(host: HostGpu[], probe: readonly ProbeGpu[]): JoinedGpus {
  const ofHost = probe.map((gpu) => host.findIndex((one) => isSameUuid(one, gpu)));
  if (ofHost.every((position) => position === -1)) {
    return { ...ownGpus(probe), foreign: host.every(isPhysical) };
  }
  const kept = host.flatMap((gpu, position) =>
    ofHost.includes(position) ? [{ gpu, position }] : [],
  );
  const unmatched = probe.filter((_, place) => ofHost[place] === -1);
  const places = new Map<number, number>();
  probe.forEach((gpu, place) => {
    const position = ofHost[place] ?? -1;
    places.set(
      gpu.index,
      position === -1
        ? kept.length + unmatched.indexOf(gpu)
        : kept.findIndex((one) => one.position === position),
    );
  });
  const whole = kept.length === host.length && unmatched.length === 0;
  const gpus = whole
    ? host
    : [...kept.map(({ gpu, position }) => ({ index: position, ...gpu })), ...unmatched];
  return { gpus, foreign: false, places, byUuid: true };
}

const ownGpus = (probe: readonly ProbeGpu[]): JoinedGpus => ({
  gpus: [...probe],
  foreign: false,
  places: new Map(probe.map((gpu, position) => [gpu.index, position])),
  byUuid: false,
});

function placesByIndex(host: readonly HostGpu[], probe: readonly ProbeGpu[]): Map<number, number> {
  const positions = probe.map(({ index }): [number, number] => [
    index,
    host.findIndex((one, position) => (one.index ?? position) === index),
  ]);
  return new Map(positions.filter(([, position]) => position !== -1));
}

/** An instance of MIG has a UUID of its own, which no list of GPUs names. */
const isPhysical = ({ uuid, mig }: HostGpu): boolean =>
  uuid !== undefined && mig !== true && !/^MIG-/i.test(uuid);

const isSameUuid = (one: HostGpu, other: HostGpu): boolean =>
  one.uuid?.toLowerCase() === other.uuid?.toLowerCase();

const isDescribed = ({ name, computeCapability }: HostGpu): boolean =>
  name !== undefined || computeCapability !== undefined;

/** Whether nothing that is known of both tells them apart. */
function isSameKind(one: HostGpu, other: HostGpu | undefined): boolean {
  if (other === undefined) return false;
  if (one.computeCapability !== undefined && other.computeCapability !== undefined) {
    return one.computeCapability === other.computeCapability;
  }
  return one.name === undefined || other.name === undefined || one.name === other.name;
}

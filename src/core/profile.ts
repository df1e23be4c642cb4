import type { HostFacts, HostGpu } from './facts.js';

/** A kind of runner, as a fleet file describes it. A field that is absent is unknown. */
export interface RunnerProfile {
  name: string;
  /** As in `runs-on`. */
  labels?: string[];
  /** `linux/amd64` */
  platform?: string;
  /** Version of the NVIDIA driver: `535.104.05`. */
  driver?: string;
  /** CUDA version that the driver reports, for drivers that no table has. */
  driverCuda?: string;
  /** `open` or `proprietary`. */
  kernelModule?: string;
  gpus?: ProfileGpu[];
  engine?: { name?: string; version?: string; gpuMode?: string; rootless?: boolean };
  containerToolkit?: {
    version?: string;
    /** `disable-require = true` in its config.toml. */
    disableRequire?: boolean;
  };
}

export interface ProfileGpu {
  /** As `nvidia-smi -L` prints it, or as people shorten it. */
  name?: string;
  /** `9.0` */
  computeCapability?: string;
  /** How many of them; one unless told. */
  count?: number;
  memoryMiB?: number;
  mig?: boolean;
}

/** The facts that a profile stands for. */
export function hostOf(profile: RunnerProfile): HostFacts {
  const { platform, driver, driverCuda, kernelModule, engine, containerToolkit } = profile;
  const gpus = profile.gpus?.flatMap(({ count = 1, ...gpu }) =>
    Array.from({ length: count }, () => gpu),
  );
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(driver === undefined
      ? {}
      : {
          driver: {
            version: driver,
            ...(driverCuda === undefined ? {} : { cuda: driverCuda }),
            ...(kernelModule === undefined ? {} : { kernelModule }),
          },
        }),
    ...(gpus === undefined ? {} : { gpus: gpus.map((gpu, index) => ({ index, ...gpu })) }),
    ...(engine === undefined ? {} : { engine }),
    ...(containerToolkit === undefined ? {} : { containerToolkit }),
  };
}

/** The profile of a host that was looked at. Serial numbers and such, which differ between runners of one kind, are left out. */
export function profileOf(name: string, host: HostFacts): RunnerProfile {
  const { platform, driver, gpus, engine, containerToolkit } = host;
  const { name: program, version, gpuMode, rootless } = engine ?? {};
  return {
    name,
    ...(platform === undefined ? {} : { platform }),
    ...(driver?.version === undefined ? {} : { driver: driver.version }),
    ...(driver?.cuda === undefined ? {} : { driverCuda: driver.cuda }),
    ...(driver?.kernelModule === undefined ? {} : { kernelModule: driver.kernelModule }),
    ...(gpus === undefined ? {} : { gpus: counted(gpus) }),
    ...(engine === undefined
      ? {}
      : {
          engine: {
            ...(program === undefined ? {} : { name: program }),
            ...(version === undefined ? {} : { version }),
            ...(gpuMode === undefined ? {} : { gpuMode }),
            ...(rootless === true ? { rootless } : {}),
          },
        }),
    ...(Object.keys(containerToolkit ?? {}).length === 0 ? {} : { containerToolkit }),
  };
}

function counted(gpus: readonly HostGpu[]): ProfileGpu[] {
  const kinds = new Map<string, ProfileGpu & { count: number }>();
  for (const { name, computeCapability, memoryMiB, mig } of gpus) {
    const kind: ProfileGpu = {
      ...(name === undefined ? {} : { name }),
      ...(computeCapability === undefined ? {} : { computeCapability }),
      ...(memoryMiB === undefined ? {} : { memoryMiB }),
      ...(mig === true ? { mig } : {}),
    };
    const key = JSON.stringify(kind);
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, { ...kind, count: 1 });
    else known.count += 1;
  }
  return [...kinds.values()];
}

export interface Difference {
  /** `driver`, `gpus[0].count`. */
  readonly what: string;
  readonly recorded: string;
  readonly now: string;
}

/**
 * In what a recorded profile is not the machine it describes. What the profile does not say is no difference, and neither is what
 * the machine does not tell.
 */
export function differences(recorded: RunnerProfile, now: RunnerProfile): Difference[] {
  const seen = new Map(leaves(now));
  const gpuKinds = `${now.gpus?.length ?? 0}`;
  return leaves(recorded).flatMap(([what, value]) => {
    if (what === 'name' || what.startsWith('labels')) return [];
    const present = seen.get(what);
    if (present === value) return [];
    if (present === undefined && !(what.startsWith('gpus') && now.gpus !== undefined)) return [];
    return [{ what, recorded: value, now: present ?? `none (${gpuKinds} kinds of GPU)` }];
  });
}

function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => {
    const part = Array.isArray(value) ? `[${key}]` : path === '' ? key : `.${key}`;
    return leaves(inner, path + part);
  });
}

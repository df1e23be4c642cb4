/**
 * The facts document `cuda-image-check/facts@1`: what was seen, as plain JSON, before any judgement.
 * A field that is absent is unknown. `src/contract/facts.ts` validates it and generates `schema/facts@1.json`.
 */
export const FACTS_SCHEMA = 'cuda-image-check/facts@1';

export interface Facts {
  schema: typeof FACTS_SCHEMA;
  host?: HostFacts;
  image?: ImageFacts;
  probe?: ProbeFacts;
  failure?: FailureFacts;
}

export interface HostFacts {
  /** `linux/amd64`, `linux/arm64`. */
  platform?: string;
  os?: string;
  driver?: HostDriver;
  gpus?: HostGpu[];
  engine?: HostEngine;
  containerToolkit?: {
    version?: string;
    /** `disable-require = true` in its config.toml. */
    disableRequire?: boolean;
  };
  /** CDI devices that the host's specs name, for example `nvidia.com/gpu=all`. */
  cdiDevices?: string[];
}

export interface HostDriver {
  /** As printed: `535.104.05`. */
  version?: string;
  /** The CUDA version that the driver reports, `12.2`. */
  cuda?: string;
  /** `open` or `proprietary`. */
  kernelModule?: string;
}

export interface HostGpu {
  index?: number;
  name?: string;
  /** `8.0`. */
  computeCapability?: string;
  uuid?: string;
  memoryMiB?: number;
  /** Multi-Instance GPU mode is enabled. */
  mig?: boolean;
}

export interface HostEngine {
  name?: string;
  version?: string;
  /** How GPUs are injected: `legacy` (prestart hook), `cdi`, `jit-cdi`, `csv`. */
  gpuMode?: string;
  rootless?: boolean;
  /** Containers run on another machine than the one that was asked, known by its kernel: driver and GPUs are as the probe saw them. */
  remote?: boolean;
}

export interface ImageFacts {
  /** As the user wrote it; opaque text. */
  reference?: string;
  digest?: string;
  platform?: string;
  compressedBytes?: number;
  /** What the registry said of its limit of pulls when it was asked for this image. */
  registryLimit?: RegistryLimit;
  /** Bytes on disk after unpacking. */
  sizeBytes?: number;
  env?: Record<string, string>;
  labels?: Record<string, string>;
  user?: string;
  entrypoint?: string[];
  /** The image's CUDA version, `12.8.1`. */
  cuda?: string;
  compatDriver?: { version?: string; path?: string };
  libraries?: ImageLibrary[];
  /** Libraries of the CUDA family that something in the image needs and the dynamic linker would not find there. */
  missingLibraries?: MissingLibrary[];
  /** Files of the driver that are the image's own, not mounted into a container. */
  driverFiles?: DriverFile[];
  deviceCode?: DeviceCode[];
  frameworks?: ImageFramework[];
  /** Python interpreters. */
  interpreters?: ImageInterpreter[];
  /** Caches of compiled code: named, not judged. */
  caches?: ImageCache[];
  /** How far the image's files were read. */
  files?: ImageFiles;
  libc?: { family?: string; version?: string };
}

export interface RegistryLimit {
  /** Pulls in a period. */
  limit?: number;
  remaining?: number;
  windowSeconds?: number;
}

export interface ImageLibrary {
  /** Without `lib` and `.so`: `cudart`, `cudnn`, `cublas`. */
  name: string;
  version?: string;
  path?: string;
  /** `libcudart.so.12`. */
  soname?: string;
  /** The one that a program without a search path of its own gets for this soname. */
  loaded?: boolean;
  /** What led the dynamic linker to it: `LD_LIBRARY_PATH`, `cache`, `default`, `runpath`. */
  via?: string;
  /** `library`, or the toolkit's `stub` that exists for linking only. */
  kind?: string;
  /** `file name`, `package`, `function`. */
  versionFrom?: string;
}

export interface MissingLibrary {
  /** `libcudnn.so.9`. */
  soname: string;
  /** The file that needs it. */
  neededBy?: string;
  /** A file of that soname that the image has where the file that needs it does not search. */
  elsewhere?: string;
}

export interface DriverFile {
  path: string;
  /** 0 for the empty file that a container with a GPU leaves behind when it is committed. */
  bytes?: number;
  version?: string;
}

export interface ImageInterpreter {
  path: string;
  version?: string;
  /** A program of the image gets it by PATH (with pyenv's shims), VIRTUAL_ENV or CONDA_PREFIX. */
  onPath?: boolean;
}

export interface ImageCache {
  path: string;
  /** `triton cache`, `tensorrt engine`. */
  what: string;
}

/** What a walk over the image's files came to. */
export interface ImageFiles {
  files?: number;
  folders?: number;
  /** False: a limit or the end of the probe came first, so that what was not found may still be there. */
  complete?: boolean;
  /** Places that were left out on purpose. */
  skipped?: { path: string; why: string }[];
  /** Places that the container's user was not allowed to look at. */
  unreadable?: string[];
}

export interface DeviceCode {
  path?: string;
  /** `elf`, `cubin`, `ptx`, `fatbin`, `archive`. */
  kind?: string;
  /** Cubin targets: `sm_80`, `sm_90a`, `sm_100f`. */
  cubins?: string[];
  ptx?: PtxCode[];
  /** Why not everything in it could be read: there may be more than is listed. */
  malformed?: string;
}

export interface PtxCode {
  /** `compute_90`. */
  target: string;
  /** PTX ISA version, `8.7`. */
  isa?: string;
}

export interface ImageFramework {
  name: string;
  version?: string;
  /** The CUDA version it was built with; null for a CPU build. */
  cuda?: string | null;
  cudnn?: string;
  /** `sm_XY` for cubins, `compute_XY` for PTX. */
  targets?: string[];
  /** The folder that it is installed in. */
  path?: string;
  /** A Python that is `onPath` imports from that folder; false: one that is not does, and no other. */
  onPath?: boolean;
}

export interface ProbeFacts {
  /** Whether the probe's first line came out of the container. */
  started?: boolean;
  /** The engine says that the container's program ran, even if the probe's first line never came: nothing refused its start. */
  containerStarted?: boolean;
  /**
   * What the container was started with: all GPUs, so many of them, or these (indexes, UUIDs, names of MIG instances). 0 is a
   * scan: no GPU was asked for, so that the absence of driver and GPUs says nothing.
   */
  requestedGpus?: 'all' | number | string[];
  libcuda?: ProbeLibcuda;
  /** `cuInit`. */
  init?: ProbeStep;
  /** The image's own libcudart. */
  runtime?: ProbeStep & { path?: string; version?: string; deviceCount?: number };
  gpus?: ProbeGpu[];
  nvml?: {
    path?: string;
    code?: number;
    driver?: string;
    cuda?: string;
    gpuCount?: number;
    error?: string;
    timedOut?: boolean;
  };
  frameworks?: ProbeFramework[];
  limits?: {
    /** Size of /dev/shm in bytes. */
    shmBytes?: number;
    /** RLIMIT_MEMLOCK in bytes; null is unlimited. */
    memlockBytes?: number | null;
  };
  libc?: { family?: string; version?: string };
  user?: { uid?: number; gid?: number };
  deviceNodes?: DeviceNode[];
  /** Environment variables of the container that steer CUDA: CUDA_VISIBLE_DEVICES, LD_LIBRARY_PATH, … */
  env?: Record<string, string>;
  /** Places that the container's user was not allowed to look at: what they hold is unknown. */
  unreadable?: string[];
  /** The probe did not end within its limit. */
  timedOut?: boolean;
  /** The step that the probe was in when it stopped answering. */
  lastStep?: string;
  /** The probe was ended by this signal, for example `SIGKILL`. */
  killedBy?: string;
  /** The engine says that the kernel's out-of-memory killer ended it. */
  outOfMemory?: boolean;
  /** The probe wrote its last line: every step was at least tried. */
  complete?: boolean;
}

export interface ProbeStep {
  /** CUresult or cudaError_t; absent when the call never returned. */
  code?: number;
  timedOut?: boolean;
  /** The signal that ended the step's process, for example `SIGSEGV`. */
  signal?: string;
  /** Text of the dynamic linker or of the step itself. */
  error?: string;
}

export interface ProbeLibcuda {
  /** The file that the dynamic linker chose, links resolved. */
  path?: string;
  /** `host` injected by the toolkit, `compat` the image's forward-compatibility package, `stub`, `image`, `empty` zero bytes, `absent`. */
  origin?: string;
  /** cuDriverGetVersion as `12.2`. */
  cuda?: string;
  error?: string;
}

export interface ProbeGpu {
  index: number;
  uuid?: string;
  name?: string;
  computeCapability?: string;
  memoryMiB?: number;
  mig?: boolean;
  kernel?: ProbeStep & {
    /** The call that failed: `cuModuleLoadData`, `cuLaunchKernel`, … */
    call?: string;
    correct?: boolean;
    wrongElements?: number;
    ms?: number;
  };
}

/** A framework's own test, in a process of its own: see probe/PROTOCOL.md. */
export interface ProbeFramework {
  name: string;
  version?: string;
  /** The Python that it ran in: `/usr/bin/python3.11`. */
  interpreter?: string;
  /** PATH (with pyenv's shims), VIRTUAL_ENV or CONDA_PREFIX of the image lead to that Python. */
  onPath?: boolean;
  /** What it was, or would be, imported from: `/usr/lib/python3/dist-packages/torch/__init__.py`. */
  path?: string;
  /** The CUDA version it was built with; null for a CPU build. */
  cuda?: string | null;
  /** The cuDNN that it loaded, `9.8.0`. */
  cudnn?: string;
  /** What it says that it has code for: `sm_XY` for cubins, `compute_XY` for PTX. */
  targets?: string[];
  /** The framework says that it can use a GPU, and what it computed was computed there. */
  available?: boolean;
  devices?: ProbeFrameworkDevice[];
  /** All-reduce over all GPUs, where there are several. */
  nccl?: { correct?: boolean; error?: string | null };
  /** What it warned of, and what its libraries printed. */
  warnings?: string[];
  error?: string | null;
  /** The part that it was in when it failed: `start`, `import`, `initialise`, `compute`, `nccl`. */
  stage?: string;
  timedOut?: boolean;
  /** The signal that ended its process, for example `SIGSEGV`. */
  signal?: string;
  /** Its test was not begun: those on PATH had used the time. */
  untested?: boolean;
  /** Of a Python that does not start: the frameworks among its packages. */
  packages?: string[];
}

export interface ProbeFrameworkDevice {
  /** As the framework counts, which is as CUDA counts in the container. */
  index: number;
  name?: string;
  /** Every result agrees with the CPU's. */
  correct?: boolean;
  /** What was computed there: `matmul`, `convolution`. */
  operations?: string[];
  error?: string | null;
}

export interface DeviceNode {
  path: string;
  /** `rw`, `r`, `none`; `unknown` when opening it never returned. */
  access: string;
  /** Why opening it failed: `EPERM` (device cgroup), `EACCES` (file mode), `ENXIO` (no driver behind it). */
  error?: string;
}

export type FailureStage = 'pull' | 'create' | 'start' | 'run';

export interface FailureFacts {
  stage?: FailureStage;
  command?: string;
  exitCode?: number;
  /** The engine's own words, whole. */
  text: string;
  /** The run was ended from outside before this stage was done, so that the failure says nothing about the pair. */
  cancelled?: boolean;
}

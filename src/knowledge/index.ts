import drivers from './drivers.json' with { type: 'json' };
import forward from './forward-compatibility.json' with { type: 'json' };
import frameworks from './frameworks.json' with { type: 'json' };
import gpus from './gpus.json' with { type: 'json' };
import images from './images.json' with { type: 'json' };
import resultCodes from './result-codes.json' with { type: 'json' };
import toolkits from './toolkits.json' with { type: 'json' };

/**
 * What NVIDIA and the frameworks have published, as derived by `scripts/derive-knowledge.mjs`. All versions are raw text: core
 * parses them. `s` in a row are numbers into the `sources` of its file.
 */
export interface Row {
  readonly s: readonly number[];
}

export interface Toolkit extends Row {
  readonly version: string;
  readonly cuda: string;
  readonly label: string;
  /** Lowest Linux driver with every feature of this toolkit; null where NVIDIA published none. */
  readonly linux: string | null;
  readonly windows: string | null;
  readonly packaged: string | null;
  readonly branch: number;
}

/** The lowest driver that runs any toolkit of a CUDA major. */
export interface MinorVersionFloor extends Row {
  readonly major: number;
  readonly linux: string;
  readonly windows: string;
}

export interface PtxIsaOfCuda extends Row {
  readonly cuda: string;
  readonly isa: string;
  readonly branch: number;
}

export interface DriverBranch extends Row {
  readonly branch: number;
  readonly type: string;
  readonly cuda: string;
  /** False where releases of the branch did not agree on their CUDA version. */
  readonly sure: boolean;
  readonly first: string;
  readonly last: string;
  readonly status: string;
}

/** A Jetson driver's own first number: none of a desktop or server branch. */
export interface JetsonDriver extends Row {
  readonly branch: number;
  readonly cuda: string;
}

export interface Architecture extends Row {
  readonly cc: string;
  readonly name: string;
  readonly firstToolkit: string;
  readonly lastToolkit: string | null;
  readonly firstBranch: number;
  readonly lastBranch: number | null;
  readonly firstIsa: string;
  /** Open kernel modules: `required`, `supported`, `unsupported`, `other`. */
  readonly open: string;
  /** Tegra chips: code is not promised to move between them and other GPUs of the same major. */
  readonly embedded: boolean;
  readonly targets: readonly string[];
}

/** The compute capabilities that run code of a family target such as `sm_100f`. */
export interface Family extends Row {
  readonly target: string;
  readonly runsOn: readonly string[];
}

export interface GpuName extends Row {
  readonly name: string;
  readonly cc: string;
  /** `data-center`, `workstation`, `geforce`, `mining`, `jetson`. */
  readonly segment: string;
}

/** Host driver branches on which the compat package of a CUDA version may be used. */
export interface CompatPackage extends Row {
  readonly cuda: string;
  readonly branches: readonly number[];
}

export interface TorchBuild extends Row {
  readonly release: string;
  readonly patches: readonly string[];
  readonly variant: string;
  readonly cuda: string;
  /** The build that the package index gives without being asked for a variant. */
  readonly default: boolean;
  readonly sass: readonly string[];
  readonly ptx: readonly string[];
  readonly cudnn: string | null;
}

export interface TensorFlowBuild extends Row {
  readonly release: string;
  readonly cuda: string;
  readonly cudnn: string;
  readonly sass: readonly string[];
  readonly ptx: readonly string[];
  readonly sure: boolean;
}

/** The machine code of PyTorch's aarch64 builds for a CUDA version (`12.8`, `13.x`) from a release on. */
export interface TorchArmBuild extends Row {
  readonly since: string;
  readonly cuda: string;
  readonly sass: readonly string[];
}

export interface OnnxRuntimeBuild extends Row {
  readonly release: string;
  readonly cudaMajor: number;
  readonly cudnn: string | null;
}

export interface MinimumCapability extends Row {
  readonly name: string;
  readonly cc: string;
}

export interface ImageTag {
  readonly tag: string;
  readonly cuda: string;
  readonly framework: string | null;
  /** The CUDA version of the official image that its NVIDIA_REQUIRE_CUDA is from (`12.8`); null where that is not known. */
  readonly base: string | null;
}

/** NVIDIA_REQUIRE_CUDA of NVIDIA's images of one CUDA release: at least this CUDA version, or one of the brands on one of the branches. */
export interface BaseRequirement extends Row {
  readonly cuda: string;
  readonly brands: readonly string[];
  readonly branches: readonly number[];
  /** Further terms, as written. */
  readonly others: readonly string[];
}

export interface ResultCode extends Row {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
}

/** One table with where its rows come from and when they were read. */
export interface Table<T> {
  readonly rows: readonly T[];
  readonly sources: readonly string[];
  readonly asOf: string;
}

export interface Knowledge {
  readonly toolkits: Table<Toolkit>;
  readonly minorVersion: Table<MinorVersionFloor>;
  readonly ptx: Table<PtxIsaOfCuda>;
  readonly drivers: Table<DriverBranch>;
  readonly jetsonDrivers: Table<JetsonDriver>;
  readonly architectures: Table<Architecture>;
  readonly families: Table<Family>;
  readonly gpuNames: Table<GpuName>;
  readonly compatPackages: Table<CompatPackage>;
  readonly torch: Table<TorchBuild>;
  readonly torchArm: Table<TorchArmBuild>;
  readonly tensorflow: Table<TensorFlowBuild>;
  readonly onnxruntime: Table<OnnxRuntimeBuild>;
  readonly minimumCapability: Table<MinimumCapability>;
  /** Result codes of the driver API and, where the runtime has one of its own, of the runtime API. */
  readonly driverCodes: Table<ResultCode>;
  readonly runtimeCodes: Table<ResultCode>;
  readonly baseRequirements: Table<BaseRequirement>;
  /** Published tags of a repository, newest CUDA last as far as the tables know them. */
  tagsOf(repository: string): readonly ImageTag[];
}

/** Typed access to the tables. Nothing is copied or indexed before it is asked for. */
export function createKnowledge(): Knowledge {
  return {
    toolkits: table(toolkits, toolkits.toolkits),
    minorVersion: table(toolkits, toolkits.minorVersion),
    ptx: table(toolkits, toolkits.ptx),
    drivers: table(drivers, drivers.branches),
    jetsonDrivers: table(drivers, drivers.jetson),
    architectures: table(gpus, gpus.architectures),
    families: table(gpus, gpus.families),
    gpuNames: table(gpus, gpus.names),
    compatPackages: table(forward, forward.packages),
    torch: table(frameworks, frameworks.torch),
    torchArm: table(frameworks, frameworks.torchArm),
    tensorflow: table(frameworks, frameworks.tensorflow),
    onnxruntime: table(frameworks, frameworks.onnxruntime),
    minimumCapability: table(frameworks, frameworks.minimum),
    driverCodes: table(resultCodes, resultCodes.driver),
    runtimeCodes: table(resultCodes, resultCodes.runtime),
    baseRequirements: table(images, images.requirements),
    tagsOf: (repository) => {
      const found = images.repositories.find((row) => row.repository === repository);
      return (found?.tags ?? []).map(([tag, cuda, framework, _source, base]) => ({
        tag: String(tag),
        cuda: String(cuda),
        framework: framework === null || framework === undefined ? null : String(framework),
        base: base === undefined ? null : String(base),
      }));
    },
  };
}

const table = <T>(file: { asOf: string; sources: string[] }, rows: readonly T[]): Table<T> => ({
  rows,
  sources: file.sources,
  asOf: file.asOf,
});

import { isElsewhere, isSecondary } from './environments.js';
import { FACTS_SCHEMA, type ProbeFacts } from './facts.js';
import type { GpuView } from './host-view.js';
import type { ImageNeed, ImageView } from './image-view.js';
import { type CudaVersion, compareCudaMinor, parseCudaVersion } from './version.js';

/**
 * What a run proved. Each proof outranks the tables only about what it saw: `cuInit` proves driver, injection and GPU; the
 * image's own libcudart proves that the driver is new enough; only a framework's computation proves the image's device code.
 */
export interface Seen {
  readonly started: boolean;
  /** `cuInit` succeeded: some libcuda was loaded and found the driver and a GPU. */
  readonly initialised: boolean;
  /** The image's own libcudart accepted the driver, or a framework computed with it. */
  readonly runtimeWorks: boolean;
  /** What proved in words that the driver serves this CUDA version; undefined when nothing did. */
  acceptedFor(need: ImageNeed): string | undefined;
  /** A framework computed a right result on this GPU. */
  computedOn(gpu: GpuView): boolean;
  /** A framework computed a right result on some GPU. */
  readonly computed: boolean;
  /** This framework computed a right result on some GPU. */
  computedBy(framework: string): boolean;
  /** The probe's own kernel ran on this GPU. */
  kernelRanOn(gpu: GpuView): boolean;
}

const NOTHING: Seen = {
  started: false,
  initialised: false,
  runtimeWorks: false,
  acceptedFor: () => undefined,
  computedOn: () => false,
  computed: false,
  computedBy: () => false,
  kernelRanOn: () => false,
};

/** @param gpuInContainer the GPU that CUDA counts as this one in the container. */
export function seenIn(
  probe: ProbeFacts | undefined,
  image: ImageView,
  gpuInContainer: (index: number) => GpuView | undefined,
): Seen {
  if (probe === undefined) return NOTHING;
  const facts = { schema: FACTS_SCHEMA, image: image.facts, probe } as const;
  const right = (probe.frameworks ?? [])
    // What a Python that nobody gets can do says nothing about the one that programs get.
    .filter((framework) => !isSecondary(framework) && !isElsewhere(framework, facts))
    .flatMap((framework) =>
      (framework.devices ?? [])
        .filter((device) => device.correct === true)
        .map((device) => ({
          framework: framework.name,
          cuda: parseCudaVersion(framework.cuda ?? undefined) ?? cudaOf(framework.name, image),
          gpu: gpuInContainer(device.index),
        })),
    );
  const computed = right.length > 0;
  const computedBy = (framework: string) => right.some((one) => one.framework === framework);
  return {
    started: probe.started === true || probe.init !== undefined || probe.runtime !== undefined,
    initialised: probe.init?.code === 0,
    runtimeWorks: probe.runtime?.code === 0 || computed,
    computed,
    computedOn: (gpu) => right.some((one) => one.gpu === gpu),
    computedBy,
    acceptedFor: (need) => {
      const { runtime } = probe;
      if (runtime?.code === 0 && covers(parseCudaVersion(runtime.version), need.cuda)) {
        return "the image's runtime accepted the driver";
      }
      if (need.framework !== undefined && computedBy(need.framework)) return 'it computed on a GPU';
      const other = right.find(({ cuda }) => covers(cuda, need.cuda));
      return other && `${other.framework} computed on a GPU`;
    },
    kernelRanOn: (gpu) =>
      (probe.gpus ?? []).some((one) => one.kernel?.code === 0 && gpuInContainer(one.index) === gpu),
  };
}

const cudaOf = (framework: string, { frameworks }: ImageView): CudaVersion | undefined =>
  frameworks.find(({ facts }) => facts.name === framework)?.cuda;

/** From here on a driver that serves one release of a major serves its others too. */
const FIRST_MAJOR_WITH_MINOR_COMPATIBILITY = 11;

/** Whether a program of this version that runs proves the driver for a need; one of an unknown version is taken for the image's. */
function covers(version: CudaVersion | undefined, need: CudaVersion): boolean {
  if (version === undefined) return true;
  return need.major < FIRST_MAJOR_WITH_MINOR_COMPATIBILITY
    ? compareCudaMinor(version, need) >= 0
    : version.major >= need.major;
}

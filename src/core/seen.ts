import type { ProbeFacts } from './facts.js';
import type { GpuView } from './host-view.js';

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
  computedOn: () => false,
  computed: false,
  computedBy: () => false,
  kernelRanOn: () => false,
};

/** @param gpuInContainer the GPU that CUDA counts as this one in the container. */
export function seenIn(
  probe: ProbeFacts | undefined,
  gpuInContainer: (index: number) => GpuView | undefined,
): Seen {
  if (probe === undefined) return NOTHING;
  const right = (probe.frameworks ?? []).flatMap((framework) =>
    (framework.devices ?? [])
      .filter((device) => device.correct === true)
      .map((device) => ({ framework: framework.name, gpu: gpuInContainer(device.index) })),
  );
  const computed = right.length > 0;
  return {
    started: probe.started === true || probe.init !== undefined || probe.runtime !== undefined,
    initialised: probe.init?.code === 0,
    runtimeWorks: probe.runtime?.code === 0 || computed,
    computed,
    computedOn: (gpu) => right.some((one) => one.gpu === gpu),
    computedBy: (framework) => right.some((one) => one.framework === framework),
    kernelRanOn: (gpu) =>
      (probe.gpus ?? []).some((one) => one.kernel?.code === 0 && gpuInContainer(one.index) === gpu),
  };
}

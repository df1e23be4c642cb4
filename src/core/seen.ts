import type { ProbeFacts } from './facts.js';

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
  computedOn(gpu: number): boolean;
  /** A framework computed a right result on some GPU. */
  readonly computed: boolean;
  /** This framework computed a right result on some GPU. */
  computedBy(framework: string): boolean;
  /** The probe's own kernel ran on this GPU. */
  kernelRanOn(gpu: number): boolean;
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

export function seenIn(probe: ProbeFacts | undefined): Seen {
  if (probe === undefined) return NOTHING;
  const right = (probe.frameworks ?? []).flatMap((framework) =>
    (framework.devices ?? [])
      .filter((device) => device.correct === true)
      .map((device) => ({ framework: framework.name, index: device.index })),
  );
  const computed = right.length > 0;
  return {
    started: probe.started === true || probe.init !== undefined || probe.runtime !== undefined,
    initialised: probe.init?.code === 0,
    runtimeWorks: probe.runtime?.code === 0 || computed,
    computed,
    computedOn: (gpu) => right.some((one) => one.index === gpu),
    computedBy: (framework) => right.some((one) => one.framework === framework),
    kernelRanOn: (gpu) =>
      (probe.gpus ?? []).some((one) => one.index === gpu && one.kernel?.code === 0),
  };
}

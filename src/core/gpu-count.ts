import type { ProbeFacts } from './facts.js';
import type { Evidence, FindingData } from './finding.js';
import type { GpuView } from './host-view.js';
import type { Situation } from './situation.js';

/** Fewer GPUs in the container than were asked for; undefined where they are all there. MIG counts instances instead. */
export function missingGpus(
  probe: ProbeFacts,
  situation: Situation,
): { readonly evidence: readonly Evidence[]; readonly data: FindingData } | undefined {
  const seen = probe.gpus?.length ?? probe.nvml?.gpuCount;
  if (probe.init?.code !== 0 || seen === undefined) return undefined;
  const gpus = gpusOfRunner(situation);
  const mig = gpus?.some((gpu) => gpu.mig) || probe.gpus?.some((gpu) => gpu.mig === true);
  const asked = gpusAsked(probe, situation, gpus);
  if (asked === undefined || mig === true || seen >= asked.count) return undefined;
  return {
    evidence: [
      { what: 'GPUs in the container', value: String(seen), from: 'probe' },
      { what: asked.what, value: String(asked.count), from: asked.from },
    ],
    data: {
      expected: asked.count,
      seen,
      ...(gpus === undefined ? {} : { gpus: gpus.map((gpu) => gpu.label) }),
    },
  };
}

function gpusOfRunner(situation: Situation): readonly GpuView[] | undefined {
  if (situation.facts.host?.gpus === undefined || situation.foreignHost) return undefined;
  const runner = situation.runnerGpus();
  return runner.known ? runner.value : undefined;
}

interface Asked {
  readonly count: number;
  readonly what: string;
  readonly from: string;
}

/** How many GPUs the container should have; undefined where some variable chose among them, or nothing tells. */
function gpusAsked(
  probe: ProbeFacts,
  { image }: Situation,
  gpus: readonly GpuView[] | undefined,
): Asked | undefined {
  const { requestedGpus } = probe;
  const hidden =
    probe.env?.['CUDA_VISIBLE_DEVICES'] ??
    (image.env.known ? image.env.value['CUDA_VISIBLE_DEVICES'] : undefined);
  if (hidden !== undefined && hidden !== 'all') return undefined;
  if (Array.isArray(requestedGpus)) {
    const isList = requestedGpus.every((one) => ONE_GPU.test(one));
    return isList ? askedFor(new Set(requestedGpus).size) : undefined;
  }
  if (typeof requestedGpus === 'number') return askedFor(requestedGpus);
  const chosen = probe.env?.['NVIDIA_VISIBLE_DEVICES'];
  // With CDI the engine has the GPUs injected and tells the toolkit's hook to inject none.
  const isWhole = chosen === undefined || chosen === 'all' || isNone(chosen, requestedGpus);
  if (!isWhole || gpus === undefined) return undefined;
  return { count: gpus.length, what: 'GPUs on the runner', from: 'host' };
}

const isNone = (chosen: string, requestedGpus: ProbeFacts['requestedGpus']): boolean =>
  requestedGpus === 'all' && /^(?:|void|none)$/.test(chosen);

const askedFor = (count: number): Asked => ({ count, what: 'GPUs asked for', from: 'request' });

/** An index or a UUID; `all`, kinds and instances of MIG name another number of GPUs than their own. */
const ONE_GPU = /^(?:\d+|GPU-[0-9a-f-]+)$/i;

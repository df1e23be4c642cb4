import type { Evidence, FindingData } from './finding.js';
import type { GpuView } from './host-view.js';
import type { Situation } from './situation.js';

/** The two sides of nearly every finding: what the host has, what the image has. */
export const hostEvidence = (situation: Situation): readonly Evidence[] => situation.host.evidence;

export function imageEvidence(situation: Situation): Evidence[] {
  const { cuda } = situation;
  return cuda.known
    ? [{ what: 'CUDA version of the image', value: cuda.value.raw, from: cuda.from }]
    : [];
}

export const gpuEvidence = (gpus: readonly GpuView[]): Evidence[] =>
  gpus.map((gpu) => ({
    what: 'GPU',
    value: gpu.label,
    from: gpu.capability.known ? gpu.capability.from : 'host',
  }));

export function commonData(situation: Situation): FindingData {
  const { host, cuda, image } = situation;
  const data: Writable<FindingData> = {};
  if (host.driver.known) data.driver = host.driver.value.raw;
  if (host.cuda.known) data.driverCuda = host.cuda.value.version.raw;
  if (cuda.known) data.cuda = cuda.value.raw;
  if (image.facts.reference !== undefined) data.image = image.facts.reference;
  return Object.assign(data, driverKind(situation));
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const LINUX: FindingData = {};

function driverKind({ host }: Situation): FindingData {
  if (host.windows) return { driverOf: 'windows' };
  return host.family === 'jetson' ? { driverOf: 'jetson' } : LINUX;
}

export const labels = (gpus: readonly GpuView[]): readonly string[] => gpus.map((gpu) => gpu.label);

/** The compute capability, if the GPUs agree on one. */
export function capabilityData(gpus: readonly GpuView[]): FindingData {
  const numbers = new Set(
    gpus.flatMap((gpu) => (gpu.capability.known ? [gpu.capability.value.raw] : [])),
  );
  const [first] = numbers;
  return numbers.size === 1 && first !== undefined ? { computeCapability: first } : {};
}

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
  const { driver, cuda } = situation.host;
  const reference = situation.image.facts.reference;
  return {
    ...(driver.known ? { driver: driver.value.raw } : {}),
    ...(cuda.known ? { driverCuda: cuda.value.version.raw } : {}),
    ...(situation.cuda.known ? { cuda: situation.cuda.value.raw } : {}),
    ...(reference === undefined ? {} : { image: reference }),
    ...driverKind(situation),
  };
}

function driverKind({ host }: Situation): FindingData {
  if (host.windows) return { driverOf: 'windows' };
  return host.family === 'jetson' ? { driverOf: 'jetson' } : {};
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

import type { Evidence, FindingData } from './finding.js';
import type { GpuView, HostView } from './host-view.js';
import type { Known } from './known.js';
import type { Situation } from './situation.js';

/** The two sides of nearly every finding: what the host has, what the image has. */
export const hostEvidence = (situation: Situation): readonly Evidence[] => situation.host.evidence;

export function imageEvidence({ cuda }: Pick<Situation, 'cuda'>): readonly Evidence[] {
  return cuda.known
    ? [{ what: 'CUDA version of the image', value: cuda.value.raw, from: cuda.from }]
    : [];
}

export const gpuEvidence = (gpus: readonly GpuView[]): readonly Evidence[] =>
  gpus.map((gpu) => gpu.evidence);

/** Data on its way to a finding: what is not known is undefined. */
export type LooseData = { readonly [K in keyof FindingData]: FindingData[K] | undefined };

export function commonData({ host, cuda, image }: Situation): LooseData {
  return {
    driver: rawOf(host.driver),
    driverCuda: host.cuda.known ? host.cuda.value.version.raw : undefined,
    cuda: rawOf(cuda),
    image: image.facts.reference,
    driverOf: driverKind(host),
  };
}

/** A version as its source prints it. */
export const rawOf = (version: Known<{ readonly raw: string }>): string | undefined =>
  version.known ? version.value.raw : undefined;

/** Of whom the driver is, where it is not one of Linux packages. */
export function driverKind(host: HostView): FindingData['driverOf'] {
  if (host.windows) return 'windows';
  return host.family === 'jetson' ? 'jetson' : undefined;
}

/** One finding's data of several parts: a later part goes before an earlier one, and a field that is undefined is left out. */
export function dataOf(...parts: readonly LooseData[]): FindingData {
  const data: Record<string, unknown> = {};
  for (const part of parts) {
    let name: keyof FindingData;
    for (name in part) if (part[name] !== undefined) data[name] = part[name];
  }
  return data;
}

export const labels = (gpus: readonly GpuView[]): readonly string[] => gpus.map((gpu) => gpu.label);

/** The compute capability, if the GPUs agree on one. */
export function sameCapabilityOf(gpus: readonly GpuView[]): string | undefined {
  let agreed: string | undefined;
  for (const { capability } of gpus) {
    if (!capability.known) continue;
    if (agreed !== undefined && agreed !== capability.value.raw) return undefined;
    agreed = capability.value.raw;
  }
  return agreed;
}

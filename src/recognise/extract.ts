import type { FindingData } from '../core/finding.js';

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * Named groups of a pattern as data. Most carry the name of their field; `cudaint`, `sm` and `arches` hold a number or a list
 * in the notation of the program that printed it.
 */
export function dataFrom(groups: Groups | undefined): FindingData {
  if (groups === undefined) return {};
  const data: Record<string, unknown> = {};
  for (const [group, raw] of Object.entries(groups)) {
    if (raw === undefined || raw === '') continue;
    const name = group.replace(/\d$/, '');
    const read = READERS[name];
    if (read !== undefined) Object.assign(data, read(raw));
    else if (NUMBERS.has(name)) data[name] = Number(raw);
    else data[name] = raw.trim();
  }
  return data as FindingData;
}

const NUMBERS: ReadonlySet<string> = new Set(['code', 'expected', 'seen', 'bytes']);

const READERS: Readonly<Record<string, (raw: string) => FindingData>> = {
  cudaint: (raw) => ({ driverCuda: cudaVersionFromNumber(raw) }),
  sm: (raw) => ({ computeCapability: capabilityFromTarget(raw) }),
  arches: (raw) => ({ targets: raw.match(/(?:sm|compute)_\d{2,3}[af]?/g) ?? [] }),
  // libnvidia-container prints the clause that decided with spaces around the operator, and may append advice.
  clause: (raw) => ({ clause: raw.replace(/ ?(>=|<=|!=|=|<|>) ?/, '$1').replace(/[,.:;]+$/, '') }),
  target: (raw) => ({ targets: [raw], computeCapability: capabilityFromTarget(raw) }),
  rlimit: (raw) => {
    const limit = /^\d+$/.test(raw) ? LIMITS[Number(raw)] : raw.toLowerCase();
    return limit !== undefined && LIMITS.includes(limit) ? { limit } : {};
  },
  gpu: (raw) => ({ gpus: [raw.trim()] }),
  image: (raw) => ({ image: raw.replace(/[:.,]+$/, '') }),
};

/** The limits of Linux by their numbers (asm-generic/resource.h), in the names of `--ulimit`. */
const LIMITS =
  'cpu fsize data stack core rss nproc nofile memlock as locks sigpending msgqueue nice rtprio rttime'.split(
    ' ',
  );

/** `11040` is CUDA 11.4: 1000 times the major version plus ten times the minor. */
export function cudaVersionFromNumber(raw: string): string {
  const number = Number(raw);
  return `${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)}`;
}

/** `sm_86` and `86` are 8.6, `sm_120` is 12.0, `8.6` stays. */
export function capabilityFromTarget(raw: string): string {
  if (raw.includes('.')) return raw;
  const digits = raw.replace(/[^0-9]/g, '');
  return `${digits.slice(0, -1)}.${digits.slice(-1)}`;
}

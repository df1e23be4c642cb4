import { createKnowledge, type GpuName } from '../knowledge/index.js';
import { type ComputeCapability, parseComputeCapability } from './target.js';

/** What a GPU's name tells; each part only where all boards that the name may mean agree. */
export interface NamedGpu {
  readonly capability?: ComputeCapability;
  /** `data-center`, `workstation`, `geforce`, `mining`, `jetson`. */
  readonly segment?: string;
  /** Boards that NVIDIA lists with the data-center GPUs but that are not entitled to forward compatibility. */
  readonly special: boolean;
}

interface Entry {
  readonly tokens: readonly string[];
  readonly key: string;
  readonly row: GpuName;
}

/** Names that people use although no table prints them. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'dgx spark': 'GB10',
    t4g: 'Tesla T4',
    k40: 'Tesla K40m',
    k20: 'Tesla K20m',

    'titan x': 'NVIDIA TITAN X (Pascal)',
    'jetson orin': 'Jetson AGX Orin',
    orin: 'Jetson AGX Orin',
    'jetson xavier': 'Jetson AGX Xavier',
    'jetson thor': 'NVIDIA Thor',
    'dgx a100': 'NVIDIA A100-SXM4-40GB',
    'dgx h100': 'NVIDIA H100 80GB HBM3',
  }),
);

/** Words that only say who made the board. Without them `Tesla V100` and `NVIDIA V100` are one name. */
const MAKERS = new Set(['nvidia', 'geforce', 'tesla', 'gpu', 'graphics']);

/** Looks a GPU's name up as NVML prints it, with or without the maker's name, and as people shorten it (`A100`, `RTX 4090`). */
export function createGpuNames(rows: readonly GpuName[]): (name: string) => NamedGpu {
  const entries: Entry[] = rows.map((row) => {
    const tokens = tokensOf(row.name);
    return { tokens, key: tokens.join(' '), row };
  });
  return (name) => {
    const plain = plainName(name);
    const alias = ALIASES.get(tokensOf(plain).join(' ')) ?? ALIASES.get(plain.toLowerCase());
    return agreed(candidates(entries, tokensOf(alias ?? plain), /quadro/i.test(plain)));
  };
}

/** The compute capability that a GPU's name tells, `8.0`; undefined where no board, or boards that differ, have the name. */
export const capabilityOfName = (name: string): string | undefined =>
  createGpuNames(createKnowledge().gpuNames.rows)(name).capability?.raw;

/** Takes off what is not the board's name: the lab's mark, a MIG profile, a vGPU profile, brackets. */
export function plainName(name: string): string {
  return name
    .replace(/\(simulated\)/gi, ' ')
    .replace(/\bMIG\b.*$/i, ' ')
    .replace(/^\s*GRID\s+/i, '')
    .replace(/\b([VAPT]\d+)DX?(?=-\d)/, '$1')
    .replace(/([A-Za-z0-9])-\d{1,3}(-\d{1,3})?[ABCQ](ME)?\s*$/, '$1')
    .trim();
}

function tokensOf(name: string): string[] {
  const spaced = name.toLowerCase().replace(/\b(rtx|gtx|gt)(?=\d)/g, '$1 ');
  const words = spaced.split(/[^a-z0-9]+/);
  return words.filter((word) => word !== '' && !MAKERS.has(word));
}

/** The entries that a name may mean: the same words, else all that contain them, else the longest one contained in them. */
function candidates(
  entries: readonly Entry[],
  tokens: readonly string[],
  quadro: boolean,
): Entry[] {
  if (tokens.length === 0) return [];
  const key = tokens.join(' ');
  const exact = entries.filter((entry) => entry.key === key);
  if (exact.length > 0) return exact;
  const wider = entries.filter((entry) => tokens.every((token) => entry.tokens.includes(token)));
  if (wider.length > 0) return wider;
  const inside = entries.filter((entry) => isInside(entry.tokens, tokens, quadro));
  const longest = Math.max(0, ...inside.map((entry) => entry.tokens.length));
  return inside.filter((entry) => entry.tokens.length === longest);
}

/** Every word of the entry stands in the name, apart from the words that only tell memory sizes and slots. */
function isInside(entry: readonly string[], tokens: readonly string[], quadro: boolean): boolean {
  const model = entry.filter((word) => !PACKAGING.test(word));
  if (!model.some((word) => /\d/.test(word) || word === 'titan' || word === 'thor')) return false;
  if (quadro !== model.includes('quadro')) return false;
  return model.every((word) => tokens.includes(word));
}

const PACKAGING = /^(\d+gb|sxm\d?|pcie|hbm\d?e?|nvl|fhhl|ac|lc)$/;

function agreed(found: readonly Entry[]): NamedGpu {
  const capabilities = new Set(found.map((entry) => entry.row.cc));
  const segments = new Set(found.map((entry) => entry.row.segment));
  const [cc] = capabilities;
  const [segment] = segments;
  const capability =
    capabilities.size === 1 && cc !== undefined ? parseComputeCapability(cc) : undefined;
  return {
    ...(capability === undefined ? {} : { capability }),
    ...(segments.size === 1 && segment !== undefined ? { segment } : {}),
    special: found.some((entry) => /matrox|dgx display|gb10/i.test(entry.row.name)),
  };
}

import type { Facts } from '../core/facts.js';
import type { FindingData } from '../core/finding.js';
import type { Entry } from './entry.js';

/** What one entry matched in a text. */
export interface Match {
  readonly entry: Entry;
  /** Named groups of all its lines, the first line's first. */
  data: FindingData;
  readonly lines: { readonly number: number; readonly text: string }[];
}

/** What a decision may look at: the other texts that were seen, and the facts beside them. */
export interface Context {
  readonly facts: Facts | undefined;
  /** Host, engine, GPUs and command of the facts as lower-case words. */
  readonly about: string;
  /** Whether any of these entries matched. */
  has(...ids: readonly string[]): boolean;
  /** Whether any entry of a source matched, by the part of its name before the slash. */
  hasFrom(...sources: readonly string[]): boolean;
  /** What an entry extracted; empty when it did not match. */
  dataOf(id: string): FindingData;
  /** The engine was asked for GPUs: true, false when the command shows that it was not, undefined when unknown. */
  readonly gpuRequested: boolean | undefined;
}

export function createContext(
  matches: ReadonlyMap<string, Match>,
  facts: Facts | undefined,
): Context {
  const command = facts?.failure?.command;
  return {
    facts,
    about: describe(facts),
    has: (...ids) => ids.some((id) => matches.has(id)),
    hasFrom: (...sources) =>
      [...matches.keys()].some((id) => sources.includes(id.slice(0, id.indexOf('/')))),
    dataOf: (id) => matches.get(id)?.data ?? {},
    gpuRequested: gpuRequested(command, matches.has('hint/gpu-requested')),
  };
}

const GPU_REQUEST =
  /--gpus|--runtime[ =]nvidia|nvidia\.com\/gpu|nvidia_visible_devices=(?:all|\d|gpu)|nvidia-docker|--nv\b|--gpu\b|compose/i;

function gpuRequested(command: string | undefined, hinted: boolean): boolean | undefined {
  if (command !== undefined && /\b(?:run|create)\b/.test(command) && !GPU_REQUEST.test(command))
    return hinted ? undefined : false;
  if (hinted || (command !== undefined && GPU_REQUEST.test(command))) return true;
  return undefined;
}

function describe(facts: Facts | undefined): string {
  const host = facts?.host;
  return [
    host?.os,
    host?.platform,
    host?.engine?.name,
    host?.engine?.version,
    host?.engine?.gpuMode,
    host?.engine?.rootless === true ? 'rootless' : undefined,
    host?.containerToolkit?.version,
    host?.driver?.version,
    host?.driver?.kernelModule,
    ...(host?.gpus ?? []).map((gpu) => gpu.name),
    facts?.image?.reference,
    facts?.failure?.command,
  ]
    .filter((word) => word !== undefined)
    .join(' | ')
    .toLowerCase();
}

import type { Family } from '../knowledge/index.js';
import {
  type ComputeCapability,
  compareCapability,
  parseTarget,
  sameCapability,
  type Target,
} from './target.js';
import { compareDotted, type PtxIsa } from './version.js';

/**
 * Which GPUs run which device code.
 *
 * Sources: NVIDIA's compatibility guides and the CUDA programming guide (binary and PTX compatibility), the NVCC manual (`a` and
 * `f` targets) and the PTX ISA release history, row by row in `knowledge/gpus.json` and `knowledge/toolkits.json`.
 */
export interface CodeEntry {
  readonly target: Target;
  /** PTX only: the ISA version that its compiler wrote; absent when unknown. */
  readonly isa?: PtxIsa;
}

/**
 * The entry of a target as compilers name it, of PTX with the ISA version that it is of; none for other text.
 * @param isa undefined where it is not known
 */
export function codeEntry(text: string, isa: PtxIsa | undefined): readonly CodeEntry[] {
  const target = parseTarget(text);
  if (target === undefined) return [];
  return target.kind === 'ptx' && isa !== undefined ? [{ target, isa }] : [{ target }];
}

/** What the driver side allows. */
export interface CodeLimits {
  /** Newest PTX ISA that the libcuda in use surely compiles; absent when unknown. */
  readonly ptxIsa?: PtxIsa;
  /** It may compile newer PTX too: no table knows this driver. */
  readonly mayReadMore?: boolean;
  /** CUDA_DISABLE_PTX_JIT is set: PTX cannot be used at all. */
  readonly jitDisabled?: boolean;
  /** CUDA_FORCE_PTX_JIT is set: machine code is ignored. */
  readonly jitForced?: boolean;
}

export type Coverage =
  | { readonly kind: 'exact'; readonly targets: readonly string[] }
  /** Code for a lower minor number of the same major, or for the family. */
  | { readonly kind: 'compatible'; readonly targets: readonly string[] }
  | { readonly kind: 'ptx'; readonly targets: readonly string[]; readonly isa?: string }
  | { readonly kind: 'ptx-too-new'; readonly targets: readonly string[]; readonly isa: string }
  /** Only PTX fits, and whether the driver compiles it cannot be told. */
  | { readonly kind: 'ptx-unjudged'; readonly targets: readonly string[]; readonly isa: string }
  | { readonly kind: 'none' };

export interface CodeRules {
  readonly families: readonly Family[];
  /** Tegra chips: nothing is promised between them, nor between them and other GPUs. */
  isEmbedded(capability: { major: number; minor: number }): boolean;
}

/** How one GPU is served by a set of code that is linked together. */
export function coverage(
  gpu: ComputeCapability,
  code: readonly CodeEntry[],
  limits: CodeLimits,
  rules: CodeRules,
): Coverage {
  if (limits.jitForced !== true) {
    const cubins = code.filter((entry) => entry.target.kind === 'cubin');
    const exact = cubins.filter((entry) => sameCapability(entry.target, gpu));
    if (exact.length > 0) return { kind: 'exact', targets: names(exact) };
    const near = cubins.filter((entry) => cubinRuns(entry.target, gpu, rules));
    if (near.length > 0) return { kind: 'compatible', targets: names(near) };
  }
  if (limits.jitDisabled === true) return { kind: 'none' };
  const ptx = code.filter(
    (entry) => entry.target.kind === 'ptx' && ptxFits(entry.target, gpu, rules),
  );
  const usable = ptx.filter((entry) => driverReads(entry.isa, limits.ptxIsa));
  const first = usable[0] ?? ptx[0];
  if (first === undefined) return { kind: 'none' };
  if (usable.length === 0) {
    const kind = limits.mayReadMore === true ? 'ptx-unjudged' : 'ptx-too-new';
    return { kind, targets: names(ptx), isa: lowestIsa(ptx) };
  }
  return {
    kind: 'ptx',
    targets: names(usable),
    ...(first.isa === undefined ? {} : { isa: first.isa.raw }),
  };
}

/** Machine code for X.Y runs on X.Z with Z at least Y; `a` code on its own GPU only, `f` code within its family. */
export function cubinRuns(target: Target, gpu: ComputeCapability, rules: CodeRules): boolean {
  if (sameCapability(target, gpu)) return true;
  if (target.variant === 'a') return false;
  if (target.variant === 'f') return inFamily(target, gpu, rules.families);
  if (rules.isEmbedded(target) || rules.isEmbedded(gpu)) return false;
  return target.major === gpu.major && target.minor <= gpu.minor;
}

/** PTX for X.Y compiles for every GPU from X.Y on, across majors; `a` and `f` PTX is as narrow as its machine code. */
export function ptxFits(target: Target, gpu: ComputeCapability, rules: CodeRules): boolean {
  if (target.variant === 'a') return sameCapability(target, gpu);
  if (target.variant === 'f') {
    return sameCapability(target, gpu) || inFamily(target, gpu, rules.families);
  }
  return compareCapability(target, gpu) <= 0;
}

function inFamily(target: Target, gpu: ComputeCapability, families: readonly Family[]): boolean {
  const name = `sm_${target.major}${target.minor}f`;
  const family = families.find((row) => row.target === name);
  // A family that the tables do not know is judged by the rule: same major, equal or higher minor.
  if (family === undefined) return target.major === gpu.major && target.minor <= gpu.minor;
  return family.runsOn.includes(`${gpu.major}.${gpu.minor}`);
}

const driverReads = (isa: PtxIsa | undefined, limit: PtxIsa | undefined): boolean =>
  isa === undefined || limit === undefined || compareDotted(isa.parts, limit.parts) <= 0;

const names = (entries: readonly CodeEntry[]): string[] => [
  ...new Set(entries.map((entry) => entry.target.raw)),
];

function lowestIsa(entries: readonly CodeEntry[]): string {
  const isas = entries.flatMap((entry) => (entry.isa === undefined ? [] : [entry.isa]));
  isas.sort((a, b) => compareDotted(a.parts, b.parts));
  return isas[0]?.raw ?? '';
}

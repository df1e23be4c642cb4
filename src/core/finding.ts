import type { FindingId, Severity } from './catalogue.js';

/** A cause that was recognised, as data: the sentences about it live in `src/report/messages`. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly evidence: readonly Evidence[];
  readonly data: FindingData;
}

export interface Evidence {
  /** What was looked at: `host driver`, `container cuInit`, `log line 812`. */
  readonly what: string;
  /** What was seen, raw. */
  readonly value: string;
  /** Where it was read: `nvidia-smi`, `probe`, `image environment`, `docker start`. */
  readonly from: string;
}

/**
 * The numbers and names that the words of a finding speak of. A rule fills them from facts, a recogniser from a text, so each
 * is optional and the words read well without it. All versions are raw text as printed by their source.
 */
export interface FindingData {
  /** GPUs were asked for, the container started, and none came. */
  readonly nothingInjected?: boolean;
  readonly driver?: string;
  /** CUDA version of the host driver. */
  readonly driverCuda?: string;
  /** The image's CUDA version. */
  readonly cuda?: string;
  /** Lowest driver with full function. */
  readonly needsDriver?: string;
  /** Lowest driver by minor-version compatibility. */
  readonly needsDriverMinor?: string;
  /** Newest CUDA version that the present driver serves. */
  readonly newestCuda?: string;
  /** GPUs concerned, as `0: NVIDIA A100-SXM4-80GB (8.0)`. */
  readonly gpus?: readonly string[];
  readonly computeCapability?: string;
  /** Targets found: `sm_80`, `compute_90`. */
  readonly targets?: readonly string[];
  readonly ptxIsa?: string;
  readonly driverPtxIsa?: string;
  readonly library?: string;
  readonly path?: string;
  /** Single files that are meant, and not the image as a whole. */
  readonly files?: readonly string[];
  readonly variable?: string;
  /** The deciding requirement clause. */
  readonly clause?: string;
  readonly framework?: string;
  readonly frameworkVersion?: string;
  readonly frameworkCuda?: string;
  readonly compatDriver?: string;
  readonly platform?: string;
  readonly hostPlatform?: string;
  readonly image?: string;
  readonly registry?: string;
  /** A result code of CUDA or an exit code. */
  readonly code?: number;
  readonly expected?: number;
  readonly seen?: number;
  readonly bytes?: number;
  /** A limit of processes by the name that `--ulimit` has for it. */
  readonly limit?: string;
  readonly toolkit?: string;
  readonly engine?: string;
  readonly device?: string;
  readonly step?: string;
  /** The original words of another tool, whole. */
  readonly text?: string;
  /** Image variants that would fit this runner. */
  readonly variants?: readonly string[];
  readonly notes?: readonly string[];
  /** Newest CUDA version that the present driver serves with full function. */
  readonly newestCudaFull?: string;
  /** The compat package that would serve on this host: `cuda-compat-13-0`. */
  readonly compatPackage?: string;
  /** Host driver branches on which the compat package works: `535`, `570`. */
  readonly compatBranches?: readonly string[];
  /** Name of the GPU's architecture: `Volta`. */
  readonly architecture?: string;
  /** First and last driver branch for the GPU: `570`, `580`. */
  readonly firstDriver?: string;
  readonly lastDriver?: string;
  /** First and last CUDA version whose compiler makes code for the GPU: `12.8`, `12.9`. */
  readonly firstCuda?: string;
  readonly lastCuda?: string;
  /** Whose code or need is meant: `torch 2.9.0`, `device code of the image`. */
  readonly owner?: string;
  /** Not read from the image, but concluded from this: `official builds of PyTorch 2.9, cu128`. */
  readonly derivedFrom?: string;
  /** The table says no, yet this was seen: the finding is a note. */
  readonly overruledBy?: string;
  /** `enforced`, `not-enforced`, `unknown`, and why. */
  readonly enforcement?: string;
  readonly enforcementWhy?: string;
  /** The requirement's text is no valid expression. */
  readonly invalid?: boolean;
  /** Newer than the tables: judged by rule. */
  readonly beyondTables?: boolean;
  readonly kernelModule?: string;
  /** The runner's driver is not one of Linux packages: it is Windows' (WSL) or part of JetPack. */
  readonly driverOf?: 'windows' | 'jetson';
  /** The driver from which the image's CUDA itself runs, where the present one is older and a requirement asks for one as well. */
  readonly cudaNeedsDriver?: string;
  /** No driver serves both this image and all of the runner's GPUs. */
  readonly noDriver?: boolean;
  /** The host's own driver would serve the image. */
  readonly hostServes?: boolean;
}

/** A thing that could not be checked, and why. */
export interface Unchecked {
  readonly what: string;
  readonly why: string;
}

/** What the engine of rules says about one image on one runner. */
export interface Judgement {
  readonly verdict: import('./catalogue.js').Verdict;
  /** The leading finding; null on a pair that works without a note, or when nothing could be said. */
  readonly primary: FindingId | null;
  /** Primary first, then the others that still matter. */
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

import { createGpuNames } from '../core/gpu-names.js';
import { parseComputeCapability } from '../core/target.js';
import { createKnowledge } from '../knowledge/index.js';
import type { Context, Match } from './context.js';
import type { Outcome } from './decisions.js';

const KEEP: Outcome = {};
const DROPPED: Outcome = { finding: 'gpu-architecture-dropped', rank: 'named' };

/**
 * A compiler that does not know its target is either older than the GPU or has given the GPU up. The target that the text names
 * decides, or else the GPU beside the text; the CUDA of the image where it is known, and today's toolkits where it is not.
 */
export function decideUnknownTarget(context: Context, match: Match): Outcome {
  const capability = match.data.computeCapability ?? capabilityBeside(context);
  const architecture = createKnowledge().architectures.rows.find((row) => row.cc === capability);
  if (architecture === undefined) return Number(capability) < OLDEST_KNOWN ? DROPPED : KEEP;
  if (architecture.lastToolkit === null) return KEEP;
  const cuda = context.facts?.image?.cuda ?? context.facts?.image?.env?.['CUDA_VERSION'];
  if (cuda === undefined)
    return match.data.computeCapability !== undefined && beforeTuring(capability) ? DROPPED : KEEP;
  return release(cuda) > release(architecture.lastToolkit) ? DROPPED : KEEP;
}

/** The capability of the only kind of GPU that the facts name. */
function capabilityBeside(context: Context): string | undefined {
  const named = createGpuNames(createKnowledge().gpuNames.rows);
  const kinds = new Set(
    (context.facts?.host?.gpus ?? []).map((gpu) => {
      const capability =
        gpu.computeCapability === undefined
          ? named(gpu.name ?? '').capability
          : parseComputeCapability(gpu.computeCapability);
      return capability === undefined ? undefined : `${capability.major}.${capability.minor}`;
    }),
  );
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/** Fermi and what came before it went with CUDA 9; no table lists them any more. */
const OLDEST_KNOWN = 3;

/** The toolkits of today have dropped all that came before Turing. */
const beforeTuring = (capability: string | undefined): boolean => Number(capability) < 7.5;

/** `12.9.1` as 1209, to compare. */
function release(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 100 + minor;
}

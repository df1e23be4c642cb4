import type { Context, Match } from './context.js';
import type { Outcome } from './decisions.js';

const KEEP: Outcome = {};

/**
 * No libcuda in the container. Without facts the container was most often started without GPUs; when the GPUs were asked for,
 * the image lacks the `compute` capability, or the host has no driver.
 */
export function decideDriverAbsent(context: Context, _match: Match): Outcome | null {
  if (context.gpuRequested === false) return { finding: 'gpu-not-requested', rank: 'cause' };
  const driver = context.facts?.host?.driver?.version;
  if (/\bsnap\b/.test(context.about)) return { finding: 'engine-confined', rank: 'usual' };
  const smiWorks = context.has('hint/smi-works', 'nvml/cuda-version-na');
  if (context.gpuRequested === true && (driver !== undefined || smiWorks))
    return { finding: 'driver-capabilities-missing', rank: 'cause' };
  if (smiWorks) return { finding: 'driver-capabilities-missing', rank: 'usual' };
  return KEEP;
}

/**
 * Error 35 has two causes: the driver is older than the runtime needs, or no driver was injected at all, because a missing
 * libcuda counts as driver version 0.
 */
export function decideInsufficientDriver(context: Context, match: Match): Outcome | null {
  const noDriver = context.has(
    'pytorch/no-driver',
    'linker/libcuda-absent',
    'tensorflow/no-drivers',
    'cuda/ngc-no-driver',
    'nvml/smi-not-found',
  );
  const zero = match.lines.some((line) => /driver version(?: is)?:? ?0(?:\.0)?\b/i.test(line.text));
  const served = newEnough(context);
  if (noDriver || zero || context.gpuRequested === false || served === true) {
    const absent = decideDriverAbsent(context, match) ?? KEEP;
    return { finding: absent.finding ?? 'gpu-not-requested', rank: 'cause' };
  }
  return served === false ? { rank: 'cause' } : KEEP;
}

/** Whether the host driver's CUDA version reaches the image's; undefined when either is unknown. */
function newEnough(context: Context): boolean | undefined {
  const host = context.facts?.host?.driver?.cuda;
  const image = context.facts?.image?.cuda ?? context.facts?.image?.env?.['CUDA_VERSION'];
  if (host === undefined || image === undefined) return undefined;
  const [hostMajor = 0, hostMinor = 0] = host.split('.').map(Number);
  const [imageMajor = 0, imageMinor = 0] = image.split('.').map(Number);
  return hostMajor > imageMajor || (hostMajor === imageMajor && hostMinor >= imageMinor);
}

/** Error 100: libcuda is there and sees no GPU. */
export function decideNoDevice(context: Context, _match: Match): Outcome | null {
  // The hook asked on the host, before there was a container that could have been started without GPUs.
  if (context.has('nvidia-container/cuda-no-device')) return null;
  const probeEnv = context.facts?.probe?.env;
  const visible =
    probeEnv?.['CUDA_VISIBLE_DEVICES'] ?? context.facts?.image?.env?.['CUDA_VISIBLE_DEVICES'];
  if (visible !== undefined || /cuda_visible_devices/.test(context.about))
    return {
      finding: 'visible-devices-mismatch',
      rank: 'cause',
      data: { variable: 'CUDA_VISIBLE_DEVICES' },
    };
  if (context.gpuRequested === false) return { finding: 'gpu-not-requested', rank: 'cause' };
  return KEEP;
}

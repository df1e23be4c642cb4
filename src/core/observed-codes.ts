import type { FindingId } from './catalogue.js';

/**
 * What a result code of the probe's calls is a sign of. The self-check of the native probe (probe/causes.h) is derived from the
 * same tables.
 * Source of the codes: cuda.h and driver_types.h of the CUDA Toolkit (`knowledge/result-codes.json`); what they are a sign of:
 * NVIDIA's compatibility guide and the public failure reports in `__tests__/recorded`.
 */

/** cuInit and the first calls of the image's runtime. */
export const INIT_CODES: Readonly<Record<number, FindingId>> = {
  2: 'gpu-busy',
  3: 'uvm-unavailable',
  34: 'stub-driver-library-loaded',
  35: 'driver-too-old',
  36: 'driver-too-old',
  46: 'gpu-busy',
  100: 'gpu-not-requested',
  101: 'visible-devices-mismatch',
  102: 'vgpu-feature-disabled',
  214: 'gpu-lost',
  304: 'gpu-device-permission-denied',
  800: 'gpu-device-permission-denied',
  802: 'fabric-manager-not-running',
  804: 'forward-compatibility-unsupported',
  999: 'uvm-unavailable',
};

/** Loading and running the probe's kernel on one GPU. */
export const KERNEL_CODES: Readonly<Record<number, FindingId>> = {
  2: 'gpu-busy',
  36: 'driver-too-old',
  46: 'gpu-busy',
  98: 'no-kernel-for-gpu',
  209: 'no-kernel-for-gpu',
  214: 'gpu-lost',
  218: 'no-kernel-for-gpu',
  220: 'gpu-lost',
  221: 'container-toolkit-misconfigured',
  222: 'ptx-too-new',
  223: 'no-kernel-for-gpu',
  226: 'gpu-lost',
  700: 'gpu-lost',
  714: 'gpu-lost',
  719: 'gpu-lost',
  802: 'fabric-manager-not-running',
  999: 'uvm-unavailable',
};

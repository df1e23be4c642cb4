import type { Entry } from '../entry.js';

/** Programs that draw, and those that compute with OpenCL: what they print where the driver's libraries for it are absent. */
export const GRAPHICS: readonly Entry[] = [
  {
    id: 'graphics/vulkan',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: ['error_incompatible_driver', 'compatible vulkan', 'failed to create any gpu devices'],
    pattern:
      /VkResult: ERROR_INCOMPATIBLE_DRIVER|Cannot find a compatible Vulkan (?:installable client )?driver|Failed to create any GPU devices/i,
    says: 'VkResult: ERROR_INCOMPATIBLE_DRIVER',
    source: 'https://github.com/isaac-sim/IsaacSim/issues/357',
  },
  {
    id: 'graphics/egl',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: ['egl device', 'egl devices'],
    pattern:
      /Cannot initialize a EGL device display|unable to find CUDA device \d{1,3} among \d{1,3} EGL devices|Detected 0 EGL devices/i,
    says: 'RuntimeError: Cannot initialize a EGL device display. This likely means that your EGL driver does not support the PLATFORM_DEVICE extension',
    source: 'https://github.com/google-deepmind/dm_control',
  },
  {
    id: 'graphics/folding',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: ['no compute devices matched gpu', 'opencl device matching'],
    pattern:
      /No compute devices matched GPU #?\d{1,3} NVIDIA|OpenCL device matching slot \d{1,3} not found/i,
    says: 'ERROR:No compute devices matched GPU #0 NVIDIA:7 GP104 [GeForce GTX 1070 Ti] 8186.',
    source: 'https://github.com/johnktims/folding-at-home/issues/9',
  },
];

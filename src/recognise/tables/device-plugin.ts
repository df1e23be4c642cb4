import type { Entry } from '../entry.js';

const PLUGIN = 'https://github.com/NVIDIA/k8s-device-plugin/blob/main/internal';
const DRA = 'https://github.com/kubernetes-sigs/dra-driver-nvidia-gpu/blob/main/cmd';

/** How Kubernetes hands out GPUs: the device plugin, the DRA driver, and the kubelet that asks them. */
export const DEVICE_PLUGIN: readonly Entry[] = [
  {
    id: 'plugin/mig-empty',
    finding: 'mig-device-invalid',
    rank: 'named',
    needles: [
      'no mig devices configured',
      'no configured mig devices',
      'creating gpu instance for',
      'creating compute instance for',
    ],
    pattern:
      /has no MIG devices configured|has MIG mode enabled but no configured MIG devices|error creating GPU instance for '[\w.+]{3,20}'|error creating compute instance for '[\w.+]{3,20}'/i,
    says: 'device GPU-1f2e has no MIG devices configured',
    source: PLUGIN,
  },
  {
    id: 'plugin/unknown-device',
    finding: 'visible-devices-mismatch',
    rank: 'cause',
    needles: ['invalid allocation request', "vendor 'runtime.nvidia.com'"],
    pattern:
      /invalid allocation request for "[^"]{3,80}": (?:[\w ]{3,40}: )?unknown device: ?(?<device>[\w:-]{3,80})?|a CDI device with vendor 'runtime\.nvidia\.com' is not supported when requesting other CDI devices/i,
    says: 'invalid allocation request for "nvidia.com/gpu": unknown device: GPU-5d5ba0d6',
    source: PLUGIN,
  },
  {
    id: 'plugin/too-few',
    finding: 'gpu-count-mismatch',
    rank: 'usual',
    needles: ['maximum request size for shared', 'devices unavailable for nvidia.com'],
    pattern:
      /maximum request size for shared resources is (?<seen>\d{1,3}); found (?<expected>\d{1,3})|requested number of devices unavailable for nvidia\.com\/[\w.-]{1,40}(?:\. Requested: (?<expected2>\d{1,3}), Available: (?<seen2>\d{1,3}))?/i,
    says: 'Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected',
    source: 'https://github.com/NVIDIA/k8s-device-plugin',
  },
  {
    id: 'plugin/unhealthy',
    finding: 'gpu-lost',
    rank: 'usual',
    needles: ['unhealthy devices nvidia.com'],
    pattern: /cannot allocate unhealthy devices nvidia\.com\//i,
    says: 'Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu, which is unexpected',
    source: 'https://github.com/NVIDIA/k8s-device-plugin',
  },
  {
    id: 'dra/not-registered',
    finding: 'nvidia-runtime-not-registered',
    rank: 'cause',
    needles: ['nvidia.com is not registered', 'nvidia.com not found in the list'],
    pattern:
      /driver(?: name)? [\w-]{0,30}\.?nvidia\.com (?:is not registered|not found in the list of registered)/i,
    says: 'Failed to prepare dynamic resources: prepare dynamic resources: DRA driver compute-domain.nvidia.com is not registered',
    source: 'https://github.com/kubernetes-sigs/dra-driver-nvidia-gpu/issues/814',
  },
  {
    id: 'dra/fabric',
    finding: 'fabric-manager-not-running',
    rank: 'cause',
    needles: ['nvlink fabric'],
    pattern: /NVLink fabric (?:not attached|registration error)/i,
    says: 'NVLink fabric not attached (device 0/GPU-1f2e): state=1, refusing to start',
    source: DRA,
  },
];

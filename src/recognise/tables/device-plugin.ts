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
    id: 'mig-manager/config',
    finding: 'mig-device-invalid',
    rank: 'named',
    needles: ['apply mig configuration', 'selected mig-config', 'unsupported mig profile'],
    pattern:
      /failed to apply MIG configuration|selected mig-config not present|unsupported MIG profile/i,
    says: 'Failed to apply MIG configuration: error setting MIGConfig: error attempting multiple config orderings',
    source: 'https://github.com/NVIDIA/mig-parted',
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
    needles: [
      'maximum request size for shared',
      'devices unavailable for nvidia.com',
      'missing devices: nvidia/gpu',
      'number of gpu/s do not match',
    ],
    pattern:
      /maximum request size for shared resources is (?<seen>\d{1,3}); found (?<expected>\d{1,3})|requested number of devices unavailable for nvidia\.com\/[\w.-]{1,40}(?:\. Requested: (?<expected2>\d{1,3}), Available: (?<seen2>\d{1,3}))?|missing devices: nvidia\/gpu|the number of GPU\/s do not match/i,
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
    id: 'plugin/none-on-node',
    finding: 'nvidia-runtime-not-registered',
    rank: 'consequence',
    needles: ['gpu resources are not discovered'],
    pattern: /GPU resources are not discovered by the node/i,
    says: 'Error: error validating plugin installation: GPU resources are not discovered by the node',
    source: 'https://github.com/NVIDIA/gpu-operator',
  },
  {
    id: 'slurm/gres-device',
    finding: 'driver-not-loaded',
    rank: 'cause',
    needles: ['gres.conf file /dev/nvidia'],
    pattern: /can't stat gres\.conf file \/dev\/nvidia\d{0,3}: no such file/i,
    says: "slurmd: fatal: can't stat gres.conf file /dev/nvidia0: No such file or directory",
    source: 'https://slurm.schedmd.com/gres.html',
  },
  {
    id: 'lxd/gpu-device',
    finding: 'visible-devices-mismatch',
    rank: 'usual',
    needles: ['requested gpu device', 'loading gpu card'],
    pattern: /failed to detect requested GPU device|failed loading GPU card/i,
    says: 'Error: Failed to start device "gpu": Failed to detect requested GPU device',
    source: 'https://github.com/canonical/lxd/blob/main/lxd/device/gpu_physical.go',
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

import type { Entry } from '../entry.js';
import { hint } from '../entry.js';

/** containerd, nerdctl, ctr, the kubelet and the device plugin. */
export const CONTAINERD: readonly Entry[] = [
  {
    id: 'containerd/unreachable',
    finding: 'engine-unreachable',
    rank: 'named',
    needles: [
      'containerd socket',
      'containerd.sock',
      'rootless containerd not running',
      'nerdctl: command',
      'nerdctl: not',
      'cri-o',
      'crio.sock',
    ],
    pattern:
      /cannot access containerd socket|rootless containerd not running|failed to dial "?[\w./:-]{0,80}containerd\.sock|(?:containerd|crio)\.sock"?: (?:connect: )?(?:no such file|connection refused|permission denied)|nerdctl: (?:command )?not found/i,
    says: 'FATA[0000] cannot access containerd socket "/run/containerd/containerd.sock": no such file or directory',
    source: 'https://github.com/containerd/nerdctl/blob/main/pkg/clientutil/client.go',
  },
  {
    id: 'kubernetes/plugin-no-nvml',
    finding: 'nvidia-runtime-not-registered',
    rank: 'usual',
    needles: [
      'incompatible',
      'did you configure the nvidia container toolkit',
      'set the default container runtime to nvidia',
      'non-nvml platform',
      'platform/strategy',
      'waiting indefinitely',
      'set the default runtime to',
    ],
    pattern:
      /did you (?:configure the NVIDIA Container Toolkit|set the default (?:container )?runtime to `?nvidia)|Detected non-NVML platform|Incompatible (?:platform|strategy)(?: detected)?|No devices found\. Waiting indefinitely/i,
    says: 'If this is a GPU node, did you configure the NVIDIA Container Toolkit?',
    source:
      'https://github.com/NVIDIA/k8s-device-plugin/blob/main/cmd/nvidia-device-plugin/main.go',
  },
  {
    id: 'kubernetes/no-gpu-resource',
    finding: null,
    rank: 'hint',
    needles: ['insufficient nvidia.com/gpu'],
    pattern: /Insufficient nvidia\.com\/(?:gpu|mig)/i,
    says: '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.',
    source: 'https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/',
  },
  hint(
    'hint/kubernetes',
    ['kubelet', 'k8s', 'kubernetes', 'device-plugin', 'pod sandbox'],
    /kubelet|k8s|kubernetes|nvidia-device-plugin|pod sandbox/i,
    'nvcr.io/nvidia/k8s-device-plugin:v0.14.1',
    'https://github.com/NVIDIA/k8s-device-plugin',
  ),
];

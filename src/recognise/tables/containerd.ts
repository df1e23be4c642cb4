import type { Entry } from '../entry.js';
import { hint } from '../entry.js';

const TOOLKIT = 'https://github.com/NVIDIA/nvidia-container-toolkit';

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
      'docker default runtime to',
      'default runtime to',
      'device discovery strategy',
    ],
    pattern:
      /did you (?:configure the NVIDIA Container Toolkit|set the (?:docker |containerd )?default (?:container )?runtime to [`'"]?nvidia)|invalid device discovery strategy|Detected non-NVML platform|Incompatible (?:platform|strategy)(?: detected)?|No devices found\. Waiting indefinitely/i,
    says: 'If this is a GPU node, did you configure the NVIDIA Container Toolkit?',
    source:
      'https://github.com/NVIDIA/k8s-device-plugin/blob/main/cmd/nvidia-device-plugin/main.go',
  },
  {
    id: 'kubernetes/runtime-not-reloaded',
    finding: 'nvidia-runtime-not-registered',
    rank: 'cause',
    needles: [
      'unable to restart',
      'unable to signal',
      'unable to setup runtime',
      'unable to load containerd config',
      'unable to load cri',
      'to flush',
    ],
    pattern:
      /(?:fail(?:ed)?|unable) to flush (?:the )?(?:containerd|docker|cri-?o) ?config|(?:fail(?:ed)?|unable) to flush config|unable to (?:restart|signal) (?:containerd|docker|cri-?o)\b|unable to setup runtime\b|unable to load containerd config|unable to load cri-?o config/i,
    says: 'unable to setup runtime: unable to restart containerd: unable to dial: dial unix /runtime/sock-dir/containerd.sock: connect: no such file or directory',
    source: `${TOOLKIT}/blob/main/cmd/nvidia-ctk-installer/main.go`,
  },
  {
    id: 'kubernetes/plugin-failed',
    finding: 'nvidia-runtime-not-registered',
    rank: 'consequence',
    needles: ['error starting plugins', 'resource managers', 'error getting plugins'],
    pattern:
      /error starting plugins: |error getting plugins: |failed to construct (?:NVML )?resource managers/i,
    says: 'error starting plugins: error getting plugins: failed to construct NVML resource managers',
    source: 'https://github.com/NVIDIA/k8s-device-plugin/issues/397',
  },
  {
    id: 'kubernetes/driver-container-waits',
    finding: 'driver-not-loaded',
    rank: 'consequence',
    needles: [
      'driver-ctr-ready',
      'validating driver',
      'nvidia device nodes',
      'failed to determine major',
    ],
    pattern:
      /\.driver-ctr-ready'?: No such file|error validating driver|failed to create NVIDIA device nodes|failed to determine major: invalid device node/i,
    says: "stat: cannot statx '/run/nvidia/validations/.driver-ctr-ready': No such file or directory",
    source: 'https://github.com/NVIDIA/gpu-operator/issues/531',
  },
  {
    id: 'kubernetes/mount-not-shared',
    finding: 'container-toolkit-misconfigured',
    rank: 'cause',
    needles: ['not a shared', 'not a slave'],
    pattern:
      /"\/run\/nvidia[\w./-]{0,80}" is mounted on "[^"]{1,120}" but it is not a (?:shared|slave)/i,
    says: 'path "/run/nvidia/validations" is mounted on "/run" but it is not a shared mount',
    source: 'https://github.com/NVIDIA/gpu-operator/issues/315',
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

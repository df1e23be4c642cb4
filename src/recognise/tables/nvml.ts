import type { Entry } from '../entry.js';
import { hint } from '../entry.js';

const NVML = 'https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html';

/** nvidia-smi and NVML, through any of its language bindings. */
export const NVML_TEXTS: readonly Entry[] = [
  {
    id: 'nvml/unknown-error',
    finding: 'gpu-device-access-lost',
    rank: 'usual',
    needles: ['unknown error', 'nvmlerror_unknown', 'error_unknown'],
    pattern:
      /(?:failed to initiali[sz]e nvml|nvml(?:Init\w{0,12})?)[^\n]{0,60}unknown error|NVMLError_Unknown|nvml[^\n]{0,60}ERROR_UNKNOWN/i,
    says: 'Failed to initialize NVML: Unknown Error',
    decide: 'nvml-unknown',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1671',
  },
  {
    id: 'nvml/no-permission',
    finding: 'gpu-device-permission-denied',
    rank: 'named',
    needles: ['insufficient permissions', 'nopermission', 'no_permission'],
    pattern:
      /nvml[^\n]{0,60}insufficient permissions|NVMLError_NoPermission|nvml[^\n]{0,60}ERROR_NO_PERMISSION|insufficient permissions[^\n]{0,60}(?:nvidia|gpu)/i,
    says: 'Failed to initialize NVML: Insufficient Permissions',
    source: NVML,
  },
  {
    id: 'nvml/device-node-denied',
    finding: 'gpu-device-permission-denied',
    rank: 'named',
    needles: ['/dev/nvidia', '/dev/dri', '/dev/nvhost', '/dev/nvmap'],
    pattern:
      /(?<path>\/dev\/(?:nvidia[\w/-]{0,30}|nv(?:host|map)[\w-]{0,20}))"?'?:? ?.{0,30}(?:permission denied|operation not permitted|EACCES|EPERM)|(?:permission denied|operation not permitted)[^\n]{0,40}(?<path2>\/dev\/nvidia[\w/-]{0,30})/i,
    says: 'open /dev/nvidiactl: permission denied',
    source: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/46',
  },
  {
    id: 'nvml/selinux',
    finding: 'gpu-device-permission-denied',
    rank: 'named',
    needles: ['avc: denied', 'avc:  denied', 'selinux'],
    pattern:
      /avc: {1,3}denied {1,3}\{[^}]{1,80}\}[^\n]{0,300}(?:nvidia|xserver_misc_device_t)|SELinux is preventing[^\n]{0,200}nvidia/i,
    says: 'avc: denied { read write } for pid=8012 comm="nvidia-smi" name="nvidiactl" scontext=system_u:system_r:container_t:s0',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/543',
  },
  {
    id: 'nvml/not-communicating',
    finding: 'driver-not-loaded',
    rank: 'cause',
    needles: ['communicate with the nvidia driver', 'nvidia-smi has failed'],
    pattern: /couldn'?t communicate with the NVIDIA driver|NVIDIA-SMI has failed/i,
    says: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    decide: 'smi-no-driver',
    source: 'https://docs.nvidia.com/deploy/nvidia-smi/index.html',
  },
  {
    id: 'nvml/library-not-found',
    finding: 'driver-not-installed',
    rank: 'usual',
    needles: [
      'libnvidia-ml',
      'nvml shared library',
      'nvmlerror_librarynotfound',
      'nvidia management library',
      'nvml library',
    ],
    pattern:
      /couldn'?t find libnvidia-ml\.so|NVML Shared Library Not Found|NVMLError_LibraryNotFound|(?:failed to|could not|cannot|unable to) (?:open|load|find|dlopen) (?:the )?(?:shared library )?[`'"]?(?:libnvidia-ml\.so[\w.]{0,6}|NVML(?: library)?)|libnvidia-ml\.so[\w.]{0,6}: cannot open shared object/i,
    says: "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the NVIDIA Display Driver is properly installed and present in your system.",
    decide: 'nvml-library-absent',
    source: 'https://docs.nvidia.com/deploy/nvidia-smi/index.html',
  },
  {
    id: 'nvml/smi-not-found',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['nvidia-smi'],
    pattern:
      /"?(?:[\w./]{0,60}\/)?nvidia-smi"?'?:? (?:executable file not found|(?:command )?not found|no such file|cannot execute: required file not found|is not recognized|failed: not found)|(?:spawn|No such file or directory: ?)'? ?'?(?:\/usr\/bin\/)?nvidia-smi|nvidia-smi ENOENT|executable file [`'"]?nvidia-smi[`'"]? not found/i,
    says: 'exec: "nvidia-smi": executable file not found in $PATH: unknown.',
    decide: 'smi-not-found',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1668',
  },
  {
    id: 'nvml/no-devices',
    finding: 'gpu-lost',
    rank: 'usual',
    needles: ['no devices were found', 'no devices found'],
    pattern:
      /^No devices were found|nvidia-smi[^\n]{0,80}no devices (?:were )?found|^no devices found\.?$/i,
    says: 'No devices were found',
    decide: 'no-devices',
    source: 'https://docs.nvidia.com/deploy/nvidia-smi/index.html',
  },
  {
    id: 'nvml/gpu-lost',
    finding: 'gpu-lost',
    rank: 'named',
    needles: [
      'gpu is lost',
      'gpuislost',
      'gpu_is_lost',
      'device handle',
      'fallen off',
      'requires reset',
      'reset_required',
      'gpu requires a reset',
      'uncorrectable',
    ],
    pattern:
      /GPU is lost|NVMLError_GpuIsLost|ERROR_GPU_IS_LOST|Unable to determine the device handle for (?:GPU|gpu)|GPU has fallen off the bus|fallen off the bus|GPU requires (?:a )?reset|ERROR_RESET_REQUIRED|uncorrectable (?:ECC|NVLink) error/i,
    says: 'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost. Reboot the system to recover this GPU',
    source: 'https://docs.nvidia.com/deploy/xid-errors/index.html',
  },
  {
    id: 'nvml/cuda-version-na',
    finding: 'driver-capabilities-missing',
    rank: 'usual',
    needles: ['cuda version:'],
    pattern: /NVIDIA-SMI [^\n]{0,80}CUDA Version: ?(?:N\/A|ERR!)/i,
    says: '| NVIDIA-SMI 470.57.02    Driver Version: 470.57.02    CUDA Version: N/A      |',
    decide: 'cuda-version-na',
    source: 'https://github.com/containerd/nerdctl/issues/1023',
  },
  hint(
    'hint/smi-works',
    ['nvidia-smi', 'driver version'],
    /NVIDIA-SMI [\d.]{5,12} {1,40}(?:KMD Version|Driver Version)|Driver Version: ?(?<driver>\d{3}\.[\d.]{2,10})/i,
    '| NVIDIA-SMI 535.104.05    Driver Version: 535.104.05    CUDA Version: 12.2 |',
    'https://docs.nvidia.com/deploy/nvidia-smi/index.html',
  ),
  hint(
    'hint/daemon-reload',
    ['daemon-reload', 'systemd', 'cpu manager', 'cpu-manager', 'docker update', 'cpu quota'],
    /daemon-reload|SystemdCgroup|native\.cgroupdriver=systemd|cpu[- ]manager|docker update/i,
    'systemctl daemon-reload',
    'https://github.com/NVIDIA/nvidia-container-toolkit/issues/48',
  ),
  hint(
    'hint/no-cgroups',
    ['no-cgroups'],
    /no-cgroups ?= ?true/i,
    'no-cgroups = true',
    'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html',
  ),
  hint(
    'hint/selinux',
    ['selinux', 'container_t'],
    /selinux|container_t\b/i,
    'SELinux status: enabled',
    'https://github.com/NVIDIA/nvidia-docker/issues/543',
  ),
  hint(
    'hint/wsl',
    ['microsoft', 'wsl', '/usr/lib/wsl', 'dxg'],
    /microsoft-standard|\bWSL2?\b(?! environment)|\/usr\/lib\/wsl|\/dev\/dxg/i,
    'Linux host 5.15.90.1-microsoft-standard-WSL2',
    'https://docs.nvidia.com/cuda/wsl-user-guide/',
  ),
  hint(
    'hint/jetson',
    ['tegra', 'jetson', 'l4t', 'jetpack'],
    /\btegra\b|jetson|\bl4t\b|jetpack/i,
    '# R35 (release), REVISION: 4.1, BOARD: t186ref, Linux tegra',
    'https://docs.nvidia.com/jetson/',
  ),
  hint(
    'hint/alpine',
    ['alpine', 'musl'],
    /\bAlpine\b|\bmusl\b/i,
    'Alpine Linux v3.19',
    'https://alpinelinux.org',
  ),
];

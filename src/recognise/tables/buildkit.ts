import type { Entry } from '../entry.js';

/** Image builds: BuildKit and the classic builder, where no GPU is injected unless the daemon is told to. */
export const BUILDKIT: readonly Entry[] = [
  {
    id: 'buildkit/stub-file-truncated',
    finding: 'gpu-not-requested',
    rank: 'cause',
    needles: ['file not recognized', 'file truncated', 'file too short'],
    pattern:
      /lib(?:cu(?!rl)|nv|tegra|EGL|GLX)[\w-]{0,30}\.so[\w.]{0,20}:? (?:file not recognized: )?File (?:truncated|format not recognized)|lib(?:cuda|nvidia-[\w-]{1,30}|nvcuvid)\.so[\w.]{0,20}:? File too short/i,
    says: '/usr/lib/x86_64-linux-gnu/libcuda.so: file not recognized: File truncated',
    decide: 'empty-driver-file',
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1468',
  },
  {
    id: 'buildkit/no-rule-libcuda',
    finding: 'gpu-not-requested',
    rank: 'cause',
    needles: [
      'notfound',
      'no rule to make target',
      'libcuda',
      'cuda_driver_library',
      'cuda_cuda_library',
      'cuda::cuda_driver',
      'libnvcuvid',
    ],
    pattern:
      /No rule to make target [`'"]?[\w./-]{0,120}(?<library>lib(?:cuda|nvidia-ml|nvcuvid)\.so[\w.]{0,8})|ninja: error: '[\w./-]{0,120}libcuda\.so'|CUDA_(?:CUDA|DRIVER)_LIBRARY[^\n]{0,40}NOTFOUND|(?:Could NOT find|Target|The link interface)[^\n]{0,120}CUDA::cuda_driver/i,
    says: "No rule to make target '/usr/lib/x86_64-linux-gnu/libcuda.so', needed by '../bin/reconstruct'.",
    source: 'https://github.com/NVIDIA/nvidia-docker/issues/1033',
  },
  {
    id: 'buildkit/link-lcuda',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['-lcuda', '-lnvidia-ml', '-lnvcuvid'],
    pattern: /cannot find -l(?<library>cuda|nvidia-ml|nvcuvid)\b/i,
    says: '/usr/bin/ld: cannot find -lcuda',
    source: 'https://github.com/NVIDIA/nvidia-docker/wiki/nvidia-docker#description',
  },
  {
    id: 'buildkit/device-entitlement',
    finding: 'gpu-not-requested',
    rank: 'cause',
    needles: ['entitlement device'],
    pattern: /(?:granting|additional privileges requested|missing)[^\n]{0,60}entitlement device\b/i,
    says: 'granting entitlement device is not allowed by build daemon configuration',
    source: 'https://docs.docker.com/build/building/cdi/',
  },
  {
    id: 'buildkit/no-cuda-arch',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: [
      "'compute_'",
      'cuda_arch_flags',
      'arch_list',
      'index out of range',
      'no cuda runtime is found',
      'get_device_capability',
      'failed to detect a default cuda architecture',
      'cuda_architectures',
    ],
    pattern:
      /_get_cuda_arch_flags|arch_list\[-1\] \+= '\+PTX'|Failed to detect a default CUDA architecture|Unsupported gpu architecture 'compute_'|CMAKE_CUDA_ARCHITECTURES.{0,40}native.{0,120}(?:no|could not|fail)/i,
    says: "arch_list[-1] += '+PTX' IndexError: list index out of range",
    source: 'https://github.com/pytorch/extension-cpp/issues/71',
  },
];

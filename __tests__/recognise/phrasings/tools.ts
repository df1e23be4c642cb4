import { means, type Phrasing } from './phrasing.js';

/** Schedulers, operators and programs around the GPU, and the slips of installing the toolkit, in their own words. */
export const TOOL_PHRASINGS: readonly Phrasing[] = [
  ...means(
    ['uvm-unavailable', 'driver-not-loaded'],
    [
      [
        'enroot',
        '[ERROR] Kernel module nvidia_uvm is not loaded. Make sure the NVIDIA device driver is installed and loaded.',
      ],
    ],
  ),
  ...means('driver-not-loaded', [
    [
      'enroot',
      '[ERROR] Kernel module nvidia is not loaded. Make sure the NVIDIA device driver is installed and loaded.',
    ],
    [
      'gpu-operator',
      'time="2024-01-01T00:00:00Z" level=info msg="Error: error validating driver installation: error running nvidia-smi: exit status 9"',
    ],
  ]),
  ...means(
    [
      'gpu-lost',
      'driver-not-loaded',
      'visible-devices-mismatch',
      'gpu-not-requested',
      'gpu-count-mismatch',
    ],
    [['LXD', 'Error: Failed to start device "gpu": Failed to detect requested GPU device']],
  ),
  ...means(
    ['gpu-lost', 'driver-not-loaded', 'visible-devices-mismatch'],
    [['LXD', 'Error: Failed to start device "mygpu": Failed loading GPU card: no such device']],
  ),
  ...means(
    [
      'nvidia-runtime-not-registered',
      'container-toolkit-misconfigured',
      'gpu-not-requested',
      'container-toolkit-missing',
    ],
    [
      [
        'gpu-operator',
        'toolkit is not ready\ntime="2024-01-01T00:00:00Z" level=info msg="Error: error validating toolkit installation: exec: \\"nvidia-smi\\": executable file not found in $PATH"',
      ],
    ],
  ),
  ...means(
    ['nvidia-runtime-not-registered', 'driver-not-loaded', 'container-toolkit-misconfigured'],
    [
      [
        'gpu-operator',
        'level=info msg="Error: error validating plugin installation: GPU resources are not discovered by the node"',
      ],
    ],
  ),
  ...means('mig-device-invalid', [
    [
      'mig-parted',
      'time="2024-01-01T00:00:00Z" level=error msg="Failed to apply MIG configuration: error setting MIGConfig: error attempting multiple config orderings: all orderings failed"',
    ],
    ['mig-parted', 'Error: selected mig-config not present: all-1g.99gb'],
    ['mig-parted', 'error parsing MIG devices: unsupported MIG profile "1g.99gb"'],
  ]),
  ...means(
    ['driver-not-installed', 'gpu-not-requested', 'nvidia-runtime-not-registered'],
    [
      [
        'DCGM',
        'time="2024-01-01T00:00:00Z" level=fatal msg="Cannot perform the requested operation because NVML doesn\'t exist on this system."',
      ],
    ],
  ),
  ...means(
    ['driver-not-loaded', 'driver-not-installed', 'gpu-not-requested', 'gpu-lost'],
    [
      [
        'DCGM',
        'Error: Failed to initialize NVML\nerr: -1\nlevel=fatal msg="Error starting nv-hostengine: DCGM initialization error"',
      ],
    ],
  ),
  ...means(
    [
      'container-toolkit-missing',
      'container-toolkit-outdated',
      'container-toolkit-misconfigured',
      'nvidia-runtime-not-registered',
    ],
    [
      [
        'nvidia-docker',
        'docker: Error response from daemon: create nvidia_driver_361.42: Error looking up volume plugin nvidia-docker: plugin not found.',
      ],
      [
        'nvidia-docker',
        'docker: Error response from daemon: create nvidia_driver_375.26: create nvidia_driver_375.26: Error looking up volume plugin nvidia-docker: legacy plugin: plugin not found.',
      ],
    ],
  ),
  ...means(
    ['driver-too-old', 'requirement-unmet'],
    [
      [
        'nvidia-docker',
        'nvidia-docker | 2016/07/01 10:00:00 Error: unsupported CUDA version: driver 7.0 < image 7.5',
      ],
    ],
  ),
  ...means('uvm-unavailable', [
    [
      'nvidia-docker',
      'nvidia-docker | 2016/07/01 10:00:00 Error: Could not load UVM kernel module. Is nvidia-modprobe installed?',
    ],
  ]),
  ...means(
    ['container-toolkit-missing', 'container-toolkit-outdated'],
    [
      ['shell', 'bash: nvidia-docker: command not found'],
      ['shell', 'sudo: nvidia-docker: command not found'],
      ['shell', 'sudo: nvidia-ctk: command not found'],
      ['apt', "E: Package 'nvidia-docker2' has no installation candidate"],
    ],
  ),
  ...means('container-toolkit-missing', [
    ['apt', 'E: Unable to locate package nvidia-container-toolkit'],
    ['yum', 'No package nvidia-container-toolkit available.\nError: Nothing to do'],
    ['dnf', 'Error: Unable to find a match: nvidia-container-toolkit'],
    [
      'TrueNAS',
      "[EFAULT] Failed 'up' action for 'jellyfin' app: could not select device driver \"nvidia\" with capabilities: [[gpu]]",
    ],
  ]),
  ...means('driver-not-installed', [['apt', 'E: Unable to locate package nvidia-driver-535']]),
  ...means(
    [
      'gpu-count-mismatch',
      'driver-not-loaded',
      'nvidia-runtime-not-registered',
      'gpu-not-requested',
    ],
    [['nomad', 'Placement Failure: missing devices: nvidia/gpu']],
  ),
  ...means(
    ['driver-not-loaded', 'gpu-lost'],
    [
      [
        'slurmd',
        "slurmd: fatal: can't stat gres.conf file /dev/nvidia0: No such file or directory",
      ],
    ],
  ),
  ...means(
    ['gpu-count-mismatch', 'visible-devices-mismatch'],
    [
      [
        'KubeVirt',
        'failed to create GPU host-devices: the number of GPU/s do not match the number of devices',
      ],
    ],
  ),
  ...means(
    ['driver-capabilities-missing', 'driver-too-old', 'gpu-not-requested'],
    [
      [
        'Isaac Sim',
        'VkResult: ERROR_INCOMPATIBLE_DRIVER\nvkCreateInstance failed. Vulkan 1.1 is not supported, or your driver requires an update.',
      ],
    ],
  ),
  ...means(
    ['driver-capabilities-missing', 'gpu-not-requested'],
    [
      [
        'Vulkan loader',
        'Cannot find a compatible Vulkan installable client driver (ICD). Please look at the Getting Started guide for additional information.',
      ],
      [
        'dm_control',
        'RuntimeError: Cannot initialize a EGL device display. This likely means that your EGL driver does not support the PLATFORM_DEVICE extension, which is required for creating a headless rendering context.',
      ],
      [
        'habitat-sim',
        'Platform::WindowlessEglApplication::tryCreateContext(): unable to find CUDA device 0 among 1 EGL devices in total\nWindowlessContext: Unable to create windowless context',
      ],
      [
        'Folding@home',
        'ERROR:No compute devices matched GPU #0 NVIDIA:7 GP104 [GeForce GTX 1070 Ti] 8186.  You may need to update your graphics drivers.',
      ],
    ],
  ),
  ...means('driver-capabilities-missing', [
    ['OptiX', "OptiX call 'optixInit()' failed: OPTIX_ERROR_LIBRARY_NOT_FOUND"],
  ]),
  ...means(
    ['gpu-not-requested', 'driver-not-loaded', 'visible-devices-mismatch'],
    [
      [
        'ffmpeg',
        '[AVHWDeviceContext @ 0x55] cu->cuInit(0) failed -> CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected',
      ],
    ],
  ),
  ...means(
    ['gpu-not-requested', 'driver-capabilities-missing', 'driver-not-installed'],
    [
      [
        'ffmpeg',
        '[AVHWDeviceContext @ 0x55] Could not dynamically load CUDA\nDevice creation failed: -1.',
      ],
      [
        'Plex',
        '[Transcoder] [FFMPEG] - Cannot load libcuda.so.1\n[FFMPEG] - Could not dynamically load CUDA',
      ],
    ],
  ),
  ...means(
    ['gpu-lost', 'peer-to-peer-broken'],
    [
      [
        'kernel',
        'kernel: NVRM: Xid (PCI:0000:dc:00): 45, pid=1818990, name=python3, Ch 00000001 caused by previous Xid 149',
      ],
    ],
  ),
  ...means(
    ['container-toolkit-outdated', 'container-toolkit-misconfigured'],
    [
      [
        'nvidia-cdi-hook',
        'nvidia-cdi-hook: symbol lookup error: nvidia-cdi-hook: undefined symbol: nvmlDeviceGetHandleByUUIDV',
      ],
    ],
  ),
  ...means('nvidia-runtime-not-registered', [
    ['minikube', '!   Failed to generate config: unknown runtime type: "nvidia"'],
  ]),
  ...means('driver-library-mismatch', [
    ['nvidia-smi', 'nvidia-smi: NVML: Driver/library version mismatch; reboot required'],
  ]),
];

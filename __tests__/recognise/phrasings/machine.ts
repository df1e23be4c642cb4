import { means, type Phrasing } from './phrasing.js';

/** nvidia-smi, NVML, the kernel log, fabric manager, MIG, WSL, Jetson and vGPU: wording from the tools and the driver. */
export const MACHINE_PHRASINGS: readonly Phrasing[] = [
  ...means('driver-not-loaded', [
    [
      'nvidia-smi',
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    ],
    ['issue title', "nvidia-smi has failed because it couldn't communicate with the nvidia driver"],
    ['nvml', 'Failed to initialize NVML: Driver Not Loaded'],
    ['pynvml', 'pynvml.NVMLError_DriverNotLoaded: Driver Not Loaded'],
    ['go-nvml', 'failed to initialize NVML: ERROR_DRIVER_NOT_LOADED'],
    ['nvml', 'nvmlInit_v2() returned NVML_ERROR_DRIVER_NOT_LOADED (9)'],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: initialization error: driver error: failed to process request',
    ],
    [
      'modprobe',
      'modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.8.0-45-generic',
    ],
    ['modprobe', "modprobe: ERROR: could not insert 'nvidia': No such device"],
    ['modprobe', "modprobe: ERROR: could not insert 'nvidia': Key was rejected by service"],
    ['secure boot', 'insmod: ERROR: could not insert module nvidia.ko: Required key not available'],
    ['kernel', 'NVRM: GPU 0000:01:00.0 is already bound to nouveau.'],
    ['kernel', 'nvidia: disagrees about version of symbol module_layout'],
    ['persistenced', 'nvidia-persistenced failed to initialize. Check syslog for more details.'],
    [
      'ollama',
      'Unable to load CUDA management library libnvidia-ml.so.1: nvml vram init failure: 9',
    ],
    [
      'dkms',
      'Error! Bad return status for module build on kernel: 6.8.0-31-generic (x86_64)\nConsult /var/lib/dkms/nvidia/535.171.04/build/make.log for more information.',
    ],
  ]),
  ...means('driver-library-mismatch', [
    [
      'nvidia-smi',
      'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161',
    ],
    [
      'pynvml',
      'pynvml.NVMLError_LibRmVersionMismatch: RM has detected an NVML/RM version mismatch.',
    ],
    ['pynvml', 'pynvml.nvml.NVMLError_LibRmVersionMismatch: Driver/library version mismatch'],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown',
    ],
    ['nvml', 'nvml: NVML_ERROR_LIB_RM_VERSION_MISMATCH'],
    ['go-nvml', 'error initializing NVML: ERROR_LIB_RM_VERSION_MISMATCH'],
    [
      'kernel',
      'NVRM: API mismatch: the client has the version 535.161.07, but\nNVRM: this kernel module has the version 535.154.05.  Please\nNVRM: make sure that this kernel module and all NVIDIA driver\nNVRM: components have the same version.',
    ],
    ['ollama', 'nvml vram init failure: 18'],
    [
      'tensorflow',
      'kernel version 535.154.5 does not match DSO version 535.161.7 -- cannot find working devices in this configuration',
    ],
  ]),
  ...means(
    ['driver-not-installed', 'gpu-not-requested', 'nvidia-runtime-not-registered'],
    [
      [
        'nvidia-smi',
        "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the NVIDIA Display Driver is properly installed and present in your system.",
      ],
      ['pynvml', 'pynvml.NVMLError_LibraryNotFound: NVML Shared Library Not Found'],
      ['pynvml', 'NVMLError_LibraryNotFound: NVML Shared Library Not Found'],
      [
        'nvidia-container-cli',
        'nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory: unknown',
      ],
      ['go-nvml', 'failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND'],
      [
        'nvml-wrapper',
        'Error: LibloadingError(DlOpen { desc: "libnvidia-ml.so: cannot open shared object file: No such file or directory" })',
      ],
      ['dcgm', 'Error: Failed to initialize NVML: could not load NVML library'],
      ['dcgm', "Cannot perform the requested operation because NVML doesn't exist on this system."],
      [
        'nvidia-ctk',
        'level=error msg="failed to generate CDI spec: failed to create device CDI specs: failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND"',
      ],
    ],
  ),
  ...means(
    ['gpu-device-access-lost', 'gpu-device-permission-denied', 'container-toolkit-misconfigured'],
    [
      ['nvidia-smi', 'Failed to initialize NVML: Unknown Error'],
      ['pynvml', 'pynvml.NVMLError_Unknown: Unknown Error'],
      ['go-nvml', 'failed to initialize NVML: ERROR_UNKNOWN'],
    ],
  ),
  ...means('gpu-device-permission-denied', [
    ['nvidia-smi', 'Failed to initialize NVML: Insufficient Permissions'],
    ['pynvml', 'pynvml.NVMLError_NoPermission: Insufficient Permissions'],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: initialization error: nvml error: insufficient permissions: unknown',
    ],
    ['kernel', 'NVRM: failed to open /dev/nvidiactl: permission denied'],
  ]),
  ...means(
    [
      'gpu-lost',
      'gpu-not-requested',
      'driver-not-loaded',
      'open-kernel-module-required',
      'gpu-unsupported-by-driver',
    ],
    [
      ['nvidia-smi', 'No devices were found'],
      ['nvidia-smi', 'NVIDIA-SMI has failed: No devices were found'],
    ],
  ),
  ...means('gpu-lost', [
    [
      'nvidia-smi',
      'Unable to determine the device handle for GPU 0000:3B:00.0: GPU is lost.  Reboot the system to recover this GPU',
    ],
    ['nvidia-smi', 'Unable to determine the device handle for GPU0000:01:00.0: Unknown Error'],
    ['pynvml', 'pynvml.NVMLError_GpuIsLost: GPU is lost'],
    ['go-nvml', 'ERROR_GPU_IS_LOST'],
    ['kernel', 'NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, GPU has fallen off the bus.'],
    [
      'kernel',
      '[12345.678901] NVRM: GPU at PCI:0000:01:00: GPU-1234\n[12345.678902] NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.',
    ],
    [
      'kernel',
      'NVRM: Xid (PCI:0000:07:00): 48, pid=99, An uncorrectable double bit error (DBE) has been detected on GPU in the framebuffer',
    ],
    ['kernel', 'NVRM: Xid (PCI:0000:07:00): 119, pid=4321, Timeout waiting for RPC from GSP!'],
    [
      'kernel',
      'NVRM: RmInitAdapter failed! (0x25:0xffff:1480)\nNVRM: GPU 0000:01:00.0: rm_init_adapter failed, device minor number 0',
    ],
    [
      'kernel',
      'NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\nNVRM: BAR1 is 0M @ 0x0 (PCI:0000:06:10.0)',
    ],
    ['torch', 'RuntimeError: CUDA error: uncorrectable ECC error encountered'],
  ]),
  ...means('open-kernel-module-required', [
    [
      'kernel',
      'NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2b85)\nNVRM: installed in this system requires use of the NVIDIA open kernel modules.',
    ],
    ['kernel', 'NVRM: installed in this system requires use of the NVIDIA open kernel modules.'],
  ]),
  ...means('gpu-unsupported-by-driver', [
    [
      'kernel',
      'NVRM: The NVIDIA GeForce GTX 680 GPU installed in this system is\nNVRM:  supported through the NVIDIA 470.xx Legacy drivers.',
    ],
    [
      'kernel',
      'NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:1004)\nNVRM: installed in this system is not supported by the\nNVRM: NVIDIA 555.42.02 driver release.',
    ],
  ]),
  ...means('fabric-manager-not-running', [
    [
      'fabric manager',
      "fabric manager NVIDIA GPU driver interface version 535.129.03 don't match with driver version 535.104.05. Please update with matching NVIDIA driver package.",
    ],
    ['systemd', "nvidia-fabricmanager.service: Failed with result 'exit-code'."],
    [
      'nvidia-smi',
      'Fabric\n            State                         : In Progress\n            Status                        : N/A\ncudaGetDeviceCount: system not yet initialized',
    ],
    ['systemd', 'Failed to start NVIDIA fabric manager service.'],
    ['kernel', 'nvidia-nvswitch: Fabric Manager is not running'],
  ]),
  ...means('wsl-unsupported', [
    [
      'nvidia-container-cli',
      'nvidia-container-cli: initialization error: WSL environment detected but no adapters were found: unknown',
    ],
    [
      'nvidia-smi',
      'Failed to initialize NVML: GPU access blocked by the operating system\nFailed to properly shut down NVML: GPU access blocked by the operating system',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: initialization error: nvml error: gpu access blocked by the operating system',
    ],
    ['pynvml', 'pynvml.NVMLError_OperatingSystem: GPU access blocked by the operating system'],
  ]),
  ...means('uvm-unavailable', [
    ['modprobe', "modprobe: ERROR: could not insert 'nvidia_uvm': Operation not permitted"],
    ['modprobe', 'modprobe: FATAL: Module nvidia-uvm not found in directory /lib/modules/5.15.0'],
    [
      'torch',
      'RuntimeError: CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing env variable CUDA_VISIBLE_DEVICES after program start. Setting the available devices to be zero.',
    ],
    ['ollama', 'cuda driver library init failure: 999'],
    ['shell', "ls: cannot access '/dev/nvidia-uvm': No such file or directory"],
  ]),
  ...means('gpu-busy', [
    ['cuda', 'CUDA error: all CUDA-capable devices are busy or unavailable'],
    [
      'tensorflow',
      'cudaSetDevice() on GPU:0 failed. Status: CUDA-capable device(s) is/are busy or unavailable',
    ],
    [
      'torch',
      'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 23.64 GiB of which 3.62 MiB is free. Process 12345 has 22.10 GiB memory in use.',
    ],
  ]),
  ...means('kernel-feature-missing', [
    [
      'bpf',
      'nvidia-container-cli: mount error: failed to add device rules: bpf_prog_query(BPF_CGROUP_DEVICE) failed: function not implemented',
    ],
  ]),
  ...means('ulimit-refused', [
    [
      'podman, runc',
      'Error: runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 8: operation not permitted: OCI permission denied',
    ],
    [
      'docker 20.10',
      'docker: Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: process_linux.go:465: setting rlimits for ready process caused: error setting rlimit type 7: operation not permitted: unknown.',
    ],
    [
      'nerdctl',
      'FATA[0000] failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 8: operation not permitted: unknown',
    ],
    [
      'crun',
      'Error: crun: setrlimit `RLIMIT_MEMLOCK`: Operation not permitted: OCI permission denied',
    ],
    [
      'crun, older',
      'Error: setrlimit `RLIMIT_NPROC`: Operation not permitted: OCI runtime permission denied error',
    ],
  ]),
  ...means('vgpu-feature-disabled', [
    ['cuda', 'RuntimeError: CUDA error: operation not supported'],
  ]),
];

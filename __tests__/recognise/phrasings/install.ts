import { means, type Phrasing } from './phrasing.js';

/** How the driver is built and loaded, how the toolkit and the cluster hand out GPUs: messages that the programs' sources hold. */
export const INSTALL_PHRASINGS: readonly Phrasing[] = [
  ...means('driver-not-loaded', [
    [
      'nvidia-container-cli',
      'E0101 10:00:00.000000 12 nvc.c:268] could not load kernel module nvidia',
    ],
    [
      'kernel',
      'NVRM: The NVIDIA probe routine was not called for 1 device(s).\nNVRM: This can occur when a driver such as: \nNVRM: nouveau, rivafb, nvidiafb or rivatv \nNVRM: was loaded and obtained ownership of the NVIDIA device(s).',
    ],
    ['dkms', 'dkms autoinstall on 6.8.0-45-generic/x86_64 failed for nvidia(10)'],
    [
      'dkms',
      'Autoinstall on 6.8.0-45-generic failed for module(s) nvidia(10).\nError! One or more modules failed to install during autoinstall.',
    ],
    ['dkms', 'nvidia/535.161.07 autoinstall failed due to missing dependencies: gcc-12'],
    ['dkms', 'Error! Missing module nvidia in /var/lib/dkms/nvidia/535/6.8.0/x86_64/module'],
    ['dkms', 'Module nvidia/535.161.07 is not built for kernel 6.8.0-45-generic (x86_64).'],
    [
      'mkinitcpio',
      "==> ERROR: module not found: 'nvidia'\n==> ERROR: module not found: 'nvidia_modeset'\n==> ERROR: module not found: 'nvidia_uvm'",
    ],
    [
      'dracut',
      "dracut: FAILED:  /usr/lib/dracut/dracut-install -D /var/tmp/dracut.x/initramfs --kerneldir /lib/modules/6.1.0/ -m nvidia nvidia_uvm nvidia_drm nvidia_modeset\ndracut-install: ERROR: installing module 'nvidia'",
    ],
    ['systemd-modules-load', "systemd-modules-load[412]: Failed to find module 'nvidia'"],
    [
      'modprobe',
      "modprobe: ERROR: ../libkmod/libkmod-module.c:968 command_do() Error running install command '/bin/false' for module nvidia: retcode 1",
    ],
    [
      'nvidia-installer',
      'ERROR: The kernel module failed to load, because it was not signed by a key that is trusted by the kernel. Please try installing the driver again, and sign the kernel module',
    ],
    [
      'nvidia-ctk',
      'failed to generate CDI spec: failed to create device CDI specs: failed to initialize NVML: ERROR_DRIVER_NOT_LOADED',
    ],
    [
      'apptainer',
      'FATAL:   container creation failed: nvidia-container-cli failed with exit status 1: nvidia-container-cli: initialization error: nvml error: driver not loaded',
    ],
    ['gpu-operator', 'NVIDIA kernel module not loaded\nnvidia-smi failed'],
  ]),
  ...means(
    ['uvm-unavailable', 'driver-not-loaded'],
    [
      [
        'nvidia-container-cli',
        'E0101 10:00:00.000000 12 nvc.c:285] could not load kernel module nvidia_uvm',
      ],
      ['systemd-modules-load', "systemd-modules-load[412]: Failed to find module 'nvidia-uvm'"],
    ],
  ),
  ...means(
    ['container-toolkit-misconfigured', 'cgroup-device-rules'],
    [
      [
        'nvidia-container-cli',
        'nvidia-container-cli: permission error: capability change failed: operation not permitted',
      ],
    ],
  ),
  ...means(
    ['container-toolkit-misconfigured', 'cgroup-device-rules', 'container-toolkit-outdated'],
    [
      [
        'nvidia-container-cli',
        'nvidia-container-cli: container error: failed to get device cgroup mount path: no such file',
      ],
    ],
  ),
  ...means('container-toolkit-misconfigured', [
    // what nvidia-container-runtime-hook and nvidia-container-runtime 1.20 printed when they were run, without a GPU
    [
      'nvidia-container-runtime-hook',
      "error getting hook config: failed to load config: failed to unmarshal config: (1, 1): Can't convert maybe(string) to bool",
    ],
    [
      'nvidia-container-runtime-hook',
      "error getting hook config: failed to load config: couldn't open required configuration file: failed to load specified config file: (1, 2): unexpected token unclosed table key, was expecting a table key",
    ],
    [
      'nvidia-container-runtime',
      'time="2026-11-29T13:14:15Z" level=error msg="error loading config: failed to unmarshal config: (1, 1): Can\'t convert maybe(string) to bool"',
    ],
    [
      'nvidia-container-runtime',
      'time="2026-11-29T13:14:15Z" level=error msg="error loading config: failed to load specified config file: (1, 2): unexpected token unclosed table key, was expecting a table key"',
    ],
    [
      'nvidia-container-runtime',
      'time="2026-11-29T13:14:14Z" level=error msg="failed to create NVIDIA Container Runtime: failed to construct OCI spec modifier: invalid mode \\"wrong\\""',
    ],
    [
      'nvidia-container-runtime-hook',
      "Using requested mode 'cdi'\ninvoking the NVIDIA Container Runtime Hook directly (e.g. specifying the docker --gpus flag) is not supported. Please use the NVIDIA Container Runtime (e.g. specify the --runtime=nvidia flag) instead",
    ],
    [
      'nvidia-container-runtime',
      'time="2026-11-29T13:14:16Z" level=warning msg="Ignoring devices requested by environment variable(s) in unprivileged container: [NVIDIA_VISIBLE_DEVICES]"',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: input error: parse user/group failed: no such file or directory',
    ],
    [
      'nvidia-container-cli',
      'nvidia-container-cli: ldcache error: process /sbin/ldconfig terminated with signal 9',
    ],
    [
      'nvidia-ctk',
      'time="2024-01-01T00:00:00Z" level=error msg="error constructing low-level runtime: error locating runtime: no runtime binary found from candidate list: [runc crun]"',
    ],
    ['nvidia-ctk', 'failed to construct OCI spec modifier: unrecognized mode csvx'],
    [
      'nvidia-ctk',
      'time="2024-01-01T00:00:00Z" level=error msg="unable to get flock on pidfile: resource temporarily unavailable"\nUnable to get exclusive lock on \'/run/nvidia/toolkit/toolkit.pid\'\nThis normally means an instance of the NVIDIA toolkit Container is already running, aborting',
    ],
    ['apptainer', 'FATAL:   nvidia-container-cli not allowed in setuid mode'],
    [
      'apptainer',
      'FATAL:   While setting GPU configuration: nvidia-container-cli is not owned by root user',
    ],
  ]),
  ...means(
    ['container-toolkit-misconfigured', 'gpu-device-permission-denied'],
    [
      [
        'nvidia-container-cli',
        'nvidia-container-cli: mount error: invalid device node: /dev/nvidia0',
      ],
    ],
  ),
  ...means(
    ['gpu-lost', 'driver-not-loaded'],
    [
      [
        'kernel',
        "NVRM: request_mem_region failed for 16M @ 0xf6000000. This can\nNVRM: occur when a driver such as rivatv is loaded and claims\nNVRM: ownership of the device's registers.",
      ],
      [
        'kubelet',
        'Warning  UnexpectedAdmissionError  5s  kubelet  Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu, which is unexpected',
      ],
    ],
  ),
  ...means('gpu-lost', [
    [
      'kernel',
      'NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\nNVRM: BAR1 is 0M @ 0x0 (PCI:0000:0b:00.0)',
    ],
    ['kernel', 'NVRM: pci_enable_device failed, aborting'],
    [
      'kernel',
      "NVRM: Can't find an IRQ for your NVIDIA card!\nNVRM: Please check your BIOS settings.",
    ],
    ['kernel', 'NVRM: FATAL: Failed to re-allocate BAR1.'],
    [
      'k8s-device-plugin',
      'I0101 10:00:00.000000 1 health.go:159] XidCriticalError: Xid=48 on Device=GPU-abc; marking device as unhealthy.',
    ],
    [
      'k8s-device-plugin',
      "I0101 10:00:00.000000 1 server.go:245] 'nvidia.com/gpu' device marked unhealthy: GPU-0a1b2c3d",
    ],
  ]),
  ...means('gpu-unsupported-by-driver', [['kernel', 'NVRM: ignoring the legacy GPU 0000:01:00.0']]),
  ...means(
    ['driver-not-loaded', 'gpu-lost'],
    [
      ['kernel', 'NVRM: No NVIDIA devices probed.'],
      ['kernel', 'NVRM: None of the NVIDIA devices were initialized.'],
    ],
  ),
  ...means(
    ['driver-not-installed', 'gpu-lost', 'driver-not-loaded'],
    [['kernel', 'NVRM: No NVIDIA GPU found.']],
  ),
  ...means(
    ['gpu-unsupported-by-driver', 'driver-not-loaded', 'gpu-lost'],
    [
      [
        'kernel',
        'NVRM: Ignoring probe for VF 0000:41:00.4 \nnvidia: probe of 0000:41:00.4 failed with error -1',
      ],
    ],
  ),
  ...means(
    ['driver-not-loaded', 'driver-not-installed'],
    [
      [
        'nvidia-installer',
        'ERROR: Unable to find the kernel source tree for the currently running kernel.  Please make sure you have installed the kernel source files for your kernel and that they are properly configured',
      ],
      [
        'nvidia-installer',
        'ERROR: The Nouveau kernel driver is currently in use by your system.  This driver is incompatible with the NVIDIA driver, and must be disabled before proceeding.',
      ],
    ],
  ),
  ...means(
    ['driver-not-installed', 'driver-not-loaded'],
    [
      [
        'nvidia-installer',
        "ERROR: Unable to find the development tool `cc` in your path; please make sure that you have the package 'gcc' installed.  If gcc is installed on your system, then please check that `cc` is in your PATH.",
      ],
      [
        'nvidia-installer',
        "ERROR: Installation has failed.  Please see the file '/var/log/nvidia-installer.log' for details.  You may find suggestions on fixing installation problems in the README available on the Linux driver download page at www.nvidia.com.",
      ],
      [
        'nvidia-installer',
        'ERROR: The installation was canceled due to the availability or presence of an alternate driver installation. Please see /var/log/nvidia-installer.log for more details.',
      ],
    ],
  ),
  ...means(
    ['gpu-unsupported-by-driver', 'driver-not-installed', 'gpu-lost'],
    [
      [
        'nvidia-installer',
        'WARNING: You do not appear to have an NVIDIA GPU supported by the 535.161.07 NVIDIA Linux graphics driver installed in this system.',
      ],
    ],
  ),
  ...means(
    ['driver-not-installed', 'driver-library-mismatch', 'driver-not-loaded', 'gpu-busy'],
    [
      [
        'nvidia-installer',
        "ERROR: Unable to unload the 'nvidia' kernel module: 'rmmod: ERROR: Module nvidia is in use by: nvidia_uvm nvidia_modeset'",
      ],
    ],
  ),
  ...means('open-kernel-module-required', [
    [
      'nvidia-installer',
      "WARNING: The 'proprietary' kernel modules are incompatible with the GPU(s) detected on this system. They will be installed anyway, but are not expected to work.",
    ],
  ]),
  ...means('driver-not-installed', [
    [
      'nvidia-ctk',
      'ERRO[0000] failed to generate CDI spec: failed to create device CDI specs: failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND',
    ],
  ]),
  ...means(
    [
      'driver-library-mismatch',
      'container-toolkit-misconfigured',
      'driver-not-installed',
      'cdi-spec-stale',
    ],
    [
      [
        'nvidia-ctk',
        'failed to generate CDI spec: failed to create edits common for entities: failed to create discoverer for common entities: failed to create discoverer for driver files: failed to create discoverer for driver libraries: failed to get libraries for driver version: failed to locate libcuda.so.535.161.07: pattern libcuda.so.535.161.07 not found',
      ],
    ],
  ),
  ...means(
    ['driver-not-loaded', 'container-toolkit-outdated'],
    [
      [
        'nvidia-ctk',
        'failed to create NVIDIA control device nodes: missing required device major nvidia-frontend',
      ],
    ],
  ),
  ...means(
    ['driver-not-loaded', 'container-toolkit-misconfigured', 'gpu-lost', 'uvm-unavailable'],
    [['nvidia-ctk', 'failed to create device discoverer: no NVIDIA device nodes found']],
  ),
  ...means(
    ['cdi-device-unresolved', 'visible-devices-mismatch'],
    [
      [
        'nvidia-ctk',
        'could not resolve CDI devices: unresolvable CDI devices runtime.nvidia.com/gpu=3',
      ],
    ],
  ),
  ...means(
    ['visible-devices-mismatch', 'cdi-device-unresolved', 'container-toolkit-misconfigured'],
    [
      [
        'nvidia-ctk',
        "requesting a CDI device with vendor 'runtime.nvidia.com' is not supported when requesting other CDI devices",
      ],
    ],
  ),
  ...means('driver-capabilities-missing', [
    [
      'nvidia-container-runtime-hook',
      "unsupported capabilities found in 'compute,utility;video' (allowed 'compute')",
    ],
    ['nvidia-container-runtime-hook', "unsupported capabilities found in 'none' (allowed '')"],
  ]),
  ...means('requirement-unmet', [
    ['nvidia-ctk', 'requirements not met: unsatisfied condition: cuda>=12.4 (cuda=12.2)'],
    // what nvidia-container-runtime-hook and nvidia-container-runtime 1.20 printed when they were run, without a GPU
    [
      'nvidia-container-runtime-hook',
      'failed to get requirements failed to get version: invalid CUDA version 12.8.1.012: invalid version string',
    ],
    [
      'nvidia-container-runtime, csv mode',
      'time="2026-11-29T13:14:33Z" level=error msg="could not apply required modification to OCI specification: error modifying OCI spec: requirements not met: failed to get image requirements: failed to get version: invalid CUDA version 12.8.1.012: invalid version string: invalid semantic version"',
    ],
    [
      'nvidia-container-runtime, csv mode',
      'time="2026-11-29T13:14:32Z" level=error msg="could not apply required modification to OCI specification: error modifying OCI spec: requirements not met: cuda>=12.8||driver>=470.57.02 not met"',
    ],
  ]),
  ...means(
    ['container-toolkit-misconfigured', 'nvidia-runtime-not-registered'],
    [
      [
        'nvidia-ctk',
        'time="2024-01-01T00:00:00Z" level=error msg="unable to load containerd config: failed to run command chroot [/host containerd config dump]: exit status 1"',
      ],
    ],
  ),
  ...means('mig-device-invalid', [
    [
      'k8s-device-plugin',
      'E0101 main.go:132] error starting plugins: error getting plugins: failed to construct resource managers: invalid MIG configuration: at least one device with migEnabled=true was not configured correctly: error visiting device: device 0 has an invalid MIG configuration',
    ],
    ['k8s-device-plugin', 'device GPU-1 has no MIG devices configured'],
    [
      'dra-driver-nvidia-gpu',
      'Physical GPU GPU-1 has MIG mode enabled but no configured MIG devices',
    ],
  ]),
  ...means(
    ['visible-devices-mismatch', 'mig-device-invalid', 'gpu-lost'],
    [
      [
        'k8s-device-plugin',
        'invalid allocation request for "nvidia.com/gpu": unknown device: GPU-123',
      ],
    ],
  ),
  ...means(
    ['visible-devices-mismatch', 'gpu-count-mismatch'],
    [
      [
        'k8s-device-plugin',
        'invalid allocation request for "nvidia.com/gpu": invalid request: maximum request size for shared resources is 1; found 2',
      ],
    ],
  ),
  ...means(
    [
      'driver-not-loaded',
      'driver-not-installed',
      'nvidia-runtime-not-registered',
      'gpu-not-requested',
      'gpu-lost',
      'container-toolkit-misconfigured',
    ],
    [['k8s-device-plugin', 'I0101 main.go:287] No devices found. Waiting indefinitely.']],
  ),
  ...means(
    [
      'gpu-lost',
      'gpu-count-mismatch',
      'mig-device-invalid',
      'nvidia-runtime-not-registered',
      'container-toolkit-misconfigured',
    ],
    [
      [
        'kubelet',
        'Warning  UnexpectedAdmissionError  5s  kubelet  Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected',
      ],
    ],
  ),
  ...means(
    ['nvidia-runtime-not-registered', 'cdi-device-unresolved', 'container-toolkit-misconfigured'],
    [
      [
        'dra-driver-nvidia-gpu',
        'Failed to prepare dynamic resources: prepare dynamic resources: DRA driver gpu.nvidia.com is not registered',
      ],
    ],
  ),
  ...means('fabric-manager-not-running', [
    [
      'dra-driver-nvidia-gpu',
      'NVLink fabric not attached (device 0/GPU-1): state=1, refusing to start',
    ],
    [
      'dra-driver-nvidia-gpu',
      'NVLink fabric registration error (device 0/GPU-1): status=ERROR, refusing to start',
    ],
  ]),
  ...means('driver-too-old', [
    [
      'dra-driver-nvidia-gpu',
      'IMEXDaemonsWithDNSNames feature requires GPU driver version >= 570.158.01, but found 550.54.15',
    ],
  ]),
  ...means(
    ['driver-not-installed', 'container-toolkit-misconfigured'],
    [
      [
        'dra-driver-nvidia-gpu',
        'error creating driver: error locating "libnvidia-ml.so.1": pattern libnvidia-ml.so.1 not found',
      ],
      [
        'apptainer',
        'WARNING: Could not find any NVIDIA libraries on this host!\nWARNING: You may need to edit /etc/singularity/nvliblist.conf',
      ],
      ['apptainer', 'INFO:    Could not find any nv files on this host!'],
    ],
  ),
  ...means(
    ['driver-capabilities-missing', 'container-toolkit-misconfigured'],
    [['apptainer', 'FATAL:   unknown NVIDIA_DRIVER_CAPABILITIES value: foo']],
  ),
  ...means(
    ['gpu-device-permission-denied', 'jetson-l4t-mismatch', 'gpu-not-requested'],
    [['L4T', 'Opening channel /dev/nvhost-nvdec failed\nCould not get NVDEC Channel handle']],
  ),
  ...means('gpu-device-permission-denied', [
    ['L4T', 'NvRmMemInitNvmap failed with Permission denied\n549: Memory Manager Not supported'],
    [
      'L4T',
      'NvRmMemInitNvmap failed: error Permission denied\nNvRmPrivGetChipPlatform: Could not read platform information',
    ],
  ]),
  ...means(
    ['gpu-not-requested', 'gpu-device-permission-denied', 'jetson-l4t-mismatch'],
    [['L4T', 'nvrm_gpu: /dev/nvhost-ctrl-gpu: No such file or directory']],
  ),
  ...means(
    ['gpu-device-permission-denied', 'gpu-not-requested', 'jetson-l4t-mismatch'],
    [
      ['L4T', 'NvRmGpuLibOpen failed, error=196623'],
      ['L4T', 'libnvrm_gpu.so: NvRmGpuLibOpen failed, error=14'],
    ],
  ),
];

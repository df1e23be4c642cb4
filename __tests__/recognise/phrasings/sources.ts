import { means, type Phrasing } from './phrasing.js';

/** The message lists in the sources of NVIDIA's open kernel modules, NCCL, crun, Moby and the CDI library. */
export const SOURCE_PHRASINGS: readonly Phrasing[] = [
  ...means('driver-not-loaded', [
    ['nv.c', 'NVRM: No NVIDIA PCI devices found.'],
    ['nv-pci.c', 'NVRM: GPU 0000:01:00.0 is already bound to another driver.'],
    [
      'nv.c',
      'NVRM: Try unloading the conflicting kernel module (and/or\nNVRM: reconfigure your kernel without the conflicting\nNVRM: driver(s)), then try loading the NVIDIA kernel module\nNVRM: again.',
    ],
    [
      'nv-pci.c',
      "NVRM: request_mem_region failed for 16M @ 0xf6000000. This can\nNVRM: occur when a driver such as rivatv is loaded and claims\nNVRM: ownership of the device's registers.",
    ],
    [
      'osinit.c, firmware not fetched',
      'NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x61:0x56:1672)',
    ],
    ['osinit.c', 'NVRM: GPU 0000:01:00.0: No firmware image found'],
    ['nv.c', 'NVRM: failed to initialize module.'],
    ['the kernel', 'nvidia: probe of 0000:01:00.0 failed with error -1'],
    ['the kernel since 6.9', 'nvidia 0000:01:00.0: probe with driver nvidia failed with error -1'],
    [
      'Moby',
      'docker: Error response from daemon: error gathering device information while adding custom device "/dev/nvidia0": lstat /dev/nvidia0: no such file or directory',
    ],
    ['Podman', 'Error: stat /dev/nvidia0: no such file or directory'],
  ]),
  ...means('driver-library-mismatch', [
    [
      'kernel_gsp.c',
      'NVRM: GSP firmware image version mismatch: got version 535.104.05, expected version 550.54.14',
    ],
  ]),
  ...means('gpu-lost', [
    [
      'osinit.c, state not initialised',
      'NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x62:0x40:2393)',
    ],
    ['nv-pci.c', 'NVRM: GPU 0000:01:00.0: GPU does not have the necessary power cables connected.'],
    ['osinit.c', 'NVRM: A GPU crash dump has been created. If possible, please run'],
    [
      'kernel_gsp.c',
      'NVRM: _kgspBootGspRm: (the GPU is likely in a bad state and may need to be reset)',
    ],
    [
      'kernel_gsp.c',
      'NVRM: GPU0 _kgspLogXid119: ********************************* GSP Timeout **********************************',
    ],
    [
      'kernel_gsp.c',
      'NVRM: GPU0 _kgspLogXid119: =============== GSP-RM unresponsive ==================',
    ],
    ['kernel_gsp.c', 'NVRM: GPU0 Max GSP-RM boot attempts exceeded: 3/3'],
    ['nv.c', 'NVRM: Tried to get IRQ 16, but another driver\nNVRM: has it and is not sharing it.'],
    ['go-nvml', "error getting device handle for index '0': ERROR_GPU_IS_LOST"],
  ]),
  ...means('gpu-unsupported-by-driver', [
    ['nv-pci.c', 'NVRM: nvidia.ko because it does not include the required GPU'],
    ['vGPU manager', 'The guest driver version is not compatible with the Virtual GPU Manager'],
    [
      'vGPU manager',
      'vmiop_log: (0x0): Incompatible Guest/Host drivers: Guest VGX version is older than the minimum version supported by the Host. Disabling vGPU.',
    ],
  ]),
  ...means('driver-too-old', [
    ['NCCL', 'NCCL WARN CUDA Driver version found is 10020. Minimum requirement is 11000'],
    ['NCCL', 'NCCL WARN One-sided RMA requires CUDA driver 12.5 or later (found 12.2).'],
  ]),
  ...means('no-kernel-for-gpu', [
    ['cuDNN', 'cuDNN error: CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH'],
    ['cuRAND', 'cuRAND error: CURAND_STATUS_ARCH_MISMATCH'],
    ['NPP', 'NppStatus NPP_NOT_SUFFICIENT_COMPUTE_CAPABILITY'],
    [
      'TensorRT',
      '[TRT] [E] Error Code 9: Target GPU SM 70 is not supported by this TensorRT release.',
    ],
    [
      'Triton',
      'RuntimeError: Triton is only supported on devices of CUDA Capability >= 7.0, but your device is of CUDA capability 6.1',
    ],
  ]),
  ...means('cuda-library-missing', [
    ['TensorRT', '[TRT] Unable to load library: nvinfer_builder_resource_sm89.so.10.13.0'],
    ['NVRTC', 'NVRTC_ERROR_BUILTIN_OPERATION_FAILURE'],
    ['cuDNN', 'cuDNN error: CUDNN_STATUS_RUNTIME_PREREQUISITE_MISSING'],
    ['Triton', 'RuntimeError: Cannot find ptxas'],
  ]),
  ...means('cuda-library-conflict', [
    [
      'nvlink',
      "nvlink fatal   : Input file 'kernel.o' newer than toolkit (120 vs 118) (target: sm_80)",
    ],
  ]),
  ...means('runtime-compiler-too-old', [
    ['Triton', 'Triton only support CUDA 10.0 or higher, but got CUDA version: 9.2'],
  ]),
  ...means('gpu-busy', [
    [
      'MPS',
      'CUDA_ERROR_MPS_MAX_CLIENTS_REACHED: the hardware resources required to create MPS client have been exhausted',
    ],
    ['MPS', 'cudaErrorMpsMaxConnectionsReached'],
  ]),
  ...means('unrecognised', [
    // The daemon's socket is the image's, the workflow's or the machine's matter: the text does not say whose.
    ['MPS', 'CUDA error: MPS client failed to connect to the MPS control daemon or the MPS server'],
  ]),
  ...means('nvidia-runtime-not-registered', [
    [
      'Moby',
      "failed to start daemon: error initializing daemon: specified default runtime 'nvidia' does not exist",
    ],
    ['Moby', "invalid argument for --add-runtime: runtime 'nvidia' was already defined"],
  ]),
  ...means('kernel-feature-missing', [['crun', 'Error: crun: eBPF not supported']]),
  ...means('cgroup-device-rules', [
    ['crun', 'crun: bpf create ``: Operation not permitted: OCI permission denied'],
    ['crun', 'crun: systemd failed to install eBPF device filter on cgroup `/user.slice`'],
  ]),
  ...means('cdi-spec-unsupported', [
    ['CDI library', 'failed to load CDI Spec /etc/cdi/nvidia.yaml: invalid version "0.8.0"'],
  ]),
  ...means('cdi-device-unresolved', [
    ['CDI library', 'unresolved devices nvidia.com/gpu=7'],
    ['CDI library', 'unqualified device "gpu=0", missing vendor'],
  ]),
  ...means('cdi-spec-stale', [
    ['CDI library', 'CDI device ("/dev/nvidia0", "c"), host type mismatch (b, c)'],
  ]),
];

import { means, type Phrasing } from './phrasing.js';

/** Frameworks and the programs on top of them: wording from their sources. */
export const FRAMEWORK_PHRASINGS: readonly Phrasing[] = [
  ...means('driver-too-old', [
    [
      'torch',
      'UserWarning: CUDA initialization: The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver by downloading and installing a new version from the URL: http://www.nvidia.com/Download/index.aspx',
    ],
    ['issue title', 'the nvidia driver on your system is too old (found version 10010)'],
    [
      'ngc',
      'ERROR: This container was built for NVIDIA Driver Release 545.23 or later, but\n       version 470.182.03 was detected and compatibility mode is UNAVAILABLE.',
    ],
    [
      'cupy',
      'cudaErrorInsufficientDriver: CUDA driver version is insufficient for CUDA runtime version',
    ],
    [
      'numba',
      'numba.cuda.cudadrv.driver: CUDA driver version is insufficient for CUDA runtime version',
    ],
    [
      'cuda 12 driver api',
      'CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER: API call is not supported in the installed CUDA driver',
    ],
    [
      'ollama',
      'level=WARN msg="old CUDA driver detected - please upgrade to a newer driver" version=11.2',
    ],
    [
      'ffmpeg',
      'Driver does not support the required nvenc API version. Required: 13.0 Found: 12.2',
    ],
    [
      'julia',
      'Error: Failed to initialize CUDA: CUDA driver 10.2 is too old; CUDA.jl requires at least CUDA 11.4',
    ],
    ['tensorrt', '[TRT] CUDA driver version is insufficient for CUDA runtime version'],
    [
      'dcgm-exporter',
      'CUDA Version 12.8 requires driver version >= 570.26, detected driver 535.104.05 is too old',
    ],
  ]),
  ...means('framework-cpu-only', [
    ['torch', 'AssertionError: Torch not compiled with CUDA enabled'],
    ['torch', 'RuntimeError: PyTorch is not linked with support for cuda devices'],
    [
      'torchvision',
      "NotImplementedError: Could not run 'torchvision::nms' with arguments from the 'CUDA' backend.",
    ],
    [
      'jax',
      'WARNING:jax._src.xla_bridge:An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed. Falling back to cpu.',
    ],
    [
      'opencv',
      "cv2.error: OpenCV(4.5.5) error: (-216:No CUDA support) The library is compiled without CUDA support in function 'throw_no_cuda'",
    ],
    [
      'llama.cpp',
      'warning: not compiled with GPU offload support, --gpu-layers option will be ignored',
    ],
    ['llama.cpp', 'warning: no usable GPU found, --gpu-layers option will be ignored'],
    ['xgboost', 'xgboost.core.XGBoostError: XGBoost version not compiled with GPU support.'],
    ['lightgbm', 'lightgbm.basic.LightGBMError: CUDA Tree Learner was not enabled in this build.'],
    ['lightgbm', 'GPU Tree Learner was not enabled in this build.'],
    [
      'onnxruntime',
      "UserWarning: Specified provider 'CUDAExecutionProvider' is not in available provider names. Available providers: 'AzureExecutionProvider, CPUExecutionProvider'",
    ],
    ['ctranslate2', 'ValueError: This CTranslate2 package was not compiled with CUDA support'],
    [
      'paddle',
      'ValueError: The current installed PaddlePaddle package is a CPU version, please install GPU version: Paddle is not compiled with CUDA',
    ],
    ['paddle', 'PaddlePaddle is not compiled with CUDA, but CUDAPlace is used'],
    ['faiss', "AttributeError: module 'faiss' has no attribute 'StandardGpuResources'"],
    [
      'dgl',
      '[10:00:00] dgl/src/runtime/c_runtime_api.cc:82: Check failed: allow_missing: Device API cuda is not enabled. Please install the cuda version of dgl.',
    ],
    ['mxnet', 'MXNetError: Compile with USE_CUDA=1 to enable GPU usage'],
    ['catboost', 'Environment for task type [GPU] not found'],
    ['ffmpeg', "Unknown encoder 'h264_nvenc'"],
    ['detectron2', 'RuntimeError: Not compiled with GPU support'],
    ['spacy', 'ValueError: Cannot use GPU, CuPy is not installed'],
  ]),
  ...means('no-kernel-for-gpu', [
    [
      'torch',
      'NVIDIA GeForce RTX 3090 with CUDA capability sm_86 is not compatible with the current PyTorch installation.\nThe current PyTorch install supports CUDA capabilities sm_37 sm_50 sm_60 sm_70.',
    ],
    [
      'torch',
      'Found GPU0 Tesla K40c which is of cuda capability 3.5. PyTorch no longer supports this GPU because it is too old.',
    ],
    ['torch', 'RuntimeError: CUDA error: no kernel image is available for execution on the device'],
    ['flash-attn', 'RuntimeError: FlashAttention only supports Ampere GPUs or newer.'],
    [
      'bitsandbytes',
      'Error no kernel image is available for execution on the device at line 120 in file /mmfs1/csrc/ops.cu',
    ],
    [
      'vllm',
      'ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5.',
    ],
    [
      'triton',
      'RuntimeError: Found Quadro P4000 which is too old to be supported by the triton GPU compiler, which is used as the backend. Triton only supports devices of CUDA Capability >= 7.0',
    ],
    [
      'llama.cpp',
      'ggml_cuda_compute_forward: RMS_NORM failed\nCUDA error: no kernel image is available for execution on the device',
    ],
    [
      'tensorrt',
      'The engine plan file is generated on an incompatible device, expecting compute 7.5 got compute 8.6, please rebuild.',
    ],
    ['cuda', 'error: device kernel image is invalid'],
    ['cublas', 'RuntimeError: CUDA error: CUBLAS_STATUS_ARCH_MISMATCH when calling `cublasGemmEx`'],
    ['vllm', 'RuntimeError: Marlin requires compute capability >= 8.0'],
    [
      'cutlass',
      'CUDA error: no kernel image is available for execution on the device (at /build/csrc/cutlass.cu:31)',
    ],
    ['sglang', 'sgl_kernel: unsupported architecture sm_120: no kernel image is available'],
    [
      'tensorflow',
      'Ignoring visible gpu device (device: 0, name: GeForce GT 710, pci bus id: 0000:01:00.0, compute capability: 3.5) with Cuda compute capability 3.5. The minimum required Cuda capability is 6.0.',
    ],
    ['deepspeed', 'DeepSpeed FP6 requires compute capability of at least 8.0'],
    [
      'xformers',
      'requires device with capability > (8, 0) but your GPU has capability (7, 5) (too old)',
    ],
  ]),
  ...means('ptx-too-new', [
    [
      'torch',
      'RuntimeError: CUDA error: the provided PTX was compiled with an unsupported toolchain.',
    ],
    ['cuda', 'the provided ptx was compiled with an unsupported toolchain'],
  ]),
  ...means('gpu-not-requested', [
    ['triton', 'RuntimeError: 0 active drivers ([]). There should only be one.'],
    ['numba', 'numba.cuda.cudadrv.error.CudaSupportError: No CUDA-capable device is detected'],
  ]),
  ...means('shared-memory-too-small', [
    [
      'torch',
      "RuntimeError: DataLoader worker (pid 4321) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.",
    ],
    [
      'torch',
      'ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).',
    ],
    [
      'nccl',
      'NCCL WARN Error while creating shared memory segment /dev/shm/nccl-abc (size 9637888)',
    ],
    ['nccl', 'NCCL WARN Call to posix_fallocate failed : No space left on device'],
    ['torch', 'RuntimeError: unable to write to file </torch_123_456>'],
    [
      'torch',
      'RuntimeError: unable to mmap 1024 bytes from file </torch_1_2>: Cannot allocate memory (12)',
    ],
    [
      'triton server',
      "Failed to initialize Python stub: Failed to increase the shared memory pool size for key 'triton_python_backend_shm': No space left on device",
    ],
  ]),
  ...means('locked-memory-limit', [
    ['nccl', 'NCCL WARN Call to ibv_reg_mr failed with error Cannot allocate memory'],
    [
      'ucx',
      "UCX ERROR ibv_reg_mr(address=0x7f, length=4096, access=0xf) failed: Cannot allocate memory. Please set max locked memory (ulimit -l) to 'unlimited' (current: 64 kbytes)",
    ],
    ['libibverbs', 'libibverbs: Warning: RLIMIT_MEMLOCK is 65536 bytes.'],
  ]),
  ...means('peer-to-peer-broken', [
    ['cuda', 'CUDA error: peer access is not supported between these two devices'],
    ['p2p test', 'P2P is not supported: peer access is not supported between these two devices'],
    ['nccl', "NCCL WARN Cuda failure 217 'peer access is not supported between these two devices'"],
  ]),
  ...means('nvls-unavailable', [
    ['nccl', "transport/nvls.cc:244 NCCL WARN Cuda failure 1 'invalid argument'"],
    [
      'nccl',
      "NCCL WARN Failed to bind NVLink SHARP (NVLS) Multicast memory of size 2097152 : CUDA error 801 'operation not supported'.",
    ],
  ]),
  ...means('gpu-count-mismatch', [
    [
      'vllm',
      'ValueError: The number of required GPUs exceeds the total number of available GPUs in the placement group.',
    ],
    [
      'lightning',
      'MisconfigurationException: You requested gpu: [0, 1, 2, 3]\n But your machine only has: [0, 1]',
    ],
    [
      'tgi',
      'AssertionError: Each process is one gpu: `--nproc_per_node=8` but only 4 GPUs are available',
    ],
    ['deepspeed', "ValueError: No slot '4' specified on host 'localhost'"],
    ['vllm', 'Tensor parallel size (4) cannot be larger than the number of available GPUs (1).'],
  ]),
  ...means('framework-cuda-mismatch', []),
  ...means(
    ['framework-cuda-mismatch', 'cuda-library-missing'],
    [
      [
        'bitsandbytes',
        "Could not find the bitsandbytes CUDA binary at PosixPath('/opt/libbitsandbytes_cuda126.so')",
      ],
    ],
  ),
];

import { means, type Phrasing } from './phrasing.js';

/** What programs print where graphics, compilers or extensions of the image do not fit: the words of other versions and programs. */
export const IMAGE_PHRASINGS: readonly Phrasing[] = [
  ...means('driver-capabilities-missing', [
    ['graphics/vulkan', 'Cannot find a compatible Vulkan Driver (ICD).'],
    ['graphics/vulkan', 'vkCreateInstance failed with VK_ERROR_INCOMPATIBLE_DRIVER (-9)'],
    [
      'graphics/vulkan',
      "ERROR: [Loader Message] Code 0 : Could not get 'vkCreateInstance' via 'vk_icdGetInstanceProcAddr' for ICD libGLX_nvidia.so.0",
    ],
    [
      'graphics/egl',
      'ImportError: Cannot initialize a EGL device display. This likely means that your EGL driver does not support the PLATFORM_DEVICE extension, which is required for creating a headless rendering context.',
    ],
    ['graphics/egl', 'RuntimeError: EGL error 0x3001 at eglInitialize'],
    [
      'graphics/egl',
      'Platform::WindowlessEglApplication::tryCreateContext(): unable to find EGL device for CUDA device 0',
    ],
    [
      'graphics/egl',
      'WindowlessContext.cpp:113] Check failed: eglDevId < numDevices [EGL] Could not find an EGL device for CUDA device 0',
    ],
    ['graphics/glx', 'libGL error: No matching fbConfigs or visuals found'],
  ]),
  ...means('driver-too-old', [
    [
      'graphics/optix-abi',
      'OptixError: OPTIX_ERROR_UNSUPPORTED_ABI_VERSION: Error initializing OptiX',
    ],
    ['graphics/optix-abi', 'Optix call (optixInit()) failed with code 7801 (line 160)'],
    ['returned', 'cuda error: cudaError_t 35'],
    [
      'cuda/driver-asked-for',
      'NVIDIA driver 470.57 is not supported, version 525 or newer is required',
    ],
    [
      'linker/driver-symbol',
      'symbol lookup error: libcudart.so.13: undefined symbol: cuGetProcAddress_v2 in libcuda.so.1',
    ],
    [
      'cuda/driver-asked-for',
      'UserWarning: Please update your NVIDIA GPU Driver to support CUDA Runtime.',
    ],
    ['returned', 'cudaError = 35'],
    [
      'cuda/driver-asked-for',
      'cudaGetDeviceCount FAILED CUDA Driver and Runtime version may be mismatched.',
    ],
    [
      'cuda/driver-asked-for',
      'nvidia-docker | 2017/11/21 00:48:39 Error: unsupported CUDA version: driver 8.0 < image 9.0.176',
    ],
    [
      'linker/driver-symbol',
      'nvidia-docker: symbol lookup error: nvidia-docker: undefined symbol: nvmlInit_v2',
    ],
  ]),
  ...means(
    ['cuda-library-missing', 'gpu-not-requested'],
    [
      [
        'toolkit/absent',
        'CUDA_HOME environment variable is not set. Please set it to your CUDA install root.',
      ],
    ],
  ),
  ...means('cuda-library-missing', [
    [
      'toolkit/absent',
      "RuntimeError: Could not find nvcc and default cuda_home='/usr/local/cuda' doesn't exist",
    ],
    [
      'toolkit/absent',
      "FileNotFoundError: [Errno 2] No such file or directory: '/usr/local/cuda/bin/nvcc'",
    ],
    ['toolkit/absent', '/bin/sh: 1: nvcc: not found'],
    [
      'toolkit/libdevice-warning',
      "Can't find libdevice directory /usr/local/cuda/nvvm/libdevice. This may result in compilation or runtime failures",
    ],
    ['linker/other-loaders', 'java.lang.UnsatisfiedLinkError: no jnicudart in java.library.path'],
    [
      'linker/other-loaders',
      "System.DllNotFoundException: Unable to load shared library 'cublas64_12' or one of its dependencies",
    ],
    [
      'linker/other-loaders',
      "System.DllNotFoundException: Unable to load shared library 'cudart' or one of its dependencies",
    ],
    [
      'linker/other-loaders',
      'thread \'main\' panicked: Unable to dynamically load the "nvrtc" shared library - searched for library names: ["nvrtc", "nvrtc64"]',
    ],
    ['toolkit/header-absent', 'catastrophic error: cannot open source file "cuda_fp16.h"'],
    ['toolkit/header-absent', 'fatal error: cuda_runtime.h: No such file or directory'],
    ['toolkit/header-absent', 'fatal error: cudnn.h: No such file or directory'],
  ]),
  ...means(
    ['framework-cpu-only', 'framework-cuda-mismatch'],
    [
      [
        'extension/gpu-part-absent',
        'ImportError: libtorch_cuda.so: cannot open shared object file: No such file or directory',
      ],
      [
        'extension/gpu-part-absent',
        'ImportError: libc10_cuda.so: cannot open shared object file: No such file or directory',
      ],
    ],
  ),
  ...means('framework-cuda-mismatch', [
    [
      'extension/split-torch-library',
      'ImportError: libtorch_cuda_cpp.so: cannot open shared object file: No such file or directory',
    ],
    ['extension/built-for-other-cuda', 'CuPy was built for CUDA 11.x but CUDA 12.x is installed'],
    [
      'extension/abi',
      'ImportError: vllm/_C.abi3.so: undefined symbol: _ZN3c106ivalue14ConstantString6createENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE',
    ],
    ['extension/abi', 'OSError: libmmcv_ops.so: undefined symbol: _ZNK2at6Tensor5zero_Ev'],
    [
      'extension/built-for-other-cuda',
      'The installed Paddle is compiled with CUDA 11.2, but CUDA runtime version in your machine is 10.2',
    ],
    [
      'extension/built-for-other-cuda',
      'UnsupportedCUDAError: Detected CUDA Runtime version is 10.2. Please update your CUDA Runtime to 11.0 or above.',
    ],
  ]),
  ...means('no-kernel-for-gpu', [
    ['toolkit/kernel-without-target', 'RuntimeError: Unsupported SM version: 120'],
    [
      'toolkit/kernel-without-target',
      'RuntimeError: Assertion error (/deepep/csrc/jit.hpp:33): Unsupported architecture sm_120',
    ],
    [
      'toolkit/kernel-without-target',
      "ValueError: type fp8e4nv not supported in this architecture. The supported fp8 dtypes are ('fp8e4b15', 'fp8e5')",
    ],
    [
      'toolkit/kernel-without-target',
      'error: cutlass_scaled_mm: no kernel for sm_120, supported architectures: 75 80 89 90',
    ],
    [
      'toolkit/other-target',
      'CUDA binary kernel for this graphics card compute capability (12.0) not found.',
    ],
    [
      'toolkit/other-target',
      'Kokkos::Cuda::initialize ERROR: running kernels compiled for compute capability 7.0 on device with compute capability 6.1.',
    ],
    [
      'toolkit/other-target',
      'UserWarning: You will need a GPU with NVIDIA Volta or newer architecture',
    ],
  ]),
  ...means('runtime-compiler-too-old', [
    ['toolkit/target-too-new', 'RuntimeError: SM 12.x requires CUDA >= 12.9'],
    ['toolkit/target-too-new', 'ValueError: Unknown CUDA arch (12.0+PTX) or GPU not supported'],
    ['compilers/unknown-target', 'clang: error: unsupported CUDA gpu architecture: sm_120'],
  ]),
  ...means(
    ['driver-too-old', 'cuda-library-conflict'],
    [['linker/driver-symbol', 'libcudart.so: undefined symbol: cuLibraryLoadData']],
  ),
  ...means('forward-compatibility-unsupported', [['returned', '[FAILED] cuInit: 804']]),
  ...means('gpu-busy', [
    ['returned', "Return value 46 from 'cudaStreamCreate(&kernel_stream)'.  Exiting."],
  ]),
  ...means('cuda-library-conflict', [
    [
      'extension/nccl-versions',
      'NCCL version mismatch: compiled with 2.21.5 but runtime is 2.18.1',
    ],
  ]),
  ...means('framework-cpu-only', [
    ['cpu-build/version', 'This CTranslate2 package was not compiled with CUDA support'],
    [
      'cpu-build/version',
      'ValueError: This CTranslate2 package was not compiled with CUDA support',
    ],
    ['cpu-build/version', 'Your installed package `paddlepaddle` is a CPU version'],
    ['cpu-build/version', 'PaddlePaddle is not compiled with CUDA'],
    [
      'cpu-build/backend-absent',
      "AttributeError: module 'torch._C' has no attribute '_cuda_setDevice'",
    ],
    ['cpu-build/backend-absent', "AttributeError: module 'cv2' has no attribute 'cuda'"],
    [
      'cpu-build/backend-absent',
      "ImportError: cannot import name 'StandardGpuResources' from 'faiss'",
    ],
    [
      'cpu-build/backend-absent',
      'UserWarning: Failed to load custom C++ ops. Running on CPU mode Only!',
    ],
  ]),
  ...means('gpu-not-requested', [
    ['toolkit/no-runtime-found', "No CUDA runtime is found, using CUDA_HOME='/usr/local/cuda'"],
    ['toolkit/no-gpu-to-ask', "IndexError: list index out of range arch_list[-1] += '+PTX'"],
    [
      'toolkit/no-gpu-to-ask',
      "nvcc warning : Cannot find valid GPU for '-arch=native', will use default",
    ],
  ]),
  ...means(
    ['no-kernel-for-gpu', 'gpu-architecture-dropped'],
    [
      [
        'toolkit/other-target',
        'NvvmSupportError: GPU compute capability 2.1 is not supported (requires >=3.5)',
      ],
    ],
  ),
  ...means('jetson-l4t-mismatch', [
    ['jetson/dla-symbol', 'ImportError: /usr/lib/libnvdla_compiler.so: undefined symbol: foo'],
  ]),
];

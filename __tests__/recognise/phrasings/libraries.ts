import { means, type Phrasing } from './phrasing.js';

/** The loader, package managers, compilers and CUDA's own libraries: wording from the tools' sources. */
export const LIBRARY_PHRASINGS: readonly Phrasing[] = [
  ...means('cuda-library-missing', [
    [
      'ld.so',
      './app: error while loading shared libraries: libcudart.so.11.0: cannot open shared object file: No such file or directory',
    ],
    [
      'ld.so',
      'error while loading shared libraries: libcudnn.so.8: cannot open shared object file: No such file',
    ],
    ['ldd', '\tlibcublas.so.12 => not found'],
    [
      'python',
      'ImportError: libnvrtc.so.12: cannot open shared object file: No such file or directory',
    ],
    [
      'python',
      'OSError: libcurand.so.10: cannot open shared object file: No such file or directory',
    ],
    [
      'musl',
      'Error loading shared library libcudart.so.12: No such file or directory (needed by /app/main)',
    ],
    ['go', 'panic: unable to dlopen libcudart.so.12'],
    [
      'cudnn 9',
      'Unable to load any of {libcudnn_cnn.so.9.1.0, libcudnn_cnn.so.9.1, libcudnn_cnn.so.9, libcudnn_cnn.so}',
    ],
    [
      'cudnn 8',
      'Could not load library libcudnn_cnn_infer.so.8. Error: libcuda.so: cannot open shared object file: No such file or directory',
    ],
    [
      'cudnn 8',
      'Could not load library libcudnn_ops_infer.so.8. Error: libcudnn_ops_infer.so.8: cannot open shared object file: No such file or directory',
    ],
    ['ctranslate2', 'RuntimeError: Library libcublas.so.12 is not found or cannot be loaded'],
    [
      'ctranslate2',
      'Could not load library libcudnn_ops_infer.so.8. Error: libcudnn_ops_infer.so.8: cannot open shared object file',
    ],
    [
      'tensorflow',
      "Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file: No such file or directory; LD_LIBRARY_PATH: /usr/local/cuda/lib64",
    ],
    [
      'onnxruntime',
      '[ONNXRuntimeError] : 1 : FAIL : Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory',
    ],
    [
      'cupy',
      'cupy failed to load libnvrtc.so.12: OSError: libnvrtc.so.12: cannot open shared object file: No such file or directory',
    ],
    [
      'nvrtc',
      'nvrtc: error: failed to open libnvrtc-builtins.so.12.1.\n  Make sure that libnvrtc-builtins.so.12.1 is installed correctly.',
    ],
    ['nvrtc', 'nvrtc: error: failed to load builtins'],
    [
      'windows',
      'Could not locate cudnn_ops_infer64_8.dll. Please make sure it is in your library path!',
    ],
    [
      'windows',
      "Could not load dynamic library 'cudart64_110.dll'; dlerror: cudart64_110.dll not found",
    ],
    [
      'tensorrt',
      'ImportError: libnvinfer.so.8: cannot open shared object file: No such file or directory',
    ],
    ['ld', '/usr/bin/ld: cannot find -lcudart'],
    ['ld', '/usr/bin/ld: cannot find -lcublas: No such file or directory'],
    [
      'rust',
      'thread \'main\' panicked: Unable to dynamically load the "nvrtc" shared library - searched for library names: ["nvrtc", "nvrtc64"]',
    ],
    [
      'numba',
      'numba.cuda.cudadrv.error.NvvmSupportError: libNVVM cannot be found. Do `conda install cudatoolkit`:',
    ],
    ['julia', 'ERROR: LoadError: CUDA.jl could not find an appropriate CUDA runtime to use.'],
    ['cudnn', 'cuDNN error: CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED'],
  ]),
  ...means(
    ['gpu-not-requested', 'stub-driver-library-loaded', 'driver-not-installed'],
    [
      ['ld', '/usr/bin/ld: cannot find -lcuda'],
      [
        'ld',
        '/usr/bin/ld: warning: libcuda.so.1, needed by libtorch_cuda.so, not found (try using -rpath or -rpath-link)',
      ],
      [
        'ld.so',
        'error while loading shared libraries: libcuda.so.1: cannot open shared object file: No such file or directory',
      ],
      ['ldd', 'libcuda.so.1 => not found'],
      [
        'rust',
        'Unable to dynamically load the "cuda" shared library - searched for library names: ["cuda", "nvcuda"]',
      ],
      [
        'triton',
        'AssertionError: libcuda.so cannot found!\nPossible files are located at [].Please create a symlink of libcuda.so to any of the files.',
      ],
      [
        'numba',
        'numba.cuda.cudadrv.error.CudaSupportError: Error at driver init: \n\nCUDA driver library cannot be found.\nIf you are sure that a CUDA driver is installed,\ntry setting environment variable NUMBA_CUDA_DRIVER',
      ],
      [
        'musl',
        'Error loading shared library libcuda.so.1: No such file or directory (needed by ./app)',
      ],
      [
        'java',
        'java.lang.UnsatisfiedLinkError: libcuda.so.1: cannot open shared object file: No such file or directory',
      ],
      [
        'ollama',
        'Unable to load cudart library libcuda.so.1: libcuda.so.1: cannot open shared object file: No such file or directory',
      ],
      [
        'tensorflow',
        "Could not load dynamic library 'libcuda.so.1'; dlerror: libcuda.so.1: cannot open shared object file: No such file or directory",
      ],
      [
        'ffmpeg',
        '[AVHWDeviceContext @ 0x1] Cannot load libcuda.so.1\n[AVHWDeviceContext @ 0x1] Could not dynamically load CUDA',
      ],
      ['hashcat', 'clGetPlatformIDs(): CL_PLATFORM_NOT_FOUND_KHR'],
      ['node', 'Error: libcuda.so.1: cannot open shared object file: No such file or directory'],
    ],
  ),
  ...means(
    ['driver-capabilities-missing', 'driver-not-installed', 'container-toolkit-misconfigured'],
    [
      ['ffmpeg', '[h264_nvenc @ 0x55] Cannot load libnvidia-encode.so.1'],
      ['ffmpeg', 'Cannot load libnvcuvid.so.1\n[h264_cuvid @ 0x1] Failed loading nvcuvid.'],
      [
        'python',
        'ImportError: libnvcuvid.so.1: cannot open shared object file: No such file or directory',
      ],
      ['optix', 'OptiX error: OPTIX_ERROR_LIBRARY_NOT_FOUND (7804)'],
      [
        'vulkan',
        'ERROR_INCOMPATIBLE_DRIVER: vkCreateInstance failed: libGLX_nvidia.so.0: cannot open shared object file: No such file or directory',
      ],
      [
        'egl',
        'libnvidia-opticalflow.so.1: cannot open shared object file: No such file or directory',
      ],
      [
        'triton',
        'PTX JIT compiler library not found: libnvidia-ptxjitcompiler.so.1: cannot open shared object file',
      ],
    ],
  ),
  ...means('cuda-library-conflict', [
    [
      'ld.so',
      'ImportError: /opt/conda/lib/python3.10/site-packages/torch/lib/../../nvidia/cusparse/lib/libcusparse.so.12: undefined symbol: __nvJitLinkAddData_12_1, version libnvJitLink.so.12',
    ],
    [
      'ld.so',
      'symbol lookup error: /usr/local/cuda/lib64/libcublas.so.12: undefined symbol: cublasLtGetEnvironmentMode, version libcublasLt.so.12',
    ],
    [
      'ld.so',
      'OSError: libcublas.so.11: undefined symbol: free_gemm_select, version libcublasLt.so.11',
    ],
    [
      'ld.so',
      'libcublas.so.11: symbol cublasLtHSHMatmulAlgoInit version libcublasLt.so.11 not defined in file libcublasLt.so.11 with link time reference',
    ],
    [
      'torch',
      'ImportError: /usr/local/lib/python3.11/site-packages/torch/lib/libtorch_cuda.so: undefined symbol: ncclCommRegister',
    ],
    ['torch', 'libtorch_cuda.so: undefined symbol: ncclGroupSimulateEnd'],
    [
      'torch',
      'libc10_cuda.so: undefined symbol: cudaGetDriverEntryPointByVersion, version libcudart.so.12',
    ],
    [
      'cudnn',
      'Could not load symbol cudnnGetLibConfig. Error: /usr/lib/libcudnn_graph.so.9: undefined symbol: cudnnGetLibConfig',
    ],
    ['cudnn', 'Invalid handle. Cannot load symbol cudnnCreateTensorDescriptor'],
    ['ld.so', "version `libcublas.so.10' not found (required by ./app)"],
  ]),
  ...means('framework-cuda-mismatch', [
    [
      'ld.so',
      'ImportError: /usr/lib/python3/flash_attn_2_cuda.cpython-311-x86_64-linux-gnu.so: undefined symbol: _ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE',
    ],
    [
      'torch',
      'RuntimeError: \nThe detected CUDA version (12.2) mismatches the version that was used to compile\nPyTorch (11.8). Please make sure to use the same CUDA versions.',
    ],
    [
      'torchvision',
      'RuntimeError: Detected that PyTorch and torchvision were compiled with different CUDA versions. PyTorch has CUDA Version=11.8 and torchvision has CUDA Version=11.7.',
    ],
    [
      'apex',
      'RuntimeError: Cuda extensions are being compiled with a version of Cuda that does not match the version used to compile Pytorch binaries.  Pytorch binaries were compiled with Cuda 11.7.',
    ],
    [
      'torchaudio',
      'RuntimeError: Detected that PyTorch and TorchAudio were compiled with different CUDA versions. PyTorch has CUDA version 12.4 whereas TorchAudio has CUDA version 12.1.',
    ],
    [
      'pyg',
      'RuntimeError: Detected that PyTorch and torch_sparse were compiled with different CUDA versions. PyTorch has CUDA version 11.1 and torch_sparse has CUDA version 10.2. Please reinstall the torch_sparse that matches your PyTorch install.',
    ],
    [
      'ld.so',
      'OSError: /opt/venv/lib/python3.9/site-packages/torch_scatter/_scatter_cuda.so: undefined symbol: _ZN5torch8autograd8VariableE',
    ],
  ]),
  ...means('cudnn-mismatch', [
    [
      'torch',
      'RuntimeError: cuDNN version incompatibility: PyTorch was compiled  against (8, 9, 2) but found runtime version (8, 6, 0). PyTorch already comes bundled with cuDNN.',
    ],
    [
      'tensorflow',
      'E tensorflow/stream_executor/cuda/cuda_dnn.cc:378] Loaded runtime CuDNN library: 8.0.5 but source was compiled with: 8.1.0.  CuDNN library needs to have matching major version and equal or higher minor version.',
    ],
    [
      'tensorflow 1',
      'Loaded runtime CuDNN library: 7102 (compatibility version 7100) but source was compiled with 7005 (compatibility version 7000).',
    ],
    [
      'jax',
      'Loaded runtime CuDNN library: 9.1.0 but source was compiled with: 9.8.0.  CuDNN library needs to have matching major version and equal or higher minor version.',
    ],
    ['cudnn 9', 'cuDNN error: CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH'],
    ['tensorrt', '[W] TensorRT was linked against cuDNN 8.2.0 but loaded cuDNN 8.0.5'],
    [
      'paddle',
      'device: 0, cuDNN Version: 8.2.\nThe installed Paddle is compiled with CUDNN 8.4, but CUDNN version in your machine is 8.2, which may cause serious incompatible bug.',
    ],
  ]),
  ...means('libc-incompatible', [
    [
      'ld.so',
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.32' not found (required by /app/server)",
    ],
    [
      'ld.so',
      "ImportError: /usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /opt/torch/lib/libtorch_cuda.so)",
    ],
    [
      'ld.so',
      "nvidia-smi: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by nvidia-smi)",
    ],
    [
      'typographic quotes',
      '/lib/x86_64-linux-gnu/libm.so.6: version \u2018GLIBC_2.29\u2019 not found (required by libcuda.so.1)',
    ],
    ['musl', 'Error relocating /usr/lib/libcuda.so.1: __vsnprintf_chk: symbol not found'],
    ['musl', 'Error relocating /usr/bin/nvidia-smi: gnu_get_libc_version: symbol not found'],
    [
      'alpine',
      'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /usr/bin/nvidia-smi)',
    ],
    ['go', "./ollama: /lib64/libc.so.6: version `GLIBC_2.27' not found (required by ./ollama)"],
    ['ld.so', "libstdc++.so.6: version `CXXABI_1.3.15' not found"],
  ]),
  ...means('stub-driver-library-loaded', [
    [
      'ldd',
      'libcuda.so.1 => /usr/local/cuda-11.8/targets/x86_64-linux/lib/stubs/libcuda.so.1 (0x00007f8)',
    ],
    [
      'nvml stub',
      "WARNING:\n\nYou should always run with libnvidia-ml.so that is installed with your\nNVIDIA Display Driver. By default it's installed in /usr/lib and /usr/lib64.\nlibnvidia-ml.so in GDK package is a stub library that is attached only for\nbuild purposes (e.g. machine that you build your application doesn't have\nto have Display Driver installed).",
    ],
    ['cuda', 'CUDA driver is a stub library'],
  ]),
  ...means('driver-files-in-image', [
    [
      'nvidia-container-cli',
      'nvidia-container-cli: mount error: file creation failed: /var/lib/docker/overlay2/ab/merged/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1: file exists: unknown',
    ],
    [
      'nvidia-container-cli',
      'mount error: file creation failed: /var/lib/docker/overlay2/1/merged/usr/lib/x86_64-linux-gnu/libcuda.so.1: file exists',
    ],
    ['ld.so', 'ImportError: /usr/lib/x86_64-linux-gnu/libcuda.so.1: file too short'],
    ['ld.so', 'OSError: /lib/x86_64-linux-gnu/libnvidia-ml.so.1: file too short'],
    [
      'ldconfig',
      '/sbin/ldconfig.real: File /usr/lib/x86_64-linux-gnu/libcuda.so.460.32.03 is empty, not checked.',
    ],
  ]),
  ...means('package-repository-key-rotated', [
    [
      'apt',
      "W: GPG error: http://developer.download.nvidia.com/compute/machine-learning/repos/ubuntu1804/x86_64  InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY F60F4B3D7FA2AF80",
    ],
    [
      'apt',
      "E: The repository 'https://developer.download.nvidia.com/compute/cuda/repos/ubuntu1804/x86_64  InRelease' is not signed.",
    ],
    [
      'apt',
      "E: The repository 'https://nvidia.github.io/libnvidia-container/stable/ubuntu18.04/amd64  InRelease' is no longer signed.",
    ],
    [
      'apt',
      'The following signatures were invalid: EXPKEYSIG DDCAE044F796ECB0 NVIDIA CORPORATION (Open Source Projects) <cudatools@nvidia.com>',
    ],
    [
      'dnf',
      "Error: Failed to download metadata for repo 'cuda': repomd.xml GPG signature verification error: Bad GPG signature",
    ],
    [
      'dnf',
      'warning: /var/cache/dnf/cuda/libcudnn8.rpm: Header V4 RSA/SHA512 Signature, key ID d42d0685: NOKEY\nPublic key for libcudnn8.rpm is not installed',
    ],
    [
      'apt, sqv',
      'Sub-process /usr/bin/sqv returned an error code (1), error message is: Missing key EB693B3035CD5710E231E123A4B469963BF863CC, which is needed to verify signature.',
    ],
  ]),
  ...means('runtime-compiler-too-old', [
    ['ptxas', "ptxas fatal   : Value 'sm_120' is not defined for option 'gpu-name'"],
    ['nvcc', "nvcc fatal   : Unsupported gpu architecture 'compute_89'"],
    ['nvcc', "nvcc fatal : Value 'sm_90' is not defined for option 'gpu-architecture'"],
    ['nvrtc', 'nvrtc: error: invalid value for --gpu-architecture (-arch)'],
    [
      'torch jit',
      'RuntimeError: CUDA driver error: nvrtc: error: invalid value for --gpu-architecture (-arch)',
    ],
    ['clang', 'clang: error: unsupported CUDA gpu architecture: sm_90'],
    ['llvm', "'sm_120' is not a recognized processor for this target (ignoring processor)"],
    [
      'cupy',
      'cupy.cuda.compiler.CompileException: nvrtc: error: invalid value for --gpu-architecture (-arch)',
    ],
    [
      'numba',
      'numba.cuda.cudadrv.error.NvvmError: Failed to compile: libnvvm : error: -arch=compute_120 is an unsupported option\nNVVM_ERROR_INVALID_OPTION',
    ],
    ['cmake', "CMake Error: nvcc fatal : Unsupported gpu architecture 'compute_120'"],
    ['torch', 'ValueError: Unknown CUDA arch (12.0) or GPU not supported'],
  ]),
  ...means('ptx-too-new', [
    [
      'ptxas jit',
      "ptxas application ptx input, line 9; fatal   : Unsupported .version 8.4; current version is '8.2'",
    ],
    [
      'numba',
      "numba.cuda.cudadrv.driver.LinkerError: [222] Call to cuLinkAddData results in CUDA_ERROR_UNSUPPORTED_PTX_VERSION\nptxas application ptx input, line 9; fatal   : Unsupported .version 7.8; current version is '7.4'",
    ],
  ]),
  ...means('gpu-architecture-dropped', [
    ['nvcc', "nvcc fatal   : Unsupported gpu architecture 'compute_30'"],
    ['nvcc', "nvcc fatal : Unsupported gpu architecture 'compute_20'"],
  ]),
];

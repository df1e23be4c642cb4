import type { Entry } from '../entry.js';

/** Builds that do not fit one another: an extension and its framework, a binding and the driver, a program without its GPU part. */
export const EXTENSIONS: readonly Entry[] = [
  {
    id: 'extension/gpu-part-absent',
    finding: 'framework-cpu-only',
    rank: 'cause',
    needles: ['libtorch_cuda', 'libc10_cuda.so', 'libonnxruntime_providers_', 'libggml-cuda.so'],
    pattern:
      /(?<library>lib(?:torch_cuda(?:_linalg)?|c10_cuda|ggml-cuda|onnxruntime_providers_(?:cuda|shared|tensorrt))\.so)[\w.]{0,8}['"`]?:? ?(?:cannot open shared object|(?:=> )?not found|no such file)/i,
    says: 'ImportError: libtorch_cuda.so: cannot open shared object file: No such file or directory',
    source: 'https://pytorch.org/get-started/locally/',
  },
  {
    // PyTorch 1.9 to 1.13 had these two in place of libtorch_cuda.
    id: 'extension/split-torch-library',
    finding: 'framework-cuda-mismatch',
    rank: 'cause',
    needles: ['libtorch_cuda_cu.so', 'libtorch_cuda_cpp.so'],
    pattern:
      /(?<library>libtorch_cuda_cu\.so|libtorch_cuda_cpp\.so):? ?(?:cannot open|(?:=> )?not found)/i,
    says: 'ImportError: libtorch_cuda_cu.so: cannot open shared object file: No such file or directory',
    source: 'https://github.com/Dao-AILab/flash-attention/issues/236',
  },
  {
    id: 'extension/built-for-other-torch',
    finding: 'framework-cuda-mismatch',
    rank: 'named',
    needles: ['(you have '],
    pattern:
      /PyTorch \d[\w.+]{2,30} with CUDA \d{3,5} \(you have (?<frameworkVersion>\d[\w.+]{2,30})\)/i,
    says: 'PyTorch 2.10.0+cu128 with CUDA 1208 (you have 2.11.0+cu130)',
    data: { framework: 'torch' },
    decide: 'extension-build',
    source: 'https://github.com/facebookresearch/xformers/blob/main/xformers/_cpp_lib.py',
  },
  {
    id: 'extension/unloadable',
    finding: 'framework-cuda-mismatch',
    rank: 'consequence',
    needles: ["can't load c++/cuda extensions"],
    pattern: /xFormers can't load C\+\+\/CUDA extensions/i,
    says: "WARNING[XFORMERS]: xFormers can't load C++/CUDA extensions. xFormers was built for:",
    data: { framework: 'xformers' },
    source: 'https://github.com/facebookresearch/xformers/blob/main/xformers/_cpp_lib.py',
  },
  {
    id: 'extension/built-for-other-cuda',
    finding: 'framework-cuda-mismatch',
    rank: 'named',
    needles: ['for cuda ', 'against cuda', 'is compiled with cuda', 'update your cuda runtime'],
    pattern:
      /(?:built|compiled) (?:for|against) CUDA (?:version )?(?<frameworkCuda>\d{1,2}(?:\.[\dx]{1,2})?)[^\n]{0,40}\b(?:but|while|and) (?:the )?(?:installed |found |detected )?(?:CUDA|runtime|toolkit)(?: version| toolkit)?(?: is)? (?<cuda>\d{1,2}(?:\.[\dx]{1,2})?)|is compiled with CUDA (?<frameworkCuda2>[\d.]{2,6}), but CUDA (?:runtime )?version in your machine is (?<cuda2>[\d.]{2,6})|Please update your CUDA Runtime to [\d.]{2,6}/i,
    says: 'CuPy was built for CUDA 11.x but CUDA 12.x is installed',
    source: 'https://docs.cupy.dev/en/stable/install.html',
  },
  {
    id: 'extension/julia-driver-range',
    finding: 'framework-cuda-mismatch',
    rank: 'named',
    needles: ['version of cuda.jl'],
    pattern:
      /version of CUDA\.jl (?:only )?(?:supports|requires) NVIDIA drivers? for CUDA (?<cuda>\d{1,2})[^\n]{0,30}\((?:yours|your driver)[^\n]{0,24}CUDA (?<driverCuda>[\d.]{2,8})\)/i,
    says: 'This version of CUDA.jl only supports NVIDIA drivers for CUDA 11.x or 12.x (yours is for CUDA 13.0.0)',
    data: { framework: 'CUDA.jl' },
    decide: 'julia-driver-range',
    source: 'https://github.com/JuliaGPU/CUDA.jl/issues/2831',
  },
  {
    id: 'extension/nccl-versions',
    finding: 'cuda-library-conflict',
    rank: 'named',
    needles: ['nccl version mismatch', 'nccl library version mismatch'],
    pattern: /NCCL (?:library )?version mismatch/i,
    says: 'NCCL version mismatch: compiled with 2.21.5 but the runtime is 2.18.1',
    data: { library: 'libnccl' },
    source: 'https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html',
  },
];

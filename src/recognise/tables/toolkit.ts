import type { Entry } from '../entry.js';

const CPP_EXTENSION = 'https://github.com/pytorch/pytorch/blob/main/torch/utils/cpp_extension.py';

/** Compilers that a program runs inside the container: nvcc, ptxas, NVRTC and libdevice belong to the image, not to the driver. */
export const TOOLKIT: readonly Entry[] = [
  {
    id: 'toolkit/absent',
    finding: 'cuda-library-missing',
    rank: 'cause',
    needles: ['cuda_home', 'nvcc', 'ptxas', 'libdevice', 'cuda_compiler', 'cuda_toolkit_root_dir'],
    beside: ['not', 'no cmake', "can't", 'cannot', 'unable', 'failed', 'no such', 'missing'],
    pattern:
      /\bCUDA_HOME (?:environment variable )?(?:does not exist|(?:is |was )?not (?:set|found|defined))|(?:could not|cannot|couldn'?t|unable to|failed to) (?:find|locate|detect) (?:the |a )?['"]?(?<library>CUDA_HOME|nvcc|ptxas|libdevice)\b|No such file or directory:? ['"`]?[\w./-]{0,120}\/(?<library2>nvcc|ptxas|libdevice[\w.]{0,8})['"`]?$|(?:\/[\w.-]{1,40}){1,6}\/(?<library3>nvcc)['"`]?:? (?:not found|No such file)|^\/bin\/sh: (?:line )?\d{1,4}: (?<library4>nvcc): (?:command )?not found|nvcc compiler not found|libdevice not found|Missing libdevice file|No CMAKE_CUDA_COMPILER could be found|CUDA_TOOLKIT_ROOT_DIR not found/i,
    says: 'MissingCUDAException: CUDA_HOME does not exist, unable to compile CUDA op(s)',
    decide: 'toolkit-asked-for',
    source: CPP_EXTENSION,
  },
  {
    // XLA says so before it knows whether the program needs it.
    id: 'toolkit/libdevice-warning',
    finding: 'cuda-library-missing',
    rank: 'consequence',
    needles: ['find libdevice directory'],
    pattern: /Can'?t find libdevice directory/i,
    says: "Can't find libdevice directory /usr/local/cuda/nvvm/libdevice. This may result in compilation or runtime failures",
    data: { library: 'libdevice' },
    source:
      'https://github.com/openxla/xla/blob/main/xla/service/gpu/llvm_gpu_backend/nvptx_utils.cc',
  },
  {
    id: 'toolkit/header-absent',
    finding: 'cuda-library-missing',
    rank: 'cause',
    needles: [
      'cuda',
      'cudnn',
      'cublas',
      'nccl.h',
      'nvrtc',
      'cooperative_groups',
      'curand',
      'cusparse',
    ],
    beside: ['cannot open source file', 'no such file or directory'],
    pattern:
      /(?:cannot open source file|fatal error:) ['"]?(?<library>(?:cuda(?!rc)\w{0,20}|cudnn\w{0,20}|cublas\w{0,6}|cusparse|cusolver\w{0,6}|curand\w{0,8}|nccl|nvrtc|cooperative_groups)\.h(?:pp)?)\b/i,
    says: 'fatal error: cuda_runtime.h: No such file or directory',
    decide: 'toolkit-asked-for',
    source: 'https://docs.nvidia.com/cuda/cuda-installation-guide-linux/',
  },
  {
    // The target is asked of the GPU that is there, and while an image is built there is none.
    id: 'toolkit/no-gpu-to-ask',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['unknown compute capability', "arch_list[-1] += '+ptx'", 'cannot find valid gpu'],
    pattern:
      /Unknown compute capability\. (?:Specify|Ensure)|arch_list\[-1\] \+= '\+PTX'|Cannot find valid GPU for '-arch=native'/i,
    says: 'OSError: Unknown compute capability. Specify the target compute capabilities in the TCNN_CUDA_ARCHITECTURES environment variable',
    decide: 'no-driver',
    source: CPP_EXTENSION,
  },
  {
    id: 'toolkit/no-runtime-found',
    finding: 'gpu-not-requested',
    rank: 'consequence',
    needles: ['no cuda runtime is found'],
    pattern: /No CUDA runtime is found, using CUDA_HOME/i,
    says: "No CUDA runtime is found, using CUDA_HOME='/usr/local/cuda'",
    decide: 'no-driver',
    source: CPP_EXTENSION,
  },
  {
    id: 'toolkit/target-too-new',
    finding: 'runtime-compiler-too-old',
    rank: 'named',
    needles: [
      'requires cuda',
      'cuda architectures found for major',
      'unknown cuda arch',
      'or later is required',
      'or newer is required',
      'or higher is required',
    ],
    pattern:
      /(?:\bSM ?_?\d{1,3}(?:\.[\dx])?|compute capability \d{1,2}\.\d|Blackwell|Hopper)a? (?:\w{2,12} )?requires CUDA (?:toolkit )?(?:>=|version|\d)|No supported CUDA architectures found for major versions|Unknown CUDA arch \([\d.]{3,5}\w?(?:\+PTX)?\)|CUDA (?:toolkit )?(?:version )?\d{1,2}\.\d (?:or later is required|or newer is required|or higher is required) (?:for|to)[^\n]{0,30}(?:sm_?\d|Blackwell|Hopper|compute capability)/i,
    says: 'SM 12.x requires CUDA >= 12.9.',
    source: 'https://github.com/flashinfer-ai/flashinfer/issues/2577',
  },
  {
    id: 'toolkit/kernel-without-target',
    finding: 'no-kernel-for-gpu',
    rank: 'cause',
    needles: [
      'unsupported sm',
      'unsupported gpu arch',
      'unsupported cuda arch',
      'unsupported compute capability',
      'unsupported arch',
      'is not supported by',
      'not supported in this',
      'not supported on this',
      'not supported for this',
      'no kernel for sm',
      'cuda capability sm',
    ],
    pattern:
      /unsupported (?:SM|GPU arch(?:itecture)?|CUDA arch(?:itecture)?|compute capability)(?: version)?\b(?! ?'?(?:compute_|sm_))|unsupported arch(?:itecture)?:? ?'?sm_?\d{2,3}|(?:flashinfer|fmha|deep_?gemm|deepep|cutlass|marlin|trtllm|tensorrt[_-]llm|attention|gemm)[^\n]{0,300}unsupported arch(?:itecture)?\b|(?:GPU|device)[^\n]{0,20} SM ?_?(?<sm>\d{2,3}) is not supported by|type fp8\w{2,10} not supported in this arch|(?:\bCUDA|\bGPU|\bkernel)[^\n]{0,60} (?:not supported in this|not supported on this|not supported for this) (?:GPU )?arch|no kernel for sm_?(?<sm2>\d{2,3})|CUDA capability sm_?(?<sm3>\d{2,3}) is not supported/i,
    says: 'Target GPU SM 70 is not supported by this TensorRT release.',
    source:
      'https://docs.nvidia.com/deeplearning/tensorrt/latest/getting-started/support-matrix.html',
  },
  {
    id: 'toolkit/other-target',
    finding: 'no-kernel-for-gpu',
    rank: 'cause',
    needles: [
      'mismatch of architecture',
      'compiled for compute capability',
      'or newer architecture',
      'is not supported (requires',
      'for the selected architecture',
      'graphics card compute capability',
    ],
    pattern:
      /Kokkos[^\n]{0,60} mismatch of architecture|kernels compiled for compute capability \d{1,2}\.\d on device with compute capability (?<computeCapability>\d{1,2}\.\d)|need a GPU with NVIDIA \w{4,10}\W{0,3} or newer architecture|GPU compute capability (?<computeCapability2>\d{1,2}\.\d) is not supported \(requires|is not supported for the selected architecture (?<sm>\d{2,3})|graphics card compute capability \((?<computeCapability3>\d{1,2}\.\d)\) not found/i,
    says: 'Kokkos::Cuda::initialize ERROR: likely mismatch of architecture',
    source: 'https://kokkos.org/kokkos-core-wiki/get-started/configuration-guide.html',
  },
];

import type { Entry } from '../entry.js';

/** CuPy, Numba, bitsandbytes, flash-attn, vLLM, Triton, llama.cpp and the other programs that bring their own kernels. */
export const GPU_PROGRAMS: readonly Entry[] = [
  {
    id: 'triton/ptxas-gpu-name',
    finding: 'runtime-compiler-too-old',
    rank: 'named',
    needles: [
      "for option 'gpu-name'",
      'gpu-architecture',
      'unsupported gpu architecture',
      'ptxas',
      'target-cpu',
      'unsupported .version',
      'nvrtc_error_invalid_option',
      'is not a recognized processor',
    ],
    pattern:
      /Value '?(?<target>(?:sm|compute)_\d{2,3}[af]?)'? is not defined for option '?gpu-name|invalid value for --gpu-architecture|nvrtc[^\n]{0,80}(?:invalid value for|unsupported)[^\n]{0,30}(?:--gpu-architecture|-arch|architecture)|Unsupported gpu architecture '?(?<target2>(?:sm|compute)_\d{2,3}[af]?)|'?(?<target3>sm_\d{2,3}[af]?)'? is not a recognized processor|ptxas does not support CC|Unsupported \.version \d\.\d|ptxas[^\n]{0,60}(?:too old|doesn'?t support|does not support)/i,
    says: "ptxas fatal : Value 'sm_121a' is not defined for option 'gpu-name'",
    decide: 'unknown-target',
    source: 'https://github.com/triton-lang/triton/issues/8539',
  },
  {
    id: 'triton/ptxas-failed',
    finding: 'runtime-compiler-too-old',
    rank: 'usual',
    needles: ['--gpu-name=sm_', 'ptxas exited'],
    pattern:
      /ptxas[^\n]{0,400}--gpu-name=(?<target>sm_\d{2,3}[af]?)[^\n]{0,400}non-zero exit status|ptxas exited with code 255/i,
    says: "CalledProcessError: Command '['/triton/backends/nvidia/bin/ptxas', '-lineinfo', '--gpu-name=sm_120', '/tmp/a.ptx']' returned non-zero exit status 255.",
    source: 'https://github.com/fishaudio/fish-speech/issues/907',
  },
  {
    id: 'triton/gpu-old',
    finding: 'no-kernel-for-gpu',
    rank: 'usual',
    needles: [
      'flashattention',
      'is not supported',
      'too old to be supported',
      'triton only supports',
      'only supports cuda capability',
      'supports devices of cuda capability',
      'triton gpu compiler',
      'compute capability of at least',
      'compute capability >=',
      'ampere gpus or newer',
      'ampere or newer',
      'requires compute capability',
      'requires a gpu with compute',
      'requires gpu with',
      'compute capability',
      'only supports cuda',
    ],
    pattern:
      /too old to be supported by the triton|Triton only supports (?:devices of )?CUDA Capability|FlashAttention(?:-?\d)? (?:only supports|requires) (?:Ampere|Hopper|Turing|Blackwell)|(?:requires?|need(?:s|ed)?|only supported on|supported only on|must have)[^\n]{0,60}compute capability[^\n]{0,20} ?(?:of )?(?:at least|>=|or higher|\d)|compute capability (?:is )?(?:too low|not supported|unsupported)|only supports? (?:GPUs?|devices?) with compute capability|has compute capability < |sm_?\d{2,3}[^\n]{0,20} is not supported (?:by|on)[^\n]{0,40}(?:kernel|build|this)|bfloat16 is only supported on GPUs with compute capability/i,
    says: 'RuntimeError: FlashAttention only supports Ampere GPUs or newer.',
    source: 'https://github.com/Dao-AILab/flash-attention/blob/main/csrc/flash_attn/flash_api.cpp',
  },
  {
    id: 'llama.cpp/arch',
    finding: 'no-kernel-for-gpu',
    rank: 'named',
    needles: [
      'ggml was not compiled with any cuda arch',
      'compiled for: ',
      'has no device code compatible',
    ],
    pattern:
      /has no device code compatible with CUDA arch (?<sm>\d{2,4})|ggml was not compiled with any CUDA arch/i,
    says: 'ggml_cuda: ERROR: CUDA kernel mul_mat_q has no device code compatible with CUDA arch 600. ggml-cuda.cu was compiled for: 700,750,800',
    source: 'https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/ggml-cuda/common.cuh',
  },
  {
    id: 'cupy/import-failed',
    finding: 'cuda-library-missing',
    rank: 'consequence',
    needles: ['failed to import cupy', 'cupy failed to', 'cuda path could not be detected'],
    pattern:
      /Failed to import CuPy|CuPy failed to (?:load|preload)(?: library)? ?(?<library>lib[\w.]{3,30})?/i,
    says: 'Failed to import CuPy.',
    data: { framework: 'cupy' },
    source: 'https://github.com/cupy/cupy/blob/main/cupy/_environment.py',
  },
  {
    id: 'numba/libnvvm',
    finding: 'cuda-library-missing',
    rank: 'cause',
    needles: ['libnvvm cannot be found', 'nvvm'],
    pattern: /libNVVM cannot be found/i,
    says: 'libNVVM cannot be found. Do `conda install cudatoolkit`',
    data: { framework: 'numba', library: 'libnvvm' },
    source: 'https://github.com/numba/numba/blob/main/numba/cuda/cudadrv/nvvm.py',
  },
  {
    id: 'bitsandbytes/setup',
    finding: 'cuda-library-missing',
    rank: 'cause',
    needles: ['cuda setup', 'cuda version mismatch', 'libbitsandbytes', 'bitsandbytes'],
    pattern:
      /CUDA SETUP ERROR: Missing dependency: ?(?<library>lib[\w.]{3,30})?|CUDA Setup failed despite GPU being available|Could not find the bitsandbytes CUDA binary|(?:configured )?CUDA binary not found at[^\n]{0,200}libbitsandbytes_cuda\d{2,3}|libbitsandbytes_cuda\d{2,3}\w{0,20}\.so: cannot open/i,
    says: 'CUDA SETUP ERROR: Missing dependency: libcudart.so.12',
    data: { framework: 'bitsandbytes' },
    decide: 'bitsandbytes',
    source:
      'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/bitsandbytes/cextension.py',
  },
  {
    id: 'bitsandbytes/cuda-variant',
    finding: 'framework-cuda-mismatch',
    rank: 'named',
    needles: ['cuda version mismatch'],
    pattern: /CUDA VERSION MISMATCH/i,
    says: '[CUDA VERSION MISMATCH] Requested CUDA version: 12.9 Detected PyTorch CUDA version: 12.4',
    data: { framework: 'bitsandbytes' },
    source:
      'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/bitsandbytes/cextension.py',
  },
  {
    id: 'bitsandbytes/no-gpu',
    finding: 'framework-cpu-only',
    rank: 'consequence',
    needles: [
      'cpu-only version of bitsandbytes',
      'compiled without gpu support',
      'libbitsandbytes_cpu',
    ],
    pattern:
      /not available in CPU-only version of bitsandbytes|bitsandbytes was compiled without GPU support/i,
    says: 'The installed version of bitsandbytes was compiled without GPU support. 8-bit optimizers and GPU quantization are unavailable.',
    data: { framework: 'bitsandbytes' },
    source:
      'https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/bitsandbytes/cextension.py',
  },
  {
    id: 'extension/abi',
    finding: 'framework-cuda-mismatch',
    rank: 'cause',
    needles: ['undefined symbol: _zn'],
    pattern:
      /[\w.+-]{1,80}(?:cuda|flash|xformers|vllm|torchvision|apex|_C)[\w.+-]{0,60}\.so: undefined symbol: _ZN|\.so: undefined symbol: _ZNK?(?:2at|3c10|5torch|6caffe2)\d/i,
    says: 'ImportError: flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so: undefined symbol: _ZN3c104cuda9SetDeviceEi',
    source: 'https://github.com/Dao-AILab/flash-attention/issues/451',
  },
  {
    id: 'ray/too-few-gpus',
    finding: 'gpu-count-mismatch',
    rank: 'cause',
    needles: [
      'number of visible devices',
      'less than total desired gpus',
      'less than max local gpu count',
    ],
    pattern:
      /local_world_size \((?<expected>\d{1,4})\) must be less than or equal to the number of visible devices \((?<seen>\d{1,4})\)|Total available GPUs (?<seen2>\d{1,4})(?:\.0)? is less than total desired GPUs (?<expected2>\d{1,4})|tensor_parallel_size to less than max local gpu count/i,
    says: 'ValueError: Total available GPUs 8.0 is less than total desired GPUs 16',
    source: 'https://github.com/verl-project/verl/issues/2515',
  },
  {
    id: 'vllm/no-platform',
    finding: 'gpu-not-requested',
    rank: 'consequence',
    needles: [
      'unspecifiedplatform',
      'failed to infer device type',
      'device string must not be empty',
    ],
    pattern: /vLLM is running on UnspecifiedPlatform|Failed to infer device type/i,
    says: 'RuntimeError: Failed to infer device type',
    data: { framework: 'vllm' },
    decide: 'no-device',
    source: 'https://github.com/vllm-project/vllm',
  },
  {
    id: 'conda/virtual-package',
    finding: 'driver-too-old',
    rank: 'cause',
    needles: ['__cuda'],
    pattern:
      /(?:feature:|nothing provides|requires|needed)[^\n]{0,160}__cuda ?(?:>=|<=|>|<) ?(?<cuda>\d{1,2}(?:\.\d)?)/i,
    says: 'nothing provides __cuda >=12.8 needed by pytorch-gpu',
    source: 'https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-virtual.html',
  },
  {
    id: 'gpu/dropped',
    finding: 'gpu-architecture-dropped',
    rank: 'named',
    needles: ['no longer supported', 'deprecated', 'dropped', 'no longer support'],
    pattern:
      /(?:Maxwell|Pascal|Volta|Kepler|sm_[3-7]\d|compute_[3-7]\d|compute capability [3-7]\.\d)[^\n]{0,80}(?:(?:is|are) no longer supported|support (?:was|has been) (?:dropped|removed))|CUDA \d{2}[^\n]{0,60}(?:no longer supports?|dropped? support for)[^\n]{0,60}(?:Maxwell|Pascal|Volta|Kepler|sm_|compute)|no longer supports? (?:compute capability|sm_?|architectures?) ?\d/i,
    says: 'CUDA 13 no longer supports Volta GPUs',
    source: 'https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html',
  },
];

import type { Entry } from '../entry.js';
import { hint } from '../entry.js';

const CUDA_FUNCTIONS = 'https://github.com/pytorch/pytorch/blob/main/c10/cuda/CUDAFunctions.cpp';
const CUDA_INIT = 'https://github.com/pytorch/pytorch/blob/main/torch/cuda/__init__.py';

/** PyTorch and what is built on it. */
export const PYTORCH: readonly Entry[] = [
  {
    id: 'pytorch/driver-too-old',
    finding: 'driver-too-old',
    rank: 'named',
    needles: ['on your system is too old', 'found version'],
    pattern:
      /NVIDIA driver on your system is too old \(found version (?<cudaint>\d{4,5})\)|found version (?<cudaint2>1\d{4})\b/i,
    says: 'The NVIDIA driver on your system is too old (found version 11040).',
    source: CUDA_FUNCTIONS,
  },
  {
    id: 'pytorch/no-driver',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['found no nvidia driver'],
    pattern: /Found no NVIDIA driver on your system/i,
    says: 'RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver',
    decide: 'no-driver',
    source: CUDA_FUNCTIONS,
  },
  {
    id: 'pytorch/init-failed',
    finding: 'uvm-unavailable',
    rank: 'usual',
    needles: ['driver initialization failed'],
    pattern: /CUDA driver initialization failed, you might not have a CUDA gpu/i,
    says: 'CUDA driver initialization failed, you might not have a CUDA gpu.',
    decide: 'unknown-cuda-error',
    source: CUDA_FUNCTIONS,
  },
  {
    id: 'pytorch/unexpected-error',
    finding: 'container-toolkit-outdated',
    rank: 'consequence',
    needles: ['unexpected error from cudagetdevicecount'],
    pattern: /Unexpected error from cudaGetDeviceCount\(\)/i,
    says: 'CUDA initialization: Unexpected error from cudaGetDeviceCount().',
    decide: 'unexpected-error',
    source: CUDA_FUNCTIONS,
  },
  {
    id: 'pytorch/no-gpus',
    finding: 'gpu-not-requested',
    rank: 'usual',
    needles: ['no cuda gpus are available'],
    pattern: /No CUDA GPUs are available/i,
    says: 'RuntimeError: No CUDA GPUs are available',
    decide: 'no-device',
    source: CUDA_FUNCTIONS,
  },
  {
    id: 'pytorch/cpu-build',
    finding: 'framework-cpu-only',
    rank: 'named',
    needles: [
      'not compiled with cuda',
      'cpu-only',
      'without cuda support',
      'not linked with support for cuda',
      'cpu version of',
      '+cpu',
      'no cuda support',
      "backend 'cuda'",
      'not compiled with gpu',
    ],
    pattern:
      /(?:Torch|PyTorch|library)? ?not compiled with (?:CUDA|GPU)(?: support| enabled)?|(?:PyTorch|torch)[^\n]{0,40}(?:is not linked with support for cuda|(?:was )?(?:built|compiled) without CUDA)|(?:torch|torchvision|torchaudio)(?:==|[ -]| version:? ?|-version ?: ?)"?\d{1,2}\.\d{1,2}\.\d{1,2}\+cpu|'?\w{1,40}::\w{1,60}'? [^\n]{0,80}'CUDA' backend[^\n]{0,60}|(?:compiled|built|installed) without (?:CUDA|GPU) support|no (?:CUDA|GPU) support (?:compiled|built)/i,
    says: 'AssertionError: Torch not compiled with CUDA enabled',
    decide: 'torch-cpu-build',
    data: { framework: 'torch' },
    source: CUDA_INIT,
  },
  {
    id: 'pytorch/gpu-not-in-build',
    finding: 'no-kernel-for-gpu',
    rank: 'named',
    needles: [
      'current pytorch installation',
      'cuda capability',
      'minimum cuda capability',
      'no longer supports this gpu',
      'pytorch install supports',
    ],
    pattern:
      /with CUDA capability (?<sm>sm_\d{2,3}[af]?|\d{1,2}\.\d) is not compatible with the current PyTorch|is of cuda capability (?<sm2>\d{1,2}\.\d)\.? ?.{0,60}(?:no longer supports|too old|minimum)|PyTorch no longer supports this GPU|current PyTorch install supports CUDA capabilities (?<arches>(?:(?:sm|compute)_\d{2,3}[af]? ?){1,30})/i,
    says: 'NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.',
    decide: 'torch-arch-warning',
    source: CUDA_INIT,
  },
  {
    id: 'pytorch/cudnn-mismatch',
    finding: 'cudnn-mismatch',
    rank: 'named',
    needles: [
      'cudnn version',
      'version of cudnn',
      'cudnn is too old',
      'cudnn library',
      'cudnn_status_version_mismatch',
      'cudnn_status_sublibrary_version_mismatch',
      'cudnn_status_not_supported_sublibrary',
    ],
    pattern:
      /cuDNN version (?:incompatibility|mismatch)|incompatible version of cudnn|CUDNN_STATUS_(?:SUBLIBRARY_)?VERSION_MISMATCH|cuDNN (?:library )?(?:version )?(?:is )?too old|Loaded (?:runtime )?CuDNN library: ?[\d.]{3,12}[^\n]{0,40}but source was compiled with/i,
    says: 'RuntimeError: cuDNN version incompatibility: PyTorch was compiled against (8, 5, 0) but found runtime version (8, 2, 4).',
    source: 'https://github.com/pytorch/pytorch/blob/main/torch/backends/cudnn/__init__.py',
  },
  {
    id: 'pytorch/extension-cuda-mismatch',
    finding: 'framework-cuda-mismatch',
    rank: 'named',
    needles: [
      'mismatches the version that was used to compile',
      'compiled with different cuda',
      'different cuda versions',
      'cuda major version',
      'detected cuda version',
      'cuda version mismatch',
      'compiled with cuda',
    ],
    pattern:
      /detected CUDA version \((?<cuda>[\d.]{2,8})\) mismatches the version that was used to compile PyTorch \((?<frameworkCuda>[\d.]{2,8})\)|compiled with different (?:major )?CUDA (?:major )?versions?|CUDA (?:major )?version mismatch|(?:extension|torchvision|torchaudio)[^\n]{0,80}(?:built|compiled) (?:with|for|against) (?:a different )?CUDA(?: version)?[^\n]{0,80}(?:while|but|and) (?:PyTorch|torch)/i,
    says: 'RuntimeError: Detected that PyTorch and torchvision were compiled with different CUDA major versions. PyTorch has CUDA Version=12.1 and torchvision has CUDA Version=11.8.',
    source: 'https://github.com/pytorch/pytorch/blob/main/torch/utils/cpp_extension.py',
  },
  {
    id: 'pytorch/shm-dataloader',
    finding: 'shared-memory-too-small',
    rank: 'named',
    needles: ['shared memory', '/dev/shm', 'bus error', 'shm'],
    pattern:
      /insufficient shared memory \(shm\)|(?:unable to|failed to|could not|error while) (?:allocate|open|create|creating|mmap|write|attach\w*)[^\n]{0,40}(?:shared memory|shm)|unable to write to file <\/torch_\d|\/dev\/shm[^\n]{0,120}(?:no space|too small|not enough|cannot allocate|full|insufficient|ENOSPC)|(?:shared memory|\/dev\/shm)[^\n]{0,60}(?:(?:is )?(?:too small|insufficient|limit|exhausted)|out of)|(?:increase|raise|default)[^\n]{0,60}(?:--?shm-size|shared memory|SHMEM)|SHMEM allocation limit|Bus error\.? ?(?:\(core dumped\))?[^\n]{0,60}(?:shm|shared|worker)|DataLoader worker[^\n]{0,60}(?:Bus error|killed by signal: Bus)/i,
    says: "RuntimeError: DataLoader worker (pid 123) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory. Please try to raise your shared memory limit.",
    source: 'https://pytorch.org/docs/stable/data.html',
  },
  {
    id: 'pytorch/framework-fell-back',
    finding: 'unrecognised',
    rank: 'hint',
    needles: [
      'cuda is not available',
      'is_available() is false',
      'is_available(): false',
      'cuda available: false',
      'is_available',
    ],
    pattern:
      /CUDA is not available|torch\.cuda\.is_available\(\)[ "'):=,-]{0,8}(?:is |returns? )?False|CUDA available: ?False|is_available\(\)[^\n]{0,20}False/i,
    says: 'torch.cuda.is_available() False',
    source: CUDA_INIT,
  },
  hint(
    'hint/torch-build',
    ['pytorch version', 'torch '],
    /(?:PyTorch version|torch)[:= ]{1,3}(?<frameworkVersion>\d\.\d{1,2}\.\d{1,2}\+cu\d{2,3})/i,
    'PyTorch version: 2.7.0+cu126',
    CUDA_INIT,
  ),
];

import type { Entry } from '../entry.js';
import { hint } from '../entry.js';

const NCCL_DOCS = 'https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html';

/** NCCL, RDMA and the transports between GPUs. */
export const NCCL: readonly Entry[] = [
  {
    id: 'nccl/shm',
    finding: 'shared-memory-too-small',
    rank: 'named',
    needles: ['/dev/shm/nccl', 'ncclshm', 'shmopen', 'shm_open', 'nccl-'],
    pattern:
      /(?:creating|open|extend|allocat|mmap|attach|error|fail)[^\n]{0,80}\/dev\/shm\/nccl-?\w{0,12}|\/dev\/shm\/nccl-?[\w]{0,12}[^\n]{0,80}(?:no space|fail|error|cannot|size)|ncclShm(?:Open|Setup|Allocate\w{0,20})|Call to (?:posix_fallocate|ftruncate|shm_open) failed/i,
    says: 'NCCL WARN Error while creating shared memory segment /dev/shm/nccl-1YsMbG (size 7340384)',
    source: `${NCCL_DOCS}#shared-memory`,
  },
  {
    id: 'nccl/memlock',
    finding: 'locked-memory-limit',
    rank: 'named',
    needles: [
      'ibv_',
      'memlock',
      'locked memory',
      'mlock',
      'max locked',
      'ulimit -l',
      'rlimit_memlock',
    ],
    pattern:
      /ibv_(?:create_cq|reg_mr\w{0,12}|create_qp|create_ah|alloc_pd|reg_dmabuf_mr|exp_create_cq|create_srq)[^\n]{0,80}(?:Cannot allocate memory|ENOMEM|Resource temporarily|memory)|(?:memlock|locked[- ]memory|RLIMIT_MEMLOCK|ulimit -l)[^\n]{0,80}(?:too (?:low|small)|\blimit\b[^\n]{0,30}(?:exceed|reached|is low)|increas|insufficient|exceed)|increas\w{1,3}[^\n]{0,40}(?:memlock|locked[- ]memory|RLIMIT_MEMLOCK|ulimit -l)|(?:mlock|pin|lock|register)[^\n]{0,30}memory[^\n]{0,60}(?:RLIMIT|memlock|ulimit)|mlock[^\n]{0,20}failed[^\n]{0,60}Cannot allocate/i,
    says: 'NCCL WARN Call to ibv_reg_mr_iova2 failed with error Cannot allocate memory',
    decide: 'memlock',
    source: `${NCCL_DOCS}#infiniband`,
  },
  {
    id: 'nccl/p2p',
    finding: 'peer-to-peer-broken',
    rank: 'cause',
    needles: [
      'io_page_fault',
      'dmar:',
      'peer access',
      'p2p',
      'iommu',
      'acs',
      'peer-to-peer',
      'peer to peer',
      'custom_all_reduce',
      'custom allreduce',
    ],
    pattern:
      /(?:P2P|peer[- ]to[- ]peer|peer access)[^\n]{0,80}(?:broken|fail|corrupt|hang|error|not (?:supported|possible|available|working)|is disabled between NVLINK)|(?:IOMMU|\bACS\b)[^\n]{0,80}(?:P2P|peer|hang|corrupt|NCCL|conflict|data fault|IO_PAGE_FAULT)|IO_PAGE_FAULT|DMAR:[^\n]{0,80}fault/i,
    says: 'P2P is disabled between NVLINK connected GPUs 1 and 0. This should not be the case given their connectivity, and is probably due to a hardware issue.',
    decide: 'p2p',
    source: `${NCCL_DOCS}#gpu-to-gpu-communication`,
  },
  {
    id: 'nccl/nvls',
    finding: 'nvls-unavailable',
    rank: 'named',
    needles: ['nvls', 'cumulticast', 'multicast'],
    pattern:
      /(?:NVLS|cuMulticast\w{2,30}|multicast (?:object|group|memory))[^\n]{0,120}(?:fail|error|not supported|unavailable|CUDA_ERROR|invalid|unhandled|Cuda failure)|(?:fail|error|Cuda failure)[^\n]{0,120}(?:\bNVLS\b|nvls\.cc|cuMulticast|multicast)/i,
    says: "transport/nvls.cc:169 NCCL WARN Cuda failure 'CUDA_ERROR_NOT_PERMITTED'",
    source: 'https://github.com/NVIDIA/nccl/issues/1238',
  },
  {
    id: 'nccl/system-error',
    finding: 'shared-memory-too-small',
    rank: 'consequence',
    needles: ['unhandled system error'],
    pattern: /unhandled system error/i,
    says: 'ncclSystemError: unhandled system error (run with NCCL_DEBUG=INFO for details)',
    source: 'https://github.com/NVIDIA/nccl/blob/master/src/init.cc',
  },
  {
    id: 'nccl/old-driver-entry-points',
    finding: 'driver-too-old',
    rank: 'usual',
    needles: ['pfn functions not found'],
    pattern: /CUDA some PFN functions not found/i,
    says: 'CUDA some PFN functions not found in the library',
    source: 'https://github.com/NVIDIA/nccl/blob/master/src/misc/cudawrap.cc',
  },
  {
    id: 'gpu/count',
    finding: 'gpu-count-mismatch',
    rank: 'cause',
    needles: [
      'gpus',
      'duplicate gpu detected',
      'world size',
      'tensor parallel',
      'number of gpus',
      'not enough gpus',
      'gpus available',
      'gpus are available',
      'gpus but',
      'num_gpus',
      'gpu count',
      'available gpus',
      'visible gpus',
      'gpus are',
      'gpu is',
      'devices are',
      'device is',
    ],
    pattern:
      /Duplicate GPU detected|(?:world size|tensor[- _]parallel[- _](?:size|degree)) ?\(?(?<expected>\d{1,4})\)?[^\n]{0,100}(?:is (?:greater|larger|more) than|exceeds|but only)[^\n]{0,60}?(?:GPUs?|devices?)[^\n]{0,20}?\(?(?<seen>\d{0,4})\)?|(?:requested|required|requires?|expected|need(?:s|ed)?|configured)[^\n]{0,40}(?<expected2>\d{1,4}) GPUs?[^\n]{0,60}(?:but|only|found|have|available|visible)[^\n]{0,30}?(?<seen2>\d{1,4})|not enough GPUs|only (?<seen3>\d{1,4}) (?:GPUs?|devices?) (?:is|are) (?:available|visible|found)|number of (?:visible |available |required )?GPUs[^\n]{0,60}(?:exceeds|less than|does not match|mismatch|greater than)/i,
    says: 'ValueError: The number of required GPUs exceeds the total number of available GPUs in the placement group.',
    decide: 'gpu-count',
    source: 'https://github.com/vllm-project/vllm/blob/main/vllm/executor/ray_utils.py',
  },
  hint(
    'hint/iommu',
    ['iommu', 'acs'],
    /\bIOMMU\b|intel_iommu|amd_iommu|\bACS\b/i,
    'DMAR: IOMMU enabled',
    NCCL_DOCS,
  ),
];

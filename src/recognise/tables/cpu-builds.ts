import type { Entry } from '../entry.js';

/** Programs that were built or installed without their GPU part, each in its own words. */
export const CPU_BUILDS: readonly Entry[] = [
  {
    id: 'cpu-build/version',
    finding: 'framework-cpu-only',
    rank: 'named',
    needles: [
      'cpu version',
      'cpu-only version',
      'cpu build',
      'cpu-only build',
      'without gpu',
      'without cuda',
      'with cuda',
      'with gpu',
      'in this build',
      'requires cuda, which',
    ],
    pattern:
      /installed (?:the |a )?CPU(?:-only)? (?:version|build)|(?:paddle\w{0,12}|tensorflow|torch|mxnet|jax\w{0,4}|onnxruntime|dgl|faiss|package)[`'"]? is (?:a |the )?CPU(?:-only)? (?:version|build)|(?:binary|executable|GROMACS|LAMMPS|NAMD|version)[^\n]{0,30} (?:was|has been|is) (?:built|compiled) (?:without GPU|without CUDA)|(?:not been|wasn'?t|isn'?t|was not|is not) (?:built|build|compiled) (?:with CUDA|with GPU)|(?:rebuild|recompile|reinstall)[^\n]{0,40} (?:with CUDA|with GPU) (?:support|enabled)|Cannot use [^\n]{0,30}GPU without CUDA|requires CUDA, which is not available on your system|\b(?:CUDA|GPU) (?:support )?is not (?:supported|available|included|compiled) in this build/i,
    says: 'Fatal error: Nonbonded interactions on the GPU were requested, but the GROMACS binary has been built without GPU support.',
    source: 'https://manual.gromacs.org/current/install-guide/index.html',
  },
  {
    // A build with CUDA that saw no GPU says so too, after its own message about the cause.
    id: 'llama.cpp/no-usable-gpu',
    finding: 'framework-cpu-only',
    rank: 'consequence',
    needles: ['no usable gpu found'],
    pattern: /no usable GPU found, --gpu-layers/i,
    says: 'warning: no usable GPU found, --gpu-layers option will be ignored',
    source: 'https://github.com/ggml-org/llama.cpp/blob/master/common/arg.cpp',
  },
  {
    id: 'cpu-build/backend-absent',
    finding: 'framework-cpu-only',
    rank: 'cause',
    needles: [
      "attribute '_cuda_",
      "'cv2' has no attribute",
      "name 'standardgpuresources",
      "name 'gpuindex",
      'running on cpu mode only',
      'implementation for device cuda',
      'is part of the gpu package',
      'is part of the kokkos package',
      'without gpu package',
      'registered platform called',
      'deviceguardimpl for cuda',
      'cuda without aten_cuda',
    ],
    pattern:
      /module 'torch\._C' has no attribute '_cuda_\w{2,40}'|module 'cv2' has no attribute 'cuda'|cannot import name 'StandardGpuResources|cannot import name 'GpuIndex|custom C\+\+ ops\. Running on CPU mode only|implementation for device cuda:\d{1,2} not found|is part of the GPU package,? (?:which is not enabled|but seems to be missing)|is part of the KOKKOS package,? (?:which is not enabled|but seems to be missing)|without GPU package installed|no registered Platform called "?'?(?:CUDA|OpenCL)|DeviceGuardImpl for cuda is not available|Cannot initialize CUDA without ATen_cuda/i,
    says: 'There is no registered Platform called "CUDA"',
    source: 'https://github.com/pytorch/pytorch/issues/15702',
  },
];

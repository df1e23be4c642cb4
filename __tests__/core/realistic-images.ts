import type { DeviceCode, ImageFacts, ImageLibrary } from '../../src/core/facts.js';

/**
 * Facts as a scan of well-known images gives them, written from what their publishers say (Dockerfiles, wheels' metadata, lists of
 * targets in build scripts) and from the layout of their packages. Shortened to what the rules look at.
 */
const WHOLE = { files: 40_000, folders: 5_000, complete: true };

const code = (
  path: string,
  cubins: readonly string[],
  ptx: readonly string[] = [],
): DeviceCode => ({
  path,
  kind: 'elf',
  cubins: [...cubins],
  ptx: ptx.map((one) => {
    const [target = '', isa = '8.7'] = one.split(' ');
    return { target, isa };
  }),
});

const library = (
  name: string,
  soname: string,
  version: string,
  folder: string,
  rest: Partial<ImageLibrary> = {},
): ImageLibrary => ({
  name,
  soname,
  version,
  path: `${folder}/lib${name}.so.${version}`,
  kind: 'library',
  loaded: true,
  via: 'cache',
  ...rest,
});

const TOOLKIT = '/usr/local/cuda-12.8/targets/x86_64-linux/lib';
const TOOLKIT_TARGETS = [
  'sm_50',
  'sm_60',
  'sm_70',
  'sm_75',
  'sm_80',
  'sm_86',
  'sm_90',
  'sm_100',
  'sm_120',
];
const cudart = library('cudart', 'libcudart.so.12', '12.8.90', TOOLKIT);
const NVIDIA_ENV = {
  NVIDIA_VISIBLE_DEVICES: 'all',
  NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
  LD_LIBRARY_PATH: '/usr/local/nvidia/lib:/usr/local/nvidia/lib64',
};
const compatDriver = {
  version: '570.124.06',
  path: '/usr/local/cuda-12.8/compat/libcuda.so.570.124.06',
};

/** https://gitlab.com/nvidia/container-images/cuda: dist/12.8.1/ubuntu22.04/base */
const base: ImageFacts = {
  reference: 'nvidia/cuda:12.8.1-base-ubuntu22.04',
  platform: 'linux/amd64',
  env: { ...NVIDIA_ENV, CUDA_VERSION: '12.8.1', NVIDIA_REQUIRE_CUDA: 'cuda>=12.8' },
  compatDriver,
  libraries: [cudart],
  deviceCode: [],
  files: WHOLE,
  libc: { family: 'glibc', version: '2.35' },
};

/** …/runtime: the toolkit's libraries, with code for every GPU of their time, and NCCL. */
const runtime: ImageFacts = {
  ...base,
  reference: 'nvidia/cuda:12.8.1-runtime-ubuntu22.04',
  libraries: [
    cudart,
    library('cublas', 'libcublas.so.12', '12.8.4.1', TOOLKIT),
    library('nvrtc', 'libnvrtc.so.12', '12.8.93', TOOLKIT),
    library('nvJitLink', 'libnvJitLink.so.12', '12.8.93', TOOLKIT),
    library('cusparse', 'libcusparse.so.12', '12.5.8.93', TOOLKIT),
    library('nccl', 'libnccl.so.2', '2.25.1', '/usr/lib/x86_64-linux-gnu'),
  ],
  deviceCode: [
    code(`${TOOLKIT}/libcublasLt.so.12.8.4.1`, TOOLKIT_TARGETS, ['compute_120']),
    code(`${TOOLKIT}/libnppif.so.12.3.3.65`, TOOLKIT_TARGETS, ['compute_120']),
    code(
      '/usr/lib/x86_64-linux-gnu/libnccl.so.2.25.1',
      ['sm_50', 'sm_60', 'sm_90'],
      ['compute_120'],
    ),
  ],
};

/** …/devel: static libraries, stubs beside the search path (LIBRARY_PATH is the linker's of the compiler), the profilers. */
const devel: ImageFacts = {
  ...runtime,
  reference: 'nvidia/cuda:12.8.1-cudnn-devel-ubuntu22.04',
  libraries: [
    ...(runtime.libraries ?? []),
    library('cudnn', 'libcudnn.so.9', '9.8.0', '/usr/lib/x86_64-linux-gnu'),
    {
      name: 'cuda',
      soname: 'libcuda.so.1',
      path: `${TOOLKIT}/stubs/libcuda.so`,
      kind: 'stub',
      loaded: false,
    },
  ],
  deviceCode: [
    ...(runtime.deviceCode ?? []),
    { path: `${TOOLKIT}/libcufft_static.a`, kind: 'archive', cubins: ['sm_90a'] },
    code('/opt/nvidia/nsight-compute/2025.1.1/target/linux-desktop/libInject.so', ['sm_52']),
  ],
};

const CONDA = '/opt/conda/lib/python3.11/site-packages';
const TORCH_TARGETS = ['sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120'];

/** Wheels' libraries, each found by the RUNPATH of what needs it. */
const wheels = (packages: string): ImageLibrary[] =>
  (
    [
      ['cudart', 'libcudart.so.12', '12.8.90', 'cuda_runtime'],
      ['cublas', 'libcublas.so.12', '12.8.4.1', 'cublas'],
      ['cudnn', 'libcudnn.so.9', '9.10.2', 'cudnn'],
      ['nvJitLink', 'libnvJitLink.so.12', '12.8.93', 'nvjitlink'],
      ['cusparse', 'libcusparse.so.12', '12.5.8.93', 'cusparse'],
      ['nvrtc', 'libnvrtc.so.12', '12.8.93', 'cuda_nvrtc'],
      ['nccl', 'libnccl.so.2', '2.27.5', 'nccl'],
    ] as const
  ).map(([name, soname, version, folder]) =>
    library(name, soname, version, `${packages}/nvidia/${folder}/lib`, {
      loaded: false,
      via: 'runpath',
    }),
  );

const torchCode = (packages: string): DeviceCode[] => [
  code(`${packages}/torch/lib/libtorch_cuda.so`, TORCH_TARGETS, ['compute_120']),
  code(`${packages}/torch/lib/libtorch_cuda_linalg.so`, TORCH_TARGETS),
  code(`${packages}/torchvision/_C.so`, TORCH_TARGETS),
  code(`${packages}/nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9`, TOOLKIT_TARGETS),
  code(`${packages}/nvidia/cusparselt/lib/libcusparseLt.so.0`, ['sm_80', 'sm_90']),
];

/** https://hub.docker.com/r/pytorch/pytorch: an environment of Python with PyTorch's wheel, no toolkit. */
const pytorch: ImageFacts = {
  reference: 'pytorch/pytorch:2.9.0-cuda12.8-cudnn9-runtime',
  platform: 'linux/amd64',
  env: { ...NVIDIA_ENV, PYTORCH_VERSION: '2.9.0' },
  libraries: wheels(CONDA),
  deviceCode: torchCode(CONDA),
  frameworks: [
    { name: 'torch', version: '2.9.0+cu128', cuda: '12.8', cudnn: '9.10.2', path: CONDA },
    { name: 'triton', version: '3.5.0', path: CONDA },
  ],
  interpreters: [{ path: '/opt/conda/bin/python3.11', version: '3.11' }],
  files: WHOLE,
  libc: { family: 'glibc', version: '2.35' },
};

const DIST = '/usr/local/lib/python3.12/dist-packages';

/**
 * https://github.com/vllm-project/vllm docker/Dockerfile: on the CUDA devel image, with kernels for single architectures beside
 * vLLM's own (FlashAttention 3 and FlashMLA for Hopper and later).
 */
const vllm: ImageFacts = {
  ...devel,
  reference: 'vllm/vllm-openai:v0.11.0',
  entrypoint: ['python3', '-m', 'vllm.entrypoints.openai.api_server'],
  libraries: [...(devel.libraries ?? []), ...wheels(DIST)],
  deviceCode: [
    ...(devel.deviceCode ?? []),
    ...torchCode(DIST),
    code(
      `${DIST}/vllm/_C.abi3.so`,
      ['sm_75', 'sm_80', 'sm_89', 'sm_90', 'sm_90a', 'sm_100a', 'sm_120a'],
      ['compute_120'],
    ),
    code(
      `${DIST}/vllm/_moe_C.abi3.so`,
      ['sm_75', 'sm_80', 'sm_89', 'sm_90', 'sm_120'],
      ['compute_120'],
    ),
    code(`${DIST}/vllm/vllm_flash_attn/_vllm_fa2_C.abi3.so`, ['sm_80'], ['compute_80']),
    code(`${DIST}/vllm/_flashmla_C.abi3.so`, ['sm_90a', 'sm_100a']),
    { path: `${DIST}/flashinfer_cubin/cubins/fmha.cubin`, kind: 'cubin', cubins: ['sm_100f'] },
  ],
  frameworks: [
    { name: 'vllm', version: '0.11.0', path: DIST },
    { name: 'torch', version: '2.9.0+cu128', cuda: '12.8', cudnn: '9.10.2', path: DIST },
    { name: 'xformers', version: '0.0.32.post1', path: DIST },
  ],
};

const TRITON = '/opt/tritonserver';

/** https://github.com/triton-inference-server: backends, each with the library of its framework. */
const tritonserver: ImageFacts = {
  ...devel,
  reference: 'nvcr.io/nvidia/tritonserver:25.03-py3',
  entrypoint: ['/opt/nvidia/nvidia_entrypoint.sh'],
  deviceCode: [
    ...(devel.deviceCode ?? []),
    code(
      `${TRITON}/backends/pytorch/libtorch_cuda.so`,
      ['sm_75', 'sm_80', 'sm_86', 'sm_90', 'sm_100', 'sm_120'],
      ['compute_120'],
    ),
    code(
      `${TRITON}/backends/onnxruntime/libonnxruntime_providers_cuda.so`,
      ['sm_75', 'sm_80', 'sm_90', 'sm_100'],
      ['compute_120'],
    ),
    code(`${TRITON}/backends/dali/libdali_kernels.so`, ['sm_75', 'sm_80', 'sm_90'], ['compute_90']),
  ],
  frameworks: [],
};

const OLLAMA = '/usr/lib/ollama';

/** https://github.com/ollama/ollama Dockerfile: one library of kernels for each CUDA major, chosen when it starts. */
const ollama: ImageFacts = {
  reference: 'ollama/ollama:0.12.6',
  platform: 'linux/amd64',
  entrypoint: ['/bin/ollama'],
  env: NVIDIA_ENV,
  libraries: [
    library('cudart', 'libcudart.so.12', '12.8.90', `${OLLAMA}/cuda_v12`, {
      loaded: false,
      via: 'runpath',
    }),
    library('cudart', 'libcudart.so.13', '13.0.96', `${OLLAMA}/cuda_v13`, {
      loaded: false,
      via: 'runpath',
    }),
  ],
  deviceCode: [
    code(`${OLLAMA}/cuda_v12/libggml-cuda.so`, [
      'sm_50',
      'sm_60',
      'sm_61',
      'sm_70',
      'sm_75',
      'sm_80',
      'sm_86',
      'sm_89',
      'sm_90',
      'sm_90a',
      'sm_120',
    ]),
    code(
      `${OLLAMA}/cuda_v13/libggml-cuda.so`,
      [
        'sm_75',
        'sm_80',
        'sm_86',
        'sm_89',
        'sm_90',
        'sm_100',
        'sm_103',
        'sm_110',
        'sm_120',
        'sm_121',
      ],
      ['compute_90 9.0'],
    ),
    code(`${OLLAMA}/cuda_v12/libcublasLt.so.12`, TOOLKIT_TARGETS),
  ],
  files: WHOLE,
  libc: { family: 'glibc', version: '2.35' },
};

/** https://github.com/ggml-org/llama.cpp .devops/cuda.Dockerfile, target full: converters with PyTorch for the CPU. */
const llama: ImageFacts = {
  ...runtime,
  reference: 'ghcr.io/ggml-org/llama.cpp:full-cuda',
  entrypoint: ['/app/tools.sh'],
  deviceCode: [
    ...(runtime.deviceCode ?? []),
    code(
      '/app/libggml-cuda.so',
      ['sm_86', 'sm_89', 'sm_120a'],
      [
        'compute_50 8.7',
        'compute_61 8.7',
        'compute_70 8.7',
        'compute_75 8.7',
        'compute_80 8.7',
        'compute_90 8.7',
      ],
    ),
  ],
  frameworks: [
    {
      name: 'torch',
      version: '2.6.0+cpu',
      cuda: null,
      path: '/usr/local/lib/python3.12/dist-packages',
    },
  ],
};

export const IMAGES = { base, runtime, devel, pytorch, vllm, tritonserver, ollama, llama };

import type { FindingId, Verdict } from '../../src/core/catalogue.js';
import {
  FACTS_SCHEMA,
  type Facts,
  type HostGpu,
  type ImageFacts,
  type ProbeFacts,
} from '../../src/core/facts.js';

/** One runner and one image at an edge of NVIDIA's rules, and what the rules say about them. */
export interface Pair {
  readonly name: string;
  readonly facts: Facts;
  readonly verdict: Verdict;
  readonly primary: FindingId | null;
  /** The public document that decides it. */
  readonly source: string;
}

export const SOURCES = {
  toolkits: 'https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html',
  minor: 'https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html',
  forward: 'https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html',
  matrix:
    'https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html',
  modules: 'https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/kernel-modules.html',
  ptx: 'https://docs.nvidia.com/cuda/parallel-thread-execution/index.html#release-notes',
  cubin: 'https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#binary-compatibility',
  ptxForward: 'https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#ptx-compatibility',
  families:
    'https://docs.nvidia.com/cuda/cuda-programming-guide/05-appendices/compute-capabilities.html',
  requirements: 'https://github.com/NVIDIA/libnvidia-container/blob/main/src/cli/dsl.c',
  requireVariables:
    'https://github.com/NVIDIA/nvidia-container-toolkit/blob/main/internal/config/image/cuda_image.go',
  cdi: 'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/cdi-support.html',
  compatMode: 'https://github.com/NVIDIA/libnvidia-container/blob/main/src/cli/compat_mode.c',
  compatHook:
    'https://github.com/NVIDIA/nvidia-container-toolkit/blob/main/cmd/nvidia-cdi-hook/cudacompat/cudacompat.go',
  capabilities:
    'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html#driver-capabilities',
  platforms: 'https://docs.docker.com/build/building/multi-platform/',
  libc: 'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/supported-platforms.html',
  errors:
    'https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html#group__CUDA__TYPES_1gc6c391505e117393cc2558fff6bfc2e9',
  torch: 'https://pytorch.org/get-started/previous-versions/',
  torchTargets: 'https://github.com/pytorch/pytorch/blob/main/.ci/manywheel/build_cuda.sh',
  cudnn: 'https://docs.nvidia.com/deeplearning/cudnn/latest/reference/support-matrix.html',
  wsl: 'https://docs.nvidia.com/cuda/wsl-user-guide/index.html',
} as const;

/** The GPUs of the table, as nvidia-smi names them, with their compute capability. */
export const GPU = {
  k80: ['Tesla K80', '3.7'],
  m40: ['Tesla M40', '5.2'],
  gtx980: ['NVIDIA GeForce GTX 980', '5.2'],
  p100: ['Tesla P100-PCIE-16GB', '6.0'],
  gtx1080ti: ['NVIDIA GeForce GTX 1080 Ti', '6.1'],
  v100: ['Tesla V100-SXM2-16GB', '7.0'],
  t4: ['Tesla T4', '7.5'],
  rtx2080ti: ['NVIDIA GeForce RTX 2080 Ti', '7.5'],
  a100: ['NVIDIA A100-SXM4-80GB', '8.0'],
  a10: ['NVIDIA A10', '8.6'],
  rtx3090: ['NVIDIA GeForce RTX 3090', '8.6'],
  a6000: ['NVIDIA RTX A6000', '8.6'],
  orin: ['Orin (nvgpu)', '8.7'],
  l4: ['NVIDIA L4', '8.9'],
  l40s: ['NVIDIA L40S', '8.9'],
  rtx4090: ['NVIDIA GeForce RTX 4090', '8.9'],
  h100: ['NVIDIA H100 80GB HBM3', '9.0'],
  gh200: ['NVIDIA GH200 480GB', '9.0'],
  b200: ['NVIDIA B200', '10.0'],
  b300: ['NVIDIA B300 SXM6 AC', '10.3'],
  rtx5090: ['NVIDIA GeForce RTX 5090', '12.0'],
  gb10: ['NVIDIA GB10', '12.1'],
} as const;

export type GpuName = keyof typeof GPU;

/** A pair in few words; everything left out is unknown. */
export interface Sketch {
  driver?: string;
  driverCuda?: string;
  module?: string;
  gpu?: GpuName | readonly GpuName[];
  /** GPUs by name only, or in any other unusual way. */
  gpus?: HostGpu[];
  mode?: string;
  toolkit?: string;
  os?: string;
  hostPlatform?: string;
  platform?: string;
  cuda?: string;
  require?: string;
  env?: Record<string, string>;
  compat?: string;
  cubins?: string[];
  /** `compute_90 8.7`: target and PTX ISA. */
  ptx?: string[];
  libc?: string;
  image?: ImageFacts;
  probe?: ProbeFacts;
}

export function facts(sketch: Sketch): Facts {
  const names = typeof sketch.gpu === 'string' ? [sketch.gpu] : (sketch.gpu ?? []);
  const gpus =
    sketch.gpus ??
    names.map((name, index) => ({ index, name: GPU[name][0], computeCapability: GPU[name][1] }));
  const env = {
    ...sketch.env,
    ...(sketch.require === undefined ? {} : { NVIDIA_REQUIRE_CUDA: sketch.require }),
  };
  const [family, libcVersion] = sketch.libc?.split(' ') ?? [];
  const { driver, driverCuda, module, mode, toolkit, cuda, compat, cubins, ptx } = sketch;
  return {
    schema: FACTS_SCHEMA,
    host: {
      ...(sketch.os === undefined ? {} : { os: sketch.os }),
      ...(sketch.hostPlatform === undefined ? {} : { platform: sketch.hostPlatform }),
      driver: {
        ...(driver === undefined ? {} : { version: driver }),
        ...(driverCuda === undefined ? {} : { cuda: driverCuda }),
        ...(module === undefined ? {} : { kernelModule: module }),
      },
      gpus,
      engine: { name: 'docker', ...(mode === undefined ? {} : { gpuMode: mode }) },
      ...(toolkit === undefined ? {} : { containerToolkit: { version: toolkit } }),
    },
    image: {
      ...(sketch.platform === undefined ? {} : { platform: sketch.platform }),
      ...(cuda === undefined ? {} : { cuda }),
      env,
      ...(compat === undefined
        ? {}
        : {
            compatDriver: { version: compat, path: `/usr/local/cuda/compat/libcuda.so.${compat}` },
          }),
      ...(cubins === undefined && ptx === undefined
        ? {}
        : {
            deviceCode: [
              { path: '/app/program', cubins: cubins ?? [], ptx: (ptx ?? []).map(ptxCode) },
            ],
          }),
      ...(family === undefined
        ? {}
        : { libc: { family, ...(libcVersion === undefined ? {} : { version: libcVersion }) } }),
      ...sketch.image,
    },
    ...(sketch.probe === undefined ? {} : { probe: sketch.probe }),
  };
}

function ptxCode(text: string) {
  const [target = '', isa] = text.split(' ');
  return { target, ...(isa === undefined ? {} : { isa }) };
}

export function pair(
  name: string,
  sketch: Sketch,
  verdict: Verdict,
  primary: FindingId | null,
  source: string,
): Pair {
  return { name, facts: facts(sketch), verdict, primary, source };
}

import type { Entry } from '../entry.js';
import { BUILDKIT } from './buildkit.js';
import { CDI } from './cdi.js';
import { CONTAINERD } from './containerd.js';
import { CPU_BUILDS } from './cpu-builds.js';
import { CUDA } from './cuda.js';
import { DEVICE_PLUGIN } from './device-plugin.js';
import { DEVICES } from './devices.js';
import { DOCKER } from './docker.js';
import { DRIVER_INSTALL } from './driver-install.js';
import { DYNAMIC_LINKER } from './dynamic-linker.js';
import { EXTENSIONS } from './extensions.js';
import { GPU_PROGRAMS } from './gpu-programs.js';
import { GRAPHICS } from './graphics.js';
import { JAX } from './jax.js';
import { KERNEL_LOG } from './kernel-log.js';
import { NCCL } from './nccl.js';
import { NVIDIA_CONTAINER_CLI } from './nvidia-container.js';
import { NVIDIA_CONTAINER_RUNTIME } from './nvidia-runtime.js';
import { NVML_TEXTS } from './nvml.js';
import { NVML_RESULTS } from './nvml-results.js';
import { ONNX_RUNTIME } from './onnxruntime.js';
import { PODMAN } from './podman.js';
import { PYTORCH } from './pytorch.js';
import { REGISTRIES } from './registries.js';
import { SANDBOXES } from './sandboxes.js';
import { TENSORFLOW } from './tensorflow.js';
import { TOOLKIT } from './toolkit.js';

export interface Source {
  /** Who prints these texts, as a heading. */
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Every table; of entries of one rank that match on one line, the earlier leads. */
export const SOURCES: readonly Source[] = [
  { title: 'Registries and pulling', entries: REGISTRIES },
  { title: 'Docker and Compose', entries: DOCKER },
  { title: 'Podman', entries: PODMAN },
  { title: 'Container Device Interface', entries: CDI },
  { title: 'containerd and Kubernetes', entries: CONTAINERD },
  { title: 'Kubernetes device plugin and DRA driver', entries: DEVICE_PLUGIN },
  { title: 'Image builds', entries: BUILDKIT },
  { title: 'Singularity, Apptainer and gVisor', entries: SANDBOXES },
  { title: 'nvidia-container-cli', entries: NVIDIA_CONTAINER_CLI },
  { title: 'NVIDIA container runtime', entries: NVIDIA_CONTAINER_RUNTIME },
  { title: 'Kernel log, driver and its services', entries: KERNEL_LOG },
  { title: 'Installing the driver', entries: DRIVER_INSTALL },
  { title: 'nvidia-smi and NVML', entries: [...NVML_TEXTS, ...NVML_RESULTS] },
  { title: 'CUDA driver and runtime', entries: CUDA },
  { title: 'Graphics, video and ray tracing', entries: GRAPHICS },
  { title: 'Dynamic linker and C library', entries: DYNAMIC_LINKER },
  { title: 'PyTorch', entries: PYTORCH },
  { title: 'TensorFlow', entries: TENSORFLOW },
  { title: 'JAX', entries: JAX },
  { title: 'ONNX Runtime', entries: ONNX_RUNTIME },
  { title: 'Builds without a GPU part', entries: CPU_BUILDS },
  { title: 'Builds that do not fit one another', entries: EXTENSIONS },
  { title: 'CUDA toolkit in the image', entries: TOOLKIT },
  { title: 'Triton, vLLM, CuPy, bitsandbytes and others', entries: GPU_PROGRAMS },
  { title: 'NCCL and several GPUs', entries: NCCL },
  { title: 'Jetson and the choice of devices', entries: DEVICES },
];

export const ENTRIES: readonly Entry[] = SOURCES.flatMap((source) => source.entries);

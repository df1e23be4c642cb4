import type { Entry } from '../entry.js';
import { BUILDKIT } from './buildkit.js';
import { CDI } from './cdi.js';
import { CONTAINERD } from './containerd.js';
import { CUDA } from './cuda.js';
import { DEVICES } from './devices.js';
import { DOCKER } from './docker.js';
import { DYNAMIC_LINKER } from './dynamic-linker.js';
import { GPU_PROGRAMS } from './gpu-programs.js';
import { JAX } from './jax.js';
import { KERNEL_LOG } from './kernel-log.js';
import { NCCL } from './nccl.js';
import { NVIDIA_CONTAINER_CLI, NVIDIA_CONTAINER_RUNTIME } from './nvidia-container.js';
import { NVML_TEXTS } from './nvml.js';
import { ONNX_RUNTIME } from './onnxruntime.js';
import { PODMAN } from './podman.js';
import { PYTORCH } from './pytorch.js';
import { REGISTRIES } from './registries.js';
import { TENSORFLOW } from './tensorflow.js';

/** Every table; of entries of one rank that match on one line, the earlier leads. */
export const ENTRIES: readonly Entry[] = [
  ...REGISTRIES,
  ...DOCKER,
  ...PODMAN,
  ...CDI,
  ...CONTAINERD,
  ...BUILDKIT,
  ...NVIDIA_CONTAINER_CLI,
  ...NVIDIA_CONTAINER_RUNTIME,
  ...KERNEL_LOG,
  ...NVML_TEXTS,
  ...CUDA,
  ...DYNAMIC_LINKER,
  ...PYTORCH,
  ...TENSORFLOW,
  ...JAX,
  ...ONNX_RUNTIME,
  ...GPU_PROGRAMS,
  ...NCCL,
  ...DEVICES,
];

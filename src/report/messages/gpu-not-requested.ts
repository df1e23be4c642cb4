import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The container was started without access to a GPU',
  why: 'Neither driver libraries nor devices were injected: GPUs were not asked for, or this is the build of an image, where none are given. The image alone never contains libcuda.',
  fixes: lines(
    'docker run --gpus all IMAGE',
    'Podman: `podman run --device nvidia.com/gpu=all IMAGE`',
    'Compose: give the service `deploy.resources.reservations.devices` with `driver: nvidia` and `capabilities: [gpu]`',
    'Kubernetes: set resources.limits nvidia.com/gpu to 1',
    'In a Dockerfile, do not ask the GPU: name the architectures (`TORCH_CUDA_ARCH_LIST`, `CMAKE_CUDA_ARCHITECTURES`) and link against /usr/local/cuda/lib64/stubs',
  ),
});

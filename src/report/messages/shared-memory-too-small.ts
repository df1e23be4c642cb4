import { given, headline, lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `/dev/shm of the container is too small${given(data.bytes, (b) => `: ${Math.round(b / 1_048_576)} MiB`) ?? ''}`,
  ),
  why: 'NCCL and the worker processes of data loaders exchange data through /dev/shm, which Docker makes 64 MiB large. When it is full they fail with "No space left on device" or "Bus error".',
  fixes: lines(
    'Give the container more: docker run --shm-size=8g …',
    "Or the host's: docker run --ipc=host …",
    'In a job container of a workflow: container: { options: --gpus all --shm-size=8g }',
    'In Kubernetes: an emptyDir volume with medium: Memory mounted at /dev/shm',
  ),
});

import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The inner engine of a nested set-up has no GPU support',
  why: 'The engine itself runs in a container (docker-in-docker, a runner in a container, kind, k3d, LXC). The GPUs, the driver libraries and the container toolkit must be in that container too.',
  fixes: lines(
    'Simplest: use the engine of the host by mounting its socket: `docker run -v /var/run/docker.sock:/var/run/docker.sock runner-image`',
    'Or give GPUs to the outer container and install the toolkit inside it: `docker run --privileged --gpus all docker:dind`',
    'On Kubernetes, run the GPU job as its own pod with a limit on nvidia.com/gpu instead of nesting engines',
  ),
});

import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The container lost its right to use the GPU devices while it ran',
  why: 'systemd rewrites the device rules of the container when a unit is reloaded or its cgroup is changed, and the rules that the NVIDIA hook had added behind its back are gone. A new container works.',
  fixes: lines(
    'Restart the container: it works until the next reload',
    'Use CDI or the nvidia runtime with listed devices instead of the hook: `docker run --device nvidia.com/gpu=all IMAGE`',
    'Create the links that systemd needs to know the devices: `sudo nvidia-ctk system create-dev-char-symlinks --create-all`',
    'Or let Docker manage cgroups itself: set "exec-opts": ["native.cgroupdriver=cgroupfs"] in /etc/docker/daemon.json',
  ),
});

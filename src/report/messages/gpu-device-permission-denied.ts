import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The container may not open ${given(data.path, (v) => short(v, 50)) ?? 'the GPU devices'}`,
  ),
  why: 'The device nodes are there, but their owner, group or SELinux label keeps this user or container from opening them.',
  fixes: lines(
    'ls -lZ /dev/nvidia*',
    'SELinux: `sudo setsebool -P container_use_devices on`, or for one container `--security-opt label=disable`',
    'Rootless Podman, nodes of a group: `podman run --group-add keep-groups --device nvidia.com/gpu=all IMAGE`',
    'A non-root user in the image: add the group of the node, for example `--group-add video`',
  ),
});

import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The toolkit may not change the device rules of the container',
  why: 'In rootless or nested engines an unprivileged user may not write the devices cgroup (v1) or attach a BPF device program (v2), and the toolkit gives up.',
  fixes: lines(
    'For a rootless engine, do not touch cgroups: `sudo nvidia-ctk config --set nvidia-container-cli.no-cgroups=true --in-place`',
    'Better, use CDI, which needs no hook: `sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml` and `--device nvidia.com/gpu=all`',
    'In LXC or another container, allow nesting and the devices there, and set no-cgroups inside',
  ),
});

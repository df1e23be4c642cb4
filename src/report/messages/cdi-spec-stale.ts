import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The CDI specification is stale: ${given(data.path, (v) => `${short(v, 60)} is gone`) ?? 'it names files or devices that are gone'}`,
  ),
  why: 'The specification was written for an earlier driver or boot: library names carry the driver version, and device nodes can be numbered anew.',
  fixes: lines(
    'sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml',
    'Keep it current from now on: `sudo systemctl enable --now nvidia-cdi-refresh.path nvidia-cdi-refresh.service`',
    'If the device node is only absent since the last boot: `sudo nvidia-modprobe -u -c=0`',
  ),
});

import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `No CDI specification names ${given(data.device, (v) => short(v, 60)) ?? 'the requested device'}`,
  ),
  why: 'The engine looked for the device in /etc/cdi and /var/run/cdi and found no specification that defines it: none was generated, it lies elsewhere, or the device has another name.',
  fixes: lines(
    'Generate the specification: sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml',
    'See the names that exist: `nvidia-ctk cdi list`',
    'Podman with another folder: `podman --cdi-spec-dir=/run/cdi run --device nvidia.com/gpu=all IMAGE`',
  ),
});

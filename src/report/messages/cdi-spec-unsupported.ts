import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${given(data.engine, (v) => short(v, 30)) ?? 'The engine'} cannot read this CDI specification, or predates CDI`,
  ),
  why: 'The specification uses a version or fields newer than the CDI library built into the engine, or the engine takes the device name for a path because it does not know CDI at all.',
  fixes: lines(
    'Update the engine: Podman 4.1 or newer, 5 for current specifications; Docker 25 or newer',
    'Or write the specification with a toolkit of the time of the engine, for example 1.18 for Podman 4.9, and run `sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml` again',
    'On Docker before 28.2, switch CDI on: set "features": {"cdi": true} in /etc/docker/daemon.json and restart',
  ),
});

import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: data.nothingInjected
    ? 'GPUs were asked for, and the container got none: the NVIDIA Container Toolkit injected nothing'
    : headline(
        `The NVIDIA Container Toolkit is misconfigured on this runner${given(data.path, (v) => ` (${short(v, 50)})`) ?? ''}`,
      ),
  why: data.nothingInjected
    ? 'The engine took the request and started the container, but no driver or no GPU came with it: a hook that is switched off, an engine that ignores the request (nested, or another one under this name), or NVIDIA_VISIBLE_DEVICES set to void.'
    : 'The toolkit was called and failed on its own settings: the root of the driver, the path of ldconfig, the cgroup option, its user, or the low-level runtime that it starts.',
  fixes: lines(
    'Run it by itself and read its log: `sudo nvidia-container-cli -k -d /dev/tty info`',
    'Look at the settings: `cat /etc/nvidia-container-runtime/config.toml`',
    'Driver installed on the host: leave `root` unset. Debian and Ubuntu: `ldconfig = "@/sbin/ldconfig.real"`; other systems: `ldconfig = "@/sbin/ldconfig"`',
    'Docker as root: `sudo nvidia-ctk config --set nvidia-container-cli.no-cgroups=false --in-place`',
    'Write the default settings anew: `sudo nvidia-ctk config default --output=/etc/nvidia-container-runtime/config.toml`',
  ),
});

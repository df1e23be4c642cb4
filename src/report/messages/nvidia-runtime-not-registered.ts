import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'The engine does not know a runtime called nvidia',
  why: 'The toolkit may be installed, but the configuration that this daemon reads does not name its runtime, or was changed without a restart, or cannot be parsed.',
  fixes: lines(
    'sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker',
    'For containerd (Kubernetes): `sudo nvidia-ctk runtime configure --runtime=containerd --set-as-default && sudo systemctl restart containerd`',
    'See what the daemon has: `docker info --format "{{json .Runtimes}}"`',
    'Check the file for a second object, a stray comma or typographic quotes: `python3 -m json.tool /etc/docker/daemon.json`',
  ),
});

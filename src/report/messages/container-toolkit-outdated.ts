import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The NVIDIA Container Toolkit${given(data.toolkit, (v) => ` ${short(v, 24)}`) ?? ''} is too old for this runner`,
  ),
  why: 'The toolkit does not know something that is newer than itself: cgroup v2, a library of a newer driver (also of Windows for WSL 2), or the grammar of a requirement.',
  fixes: lines(
    'sudo apt-get update && sudo apt-get install -y nvidia-container-toolkit && sudo systemctl restart docker',
    'On Windows: update Docker Desktop, which brings its own toolkit, then `wsl --update`',
    'See the version: `nvidia-container-cli --version`',
  ),
});

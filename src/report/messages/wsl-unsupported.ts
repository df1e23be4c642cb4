import { lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Windows does not give the GPU to WSL 2 here',
  why: 'GPU access in WSL 2 comes from Windows: it needs Windows 11 or Windows 10 21H2, a WSL 2 kernel of its time, and an NVIDIA driver installed in Windows, never in the distribution.',
  fixes: lines(
    'wsl --update',
    'In the distribution: `nvidia-smi`; if it is not found look at /usr/lib/wsl/lib',
    'Update Windows and its NVIDIA driver, then `wsl --shutdown`',
    'Remove a Linux driver that was installed in the distribution: `sudo apt-get purge "nvidia-driver-*" "libnvidia-compute-*"`',
  ),
});

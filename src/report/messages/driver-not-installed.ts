import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `No NVIDIA driver on the host: ${given(data.library, (v) => short(v, 40)) ?? 'libnvidia-ml.so.1'} cannot be opened`,
  ),
  why: 'The container toolkit is there, but the libraries of the driver are not where it looks. The driver is installed on the host, never in the image.',
  fixes: lines(
    'See whether the host has a driver at all: nvidia-smi',
    'Ubuntu: `sudo ubuntu-drivers install --gpgpu && sudo reboot`',
    'Compute libraries alone are missing after a headless or desktop-only installation: `sudo apt-get install -y libnvidia-compute-580` (your branch)',
    'If nvidia-smi works on the host, refresh the linker cache: `sudo ldconfig`',
  ),
});

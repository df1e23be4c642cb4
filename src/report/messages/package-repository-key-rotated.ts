import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The build trusts an old signing key of the package repository${given(data.text, (v) => ` (${short(v, 24)} is missing)`) ?? ''}`,
  ),
  why: 'NVIDIA replaced the key of its CUDA repositories in April 2022. Base images from before still carry the old one, so every `apt-get update` in a derived build fails.',
  fixes: lines(
    'Use a base image built after April 2022, for example `FROM nvidia/cuda:11.8.0-devel-ubuntu20.04`',
    'Or replace the key before the first update: `RUN rm -f /etc/apt/sources.list.d/cuda.list /etc/apt/sources.list.d/nvidia-ml.list && curl -fsSL -o /tmp/k.deb https://developer.download.nvidia.com/compute/cuda/repos/ubuntu2004/x86_64/cuda-keyring_1.1-1_all.deb && dpkg -i /tmp/k.deb`',
  ),
});

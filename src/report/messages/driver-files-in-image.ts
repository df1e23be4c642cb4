import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The image contains driver files of its own${given(data.path ?? data.library, (p) => `: ${short(p, 70)}`) ?? ''}`,
  ),
  why: sentences(
    "The driver's libraries come from the runner and are mounted into the container; copies or leftovers in the image get in the way of the mount or are loaded instead.",
    'They come from a driver package in the Dockerfile, or from committing a container that ran with a GPU.',
  ),
  fixes: lines(
    'In the image: RUN rm -f /usr/lib/*-linux-gnu/libcuda.so* /usr/lib/*-linux-gnu/libnvidia-*.so* && ldconfig',
    'Install cuda-toolkit-X-Y or cuda-libraries-X-Y in the Dockerfile, never cuda, cuda-drivers or nvidia-driver-*',
    'Build with a Dockerfile and not with docker commit of a container that had GPUs',
  ),
});

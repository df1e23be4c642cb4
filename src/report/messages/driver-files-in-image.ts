import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => ({
  title: headline(
    `The image contains driver files of its own${given(data.path ?? data.library, (p) => `: ${short(p, 70)}`) ?? ''}`,
  ),
  why: sentences(
    data.bytes === 0 && 'The file is empty: a mount point of another container.',
    given(data.notes?.[0], (version) =>
      severity === 'warning'
        ? `It is of driver ${short(version, 24)}.`
        : `It is of driver ${short(version, 24)}, newer than the runner's${given(data.driver, (d) => ` ${short(d, 24)}`) ?? ''}, and ldconfig lets the newest win.`,
    ),
    severity === 'warning' && 'Here it need not matter; on WSL, or with an older driver, it does.',
    "The driver's libraries come from the runner and are mounted into the container; copies or leftovers in the image get in the way of the mount or are loaded instead.",
    'They come from a driver package in the Dockerfile, or from committing a container that ran with a GPU.',
  ),
  fixes: lines(
    'In the image: RUN rm -f /usr/lib/*-linux-gnu/libcuda.so* /usr/lib/*-linux-gnu/libnvidia-*.so* && ldconfig',
    'Install cuda-toolkit-X-Y or cuda-libraries-X-Y in the Dockerfile, never cuda, cuda-drivers or nvidia-driver-*',
    'Build with a Dockerfile and not with docker commit of a container that had GPUs',
  ),
});

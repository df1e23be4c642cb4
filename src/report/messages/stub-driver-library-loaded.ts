import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => ({
  title: headline(
    `The toolkit's stub libcuda ${severity === 'warning' ? 'may be' : 'is'} loaded in place of the driver${given(data.path, (p) => `: ${short(p, 60)}`) ?? ''}`,
  ),
  why: sentences(
    'The stub in …/lib64/stubs exists for linking only: every call returns error 34, "CUDA driver is a stub library".',
    'It is found first because its directory is in LD_LIBRARY_PATH or in the loader cache, or because it was copied as libcuda.so.1.',
  ),
  fixes: lines(
    'For one run: docker run -e LD_LIBRARY_PATH=/usr/local/nvidia/lib:/usr/local/nvidia/lib64 …',
    'In the image: take …/stubs out of ENV LD_LIBRARY_PATH and /etc/ld.so.conf.d, then RUN rm -f /usr/local/cuda/lib64/stubs/libcuda.so.1 && ldconfig',
    'For a build that links against it, set it for that command only: LIBRARY_PATH=/usr/local/cuda/lib64/stubs make',
  ),
});

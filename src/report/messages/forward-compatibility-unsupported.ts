import {
  driver,
  given,
  gpu,
  headline,
  lines,
  otherImage,
  sentences,
  short,
  updateDriver,
  whichGpus,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The image's compat driver${given(data.compatDriver, (v) => ` ${short(v, 20)}`) ?? ''} is not supported on ${(data.gpus?.length ?? 0) > 0 || data.computeCapability !== undefined ? gpu(data) : 'this GPU or driver branch'}`,
  ),
  why: sentences(
    'Forward compatibility (the cuda-compat package in the image) is for data-center GPUs on certain driver branches.',
    'Elsewhere cuInit fails with 804 (GPU not entitled) or 803 (driver branch does not fit), although the host driver alone might serve.',
    whichGpus(data),
    ...(data.notes ?? []),
  ),
  fixes: lines(
    'Keep the compat library from being loaded, if the host driver serves the image by itself: docker run --entrypoint sh IMAGE -c \'rm -rf /usr/local/cuda/compat; ldconfig; exec "$@"\' sh COMMAND',
    'In the image: RUN rm -rf /usr/local/cuda*/compat && ldconfig (and take the directory out of LD_LIBRARY_PATH)',
    data.hostServes !== true && otherImage(data),
    updateDriver(data.needsDriver),
    data.driver !== undefined &&
      `Check what wins in the container: ldconfig -p | grep libcuda.so (the host's is of ${driver(data)})`,
  ),
});

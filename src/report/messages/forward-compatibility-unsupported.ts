import {
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

export const words: Words = ({ data }) => {
  const alone = data.hostServes;
  const place =
    (data.gpus ?? []).length > 0 || data.computeCapability !== undefined
      ? gpu(data)
      : 'this GPU or driver branch';
  return {
    title: headline(
      `The image's compat driver${given(data.compatDriver, (v) => ` ${short(v, 20)}`) ?? ''} is not supported on ${place}`,
    ),
    why: sentences(
      'Forward compatibility (the cuda-compat package in the image) is for data-center GPUs on certain driver branches.',
      'Elsewhere cuInit fails with 804 (GPU not entitled) or 803 (driver branch does not fit), or finds no GPU (100) where the newer driver has dropped it.',
      alone === true && 'The host driver alone would serve this image.',
      alone === false && 'The host driver alone is too old for this image.',
      whichGpus(data),
      ...(data.notes ?? []),
    ),
    fixes: lines(
      alone !== false &&
        'Keep the compat library from being loaded, for one run: docker run --entrypoint sh IMAGE -c \'rm -rf /usr/local/cuda*/compat; ldconfig; exec "$@"\' sh COMMAND',
      alone !== false &&
        'In the image: RUN rm -rf /usr/local/cuda*/compat && ldconfig (and take the directory out of LD_LIBRARY_PATH)',
      alone !== true && otherImage(data),
      data.code === 100
        ? undefined
        : updateDriver(
            data,
            data.compatDriver ?? data.needsDriver ?? data.needsDriverMinor,
            ', which leaves the compat library alone,',
          ),
    ),
  };
};

import {
  cuda,
  Driver,
  driver,
  given,
  headline,
  lines,
  otherImage,
  sentences,
  short,
  updateDriver,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The image's compat driver${given(data.compatDriver, (v) => ` ${short(v, 20)}`) ?? ''} would serve ${cuda(data)}, but ${driver(data)} was loaded`,
  ),
  why: sentences(
    `${Driver(data)} is too old for ${cuda(data)} by itself.`,
    'Forward compatibility is supported on this GPU and driver branch, yet nothing puts the compat directory first in the search path of the container.',
  ),
  fixes: lines(
    'Put it first for one run: docker run -e LD_LIBRARY_PATH=/usr/local/cuda/compat …',
    'In the image: ENV LD_LIBRARY_PATH=/usr/local/cuda/compat:$LD_LIBRARY_PATH',
    'Or let the container toolkit (1.17.5 or newer) do it: sudo apt-get install -y nvidia-container-toolkit && sudo systemctl restart docker',
    otherImage(data),
    updateDriver(data, data.needsDriverMinor ?? data.needsDriver),
  ),
});

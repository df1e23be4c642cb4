import { driver, given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The image's own libcuda${given(data.compatDriver, (v) => ` ${short(v, 20)}`) ?? ''} hides ${driver(data)}, which is as new or newer`,
  ),
  why: sentences(
    'The compat libcuda of an image works only on an older kernel driver.',
    'Here it is found first, and cuInit fails with 803 (system has unsupported display driver / cuda driver combination).',
    given(data.path, (p) => `Loaded: ${short(p, 120)}.`),
  ),
  fixes: lines(
    `Take the compat directory out of the search path for one run: docker run -e LD_LIBRARY_PATH=/usr/local/nvidia/lib:/usr/local/nvidia/lib64 …`,
    'In the image: RUN rm -rf /usr/local/cuda*/compat && ldconfig',
    'Update the container toolkit, which then hides a compat library that does not fit: sudo apt-get install -y nvidia-container-toolkit && sudo systemctl restart docker',
  ),
});

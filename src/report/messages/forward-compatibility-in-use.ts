import {
  cuda,
  driver,
  given,
  headline,
  lines,
  sentences,
  short,
  updateDriver,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${cuda(data).replace(/^t/, 'T')} runs on ${driver(data)} by forward compatibility${given(data.compatDriver, (v) => ` (compat driver ${short(v, 20)})`) ?? ''}`,
  ),
  why: sentences(
    'The image brings the user-mode part of a newer driver (cuda-compat), and this GPU and driver branch support it.',
    'Parts of the driver other than CUDA, such as OpenGL and Vulkan interoperation, stay at the old version.',
  ),
  fixes: lines(
    'Nothing has to be done',
    data.hostServes === true
      ? undefined
      : given(
          updateDriver(data, data.needsDriver ?? data.needsDriverMinor),
          (line) => `To do without it: ${line}`,
        ),
  ),
});

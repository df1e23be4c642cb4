import {
  BEYOND,
  cuda,
  Driver,
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
    `${Driver(data)} runs ${cuda(data)} by minor-version compatibility${given(data.needsDriver, (v) => `; every feature from ${short(v, 20)} on`) ?? ''}`,
  ),
  why: sentences(
    'Within one CUDA major version a program runs on an older driver of that major.',
    'Its limits: code that exists only as PTX or is compiled at run time (NVRTC, Triton, torch.compile) may be refused with error 222, and an API that needs a newer driver with error 36.',
    data.beyondTables && BEYOND,
    ...(data.notes ?? []),
  ),
  fixes: lines(
    'Nothing has to be done while the program stays within these limits',
    updateDriver(data, data.needsDriver),
  ),
});

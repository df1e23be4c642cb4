import {
  BEYOND,
  compatPackage,
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

export const words: Words = ({ data }) => {
  const lowest = data.needsDriverMinor ?? data.needsDriver;
  const floor = given(lowest, (v) => `, which needs ${short(v, 20)} or newer`) ?? '';
  return {
    title: headline(`${Driver(data)} is too old for ${cuda(data)}${floor}`),
    why: sentences(
      `The CUDA libraries of the image need a driver of at least their own major version's first release, and ${driver(data)}${given(data.driverCuda, (v) => ` is of CUDA ${short(v, 16)}`) ?? ' is older'}.`,
      data.needsDriverMinor !== undefined &&
        data.needsDriver !== undefined &&
        data.needsDriverMinor !== data.needsDriver &&
        `From ${short(data.needsDriverMinor, 20)} on it runs by minor-version compatibility, from ${short(data.needsDriver, 20)} on with every feature.`,
      data.beyondTables && BEYOND,
      ...(data.notes ?? []),
    ),
    fixes: lines(otherImage(data), compatPackage(data), updateDriver(data, lowest)),
  };
};

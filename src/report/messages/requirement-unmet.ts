import {
  driver,
  driverWithCuda,
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
  const variable = data.variable ?? 'NVIDIA_REQUIRE_CUDA';
  const clause = given(data.clause, (c) => short(c, 48));
  return {
    title: headline(
      `The image requires ${clause ?? 'a newer driver or another GPU'}${data.driver === undefined && data.driverCuda === undefined ? '' : `, the runner has ${driverWithCuda(data)}`}`,
    ),
    why: sentences(
      `${variable} of the image is not met, and the container toolkit enforces it here: the container is refused before anything in it runs.`,
      ...(data.notes ?? []),
    ),
    fixes: lines(
      otherImage(data),
      data.needsDriver === undefined && data.needsDriverMinor === undefined
        ? `Update the runner's driver until it meets ${clause ?? 'the requirement'}`
        : updateDriver(data.needsDriver ?? data.needsDriverMinor),
      `To start it all the same, if you know that CUDA runs on ${driver(data)}: docker run -e NVIDIA_DISABLE_REQUIRE=1 …`,
    ),
  };
};

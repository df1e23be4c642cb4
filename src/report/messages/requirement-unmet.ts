import type { FindingData } from '../../core/finding.js';
import {
  cuda,
  driver,
  driverWithCuda,
  given,
  gpu,
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
  const aboutGpu = /\b(?:arch|brand)\b/i.test(data.clause ?? '');
  // A clause that bounds the driver from above is met by no update.
  const bounded = /(?:^|,)(?:cuda|driver)(?:<=?|=)\d/i.test(data.clause ?? '');
  const updateHelps = !aboutGpu && data.invalid !== true && !bounded;
  const unreadable = data.invalid === true && variable === 'CUDA_VERSION';
  const tooOld = given(
    data.cudaNeedsDriver,
    (v) =>
      `Without the requirement it would fail as well: ${cuda(data)} needs driver ${short(v, 20)} or newer.`,
  );
  const has = aboutGpu ? given(data.gpus?.[0], () => gpu(data)) : hostDriver(data);
  return {
    title: headline(
      unreadable
        ? `CUDA_VERSION of the image is no version that the container toolkit can read${clause === undefined ? '' : `: ${clause}`}`
        : data.invalid
          ? `${variable} of the image is no valid requirement${clause === undefined ? '' : `: ${clause}`}`
          : `The image requires ${clause ?? 'a newer driver or another GPU'}${has === undefined ? '' : `, the runner has ${has}`}`,
    ),
    why: sentences(
      unreadable
        ? 'The image declares no NVIDIA_REQUIRE_CUDA, or an empty one. The container toolkit then takes the requirement from CUDA_VERSION, reads at most three numbers there, without leading zeros, and refuses the container over anything else.'
        : data.invalid
          ? 'The container toolkit cannot read it, answers "invalid expression", and refuses the container before anything in it runs.'
          : `${variable} of the image is not met, and the container toolkit enforces it here: the container is refused before anything in it runs.`,
      tooOld,
      ...(data.notes ?? []),
    ),
    fixes: lines(
      updateHelps && otherImage(data),
      !updateHelps
        ? undefined
        : data.needsDriver === undefined && data.needsDriverMinor === undefined
          ? `Update the runner's driver until it meets ${clause ?? 'the requirement'}`
          : updateDriver(data, data.needsDriver ?? data.needsDriverMinor),
      unreadable &&
        'State the requirement in NVIDIA_REQUIRE_CUDA instead of emptying it, as NVIDIA does in its NGC images: -e NVIDIA_REQUIRE_CUDA="cuda>=9.0"',
      tooOld === undefined &&
        `To start it all the same, if you know that CUDA runs on ${driver(data)}: docker run -e NVIDIA_DISABLE_REQUIRE=1 …`,
    ),
  };
};

const hostDriver = (data: FindingData): string | undefined =>
  data.driver === undefined && data.driverCuda === undefined ? undefined : driverWithCuda(data);

import { known, unknown } from '../known.js';
import { defineImageRule } from '../rule.js';
import { compareDotted, parseDotted } from '../version.js';

/** The oldest C library of a distribution that NVIDIA builds CUDA images and driver libraries for (CentOS 7). */
const OLDEST_GLIBC = [2, 17];

/**
 * The driver libraries that are injected are glibc programs: they cannot be loaded under musl, nor under a glibc older than
 * what they were built against.
 * Sources: https://docs.nvidia.com/cuda/cuda-installation-guide-linux/ (system requirements),
 * https://github.com/NVIDIA/nvidia-container-toolkit/issues (Alpine images)
 */
export const libcIncompatible = defineImageRule({
  id: 'libc-incompatible',
  severity: 'error',
  checks: 'C library of the image',
  needs: ({ image, probe }) => {
    const libc = image.facts.libc ?? probe?.libc;
    return {
      libc:
        libc?.family === undefined
          ? unknown("the image's C library was not read")
          : known(libc, 'image files'),
    };
  },
  test: ({ libc }, { seen }) => {
    const family = (libc.family ?? '').toLowerCase();
    const version = parseDotted(libc.version);
    const old =
      (family === 'glibc' || family === 'gnu') &&
      version !== undefined &&
      compareDotted(version, OLDEST_GLIBC) < 0;
    if (family !== 'musl' && !old) return undefined;
    const value = `${family} ${libc.version ?? ''}`.trim();
    return {
      overruledBy: seen.initialised ? 'the driver libraries were loaded' : undefined,
      details: () => ({
        data: { library: value },
        evidence: [{ what: 'C library of the image', value, from: 'image files' }],
      }),
    };
  },
});

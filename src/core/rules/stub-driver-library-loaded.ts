import { dataOf } from '../evidence.js';
import type { ImageLibrary } from '../facts.js';
import { known } from '../known.js';
import { defineImageRule } from '../rule.js';

/**
 * The toolkit's stub libcuda, which is there for linking only, is what programs get for `libcuda.so.1`. A folder of
 * LD_LIBRARY_PATH goes before every place that a container toolkit puts the driver in; the linker's cache is made anew with the
 * driver in it, so that there the stub may or may not be found first. What the probe loaded outranks both.
 * Sources: https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html (34), ld.so(8)
 */
export const stubDriverLibraryLoaded = defineImageRule({
  id: 'stub-driver-library-loaded',
  severity: 'error',
  checks: 'stub libraries on the search path',
  // That the files were not read is said once, by the rule about missing libraries.
  needs: ({ image }) => ({ libraries: known(image.facts.libraries ?? NONE, 'image files') }),
  test: ({ libraries }, { probe, seen }) => {
    const stub = libraries.find(
      ({ name, kind, loaded }) => name === 'cuda' && kind === 'stub' && loaded === true,
    );
    const origin = probe?.libcuda?.origin;
    if (stub === undefined) return undefined;
    const first = stub.via === 'LD_LIBRARY_PATH';
    const wasOther = seen.initialised || (origin !== undefined && origin !== 'stub');
    // A stub that only the cache had, and that was not loaded with the driver there, is no finding.
    if (wasOther && !first) return undefined;
    return {
      warning: !first,
      overruledBy: wasOther ? 'the probe loaded another libcuda' : undefined,
      details: () => ({
        data: dataOf({
          path: stub.path,
          variable: first ? 'LD_LIBRARY_PATH' : undefined,
        }),
        evidence: [
          {
            what: 'libcuda.so.1 that programs of the image get',
            value: stub.path ?? 'a stub',
            from: stub.via ?? 'image files',
          },
        ],
      }),
    };
  },
});

const NONE: readonly ImageLibrary[] = [];

import { dataOf } from '../evidence.js';
import type { ImageLibrary } from '../facts.js';
import { known } from '../known.js';
import { defineImageRule } from '../rule.js';
import { compareDotted, parseDotted } from '../version.js';

/**
 * LD_LIBRARY_PATH gives the programs of the image an older copy of a library than the one that was installed with the framework:
 * it goes before the DT_RUNPATH by which a wheel finds its own. For nvJitLink beside cuSPARSE or cuSOLVER this is sure to fail,
 * because each release's functions carry its number in their names (`__nvJitLinkComplete_12_4`). For the others it may: within a
 * major, newer code may call what the older copy does not have. A framework that computed did without.
 * Sources: ld.so(8); https://docs.nvidia.com/cuda/nvjitlink/index.html (versioned symbols);
 * https://github.com/pytorch/pytorch/issues/111469
 */
export const cudaLibraryConflict = defineImageRule({
  id: 'cuda-library-conflict',
  severity: 'error',
  checks: 'versions of the CUDA libraries',
  // That the files were not read is said once, by the rule about missing libraries.
  needs: ({ image }) => ({ libraries: known(image.facts.libraries ?? NONE, 'image files') }),
  test: ({ libraries }, { image, seen }) => {
    // What runs is the framework's; without one nothing tells which copy belongs to whom.
    if (image.frameworks.every((one) => one.cuda === undefined)) return undefined;
    const shadows = findShadows(libraries);
    const sure = shadows.find(({ name }) => name === 'nvJitLink');
    const users = libraries.some((one) => /^cu(?:sparse|solver)$/.test(one.name) && isOfWheel(one));
    const first = users && sure !== undefined ? sure : shadows[0];
    if (first === undefined) return undefined;
    const isSure = first === sure && users;
    // A warning about what might fail has nothing to say where it did not.
    if (!isSure && seen.computed) return undefined;
    return {
      warning: !isSure,
      overruledBy: seen.computed ? 'a framework computed on a GPU' : undefined,
      details: () => ({
        data: dataOf({
          library: first.soname,
          path: first.loaded.path,
          variable: 'LD_LIBRARY_PATH',
          notes: shadows.map(({ soname }) => soname),
          text: `${first.loaded.version} in place of ${first.own.version}`,
        }),
        evidence: shadows.slice(0, MOST_SHOWN).flatMap(({ soname, loaded, own }) => [
          {
            what: `${soname} that programs get`,
            value: `${loaded.version}, ${loaded.path ?? 'of the image'}`,
            from: 'LD_LIBRARY_PATH',
          },
          {
            what: `${soname} of the framework`,
            value: `${own.version}, ${own.path}`,
            from: 'image files',
          },
        ]),
      }),
    };
  },
});

const NONE: readonly ImageLibrary[] = [];
const MOST_SHOWN = 4;

/** Where wheels put NVIDIA's libraries, and PyTorch's own that bring them along. */
const WHEEL = /\/(?:site|dist)-packages\/(?:nvidia|torch)\//;

interface Shadow {
  readonly name: string;
  readonly soname: string;
  readonly loaded: ImageLibrary;
  readonly own: WheelLibrary;
}

type WheelLibrary = ImageLibrary & { readonly path: string };

const isOfWheel = (library: ImageLibrary): library is WheelLibrary =>
  library.path !== undefined && WHEEL.test(library.path);

function findShadows(libraries: readonly ImageLibrary[]): readonly Shadow[] {
  const wheels = libraries.filter(isOfWheel).filter(({ kind }) => kind !== 'stub');
  if (wheels.length === 0) return [];
  return libraries.flatMap((loaded): Shadow[] => {
    const { name, soname } = loaded;
    if (loaded.loaded !== true || loaded.via !== 'LD_LIBRARY_PATH' || soname === undefined)
      return [];
    // cuDNN has a rule of its own.
    if (name.startsWith('cudnn') || isOfWheel(loaded)) return [];
    const own = wheels.find((one) => one.soname === soname && isOlder(loaded, one));
    return own === undefined ? [] : [{ name, soname, loaded, own }];
  });
}

/** By major and minor number: what comes after them is a build of the same release. */
function isOlder(one: ImageLibrary, other: ImageLibrary): boolean {
  const [left, right] = [parseDotted(one.version), parseDotted(other.version)];
  if (left === undefined || right === undefined || left.length < 2 || right.length < 2)
    return false;
  return compareDotted(left.slice(0, 2), right.slice(0, 2)) < 0;
}

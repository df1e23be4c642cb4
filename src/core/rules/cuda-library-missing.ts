import { packageOf, placeOf } from '../code-roles.js';
import { baseName, isDriverLibrary } from '../driver-libraries.js';
import { dataOf } from '../evidence.js';
import type { ImageFacts, MissingLibrary } from '../facts.js';
import { isSameFramework } from '../framework-builds.js';
import { isWholeRead } from '../image-view.js';
import { known, unknown } from '../known.js';
import { defineImageRule, type ImageSide } from '../rule.js';

/**
 * A file of the image needs a library of CUDA that the dynamic linker does not find. Where that file is what the image is about, a
 * framework's own library or the program that starts, nothing runs. Elsewhere, what uses it fails and the rest does not: a
 * warning. So is a library that the image has in another place, since a wrapper may set LD_LIBRARY_PATH, and one that may lie
 * where the walk did not come. Libraries of the driver are never missing: the container toolkit brings them.
 * Source: ld.so(8), the order of the search
 */
export const cudaLibraryMissing = defineImageRule({
  id: 'cuda-library-missing',
  severity: 'error',
  checks: 'libraries of CUDA in the image',
  needs: ({ image }) => ({
    missing: wasRead(image.facts)
      ? known(image.facts.missingLibraries ?? NONE, 'image files')
      : unknown("the image's files were not read"),
  }),
  test: ({ missing }, situation) => {
    const own = missing.filter(({ soname }) => !isDriverLibrary(soname));
    const main = own.filter((one) => isFatal(one, situation));
    const [first] = main.length > 0 ? main : own;
    if (first === undefined) return undefined;
    const shown = main.length > 0 ? [...main, ...own.filter((one) => !main.includes(one))] : own;
    return {
      warning: main.length === 0,
      overruledBy: main.length > 0 ? whatComputed(main, situation) : undefined,
      details: () => ({
        data: dataOf({
          library: first.soname,
          path: first.elsewhere,
          owner: first.neededBy === undefined ? undefined : baseName(first.neededBy),
          files: [...new Set(shown.flatMap(({ neededBy }) => neededBy ?? []))],
          notes: [...new Set(shown.map(({ soname }) => soname))],
        }),
        evidence: shown.slice(0, MOST_SHOWN).map(({ soname, neededBy, elsewhere }) => ({
          what: `missing library that ${neededBy ?? 'a file of the image'} needs`,
          value: elsewhere === undefined ? soname : `${soname}, only in ${elsewhere}`,
          from: 'image files',
        })),
      }),
    };
  },
});

const NONE: readonly MissingLibrary[] = [];
const MOST_SHOWN = 8;

const wasRead = ({ files, deviceCode, missingLibraries }: ImageFacts): boolean =>
  (files ?? deviceCode ?? missingLibraries) !== undefined;

/** Nothing in the image has the library, and what needs it is what the image is about. */
function isFatal({ soname, neededBy, elsewhere }: MissingLibrary, situation: ImageSide): boolean {
  const { facts } = situation.image;
  if (neededBy === undefined || elsewhere !== undefined || !isWholeRead(facts)) return false;
  // With every folder read, a file that goes by the soname would have been seen.
  if ((facts.libraries ?? []).some((one) => one.soname === soname && one.kind !== 'stub'))
    return false;
  return isMain(neededBy, situation);
}

function isMain(path: string, { image }: ImageSide): boolean {
  const { role } = placeOf({ path }, image.facts);
  if (role === 'main') return true;
  // A framework's library that holds no code of its own, such as libc10_cuda.so, is loaded with it.
  if (FRAMEWORK_PARTS.test(path)) return true;
  if (role !== 'program' || SYSTEM_FOLDER.test(path) || LIBRARY.test(path)) return false;
  // A program of the image's own, where no framework is what it is about.
  return image.frameworks.every(({ cpuOnly }) => cpuOnly);
}

const FRAMEWORK_PARTS =
  /\/torch\/lib\/lib(?:c10_cuda|torch_python|torch_cpu|torch_global_deps)\.so$/;

/** A library may be a plug-in that its program does without; a program cannot start. */
const LIBRARY = /\.so(?:\.[\d.]+)?$/;

/** Distributions put plug-ins there that their programs do without. */
const SYSTEM_FOLDER = /^\/(?:usr\/)?(?:lib|lib64|libexec|share)\//;

/** A framework that computed on a GPU found what its own files need. */
function whatComputed(
  main: readonly MissingLibrary[],
  { seen, image }: ImageSide,
): string | undefined {
  const computed = main.every(({ neededBy = '' }) => {
    const { owner } = placeOf({ path: neededBy }, image.facts);
    const names = [owner, packageOf(neededBy) ?? ''];
    return image.frameworks.some(
      ({ facts }) =>
        seen.computedBy(facts.name) && names.some((name) => isSameFramework(name, facts.name)),
    );
  });
  return computed ? 'it computed on a GPU' : undefined;
}

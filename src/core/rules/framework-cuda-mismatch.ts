import { packageOf } from '../code-roles.js';
import { dataOf } from '../evidence.js';
import { isTorch, isTorchExtension, usesLibrariesOfImage } from '../framework-builds.js';
import type { FrameworkView } from '../image-view.js';
import { known, unknown } from '../known.js';
import { defineImageRule, type Hit, type ImageSide } from '../rule.js';
import { type CudaVersion, parseDotted } from '../version.js';

/**
 * A framework that loads the image's CUDA libraries was built for another major than they have, or an extension for another
 * major than the PyTorch that loads it. Libraries of different majors have different sonames (`libcublas.so.12`).
 * Sources: https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html,
 * https://www.tensorflow.org/install/source (tested builds)
 */
export const frameworkCudaMismatch = defineImageRule({
  id: 'framework-cuda-mismatch',
  severity: 'error',
  checks: 'CUDA of the frameworks',
  needs: ({ image, cuda }) => ({
    frameworks:
      image.facts.frameworks === undefined
        ? unknown('no framework of the image is known')
        : known(image.frameworks, 'image'),
    cuda,
  }),
  test: ({ frameworks, cuda }, situation) => {
    const torch = frameworks.find((one) => isTorch(one) && one.cuda !== undefined)?.cuda;
    for (const framework of frameworks) {
      const against = counterpart(framework, torch, cuda, situation);
      if (framework.cuda === undefined || against === undefined) continue;
      if (framework.cuda.major === against.major) continue;
      const { facts, label, cuda: own } = framework;
      return {
        overruledBy: situation.seen.computedBy(facts.name) ? 'it computed on a GPU' : undefined,
        details: () => ({
          data: dataOf({
            framework: facts.name,
            frameworkVersion: facts.version,
            frameworkCuda: own.raw,
            cuda: against.raw,
          }),
          evidence: [
            { what: `CUDA of ${label}`, value: own.raw, from: 'image' },
            { what: 'CUDA that it meets in the image', value: against.raw, from: 'image' },
          ],
        }),
      };
    }
    return extensionHit(torch, situation);
  },
});

/**
 * An extension of PyTorch needs a library of another CUDA major than PyTorch's, and the image does not have it. A warning: PyTorch
 * runs, and a package may hold modules for several versions of which it loads the one that fits.
 */
function extensionHit(torch: CudaVersion | undefined, { image }: ImageSide): Hit | undefined {
  if (torch === undefined) return undefined;
  const others = (image.facts.missingLibraries ?? []).flatMap(({ soname, neededBy }) => {
    const major = CUDA_MAJOR.exec(soname)?.[1];
    const name = packageOf(neededBy ?? '');
    if (major === undefined || Number(major) === torch.major || neededBy === undefined) return [];
    return name === undefined || name === 'torch' ? [] : [{ name, major, soname, neededBy }];
  });
  const [first] = others;
  return (
    first && {
      warning: true,
      details: () => ({
        data: dataOf({
          framework: first.name,
          frameworkCuda: first.major,
          cuda: torch.raw,
          files: [...new Set(others.map(({ neededBy }) => neededBy))],
        }),
        evidence: [
          { what: 'CUDA of PyTorch', value: torch.raw, from: 'image' },
          ...others.slice(0, MOST_SHOWN).map(({ soname, neededBy }) => ({
            what: `missing library that ${neededBy} needs`,
            value: soname,
            from: 'image files',
          })),
        ],
      }),
    }
  );
}

const MOST_SHOWN = 6;

/** Libraries whose soname has the major version of CUDA. */
const CUDA_MAJOR = /^lib(?:cudart|cublas|cublasLt|nvrtc)\.so\.(\d{2})/;

/** The CUDA version that a framework must agree with; undefined when it brings its own libraries. */
function counterpart(
  framework: FrameworkView,
  torch: CudaVersion | undefined,
  image: CudaVersion,
  situation: ImageSide,
): CudaVersion | undefined {
  if (isTorchExtension(framework)) return torch;
  if (!usesLibrariesOfImage(framework) || framework.cuda === undefined) return undefined;
  return hasLibrariesOf(framework.cuda.major, situation) ? undefined : image;
}

/** The image holds libraries of that major too, whatever its own version says. */
function hasLibrariesOf(major: number, { image }: ImageSide): boolean {
  return (image.facts.libraries ?? []).some(
    (library) =>
      /^(cudart|cublas|cublaslt)$/i.test(library.name) &&
      parseDotted(library.version)?.[0] === major,
  );
}

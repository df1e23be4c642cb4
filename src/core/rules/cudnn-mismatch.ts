import { dataOf } from '../evidence.js';
import { isTorch, officialBuild } from '../framework-builds.js';
import type { FrameworkView } from '../image-view.js';
import { type Known, known, unknown } from '../known.js';
import { defineImageRule, type ImageSide } from '../rule.js';
import { compareDotted, parseDotted } from '../version.js';

interface Built {
  readonly framework: FrameworkView;
  readonly cudnn: string;
  readonly parts: readonly number[];
  /** The official build that says so, where the image does not. */
  readonly derivedFrom?: string;
}

interface Library {
  readonly raw: string;
  readonly parts: readonly number[];
  readonly path: string | undefined;
  /** LD_LIBRARY_PATH gives it to every program that asks for its major version. */
  readonly first: boolean;
}

/**
 * No cuDNN in the image serves a framework: each is older than, or of another major than, the one that it was built with. A copy
 * that LD_LIBRARY_PATH names goes before the one that a wheel finds beside itself, so that of its major it alone counts. What an
 * official build was made with is no limit that its release states: an older one of the same major is then a warning.
 * Sources: https://docs.nvidia.com/deeplearning/cudnn/ (API and ABI compatibility between minor releases), JAX and PyTorch, which
 * refuse an older one at start; for official builds their own tables (`knowledge/frameworks.json`).
 */
export const cudnnMismatch = defineImageRule({
  id: 'cudnn-mismatch',
  severity: 'error',
  checks: 'cuDNN of the frameworks',
  needs: (situation) => {
    const found = foundIn(situation);
    const nothing: Known<readonly Built[]> = known([], 'image');
    return { found, built: found.known ? builtWith(situation) : nothing };
  },
  test: ({ built, found }, { seen }) => {
    for (const { framework, cudnn, parts, derivedFrom } of built) {
      const usable = reached(found, parts);
      if (usable.some((one) => serves(one.parts, parts, isTorch(framework)))) continue;
      const values = [...new Set(usable.map((one) => one.raw))].join(', ');
      const [first] = usable;
      return {
        warning: derivedFrom !== undefined && usable.some((one) => one.parts[0] === parts[0]),
        overruledBy: seen.computedBy(framework.facts.name) ? 'it computed on a GPU' : undefined,
        details: () => ({
          data: dataOf({
            framework: framework.label,
            library: 'cudnn',
            path: first?.first === true ? first.path : undefined,
            text: values,
            notes: [cudnn],
            derivedFrom,
          }),
          evidence: [
            {
              what: `cuDNN that ${framework.label} was built with`,
              value: cudnn,
              from: derivedFrom ?? 'image',
            },
            { what: 'cuDNN in the image', value: values, from: 'image files' },
          ],
        }),
      };
    }
    return undefined;
  },
});

function builtWith(situation: ImageSide): Known<readonly Built[]> {
  const { image, tables, cuda } = situation;
  const told = image.frameworks.flatMap((framework): Built[] => {
    const own = parseDotted(framework.facts.cudnn);
    if (own !== undefined) return [{ framework, cudnn: framework.facts.cudnn ?? '', parts: own }];
    if (framework.cpuOnly) return [];
    const build = officialBuild(framework, cuda.known ? cuda.value : undefined, tables.knowledge);
    const parts = parseDotted(build?.cudnn);
    if (build?.cudnn === undefined || parts === undefined) return [];
    return [{ framework, cudnn: build.cudnn, parts, derivedFrom: build.source }];
  });
  return told.length === 0
    ? unknown('which cuDNN the frameworks were built with is not known')
    : known(told, 'image');
}

function foundIn({ image }: ImageSide): Known<readonly Library[]> {
  const found = (image.facts.libraries ?? []).flatMap((library) => {
    const parts = /^cudnn$/i.test(library.name) ? parseDotted(library.version) : undefined;
    if (parts === undefined || library.kind === 'stub') return [];
    const first = library.loaded === true && library.via === 'LD_LIBRARY_PATH';
    return [{ raw: library.version ?? '', parts, path: library.path, first }];
  });
  return found.length === 0
    ? unknown('no cuDNN of the image is known')
    : known(found, 'image files');
}

/** The copies that a framework may get: what goes first of the major that it asks for, else all. */
function reached(found: readonly Library[], wanted: readonly number[]): readonly Library[] {
  const first = found.filter((one) => one.first && one.parts[0] === wanted[0]);
  return first.length > 0 ? first : found;
}

/** PyTorch minds major and minor number only; the others want all that is known to be at least as new. */
function serves(have: readonly number[], wanted: readonly number[], minorOnly: boolean): boolean {
  if (have[0] !== wanted[0]) return false;
  const length = Math.min(have.length, wanted.length, minorOnly ? 2 : 3);
  return compareDotted(have.slice(0, length), wanted.slice(0, length)) >= 0;
}

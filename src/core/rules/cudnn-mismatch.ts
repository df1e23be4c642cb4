import { isTorch } from '../framework-builds.js';
import type { FrameworkView } from '../image-view.js';
import { known, unknown } from '../known.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';
import { compareDotted, parseDotted } from '../version.js';

/**
 * The cuDNN in the image is older than, or of another major than, the one that a framework was built with.
 * Sources: https://docs.nvidia.com/deeplearning/cudnn/ (API and ABI compatibility between minor releases), JAX and PyTorch, which
 * refuse an older one at start.
 */
export const cudnnMismatch = defineRule({
  id: 'cudnn-mismatch',
  severity: 'error',
  checks: 'cuDNN of the frameworks',
  needs: ({ image }) => ({
    built: builtWith(image.frameworks),
    found: foundIn(image.facts),
  }),
  test: ({ built, found }, { seen }) => {
    for (const framework of built) {
      const wanted = parseDotted(framework.facts.cudnn ?? '') ?? [];
      if (found.some((one) => serves(one.parts, wanted, isTorch(framework)))) continue;
      const values = found.map((one) => one.raw).join(', ');
      return {
        data: {
          framework: framework.label,
          library: 'cudnn',
          text: values,
          notes: [framework.facts.cudnn ?? ''],
        },
        evidence: [
          {
            what: `cuDNN that ${framework.label} was built with`,
            value: framework.facts.cudnn ?? '',
            from: 'image',
          },
          { what: 'cuDNN in the image', value: values, from: 'image files' },
        ],
        ...(seen.computedBy(framework.facts.name) ? { overruledBy: 'it computed on a GPU' } : {}),
      };
    }
    return undefined;
  },
});

function builtWith(frameworks: readonly FrameworkView[]) {
  const told = frameworks.filter((one) => parseDotted(one.facts.cudnn ?? '') !== undefined);
  return told.length === 0
    ? unknown('no framework says which cuDNN it was built with')
    : known(told, 'image');
}

function foundIn(facts: Situation['image']['facts']) {
  const found = (facts.libraries ?? []).flatMap((library) => {
    const parts = /^cudnn$/i.test(library.name) ? parseDotted(library.version ?? '') : undefined;
    return parts === undefined ? [] : [{ raw: library.version ?? '', parts }];
  });
  return found.length === 0
    ? unknown('no cuDNN of the image is known')
    : known(found, 'image files');
}

/** PyTorch minds major and minor number only; the others want all that is known to be at least as new. */
function serves(have: readonly number[], wanted: readonly number[], minorOnly: boolean): boolean {
  if (have[0] !== wanted[0]) return false;
  const length = Math.min(have.length, wanted.length, minorOnly ? 2 : 3);
  return compareDotted(have.slice(0, length), wanted.slice(0, length)) >= 0;
}

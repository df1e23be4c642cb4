import type { CodeEntry } from '../device-code.js';
import {
  commonData,
  dataOf,
  gpuEvidence,
  imageEvidence,
  labels,
  sameCapabilityOf,
} from '../evidence.js';
import type { CodeSet } from '../image-code.js';
import { type Known, known } from '../known.js';
import { defineRule, type Hit } from '../rule.js';
import { gpusWithCapability, type Situation } from '../situation.js';
import { fittingVariants } from '../variants.js';

/**
 * The image holds neither machine code that runs on the GPU nor PTX that can be compiled for it: error 209. Machine code runs
 * within its major from its minor number on, `a` code on its own GPU only, `f` code within its family; PTX goes forward only.
 * Sources: CUDA programming guide (binary and PTX compatibility), NVCC manual (`a` and `f` targets)
 */
export const noKernelForGpu = defineRule({
  id: 'no-kernel-for-gpu',
  severity: 'error',
  checks: 'device code against the GPU',
  needs: (situation) => ({ code: codeOrFiles(situation), gpus: gpusWithCapability(situation) }),
  test: (_values, situation) => codeHit(situation, 'none'),
});

/** Single files are judged where the main code is not known, too: `unchecked` tells of that then. */
export const codeOrFiles = ({ image }: Situation): Known<unknown> =>
  image.files.length > 0 ? known(image.files, 'image files') : image.code;

/**
 * The GPUs that some set of the image's main code fails in this way; else the single files beside it that do, as a warning: what
 * uses them fails, and the rest does not. A set that was not read whole fails nothing.
 */
export function codeHit(situation: Situation, kind: 'none' | 'ptx-too-new'): Hit | undefined {
  const failing = situation
    .coverages()
    .filter(({ coverage, set }) => coverage.kind === kind && set.partial !== true);
  const [first] = failing;
  if (first === undefined) return bareHit(situation, kind);
  const { seen } = situation;
  const all = [...new Set(failing.map((one) => one.gpu))];
  // A computation on one GPU proves nothing about the next one.
  const open = all.filter((gpu) => !seen.computedOn(gpu));
  const gpus = open.length === 0 ? all : open;
  return {
    gpus,
    overruledBy: open.length === 0 ? 'a framework computed on the GPU' : undefined,
    details: () => {
      const { gpu, set } = first;
      const targets = targetsOf(set);
      return {
        data: dataOf(commonData(situation), {
          computeCapability: sameCapabilityOf(gpus),
          gpus: labels(gpus),
          owner: set.owner,
          targets,
          derivedFrom: set.derived ? set.from : undefined,
          architecture: gpu.architecture?.name,
          firstCuda: gpu.architecture?.firstToolkit,
          variants: fittingVariants(situation, set.owner),
        }),
        evidence: [
          ...gpuEvidence(gpus),
          { what: `targets of ${set.owner}`, value: targets.join(' '), from: set.from },
          ...imageEvidence(situation),
        ],
      };
    },
  };
}

const MOST_FILES = 12;

function bareHit(situation: Situation, kind: 'none' | 'ptx-too-new'): Hit | undefined {
  const bare = situation.bareFiles().filter((one) => one.kind === kind);
  if (bare.length === 0) return undefined;
  const gpus = [...new Set(bare.map(({ gpu }) => gpu))];
  return {
    warning: true,
    gpus,
    details: () => {
      const files = [...new Set(bare.map(({ file }) => file))];
      const targets = [...new Set(files.flatMap(({ entries }) => rawTargets(entries)))];
      return {
        data: dataOf(commonData(situation), {
          computeCapability: sameCapabilityOf(gpus),
          gpus: labels(gpus),
          files: files.map(({ path }) => path),
          targets,
        }),
        evidence: [
          ...gpuEvidence(gpus),
          ...files.slice(0, MOST_FILES).map(({ path, entries }) => ({
            what: `targets of ${path}`,
            value: rawTargets(entries).join(' '),
            from: 'image files',
          })),
        ],
      };
    },
  };
}

const rawTargets = (entries: readonly CodeEntry[]): string[] => [
  ...new Set(entries.map(({ target }) => target.raw)),
];

function targetsOf({ lowest, entries }: CodeSet): readonly string[] {
  if (lowest !== undefined) return [`${lowest.raw} and newer`];
  return rawTargets(entries);
}

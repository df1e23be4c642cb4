import { dataOf, gpuEvidence, labels, sameCapabilityOf } from './evidence.js';
import type { Hit } from './rule.js';
import type { Situation } from './situation.js';

/** A note about the GPUs that some set of code serves in this way; `what` names that code in the evidence. */
export function codeNote(
  situation: Situation,
  kind: 'ptx' | 'compatible',
  what: string,
): Hit | undefined {
  const found = situation.coverages().filter((one) => one.coverage.kind === kind);
  const [first] = found;
  if (first?.coverage.kind !== 'ptx' && first?.coverage.kind !== 'compatible') return undefined;
  const { set, coverage } = first;
  const gpus = [...new Set(found.map((one) => one.gpu))];
  return {
    gpus,
    details: () => ({
      data: dataOf({
        gpus: labels(gpus),
        computeCapability: sameCapabilityOf(gpus),
        owner: set.owner,
        targets: coverage.targets,
        ptxIsa: coverage.kind === 'ptx' ? coverage.isa : undefined,
        derivedFrom: set.derived ? set.from : undefined,
      }),
      evidence: [
        ...gpuEvidence(gpus),
        { what: `${what} of ${set.owner}`, value: coverage.targets.join(' '), from: set.from },
      ],
    }),
  };
}

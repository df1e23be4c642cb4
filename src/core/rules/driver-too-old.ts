import { commonData, dataOf, gpuEvidence, hostEvidence, imageEvidence } from '../evidence.js';
import { driverHelp } from '../fixes.js';
import { known } from '../known.js';
import { defineRule } from '../rule.js';
import { gpusOf, type Situation } from '../situation.js';
import { fittingVariants } from '../variants.js';

/**
 * The libcuda that programs get is older than the image's CUDA needs, minor-version and forward compatibility considered. From
 * CUDA 11 on any toolkit of a major runs from the floor of that major on; before, the driver of the exact toolkit is needed.
 * Sources: CUDA Toolkit release notes (driver tables),
 * https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
 */
export const driverTooOld = defineRule({
  id: 'driver-too-old',
  severity: 'error',
  checks: 'driver against the CUDA version',
  needs: (situation) => ({
    // The CUDA version that a driver reports can prove a failure even where its number is not known.
    driver: situation.host.driver.known ? situation.host.driver : situation.host.cuda,
    cuda: situation.cuda,
    served: known(true, 'tables'),
  }),
  test: (_values, situation) => {
    const { seen } = situation;
    const all = situation.needs().filter(({ service }) => service.kind === 'too-old');
    const failing = all.find((need) => seen.acceptedFor(need) === undefined) ?? all[0];
    if (failing === undefined || isCompatRefused(situation)) return undefined;
    return {
      overruledBy: seen.acceptedFor(failing),
      details: () => ({
        data: dataOf(
          commonData(situation),
          { cuda: failing.cuda.raw, owner: failing.owner },
          driverHelp(situation, failing.cuda),
          { variants: fittingVariants(situation) },
        ),
        evidence: [
          ...hostEvidence(situation),
          ...imageEvidence(situation),
          ...gpuEvidence(gpusOf(situation)),
        ],
      }),
    };
  },
});

/** A compat library that is loaded and refused fails with its own error, whatever it would have served. */
function isCompatRefused(situation: Situation): boolean {
  if (situation.libcuda().from !== 'compat') return false;
  const verdict = situation.compat();
  return verdict !== null && verdict.kind !== 'supported';
}

import { commonData, dataOf, hostEvidence, imageEvidence } from '../evidence.js';
import { neededDrivers } from '../fixes.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';

/**
 * The image's compat library would serve on this host and these GPUs, and programs need it, but they get the host's libcuda: the
 * container toolkit does not enable it, or the variable that would is overridden.
 * Sources: https://docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html;
 * https://github.com/NVIDIA/nvidia-container-toolkit CHANGELOG.md (1.17.4, 1.17.5)
 */
export const compatLibraryNotUsed = defineRule({
  id: 'compat-library-not-used',
  severity: 'error',
  checks: 'forward compatibility',
  needs: ({ image, host, cuda }) => ({ compat: image.compat, driver: host.driver, cuda }),
  test: ({ compat, cuda }, situation) => {
    if (compat === null || situation.libcuda().from === 'compat') return undefined;
    const verdict = situation.compat();
    if (verdict?.kind !== 'supported' || !verdict.entitlementKnown) return undefined;
    if (!hostFails(situation) || !compatServes(situation)) return undefined;
    const choice = situation.libcuda();
    return {
      overruledBy: whatServed(situation),
      details: () => ({
        data: dataOf(commonData(situation), neededDrivers(situation, cuda), {
          compatDriver: compat.raw,
          compatPackage: `cuda-compat-${compat.cuda.major}-${compat.cuda.minor}`,
          path: situation.image.facts.compatDriver?.path,
          toolkit: situation.host.toolkit?.version,
        }),
        evidence: [
          ...hostEvidence(situation),
          ...imageEvidence(situation),
          { what: 'compat library of the image', value: compat.raw, from: compat.from },
          {
            what: 'choice of libcuda',
            value: choice.why,
            from: choice.seen ? 'probe' : 'container toolkit',
          },
        ],
      }),
    };
  },
});

const hostFails = (situation: Situation): boolean =>
  situation.hostNeeds().some(({ service }) => service.kind === 'too-old') ||
  situation.coverages().some(({ coverage }) => coverage.kind === 'ptx-too-new');

/** What proved that the host's libcuda does after all, for everything that the tables say it fails. */
function whatServed(situation: Situation): string | undefined {
  const { seen } = situation;
  const needs = situation.hostNeeds().filter(({ service }) => service.kind === 'too-old');
  const proofs = needs.map((need) => seen.acceptedFor(need));
  if (proofs.includes(undefined)) return undefined;
  if (proofs.length > 0) return proofs[0];
  return seen.runtimeWorks ? "the image's runtime accepted the driver" : undefined;
}

function compatServes(situation: Situation): boolean {
  const view = situation.image.compat;
  if (!view.known || view.value === null) return false;
  const { major } = view.value.cuda;
  return (
    situation.hostNeeds().every(({ cuda }) => cuda.major <= major) &&
    situation.coveragesWithCompat().every(({ coverage }) => coverage.kind !== 'ptx-too-new')
  );
}

import { baseName, isInOrdinaryFolder } from '../driver-libraries.js';
import { commonData, dataOf, hostEvidence } from '../evidence.js';
import type { DriverFile } from '../facts.js';
import { known } from '../known.js';
import { defineRule } from '../rule.js';
import type { Situation } from '../situation.js';
import { compareDotted, type DriverVersion, parseDriverVersion } from '../version.js';

/**
 * The image has a libcuda or libnvidia-ml of its own in a folder where the driver's files are mounted. `ldconfig`, which the
 * container toolkit runs, points the soname at the highest number: a newer one than the host's is loaded in place of the host's
 * and does not belong to its kernel module. An older, an equal or an empty one is not; it may still be in the way of a mount
 * ("file exists"), above all on WSL. Where cuInit succeeded, it was not.
 * Sources: https://github.com/NVIDIA/nvidia-container-toolkit/issues/289 and
 * https://github.com/NVIDIA/nvidia-docker/issues/1551 (file exists), ldconfig(8)
 */
export const driverFilesInImage = defineRule({
  id: 'driver-files-in-image',
  severity: 'error',
  checks: 'driver files in the image',
  // That the files were not read is said once, by the rule about missing libraries.
  needs: ({ image }) => ({ files: known(image.facts.driverFiles ?? NONE, 'image files') }),
  test: ({ files }, situation) => {
    const inTheWay = files.filter(
      ({ path }) => DRIVER_API.test(baseName(path)) && isInOrdinaryFolder(path),
    );
    const first = inTheWay.find((file) => wins(file, situation)) ?? inTheWay[0];
    // JetPack's images carry empty files on purpose, which its own mounts replace.
    if (first === undefined || situation.host.family === 'jetson') return undefined;
    const given = numberOf(first);
    return {
      warning: !wins(first, situation),
      overruledBy: situation.seen.initialised ? 'cuInit succeeded' : undefined,
      details: () => ({
        data: dataOf(commonData(situation), {
          path: first.path,
          bytes: first.bytes,
          files: inTheWay.map(({ path }) => path),
          notes: given === undefined ? undefined : [given],
        }),
        evidence: [
          ...hostEvidence(situation),
          ...inTheWay.slice(0, MOST_SHOWN).map((file) => ({
            what: 'driver file of the image',
            value: `${file.path}${file.bytes === 0 ? ' (empty)' : ''}`,
            from: 'image files',
          })),
        ],
      }),
    };
  },
});

const NONE: readonly DriverFile[] = [];
const MOST_SHOWN = 8;

/** What programs open: the driver API and NVML. */
const DRIVER_API = /^lib(?:cuda|nvidia-ml)\.so/;

function wins(file: DriverFile, { host }: Situation): boolean {
  if (file.bytes === 0 || !host.driver.known || host.driver.value.branchOnly || host.windows)
    return false;
  const own = parseDriverVersion(numberOf(file));
  return own !== undefined && isNewer(own, host.driver.value);
}

/** The driver that a file is of, as it tells or is named. */
const numberOf = ({ path, version }: DriverFile): string | undefined =>
  version ?? /\.so\.(\d{3}\.[\d.]+)$/.exec(path)?.[1];

const isNewer = (own: DriverVersion, host: DriverVersion): boolean =>
  compareDotted(own.parts, host.parts) > 0;

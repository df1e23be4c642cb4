import type { FindingData } from './finding.js';
import { neededDrivers, servedCudaData } from './fixes.js';
import type { Situation } from './situation.js';

/** Both sides' versions and what would do, as far as they are known; numbers as their sources print them. */
export type Ladder = Pick<
  FindingData,
  | 'driver'
  | 'driverCuda'
  | 'cuda'
  | 'needsDriver'
  | 'needsDriverMinor'
  | 'newestCuda'
  | 'newestCudaFull'
  | 'noDriver'
>;

/**
 * What the image needs, what the driver gives and what would do, whatever the verdict is: the driver versions from which the
 * image's CUDA runs (by minor-version compatibility, and with every feature) and the newest CUDA that the present driver runs.
 */
export function ladderOf(situation: Situation): Ladder {
  const { host, cuda } = situation;
  const { needsDriver, needsDriverMinor, noDriver } = cuda.known
    ? neededDrivers(situation, cuda.value)
    : {};
  const { newestCuda, newestCudaFull } = host.driver.known ? servedCudaData(situation) : {};
  const known = {
    driver: host.driver.known ? host.driver.value.raw : undefined,
    driverCuda: host.cuda.known ? host.cuda.value.version.raw : undefined,
    cuda: cuda.known ? cuda.value.raw : undefined,
    needsDriver,
    needsDriverMinor,
    newestCuda,
    newestCudaFull,
    noDriver,
  };
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => value !== undefined),
  ) as Ladder;
}

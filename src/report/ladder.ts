import { diagnosisPath } from './path.js';
import type { ImageReport } from './report.js';
import { stepOf } from './step-of.js';

/** One rung: who, and the driver and CUDA versions on that side. Texts may hold outside text; empty: nothing to say. */
export interface Rung {
  readonly name: string;
  readonly driver: string;
  /** The driver with which every feature works, where that is another one. */
  readonly driverFull: string;
  readonly cuda: string;
  /** The CUDA version of which every feature works, where that is another one. */
  readonly cudaFull: string;
}

/** Headings of the columns of `Rung`. */
export const RUNG_HEADS = [
  'Versions',
  'Driver',
  'Driver for every feature',
  'CUDA',
  'CUDA with every feature',
] as const;

/** What the image needs, what the runner has, and, where that is not enough, what would do; empty where too little is known. */
export function rungs(image: ImageReport): Rung[] {
  const versions = image.versions ?? {};
  const { driver, driverCuda, cuda, needsDriver, needsDriverMinor, noDriver } = versions;
  const { newestCuda, newestCudaFull = driverCuda } = versions;
  if (driver === undefined || cuda === undefined) return [];
  const lowest = needsDriverMinor ?? needsDriver;
  const newest = newestCuda ?? newestCudaFull;
  const least =
    lowest === undefined ? (noDriver === true ? 'none for every GPU' : 'not known') : `≥ ${lowest}`;
  const most = newest === undefined ? 'not known' : `≤ ${newest}`;
  const both = [
    {
      name: 'Image needs',
      driver: least,
      driverFull: needsDriver === undefined || needsDriver === lowest ? '' : `≥ ${needsDriver}`,
      cuda,
      cudaFull: '',
    },
    {
      name: 'Runner has',
      driver,
      driverFull: '',
      cuda: most,
      cudaFull:
        newestCudaFull === undefined || newestCudaFull === newest ? '' : `≤ ${newestCudaFull}`,
    },
  ];
  if (!decides(image) || image.verdict === 'works') return both;
  // The one driver would serve the image as it is, or the other image the driver as it is.
  const cure = image.primary === 'requirement-unmet' ? gated(image) : { driver: least, cuda: most };
  return cure === undefined
    ? both
    : [...both, { name: 'Either would do', ...cure, driverFull: '', cudaFull: '' }];
}

/** A declared requirement asks for more than CUDA does; official images ask for a driver of their own CUDA version. */
function gated({ findings, versions }: ImageReport): Pick<Rung, 'driver' | 'cuda'> | undefined {
  const lead = findings.find(({ id }) => id === 'requirement-unmet');
  const { needsDriver } = lead?.data ?? {};
  const { driverCuda } = versions ?? {};
  if (needsDriver === undefined || driverCuda === undefined) return undefined;
  return { driver: `≥ ${needsDriver}`, cuda: `≤ ${driverCuda}` };
}

/** Whether versions are what the leading finding is about. */
export function decides(image: ImageReport): boolean {
  const lead = image.findings.find(({ id }) => id === image.primary);
  if (lead === undefined) return false;
  if (image.verdict === 'works') return stepOf(image, lead) === 'version';
  return diagnosisPath(image).some(({ id, cause }) => cause && id === 'version');
}

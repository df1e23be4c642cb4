import { coverage } from './device-code.js';
import { hostService } from './driver-support.js';
import { isTorch } from './framework-builds.js';
import type { Situation } from './situation.js';
import type { PublishedBuild } from './tables.js';
import { type CudaVersion, parseCudaVersion } from './version.js';

const MOST_OF_A_KIND = 3;

/**
 * Image tags and framework builds that would fit this runner: the other official builds of the same PyTorch release that hold
 * machine code for its GPUs, and tags of the same repository and flavour whose CUDA the driver serves. Newest CUDA first.
 */
export function fittingVariants(situation: Situation): readonly string[] {
  return [...fittingTorchBuilds(situation), ...fittingTags(situation)];
}

function fittingTorchBuilds(situation: Situation): readonly string[] {
  const torch = situation.image.frameworks.find(isTorch);
  const release = torch?.facts.version?.replace(/\+.*$/, '');
  if (torch === undefined || release === undefined) return [];
  return situation.tables
    .torchBuilds(release)
    .filter((build) => !sameMinor(build.cuda, torch.cuda))
    .filter((build) => isServed(situation, build.cuda) && covers(situation, build))
    .slice(0, MOST_OF_A_KIND)
    .map((build) => `torch ${release}+${build.variant}`);
}

const sameMinor = (a: CudaVersion, b: CudaVersion | undefined): boolean =>
  a.major === b?.major && a.minor === b.minor;

function covers(situation: Situation, build: PublishedBuild): boolean {
  const { gpus } = situation.host;
  const code = build.targets.map((target) => ({ target }));
  return (
    gpus.known &&
    gpus.value.every(
      ({ capability }) =>
        !capability.known || coverage(capability.value, code, {}, situation.tables).kind !== 'none',
    )
  );
}

/** The driver serves that CUDA version, and its compiler still makes code for the GPUs. */
function isServed({ host, tables }: Situation, cuda: CudaVersion): boolean {
  const known = host.answers.fits.get(cuda.raw);
  if (known !== undefined) return known;
  const service = hostService(host, cuda, tables).kind;
  const gpus = host.gpus.known ? host.gpus.value : [];
  const fits =
    (service === 'full' || service === 'minor-version') &&
    gpus.every(({ architecture }) => {
      const last = parseCudaVersion(architecture?.lastToolkit ?? '');
      return last === undefined || cuda.major <= last.major;
    });
  host.answers.fits.set(cuda.raw, fits);
  return fits;
}

/** Tags that a workflow can swap in: the same flavour (`runtime`, `devel`) on the same distribution. */
function fittingTags(situation: Situation): readonly string[] {
  const reference = splitReference(situation.image.facts.reference ?? '');
  if (reference === undefined) return [];
  const found: string[] = [];
  for (const row of situation.tables.tagsLike(reference.repository, reference.tag)) {
    if (found.length === MOST_OF_A_KIND) break;
    if (isServed(situation, row.cuda)) found.push(`${reference.repository}:${row.tag}`);
  }
  return found;
}

function splitReference(text: string): { repository: string; tag: string } | undefined {
  const plain = text.replace(/@.*$/, '').replace(/^(docker\.io|index\.docker\.io)\//, '');
  const match = /^([^\s:]+(?::\d+\/[^\s:]+)?):([\w][\w.-]*)$/.exec(plain);
  const [, repository, tag] = match ?? [];
  return repository === undefined || tag === undefined ? undefined : { repository, tag };
}

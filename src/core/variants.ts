import { coverage } from './device-code.js';
import { hostService } from './driver-support.js';
import { isTorch } from './framework-builds.js';
import { answered } from './host-view.js';
import type { Requirement } from './requirement.js';
import { judgeOne, mayRefuseOthers } from './requirement-gate.js';
import type { Situation } from './situation.js';
import type { PublishedBuild } from './tables.js';
import type { CudaVersion } from './version.js';

const MOST_OF_A_KIND = 3;

/**
 * Image tags and framework builds that would fit this runner: the other official builds of the same PyTorch release that hold
 * machine code for its GPUs, and tags of the same repository and flavour whose CUDA the driver serves and which start here. Newest CUDA first.
 * @param owner whose code does not fit: builds of PyTorch help no other's
 */
export function fittingVariants(situation: Situation, owner?: string): readonly string[] {
  const isOthers = owner !== undefined && owner !== torchIn(situation)?.label;
  const builds = isOthers ? NONE : fittingTorchBuilds(situation);
  const tags = fittingTags(situation);
  return builds.length === 0 ? tags : [...builds, ...tags];
}

const torchIn = ({ image }: Situation) => image.frameworks.find(isTorch);

function fittingTorchBuilds(situation: Situation): readonly string[] {
  const torch = torchIn(situation);
  const release = torch?.facts.version?.replace(/\+.*$/, '');
  if (torch === undefined || release === undefined) return NONE;
  const own = torch.cuda === undefined ? '' : `${torch.cuda.major}.${torch.cuda.minor}`;
  return answered(situation.host.answers.variants, `torch ${release} ${own}`, () =>
    situation.tables
      .torchBuilds(release)
      .filter((build) => !sameMinor(build.cuda, torch.cuda))
      .filter((build) => isServed(situation, build.cuda) && covers(situation, build))
      .slice(0, MOST_OF_A_KIND)
      .map((build) => `torch ${release}+${build.variant}`),
  );
}

const NONE: readonly string[] = [];

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
  return answered(host.answers.fits, cuda.raw, () => {
    const service = hostService(host, cuda, tables).kind;
    const gpus = host.gpus.known ? host.gpus.value : [];
    return (
      (service === 'full' || service === 'minor-version') &&
      gpus.every(({ lastToolkit }) => lastToolkit === undefined || cuda.major <= lastToolkit.major)
    );
  });
}

/** Its own requirement would not refuse it here, as far as it and the host are known. */
const isLetIn = ({ host }: Situation, requirement: Requirement | undefined): boolean =>
  requirement === undefined || judgeOne(requirement, host).truth !== 'unmet';

/** Tags that a workflow can swap in: the same flavour (`runtime`, `devel`) on the same distribution, newest CUDA first. */
export function fittingTags(situation: Situation): readonly string[] {
  const { tag } = situation.image;
  if (tag === undefined) return NONE;
  const asks = mayRefuseOthers(situation.host, situation.probe, situation.requirements());
  const fitting = answered(situation.host.answers.variants, `${tag.kin} ${asks}`, () => {
    const found: string[] = [];
    for (const row of situation.tables.tagsLike(tag.repository, tag.flavour)) {
      // One more than is shown: the image's own tag may be among them.
      if (found.length > MOST_OF_A_KIND) break;
      if (isServed(situation, row.cuda) && (!asks || isLetIn(situation, row.requirement)))
        found.push(`${tag.repository}:${row.tag}`);
    }
    return found;
  });
  if (fitting.length === 0) return NONE;
  const own = `${tag.repository}:${tag.tag}`;
  return fitting.filter((one) => one !== own).slice(0, MOST_OF_A_KIND);
}

import { coverage } from './device-code.js';
import { serviceOf } from './driver-support.js';
import { derivedCode, isTorch } from './framework-builds.js';
import { gpusOf, type Situation } from './situation.js';
import { compareCudaMinor, parseCudaVersion } from './version.js';

const MOST_VARIANTS = 3;

/**
 * Image tags and framework builds that would fit this runner: tags of the same repository whose CUDA the driver serves, and the
 * other official builds of the same PyTorch release that hold code for its GPUs. Newest CUDA first.
 */
export function fittingVariants(situation: Situation): readonly string[] {
  return [...torchBuilds(situation), ...repositoryTags(situation)].slice(0, 2 * MOST_VARIANTS);
}

function torchBuilds(situation: Situation): readonly string[] {
  const torch = situation.image.frameworks.find(isTorch);
  const release = torch?.facts.version?.replace(/\+.*$/, '');
  if (torch === undefined || release === undefined) return [];
  const builds = situation.tables.knowledge.torch.rows
    .filter((row) => row.patches.includes(release))
    .filter(
      (row) =>
        row.cuda !== (torch.cuda === undefined ? '' : `${torch.cuda.major}.${torch.cuda.minor}`),
    )
    .filter((row) => isServed(situation, row.cuda));
  const fitting = builds.filter((row) => {
    const targets = [...row.sass, ...row.ptx];
    const build = {
      cuda: row.cuda,
      targets,
      lowest: undefined,
      cudnn: undefined,
      source: row.variant,
    };
    const code = derivedCode(build, situation.image.facts.platform, situation.tables);
    return code !== undefined && coversAll(situation, code.entries);
  });
  return newestFirst(fitting, (row) => row.cuda)
    .slice(0, MOST_VARIANTS)
    .map((row) => `torch ${release}+${row.variant}`);
}

function coversAll(situation: Situation, entries: Parameters<typeof coverage>[1]): boolean {
  return gpusOf(situation).every(
    (gpu) =>
      !gpu.capability.known ||
      ['exact', 'compatible'].includes(
        coverage(gpu.capability.value, entries, {}, situation.tables).kind,
      ),
  );
}

function isServed(situation: Situation, text: string): boolean {
  const cuda = parseCudaVersion(text);
  if (cuda === undefined) return false;
  const { host, tables } = situation;
  const side = {
    driver: host.driver.known ? host.driver.value : undefined,
    cuda: host.cuda.known ? host.cuda.value : undefined,
    family: host.family,
  };
  const service = serviceOf(side, cuda, tables).kind;
  const dropped = gpusOf(situation).some((gpu) => {
    const last = parseCudaVersion(gpu.architecture?.lastToolkit ?? '');
    return last !== undefined && cuda.major > last.major;
  });
  return !dropped && (service === 'full' || service === 'minor-version');
}

/** Tags of the same repository and flavour (`runtime`, `devel`, distribution), since those are what a workflow can swap in. */
function repositoryTags(situation: Situation): readonly string[] {
  const reference = splitReference(situation.image.facts.reference ?? '');
  if (reference === undefined) return [];
  const tags = situation.tables.knowledge
    .tagsOf(reference.repository)
    .filter((row) => row.tag !== reference.tag && flavourOf(row.tag) === flavourOf(reference.tag))
    .filter((row) => isServed(situation, row.cuda));
  return newestFirst(tags, (row) => row.cuda)
    .slice(0, MOST_VARIANTS)
    .map((row) => `${reference.repository}:${row.tag}`);
}

function splitReference(text: string): { repository: string; tag: string } | undefined {
  const plain = text.replace(/@.*$/, '').replace(/^(docker\.io|index\.docker\.io)\//, '');
  const match = /^([^\s:]+(?::\d+\/[^\s:]+)?):([\w][\w.-]*)$/.exec(plain);
  const [, repository, tag] = match ?? [];
  return repository === undefined || tag === undefined ? undefined : { repository, tag };
}

/** What stays of a tag when its version numbers are taken out: `base-ubuntu22.04` keeps the distribution's number. */
const flavourOf = (tag: string): string =>
  tag.replace(/^v?\d+(\.\d+)*-?/, '').replace(/cuda\d+(\.\d+)*|cu\d+|cudnn\d+/g, '');

function newestFirst<T>(rows: readonly T[], cudaOf: (row: T) => string): T[] {
  return [...rows].sort((a, b) => {
    const [left, right] = [parseCudaVersion(cudaOf(a)), parseCudaVersion(cudaOf(b))];
    return left === undefined || right === undefined ? 0 : compareCudaMinor(right, left);
  });
}

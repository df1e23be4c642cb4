import type { Facts, ImageFacts, ImageFramework, ProbeFramework } from './facts.js';
import type { Unchecked } from './finding.js';
import { isSameFramework } from './framework-builds.js';

/**
 * An image may have several Pythons with frameworks of their own. Its programs get the one that PATH (with pyenv's shims),
 * VIRTUAL_ENV or CONDA_PREFIX lead to, or the one that its entry point names. Another one is beside the image's purpose only when
 * every CUDA framework of it is there on PATH as well: then it may be a leftover, or another program's, and what is wrong with it has
 * no say in the verdict. A framework that nothing on PATH has is what the image is about, wherever it lies.
 */
interface Placed {
  readonly name: string;
  readonly cuda?: string | null;
  readonly onPath?: boolean;
}

/**
 * What is built on a framework, or beside one: an image may carry it without ever using it on a GPU. Triton compiles its kernels
 * where they run, so that its success says nothing about the device code in the image.
 */
const SECONDARY: ReadonlySet<string> = new Set([
  'triton',
  'flash-attn',
  'xformers',
  'bitsandbytes',
]);

/** One name for all spellings of a package: https://packaging.python.org/en/latest/specifications/name-normalization/ */
export const normalName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();

export const isSecondary = ({ name }: Pick<Placed, 'name'>): boolean =>
  SECONDARY.has(normalName(name));

const isMain = (one: Placed): boolean => !isSecondary(one) && one.cuda !== null;

/** Whether all that these are there for is on PATH, too. */
function isOnPathToo(group: readonly Placed[], all: readonly Placed[]): boolean {
  const onPath = all.filter((one) => one.onPath === true && isMain(one));
  return (
    onPath.length > 0 &&
    group.filter(isMain).every((one) => onPath.some(({ name }) => isSameFramework(name, one.name)))
  );
}

/** Of `/opt/conda/envs/a/bin/python` and `/opt/conda/envs/a/lib/python3.11/site-packages`: `/opt/conda/envs/a`. */
const prefixOf = (path: string): string =>
  path
    .replace(/\/bin\/[^/]*$/, '')
    .replace(/\/lib(?:64)?\/python[^/]*\/(?:site|dist)-packages$/, '');

/** The system's Python, whose prefix holds much else. */
const SYSTEM_PREFIX = /^(?:|\/|\/usr|\/usr\/local)$/;

/** The entry point is a program of that environment, or names it to Conda: `conda run -n NAME`. */
function isStarted(prefix: string, image: ImageFacts | undefined): boolean {
  const name = /\/envs\/([^/]+)$/.exec(prefix)?.[1];
  return (image?.entrypoint ?? []).some(
    (word) => word.includes(`${prefix}/`) || word === prefix || word === name,
  );
}

/** Whether the test ran in a Python that the image's programs do not get, while what they get has the same framework. */
export function isElsewhere(framework: ProbeFramework, { image, probe }: Facts): boolean {
  const { interpreter, onPath } = framework;
  if (onPath !== false || interpreter === undefined || isStarted(prefixOf(interpreter), image))
    return false;
  const all = probe?.frameworks ?? [];
  return isOnPathToo(
    all.filter((one) => one.interpreter === interpreter),
    all,
  );
}

export interface WithoutBeside {
  readonly image: ImageFacts;
  /** What was left out, for the report. */
  readonly unchecked: readonly Unchecked[];
}

const NOTHING: readonly Unchecked[] = [];

/**
 * The facts without the files of Python environments that are beside the image's purpose: neither their frameworks nor their
 * device code, nor what they lack, is the image's. Gives the same object where there is none.
 */
export function withoutBeside(image: ImageFacts): WithoutBeside {
  const all = image.frameworks ?? [];
  const groups = new Map<string, ImageFramework[]>();
  for (const one of all) {
    if (one.onPath !== false || one.path === undefined) continue;
    groups.set(one.path, [...(groups.get(one.path) ?? []), one]);
  }
  const beside = [...groups].filter(
    ([site, group]) => !isStarted(prefixOf(site), image) && isOnPathToo(group, all),
  );
  if (beside.length === 0) return { image, unchecked: NOTHING };
  const folders = beside.flatMap(([site]) => foldersOf(site));
  const isInside = (path: string | undefined) =>
    path !== undefined && folders.some((folder) => path.startsWith(`${folder}/`));
  const { frameworks, deviceCode, libraries, missingLibraries } = image;
  const left: ImageFacts = {
    ...image,
    ...(frameworks && { frameworks: frameworks.filter((one) => !groupHas(beside, one)) }),
    ...(deviceCode && { deviceCode: deviceCode.filter(({ path }) => !isInside(path)) }),
    ...(libraries && {
      libraries: libraries.filter(({ path, loaded }) => loaded === true || !isInside(path)),
    }),
    ...(missingLibraries && {
      missingLibraries: missingLibraries.filter(({ neededBy }) => !isInside(neededBy)),
    }),
  };
  const unchecked = beside.map(([site, group]) => ({
    what: 'Python environments off PATH',
    why: `${group.map(labelOf).join(', ')} in ${site}: the image's programs get another Python, which has the same frameworks`,
  }));
  return { image: left, unchecked };
}

type Group = readonly [string, readonly ImageFramework[]];

const groupHas = (groups: readonly Group[], one: ImageFramework): boolean =>
  groups.some(([, group]) => group.includes(one));

function foldersOf(site: string): string[] {
  const prefix = prefixOf(site);
  return prefix === site || SYSTEM_PREFIX.test(prefix)
    ? [site]
    : [`${prefix}/lib`, `${prefix}/lib64`];
}

/** The package lies in the folder that the test imported from. */
export const isFrom = ({ path }: ImageFramework, test: ProbeFramework): boolean =>
  path !== undefined && test.path?.startsWith(`${path}/`) === true;

export const labelOf = ({ name, version }: Pick<ImageFramework, 'name' | 'version'>): string =>
  version === undefined ? name : `${name} ${version}`;

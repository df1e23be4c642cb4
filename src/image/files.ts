import { isFrom } from '../core/environments.js';
import type { ImageFacts, ImageFramework, ProbeFacts, ProbeFramework } from '../core/facts.js';
import { isSameFramework } from '../core/framework-builds.js';

/**
 * The facts of an image: those of its configuration, what was read of its files, which outranks them, and what its frameworks
 * said of themselves when they ran, which outranks their packages' metadata. A document made of them is judged without the run.
 */
export function withFiles(
  config: ImageFacts,
  files: ImageFacts | undefined,
  probe: ProbeFacts | undefined,
): ImageFacts {
  const frameworks = joined(files?.frameworks ?? config.frameworks ?? [], probe?.frameworks ?? []);
  return { ...config, ...files, ...(frameworks.length > 0 ? { frameworks } : {}) };
}

function joined(
  packages: readonly ImageFramework[],
  ran: readonly ProbeFramework[],
): ImageFramework[] {
  const told = ran.filter(saysSomething);
  // An editable installation runs from elsewhere than its metadata lies.
  const isAnywhere = (test: ProbeFramework) => packages.every((one) => !isFrom(one, test));
  const matched = new Set<ProbeFramework>();
  const known = packages.map((one) => {
    const fitting = told.filter((other) => isSame(one, other));
    const test = fitting.find((other) => isFrom(one, other)) ?? fitting.find(isAnywhere);
    if (test === undefined) return one;
    matched.add(test);
    return { ...one, ...buildOf(test), ...placeOf(test) };
  });
  const others = told.filter((one) => !matched.has(one));
  return [...known, ...others.map((one) => ({ name: one.name, ...buildOf(one), ...placeOf(one) }))];
}

/** A test that ended before the import says nothing about the build. */
const saysSomething = ({ cuda, targets }: ProbeFramework): boolean =>
  cuda !== undefined || targets !== undefined;

/** Two installations of one framework have versions of their own. */
const isSame = (one: ImageFramework, other: ProbeFramework): boolean =>
  isSameFramework(one.name, other.name) &&
  (one.version === undefined ||
    other.version === undefined ||
    one.version.replace(/\+.*/, '') === other.version.replace(/\+.*/, ''));

/** It ran in a Python on PATH, or did not: that is seen, and the metadata's word is not. */
const placeOf = ({ onPath }: ProbeFramework): Pick<ImageFramework, 'onPath'> =>
  onPath === undefined ? {} : { onPath };

const buildOf = ({
  version,
  cuda,
  cudnn,
  targets,
}: ProbeFramework): Omit<ImageFramework, 'name'> => ({
  ...(version === undefined ? {} : { version }),
  ...(cuda === undefined ? {} : { cuda }),
  ...(cudnn === undefined ? {} : { cudnn }),
  ...(targets === undefined ? {} : { targets }),
});

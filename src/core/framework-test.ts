import { isElsewhere, isSecondary } from './environments.js';
import type { Facts, ProbeFramework } from './facts.js';
import type { Evidence } from './finding.js';

/** A build without CUDA says so of itself: that it sees no GPU is no failure of this pair. */
const isCpuBuild = ({ cuda }: ProbeFramework): boolean => cuda === null;

/** It has a build with CUDA, and computed on the CPU, or would. */
export const fellBack = (framework: ProbeFramework): boolean =>
  framework.available === false && !isCpuBuild(framework);

/** Anything in its own test that did not go as it must. */
const hasFailed = (framework: ProbeFramework): boolean =>
  fellBack(framework) ||
  framework.timedOut === true ||
  framework.signal !== undefined ||
  typeof framework.error === 'string' ||
  (framework.devices ?? []).some(
    ({ correct, error }) => correct === false || typeof error === 'string',
  ) ||
  framework.nccl?.correct === false ||
  typeof framework.nccl?.error === 'string';

/** The tests that did not go as they must, of what the image may be there for. */
export const failedTests = (facts: Facts): ProbeFramework[] =>
  (facts.probe?.frameworks ?? []).filter(
    (one) =>
      one.untested !== true &&
      hasFailed(one) &&
      (one.name !== PYTHON || isPythonNeeded(one, facts)),
  );

/** Stands for a Python that does not start. */
export const PYTHON = 'python';

/**
 * An image may well have a Python that nobody uses. One that does not start is needed when it may have frameworks, and no other
 * Python that the image's programs get knows any.
 */
function isPythonNeeded({ packages, onPath }: ProbeFramework, { image, probe }: Facts): boolean {
  if ((image?.frameworks ?? []).length === 0 || packages?.length === 0) return false;
  const others = (probe?.frameworks ?? []).filter(({ name }) => name !== PYTHON);
  if (others.length === 0) return true;
  return onPath === true && packages !== undefined && others.every((one) => one.onPath === false);
}

const hasComputed = (framework: ProbeFramework): boolean =>
  !isSecondary(framework) &&
  !hasFailed(framework) &&
  (framework.devices ?? []).some(({ correct }) => correct === true);

/**
 * Whether a failure of this framework leaves the image usable: it is a secondary one, one of a Python that the image's programs do
 * not get, or TensorFlow beside one that computed. Its one wheel is a CUDA build, which other packages pull in for their own ends;
 * who wants it on a GPU installs `tensorflow[and-cuda]` (https://www.tensorflow.org/install/pip).
 */
export function isBeside(framework: ProbeFramework, facts: Facts): boolean {
  if (isSecondary(framework) || isElsewhere(framework, facts)) return true;
  const others = (facts.probe?.frameworks ?? []).filter((one) => one !== framework);
  return framework.name === 'tensorflow' && fellBack(framework) && others.some(hasComputed);
}

/** Names the Python of a test that the image's programs do not get by PATH. */
export const pythonEvidence = ({ onPath, interpreter }: ProbeFramework): Evidence[] =>
  onPath === false && interpreter !== undefined
    ? [{ what: 'Python that is not on PATH', value: interpreter, from: 'probe' }]
    : [];

import type { Facts, ProbeFacts, ProbeFramework } from './facts.js';

/**
 * What is built on a framework, or beside one: an image may carry it without ever using it on a GPU. Triton compiles its kernels
 * where they run, so that its success says nothing about the device code in the image.
 */
const SECONDARY: ReadonlySet<string> = new Set([
  'triton',
  'flash_attn',
  'xformers',
  'bitsandbytes',
]);

export const isSecondary = ({ name }: ProbeFramework): boolean => SECONDARY.has(name);

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
export const failedTests = ({ image, probe }: Facts): ProbeFramework[] =>
  (probe?.frameworks ?? []).filter(
    (one) => hasFailed(one) && (one.name !== PYTHON || isPythonNeeded(image, probe)),
  );

/** Stands for a Python that does not start. */
export const PYTHON = 'python';

/** An image may well have a Python that nobody uses; but not when it has frameworks and no other Python that knows them. */
const isPythonNeeded = (image: Facts['image'], probe: ProbeFacts | undefined): boolean =>
  (image?.frameworks ?? []).length > 0 &&
  (probe?.frameworks ?? []).every(({ name }) => name === PYTHON);

const hasComputed = (framework: ProbeFramework): boolean =>
  !isSecondary(framework) &&
  !hasFailed(framework) &&
  (framework.devices ?? []).some(({ correct }) => correct === true);

/**
 * Whether a failure of this framework leaves the image usable: it is a secondary one, or TensorFlow beside one that computed. Its
 * one wheel is a CUDA build, which other packages pull in for their own ends; who wants it on a GPU installs
 * `tensorflow[and-cuda]` (https://www.tensorflow.org/install/pip).
 */
export function isBeside(framework: ProbeFramework, probe: ProbeFacts | undefined): boolean {
  if (isSecondary(framework)) return true;
  const others = (probe?.frameworks ?? []).filter((one) => one !== framework);
  return framework.name === 'tensorflow' && fellBack(framework) && others.some(hasComputed);
}

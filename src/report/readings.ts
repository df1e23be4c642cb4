import type { Facts, ImageFacts, ProbeGpu, ProbeStep } from '../core/facts.js';
import { readRuntimesOf } from '../core/image-view.js';
import { driverResult } from './cuda-codes.js';

/** `none`: this run had nothing to look at, for example no framework in the image; `not-reached`: an earlier step ended the run. */
export type StepState = 'passed' | 'failed' | 'unknown' | 'not-reached' | 'none';

/** Whether a GPU ran the kernel and every element of the result was right. */
export const kernelPassed = (gpu: ProbeGpu): boolean => kernelState(gpu) === 'passed';

/** How the kernel of a GPU ended. */
export function kernelState({ kernel }: ProbeGpu): StepState {
  if (kernel === undefined) return 'unknown';
  if (kernel.correct === false) return 'failed';
  // A result that nobody compared proves nothing.
  if (kernel.code === 0) return kernel.correct === true ? 'passed' : 'unknown';
  return stepState(kernel);
}

/** How the kernel ended on a GPU, in a few words. */
export function kernelText({ kernel }: ProbeGpu): string {
  if (kernel === undefined) return 'not reached';
  if (kernel.code === 0 && kernel.correct === false)
    return kernel.wrongElements === undefined
      ? 'wrong result'
      : `wrong result (${kernel.wrongElements} elements)`;
  if (kernel.code === 0) return kernel.correct === true ? 'right result' : 'result not compared';
  const call = kernel.call === undefined ? '' : `${kernel.call} `;
  return call + stepText(kernel, driverResult);
}

/** How a step of the probe ended. */
export const stepState = ({ code, timedOut, signal, error }: ProbeStep): StepState => {
  if (code === 0) return 'passed';
  return code === undefined && !timedOut && signal === undefined && error === undefined
    ? 'unknown'
    : 'failed';
};

/** How a step of the probe ended; empty when it succeeded. */
export function stepText(step: ProbeStep, result: (code: number) => string): string {
  if (step.code === 0) return '';
  if (step.code !== undefined) return result(step.code);
  if (step.timedOut === true) return 'did not return';
  if (step.signal !== undefined) return `ended by ${step.signal}`;
  return step.error ?? '';
}

/** The driver's version, from the runner or as NVML in the container says. */
export const driverVersion = (facts: Facts): string | undefined =>
  facts.host?.driver?.version ?? facts.probe?.nvml?.driver;

/** The image's CUDA version: as stated, else of its environment, its first framework built with CUDA, its one libcudart. */
export const imageCuda = ({ image }: Facts): string | undefined =>
  image?.cuda ??
  image?.env?.['CUDA_VERSION'] ??
  image?.frameworks?.find(({ cuda }) => typeof cuda === 'string')?.cuda ??
  soleRuntime(image);

function soleRuntime(image: ImageFacts | undefined): string | undefined {
  const runtimes = image === undefined ? [] : readRuntimesOf(image);
  return runtimes.length === 1 ? runtimes[0]?.raw : undefined;
}

const SIMULATED = ' (simulated)';

/** Whether a GPU of these facts comes from the lab's simulated driver, which says so in each name. */
export const isSimulated = ({ host, probe }: Facts): boolean =>
  [...(host?.gpus ?? []), ...(probe?.gpus ?? [])].some(({ name }) => name?.endsWith(SIMULATED));

/** Bytes in decimal units, as registries and disks count: `8.5 GB`. */
export const size = (bytes: number): string => inUnits(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);

/** Bytes in binary units, as memory counts: `64 MiB`. */
export const memory = (bytes: number): string =>
  inUnits(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);

function inUnits(bytes: number, step: number, units: readonly string[]): string {
  let value = bytes;
  let power = 0;
  while (value >= step && power < units.length - 1) {
    value /= step;
    power += 1;
  }
  const digits = Number.isInteger(value) || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[power]}`;
}

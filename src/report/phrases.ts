import type { FindingData } from '../core/finding.js';
import { equalGpus } from './equal-gpus.js';
import type { Words } from './words.js';

/** Said where a version is newer than the tables of this release. */
export const BEYOND =
  'A version here is newer than the tables of this release: it was judged by rule.';

const LONGEST_TITLE = 120;

/** A title: one line, and short enough for a table and an annotation, whatever was put into it. */
export function headline(text: string): string {
  return short(text, LONGEST_TITLE);
}

/** One line of at most `most` characters. */
export function short(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}

/** The lines that apply; what is not known leaves its line out. */
export function lines(...parts: readonly (string | false | undefined)[]): string[] {
  return parts.filter((part): part is string => typeof part === 'string' && part !== '');
}

export function sentences(...parts: readonly (string | false | undefined)[]): string {
  return lines(...parts).join(' ');
}

/** `a, b and c`, the rest counted. */
export function listed(items: readonly string[], most = 4): string {
  const shown = items.slice(0, most).map((item) => short(item, 80));
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.pop();
  if (last === undefined) return '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

export function given<T>(
  value: T | undefined,
  say: (value: T) => string | undefined,
): string | undefined {
  return value === undefined ? undefined : say(value);
}

/** `Driver 535.104.05` at the start of a sentence. */
export function Driver(data: FindingData): string {
  return data.driver === undefined ? 'The host driver' : `Driver ${short(data.driver, 24)}`;
}

export function driver(data: FindingData): string {
  return data.driver === undefined ? 'the host driver' : `driver ${short(data.driver, 24)}`;
}

/** The driver and the CUDA version that it brings. */
export function driverWithCuda(data: FindingData): string {
  return data.driverCuda === undefined
    ? driver(data)
    : `${driver(data)} (CUDA ${short(data.driverCuda, 16)})`;
}

export function cuda(data: FindingData): string {
  return data.cuda === undefined ? "the image's CUDA version" : `CUDA ${short(data.cuda, 16)}`;
}

/** `GPU 0: NVIDIA A100 (8.0)`, `GPUs 0: …, 1: …`, or just `this GPU`. */
export function gpu(data: FindingData): string {
  const gpus = data.gpus ?? [];
  if (gpus.length > 1) return `${gpus.length} GPUs`;
  const [only] = gpus;
  if (only !== undefined) return `GPU ${short(only, 50)}`;
  return data.computeCapability === undefined
    ? 'this GPU'
    : `compute capability ${short(data.computeCapability, 8)}`;
}

export function Gpu(data: FindingData): string {
  const text = gpu(data);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Names every GPU concerned, for the sentence below a title that only counts them. */
export function whichGpus(data: FindingData): string | undefined {
  const gpus = data.gpus ?? [];
  return gpus.length > 1 ? `Concerned: ${listed(equalGpus(gpus), 8)}.` : undefined;
}

/** `sm_80` for `8.0`. */
export function target(computeCapability: string | undefined): string | undefined {
  return computeCapability === undefined ? undefined : `sm_${computeCapability.replace('.', '')}`;
}

function framework(data: FindingData): string {
  if (data.framework === undefined) return 'the framework';
  const [first = '', ...rest] = short(data.framework, 40).split(' ');
  const version = given(data.frameworkVersion, (v) => short(v, 24));
  return [
    FRAMEWORKS.get(first) ?? first,
    ...rest,
    ...(version === undefined ? [] : [version]),
  ].join(' ');
}

export function Framework(data: FindingData): string {
  const text = framework(data);
  return data.framework === undefined ? `T${text.slice(1)}` : text;
}

/** A map and no object: names come from images, and every object has a `constructor`. */
const FRAMEWORKS: ReadonlyMap<string, string> = new Map([
  ['torch', 'PyTorch'],
  ['tensorflow', 'TensorFlow'],
  ['jax', 'JAX'],
  ['jaxlib', 'jaxlib'],
  ['cupy', 'CuPy'],
  ['onnxruntime', 'ONNX Runtime'],
]);

/**
 * The command for a runner with NVIDIA's package repository. Up to branch 580 the package names its branch; from 590 on a pinning
 * package does (https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/version-locking.html).
 */
export function installDriver(version: string | undefined): string {
  const branch = Number(version?.split('.')[0]);
  if (!Number.isInteger(branch) || branch < 300)
    return 'sudo apt-get update && sudo apt-get install -y cuda-drivers && sudo reboot';
  const packages =
    branch <= 580 ? `cuda-drivers-${branch}` : `nvidia-driver-pinning-${branch} cuda-drivers`;
  return `sudo apt-get update && sudo apt-get install -y ${packages} && sudo reboot`;
}

/** Updating the driver, as a line of the fixes; left out where no driver would do. */
export function updateDriver(
  data: FindingData,
  version: string | undefined,
  which = '',
): string | undefined {
  if (data.noDriver === true) return undefined;
  const to = version === undefined ? 'a newer driver' : `driver ${short(version, 24)} or newer`;
  if (data.driverOf === 'windows')
    return 'On Windows, install a newer NVIDIA driver (`https://www.nvidia.com/drivers`), then restart WSL: wsl --shutdown';
  if (data.driverOf === 'jetson')
    return 'Update JetPack on the board: its driver comes with it (`https://developer.nvidia.com/embedded/jetpack`), or add the cuda-compat package for Jetson to the image';
  return `On the runner, install ${to}${which} and reboot: ${installDriver(version)}`;
}

/** The forward-compatibility package, as a line of the fixes, where it would serve on this runner. */
export function compatPackage(data: FindingData): string | undefined {
  if (data.compatPackage === undefined || data.compatDriver !== undefined) return undefined;
  const branches = data.compatBranches ?? [];
  const where = branches.length === 0 ? '' : ` (it serves driver branches ${listed(branches, 12)})`;
  const name = short(data.compatPackage, 40);
  return `In the image, add the newer user-mode driver${where}: RUN apt-get update && apt-get install -y ${name}`;
}

/** Whose need or code is meant, at the start of a sentence: `PyTorch 2.9.0`, `The image`. */
export function Owner(data: FindingData): string {
  if (data.framework !== undefined) return Framework(data);
  if (data.owner === undefined) return 'The image';
  const [name = '', ...rest] = short(data.owner, 60).split(' ');
  const proper = FRAMEWORKS.get(name);
  if (proper !== undefined) return [proper, ...rest].join(' ');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${rest.map((word) => ` ${word}`).join('')}`;
}

/** What was concluded and not read is said to be so. */
export function derived(data: FindingData): string | undefined {
  return given(
    data.derivedFrom,
    (from) => `This was not read in the image but concluded from: ${short(from, 100)}.`,
  );
}

/** The image that would fit instead, as a line of the fixes; left out where it would be no older than this one. */
export function otherImage(data: FindingData): string | undefined {
  const variants = data.variants ?? [];
  const wheel = torchWheel(variants);
  const tags = variants.filter((one) => !TORCH_BUILD.test(one));
  if (tags.length > 0) {
    const built = wheel === undefined ? '' : `; or, in the image, ${wheel}`;
    return `Use a variant of the image that fits this runner: ${listed(tags, 3)}${built}`;
  }
  if (wheel !== undefined) return `In the image, ${wheel}`;
  const newest = data.newestCuda ?? data.driverCuda;
  if (newest !== undefined && data.cuda !== undefined && !isOlder(newest, data.cuda))
    return undefined;
  if (data.newestCuda !== undefined) {
    const full = data.newestCudaFull ?? data.newestCuda;
    const limits = full === data.newestCuda ? '' : ` (with every feature: ${short(full, 16)})`;
    return `Use an image for CUDA ${short(data.newestCuda, 16)} or older, the newest that ${driver(data)} serves${limits}`;
  }
  if (data.driverCuda !== undefined)
    return `Use an image for CUDA ${short(data.driverCuda, 16)} or older, which ${driver(data)} serves with every feature`;
  return 'Use an image for an older CUDA version (nvidia-smi shows the newest that the driver serves)';
}

/** `torch 2.9.0+cu128`. */
const TORCH_BUILD = /^torch ([\d.]+)\+(\w+)$/;

/** Other builds of the same PyTorch: the newest as a command. */
function torchWheel(variants: readonly string[]): string | undefined {
  const builds = variants.flatMap((one) => {
    const [, release, build] = TORCH_BUILD.exec(one) ?? [];
    return release === undefined || build === undefined ? [] : [{ release, build }];
  });
  const [first, ...others] = builds;
  if (first === undefined) return undefined;
  const also =
    others.length === 0 ? '' : ` (${listed(others.map(({ build }) => build))} would fit as well)`;
  return `install a build of PyTorch that fits this runner${also}: RUN pip install --force-reinstall torch==${first.release} --index-url https://download.pytorch.org/whl/${first.build}`;
}

/** By major and minor number, which is all that a driver's CUDA version has. */
function isOlder(a: string, b: string): boolean {
  const [left = [], right = []] = [a, b].map((text) => text.split('.').map(Number));
  const major = (left[0] ?? 0) - (right[0] ?? 0);
  return major < 0 || (major === 0 && (left[1] ?? 0) < (right[1] ?? 0));
}

/** A table's "no" that was seen to be wrong is told as the note that it is. */
export function unlessOverruled(words: Words): Words {
  return (finding) => {
    const message = words(finding);
    const seen = finding.data.overruledBy;
    if (seen === undefined) return message;
    return {
      title: headline(`By the tables, not here: ${message.title}`),
      why: sentences(`It was seen to work: ${short(seen, 100)}.`, message.why),
      fixes: ['Nothing has to be done'],
    };
  };
}

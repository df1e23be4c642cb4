import type { FindingData } from '../../core/finding.js';
import {
  derived,
  Framework,
  given,
  gpu,
  headline,
  lines,
  listed,
  Owner,
  otherImage,
  sentences,
  short,
  target,
  whichGpus,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => {
  const files = data.files ?? [];
  return severity === 'warning' && files.length > 0 ? ofFiles(data, files) : ofImage(data);
};

/** Beside the image's main code, which serves the GPU. */
function ofFiles(data: FindingData, files: readonly string[]): ReturnType<Words> {
  const sm = target(data.computeCapability);
  const arch = data.computeCapability ?? 'X.Y';
  const [first = ''] = files;
  const name = short(first.replace(/^.*\//, ''), 40);
  const more = files.length === 1 ? 'has' : `and ${files.length - 1} more files have`;
  return {
    title: headline(`${name} ${more} no device code for ${gpu(data)}`),
    why: sentences(
      "The image's main code serves the GPU; what uses these files fails there with error 209, and the rest works.",
      `${files.length === 1 ? 'It is' : 'They are'}: ${listed(files, 6)}.`,
      (data.targets ?? []).length > 0 && `Code is there for ${listed(data.targets ?? [], 8)}.`,
      whichGpus(data),
    ),
    fixes: lines(
      'Nothing has to be done if the job does not use it',
      `Else build it for the GPU: TORCH_CUDA_ARCH_LIST="${arch}+PTX" pip install --no-binary :all: --no-build-isolation PACKAGE, or use a release that was built for ${sm ?? 'this GPU'}`,
    ),
  };
}

/**
 * The wheels that have code for it: cu130 alone has that of Thor (11.0), cu128 goes from Turing to Blackwell, cu126 has what is older.
 * Source: PyTorch's build lists (knowledge/frameworks.json)
 */
function torchBuild({ computeCapability }: FindingData): string | undefined {
  const [major = 0, minor = 0] = (computeCapability ?? '').split('.').map(Number);
  if (major === 0) return undefined;
  const turing = major > 7 || (major === 7 && minor >= 5);
  const wheels = major === 11 ? 'cu130' : turing ? 'cu128' : 'cu126';
  return `In the image, install a build of PyTorch that has it: RUN pip install --force-reinstall torch --index-url https://download.pytorch.org/whl/${wheels}`;
}

function ofImage(data: FindingData): ReturnType<Words> {
  const sm = target(data.computeCapability);
  const arch = data.computeCapability ?? 'X.Y';
  return {
    title: headline(
      /^device code/i.test(data.owner ?? '')
        ? `The image has no device code for ${gpu(data)}`
        : `${Owner(data)} has no device code for ${gpu(data)}`,
    ),
    why: sentences(
      (data.targets ?? []).length > 0
        ? `It has code for ${listed(data.targets ?? [], 8)}${sm === undefined ? '' : `, and none of it runs on ${sm}`}.`
        : 'None of the device code in it fits the GPU: a cubin runs on its own major version from its own minor on, PTX on every newer GPU.',
      'The first kernel fails with error 209, "no kernel image is available for execution on the device".',
      derived(data),
      given(
        data.firstCuda,
        (v) => `Code for this GPU needs CUDA ${short(v, 16)} or newer to build.`,
      ),
      whichGpus(data),
      given(data.path, (p) => `Read in ${short(p, 120)}.`),
    ),
    fixes: lines(
      (data.variants ?? []).length > 0 && otherImage(data),
      (data.variants ?? []).length === 0 && data.framework === 'torch' && torchBuild(data),
      data.framework === 'torch' || data.framework === undefined
        ? `Build with the GPU's target: TORCH_CUDA_ARCH_LIST="${arch}+PTX" (PyTorch extensions), nvcc -gencode arch=compute_${arch.replace('.', '')},code=sm_${arch.replace('.', '')} (CUDA)`
        : `Use a release of ${Framework(data)} that was built for ${sm ?? 'this GPU'}, or build it with that target`,
      (data.variants ?? []).length === 0 &&
        `Use a newer (or, for an old GPU, older) release of the image: one whose build lists ${sm ?? 'the target of this GPU'}`,
      'Run the job on a runner with a GPU that the image has code for',
    ),
  };
}

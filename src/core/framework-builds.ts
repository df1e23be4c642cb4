import semver from 'semver';
import type { Knowledge } from '../knowledge/index.js';
import { type CodeEntry, codeEntry } from './device-code.js';
import { normalPlatform } from './host-view.js';
import type { FrameworkView } from './image-view.js';
import type { Tables } from './tables.js';
import { type ComputeCapability, parseComputeCapability } from './target.js';
import { type CudaVersion, parseCudaVersion } from './version.js';

/** What the official build of a framework's release holds. */
export interface OfficialBuild {
  readonly cuda: string | undefined;
  readonly targets: readonly string[];
  readonly lowest: ComputeCapability | undefined;
  readonly cudnn: string | undefined;
  /** The release, of PyTorch only. */
  readonly torch?: string;
  readonly source: string;
}

const SAME_FRAMEWORK: ReadonlyMap<string, string> = new Map([
  ['pytorch', 'torch'],
  ['tensorflowgpu', 'tensorflow'],
  ['flashattention', 'flashattn'],
  ['onnxruntimegpu', 'onnxruntime'],
  ['paddlepaddlegpu', 'paddlepaddle'],
]);

/** One name for the spellings of a framework: `PyTorch`, `tensorflow-gpu`. */
function canonical(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^cupycuda\d+x?$/, 'cupy');
  return SAME_FRAMEWORK.get(plain) ?? plain;
}

/** Whether two names are spellings of one framework. */
export const isSameFramework = (one: string, other: string): boolean =>
  canonical(one) === canonical(other);

/** The official build that a framework's name, version and CUDA version point at; undefined for own builds (`2.1.0a0+32f93b1`). */
export function officialBuild(
  framework: FrameworkView,
  imageCuda: CudaVersion | undefined,
  knowledge: Knowledge,
): OfficialBuild | undefined {
  const name = canonical(framework.facts.name);
  const version = framework.facts.version ?? '';
  const wanted = framework.cuda;
  if (name === 'torch') {
    const release = /^([\d.]+)(?:\+cu\d+)?$/.exec(version)?.[1];
    if (release === undefined) return undefined;
    const builds = knowledge.torch.rows.filter((row) => row.patches.includes(release));
    const named = builds.find((row) => sameMinor(row.cuda, wanted));
    const likely =
      builds.find((row) => sameMinor(row.cuda, imageCuda)) ?? builds.find((row) => row.default);
    const build = wanted === undefined ? likely : named;
    return (
      build && {
        cuda: build.cuda,
        targets: [...build.sass, ...build.ptx],
        lowest: undefined,
        cudnn: build.cudnn ?? undefined,
        torch: release,
        source: `official builds of PyTorch ${build.release}, ${build.variant}`,
      }
    );
  }
  if (name === 'tensorflow') {
    const release = /^(\d+\.\d+)(\.\d+)?$/.exec(version)?.[1];
    const build = knowledge.tensorflow.rows.find((row) => row.release === release);
    if (build === undefined || (wanted !== undefined && !sameMinor(build.cuda, wanted)))
      return undefined;
    return {
      cuda: build.cuda,
      targets: [...build.sass, ...build.ptx],
      lowest: undefined,
      cudnn: build.cudnn,
      source: `official builds of TensorFlow ${build.release}`,
    };
  }
  if (name === 'onnxruntime') {
    const build = knowledge.onnxruntime.rows.find(
      ({ release }) => version === release || version.startsWith(`${release}.`),
    );
    return (
      build && {
        cuda: undefined,
        targets: [],
        lowest: undefined,
        cudnn: build.cudnn ?? undefined,
        source: `official builds of ONNX Runtime ${build.release}`,
      }
    );
  }
  const minimum = knowledge.minimumCapability.rows.find((row) => canonical(row.name) === name);
  const lowest = minimum && parseComputeCapability(minimum.cc);
  return (
    lowest && {
      cuda: undefined,
      targets: [],
      lowest,
      cudnn: undefined,
      source: `stated lowest compute capability of ${minimum.name}`,
    }
  );
}

/** The targets of an official build, with the PTX ISA of its CUDA. Other platforms than x86-64 have lists of their own. */
export function derivedCode(
  build: OfficialBuild,
  platform: string | undefined,
  tables: Tables,
): { entries: readonly CodeEntry[]; lowest?: ComputeCapability; source: string } | undefined {
  if (build.lowest !== undefined)
    return { entries: [], lowest: build.lowest, source: build.source };
  const targets = targetsOn(build, platform, tables.knowledge);
  if (targets.length === 0) return undefined;
  const cuda = parseCudaVersion(build.cuda);
  const isa = cuda && tables.ptxIsaOf(cuda);
  const entries = targets.flatMap((text) => codeEntry(text, isa));
  return { entries, source: build.source };
}

function targetsOn(
  build: OfficialBuild,
  platform: string | undefined,
  knowledge: Knowledge,
): readonly string[] {
  const machine = platform === undefined ? 'linux/amd64' : normalPlatform(platform);
  if (machine === 'linux/amd64') return build.targets;
  if (machine !== 'linux/arm64' || build.torch === undefined) return [];
  const { torch, cuda } = build;
  const row = knowledge.torchArm.rows.find(
    (one) =>
      semver.gte(torch, `${one.since}.0`) &&
      (one.cuda === cuda || (one.cuda.endsWith('.x') && cuda?.startsWith(one.cuda.slice(0, -1)))),
  );
  return row?.sass ?? [];
}

function sameMinor(text: string, cuda: CudaVersion | undefined): boolean {
  const version = parseCudaVersion(text);
  return (
    version !== undefined &&
    cuda !== undefined &&
    version.major === cuda.major &&
    version.minor === cuda.minor
  );
}

/** Frameworks that load the image's CUDA libraries; the others bring their own with them. */
export function usesLibrariesOfImage(framework: FrameworkView): boolean {
  return [
    'onnxruntime',
    'tensorflow',
    'cupy',
    'paddlepaddle',
    'mxnet',
    'tensorrt',
    'caffe',
  ].includes(canonical(framework.facts.name));
}

/** Native extensions of PyTorch: they load into its process and must be built for its CUDA major. */
export function isTorchExtension(framework: FrameworkView): boolean {
  return [
    'torchvision',
    'torchaudio',
    'flashattn',
    'xformers',
    'apex',
    'vllm',
    'deepspeed',
    'bitsandbytes',
    'torchsparse',
    'detectron2',
    'mmcv',
  ].includes(canonical(framework.facts.name));
}

export const isTorch = (framework: FrameworkView): boolean =>
  canonical(framework.facts.name) === 'torch';

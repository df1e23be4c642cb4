import type { CodeEntry } from './device-code.js';
import type { ImageFacts, ImageFramework } from './facts.js';
import { derivedCode, isTorch, officialBuild } from './framework-builds.js';
import { normalPlatform } from './host-view.js';
import { type Known, known, unknown } from './known.js';
import { type Requirement, requirementsOf } from './requirement.js';
import { flavourOf, type Tables } from './tables.js';
import { type ComputeCapability, parseTarget } from './target.js';
import {
  type CudaVersion,
  compareCudaMinor,
  type DriverVersion,
  type PtxIsa,
  parseCudaVersion,
  parseDriverVersion,
  parsePtxIsa,
} from './version.js';

/** Device code that stands or falls together: one framework's, or that of the image's other programs. */
export interface CodeSet {
  /** `torch 2.9.0`, or `device code of the image`. */
  readonly owner: string;
  readonly framework?: FrameworkView;
  readonly entries: readonly CodeEntry[];
  /** A stated lowest compute capability instead of a list of targets. */
  readonly lowest?: ComputeCapability;
  readonly from: string;
  /** Not read from the image: concluded from the official builds of that release. */
  readonly derived: boolean;
}

export interface CodeFile {
  readonly path: string;
  readonly entries: readonly CodeEntry[];
}

export interface FrameworkView {
  readonly facts: ImageFramework;
  readonly label: string;
  readonly cuda: CudaVersion | undefined;
  readonly cpuOnly: boolean;
}

/** The forward-compatibility package that an image carries. */
export interface CompatView {
  readonly version: DriverVersion | undefined;
  readonly branch: number;
  readonly cuda: CudaVersion;
  /** The folder of its libcuda, `/usr/local/cuda-12.8` written as `/usr/local/cuda`; absent: the usual place. */
  readonly folder: string | undefined;
  readonly raw: string;
  readonly from: string;
}

/** A CUDA version that something in the image was built for. */
export interface ImageNeed {
  readonly cuda: CudaVersion;
  readonly owner: string;
  /** The framework that has the need, as the facts name it; undefined: the image as a whole. */
  readonly framework?: string | undefined;
}

/** An image's facts, parsed once. */
export interface ImageView {
  readonly facts: ImageFacts;
  readonly platform: Known<string>;
  /** The CUDA version that decides: the image's, else CUDA_VERSION, else a framework's. */
  readonly cuda: Known<CudaVersion>;
  /** All CUDA versions that something in the image was built for, with who. */
  readonly needs: readonly ImageNeed[];
  readonly frameworks: readonly FrameworkView[];
  readonly compat: Known<CompatView | null>;
  readonly requirements: Known<readonly Requirement[]>;
  readonly code: Known<readonly CodeSet[]>;
  /** The image's own files with device code, each by itself. */
  readonly files: readonly CodeFile[];
  readonly env: Known<Readonly<Record<string, string>>>;
  /** The parts of its reference, where it has a repository and a tag. */
  readonly tag: ImageTag | undefined;
}

export interface ImageTag {
  readonly repository: string;
  readonly tag: string;
  readonly flavour: string;
  /** Repository and flavour together: what all images that could take its place share. */
  readonly kin: string;
}

const NOTHING: ImageFacts = {};

export function viewImage(facts: ImageFacts | undefined, tables: Tables): ImageView {
  const image = facts ?? NOTHING;
  const frameworks = (image.frameworks ?? []).map(viewFramework);
  const cuda = cudaOf(image, frameworks);
  const files = codeFiles(image, cuda, tables);
  const env: ImageView['env'] =
    image.env === undefined
      ? unknown("the image's environment was not read")
      : known(image.env, 'image environment');
  return {
    facts: image,
    platform:
      image.platform === undefined
        ? unknown("the image's platform was not given")
        : known(normalPlatform(image.platform), 'image'),
    cuda,
    needs: needsOf(cuda, frameworks),
    frameworks,
    compat: compatOf(image, cuda, tables),
    tag: tagOf(image.reference ?? ''),
    requirements: env.known ? known(requirementsOf(env.value), env.from) : env,
    code: codeOf(image, files, frameworks, cuda, tables),
    files,
    env,
  };
}

function tagOf(reference: string): ImageTag | undefined {
  const plain = reference.replace(/@.*$/, '').replace(/^(docker\.io|index\.docker\.io)\//, '');
  const match = /^([^\s:]+(?::\d+\/[^\s:]+)?):([\w][\w.-]*)$/.exec(plain);
  const [, repository, tag] = match ?? [];
  if (repository === undefined || tag === undefined) return undefined;
  const flavour = flavourOf(tag);
  return { repository, tag, flavour, kin: `${repository}:${flavour}` };
}

function viewFramework(facts: ImageFramework): FrameworkView {
  const label = facts.version === undefined ? facts.name : `${facts.name} ${facts.version}`;
  const suffix = /\+cu(\d{2,3})(\d)(?!\d)/.exec(facts.version ?? '');
  const named = suffix === null ? undefined : `${suffix[1]}.${suffix[2]}`;
  const cpuOnly =
    facts.cuda === null || (facts.cuda === undefined && /\+cpu\b/.test(facts.version ?? ''));
  return { facts, label, cuda: parseCudaVersion(facts.cuda ?? named ?? ''), cpuOnly };
}

function cudaOf(image: ImageFacts, frameworks: readonly FrameworkView[]): Known<CudaVersion> {
  const given = parseCudaVersion(image.cuda ?? '');
  if (given !== undefined) return known(given, 'image');
  const declared = parseCudaVersion(image.env?.['CUDA_VERSION'] ?? '');
  if (declared !== undefined) return known(declared, 'image environment CUDA_VERSION');
  const framework = frameworks.find((one) => one.cuda !== undefined);
  if (framework?.cuda !== undefined) return known(framework.cuda, framework.label);
  const libraries = runtimesOf(image);
  if (libraries.length === 1 && libraries[0] !== undefined) {
    return known(libraries[0], "libcudart of the image's files");
  }
  const text = image.cuda ?? image.env?.['CUDA_VERSION'];
  if (text === undefined && libraries.length > 1) {
    const versions = libraries.map(({ major, minor }) => `${major}.${minor}`).join(' and ');
    return unknown(
      `the image has the CUDA runtimes ${versions}, and nothing says which one its program loads`,
    );
  }
  return unknown(
    text === undefined
      ? "the image's CUDA version is not known"
      : `the image's CUDA version "${text}" cannot be read`,
  );
}

/**
 * The CUDA versions of the image's libcudart, lowest first: the one that programs load, else all. The runtime decides what a
 * driver must serve; the other libraries have numbers of their own.
 */
export function runtimesOf(image: ImageFacts): readonly CudaVersion[] {
  const runtimes = (image.libraries ?? []).filter(
    ({ name, kind }) => name === 'cudart' && kind !== 'stub',
  );
  const loaded = runtimes.filter((one) => one.loaded === true);
  const versions = new Map<string, CudaVersion>();
  for (const { version } of loaded.length > 0 ? loaded : runtimes) {
    const cuda = parseCudaVersion(version ?? '');
    // `libcudart.so.12` alone names no minor version.
    if (cuda !== undefined && cuda.parts.length > 1)
      versions.set(`${cuda.major}.${cuda.minor}`, cuda);
  }
  return [...versions.values()].sort(compareCudaMinor);
}

function needsOf(
  cuda: Known<CudaVersion>,
  frameworks: readonly FrameworkView[],
): ImageView['needs'] {
  const own = cuda.known ? cuda.from : undefined;
  const ofFrameworks = frameworks.flatMap((one): ImageNeed[] =>
    one.cuda === undefined ? [] : [{ cuda: one.cuda, owner: one.label, framework: one.facts.name }],
  );
  const first = ofFrameworks.find(({ owner }) => owner === own);
  const others = ofFrameworks.filter(({ owner }) => owner !== own);
  return cuda.known ? [first ?? { cuda: cuda.value, owner: cuda.from }, ...others] : others;
}

function compatOf(
  image: ImageFacts,
  cuda: Known<CudaVersion>,
  tables: Tables,
): Known<CompatView | null> {
  const given = image.compatDriver;
  if (given !== undefined) {
    const version = parseDriverVersion(given.version ?? libraryVersion(given.path) ?? '');
    const folder = given.path === undefined ? undefined : folderOf(given.path);
    return compatView(
      version,
      folder,
      given.version ?? given.path ?? '',
      cuda,
      'image files',
      tables,
    );
  }
  if (image.deviceCode !== undefined && isWholeRead(image)) return known(null, 'image files');
  const named = /^cuda-compat-(\d+)-(\d+)$/.exec(image.env?.['NV_CUDA_COMPAT_PACKAGE'] ?? '');
  const packaged = named === null ? undefined : parseCudaVersion(`${named[1]}.${named[2]}`);
  if (packaged !== undefined) {
    const of = known(packaged, 'image environment');
    return compatView(
      undefined,
      undefined,
      named?.[0] ?? '',
      of,
      'image environment NV_CUDA_COMPAT_PACKAGE',
      tables,
    );
  }
  return unknown(
    image.deviceCode === undefined && image.files === undefined
      ? "the image's files were not read, so a compat library may be there"
      : "the image's files were read in part only, so a compat library may be there",
  );
}

/** Without a word about how far the files were read, those that are listed are taken for all. */
export const isWholeRead = ({ files }: ImageFacts): boolean =>
  files?.complete !== false && (files?.unreadable ?? []).length === 0;

function compatView(
  version: DriverVersion | undefined,
  folder: string | undefined,
  raw: string,
  cuda: Known<CudaVersion>,
  from: string,
  tables: Tables,
): Known<CompatView | null> {
  // Without its own number the package is the one of the image's CUDA version.
  const branch = version?.branch ?? (cuda.known ? tables.branchOfCuda(cuda.value) : undefined);
  const served = version === undefined ? undefined : tables.cudaOfDriver(version, 'linux');
  // A library newer than the tables is of the image's CUDA version, not of the newest that they know.
  const sure = served === undefined || served.atLeast ? undefined : served.version;
  const serves = sure ?? (cuda.known ? cuda.value : served?.version);
  if (branch === undefined || serves === undefined) {
    return unknown('the version of the compat library in the image is not known');
  }
  return known({ version, branch, cuda: serves, folder, raw, from }, from);
}

const libraryVersion = (path: string | undefined): string | undefined =>
  /libcuda\.so\.(\d+\.\d+(?:\.\d+)?)$/.exec(path ?? '')?.[1];

/** The folder of a file; `/usr/local/cuda-12.8/…` is what `/usr/local/cuda/…` points at. */
function folderOf(path: string): string {
  return normalFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}

export const normalFolder = (path: string): string =>
  path
    .replace(/\/+/g, '/')
    .replace(/\/$/, '')
    .replace(/^\/usr\/local\/cuda-\d+(\.\d+)?(?=\/|$)/, '/usr/local/cuda');

/** NVIDIA's own libraries carry code for every GPU of their time: they say nothing about the program that uses them. */
const NVIDIA_LIBRARY =
  /(^|\/)lib(cublas|cublaslt|cudnn|cufft|curand|cusolver|cusparse|cusparselt|npp|nvjpeg|nccl|nvinfer|nvrtc|cutensor|cupti|nvblas|cudart|cuda|nvjitlink|nvshmem|cufile|cudss)[a-z0-9_]*(?:\.alt)?\.(so|a)/i;

function codeOf(
  image: ImageFacts,
  files: readonly CodeFile[],
  frameworks: readonly FrameworkView[],
  cuda: Known<CudaVersion>,
  tables: Tables,
): Known<readonly CodeSet[]> {
  const sets: CodeSet[] = [];
  for (const framework of frameworks) {
    if (framework.facts.targets === undefined || framework.facts.targets.length === 0) continue;
    const isa = isaOf(framework.cuda ?? (cuda.known ? cuda.value : undefined), tables);
    sets.push({
      owner: framework.label,
      framework,
      entries: usable(
        framework,
        framework.facts.targets.flatMap((text) => entry(text, isa)),
      ),
      from: 'framework',
      derived: false,
    });
  }
  const entries = files.flatMap((file) => file.entries);
  if (entries.length > 0) {
    sets.push({
      owner: 'device code of the image',
      entries,
      from: 'image files',
      derived: false,
    });
  }
  if (entries.length === 0) sets.push(...derivedSets(image, frameworks, cuda, tables));
  if (sets.length > 0) return known(sets, sets[0]?.from ?? 'image files');
  return unknown(
    image.deviceCode !== undefined
      ? 'no device code was found in the image'
      : image.files === undefined
        ? "the device code of the image's files was not read"
        : "no device code was found in that part of the image's files that was read",
  );
}

/** Kepler: the oldest architecture that PyTorch's builds of CUDA 10 and 11 list, and the only one as PTX too. */
const KEPLER = 3;

/**
 * PyTorch's builds of CUDA 10 and 11 list `compute_37` beside machine code for newer GPUs. PyTorch does not count it as support,
 * and newer GPUs ended in error 209 with such builds.
 * Sources: https://github.com/pytorch/pytorch/blob/main/torch/cuda/__init__.py (_check_cubins counts sm_ entries alone) and the
 * cases noimage-h100-sd-k8s and arch-metachat-5090-sm86 of `__tests__/recorded/failures.json`.
 */
function usable(framework: FrameworkView, entries: readonly CodeEntry[]): readonly CodeEntry[] {
  if (!isTorch(framework)) return entries;
  const newer = entries.some(({ target }) => target.kind === 'cubin' && target.major > KEPLER);
  return entries.filter(({ target }) => !newer || target.kind === 'cubin' || target.major > KEPLER);
}

function codeFiles(
  image: ImageFacts,
  cuda: Known<CudaVersion>,
  tables: Tables,
): readonly CodeFile[] {
  const files = image.deviceCode ?? [];
  const isa = isaOf(cuda.known ? cuda.value : undefined, tables);
  const own = files.filter((file) => !NVIDIA_LIBRARY.test(file.path ?? ''));
  return (own.length > 0 ? own : files).map((file) => ({
    path: file.path ?? 'a file',
    entries: [
      ...(file.cubins ?? []).flatMap((text) => entry(text, undefined)),
      ...(file.ptx ?? []).flatMap((one) =>
        entry(one.target, one.isa === undefined ? isa : parsePtxIsa(one.isa)),
      ),
    ],
  }));
}

function derivedSets(
  image: ImageFacts,
  frameworks: readonly FrameworkView[],
  cuda: Known<CudaVersion>,
  tables: Tables,
): CodeSet[] {
  return frameworks.flatMap((framework) => {
    if (framework.cpuOnly || (framework.facts.targets ?? []).length > 0) return [];
    const build = officialBuild(framework, cuda.known ? cuda.value : undefined, tables.knowledge);
    const code = build && derivedCode(build, image.platform, tables);
    if (code === undefined) return [];
    return [{ owner: framework.label, framework, ...code, from: code.source, derived: true }];
  });
}

const isaOf = (cuda: CudaVersion | undefined, tables: Tables): PtxIsa | undefined =>
  cuda === undefined ? undefined : tables.ptxIsaOf(cuda);

function entry(text: string, isa: PtxIsa | undefined): CodeEntry[] {
  const target = parseTarget(text);
  if (target === undefined) return [];
  return target.kind === 'ptx' && isa !== undefined ? [{ target, isa }] : [{ target }];
}

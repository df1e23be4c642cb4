import type { ImageFacts, ImageFramework, ImageLibrary } from './facts.js';
import type { Unchecked } from './finding.js';
import { normalPlatform } from './host-view.js';
import { type CodeFile, type CodeSet, codeOf, type ImageCode } from './image-code.js';
import { type Known, known, unknown } from './known.js';
import { type Requirement, requirementsOf } from './requirement.js';
import { flavourOf, type Tables } from './tables.js';
import { unreadOf } from './unread.js';
import {
  type CudaVersion,
  compareCudaMinor,
  type DriverVersion,
  parseCudaVersion,
  parseDriverVersion,
} from './version.js';

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
  /** Files with device code that are judged by themselves: see `ImageCode`. */
  readonly files: readonly CodeFile[];
  /** How much of its files stayed unread. */
  readonly unread: readonly Unchecked[];
  /** What of its own files has device code, see `ImageCode`. */
  readonly ownCode: ImageCode['own'];
  /** The CUDA versions of several libcudart of which nothing tells what the program loads, lowest first. */
  readonly runtimes: readonly CudaVersion[];
  /** The program chooses among several builds of its main library, see `ImageCode`. */
  readonly variants: boolean;
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
  const { code, single, own, variants } = codeOf(image, frameworks, cuda, tables);
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
    code,
    files: single,
    unread: unreadOf(image),
    ownCode: own,
    runtimes: cuda.known ? [] : readRuntimesOf(image),
    variants,
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
  return { facts, label, cuda: parseCudaVersion(facts.cuda ?? named), cpuOnly };
}

function cudaOf(image: ImageFacts, frameworks: readonly FrameworkView[]): Known<CudaVersion> {
  const given = parseCudaVersion(image.cuda);
  if (given !== undefined) return known(given, 'image');
  const declared = parseCudaVersion(image.env?.['CUDA_VERSION']);
  if (declared !== undefined) return known(declared, 'image environment CUDA_VERSION');
  const framework = frameworks.find((one) => one.cuda !== undefined);
  if (framework?.cuda !== undefined) return known(framework.cuda, framework.label);
  const libraries = readRuntimesOf(image);
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
    const cuda = parseCudaVersion(version);
    // `libcudart.so.12` alone names no minor version.
    if (cuda !== undefined && cuda.parts.length > 1)
      versions.set(`${cuda.major}.${cuda.minor}`, cuda);
  }
  return [...versions.values()].sort(compareCudaMinor);
}

/** The same where they decide: a list of libraries from elsewhere than a walk may leave out the one that programs load. */
export const readRuntimesOf = (image: ImageFacts): readonly CudaVersion[] =>
  image.files !== undefined || (image.libraries ?? []).some(isLoadedRuntime)
    ? runtimesOf(image)
    : [];

const isLoadedRuntime = ({ name, loaded }: ImageLibrary): boolean =>
  name === 'cudart' && loaded === true;

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
    const version = parseDriverVersion(given.version ?? libraryVersion(given.path));
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

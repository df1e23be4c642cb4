import { hasMainLibrary, placeOf } from './code-roles.js';
import { type CodeEntry, codeEntry } from './device-code.js';
import { baseName } from './driver-libraries.js';
import type { DeviceCode, ImageFacts } from './facts.js';
import { derivedCode, isSameFramework, isTorch, officialBuild } from './framework-builds.js';
import type { FrameworkView } from './image-view.js';
import { type Known, known, unknown } from './known.js';
import type { Tables } from './tables.js';
import type { ComputeCapability } from './target.js';
import { type CudaVersion, type PtxIsa, parsePtxIsa } from './version.js';

/** Device code that stands or falls together: one framework's, or that of the image's other programs. */
export interface CodeSet {
  /** `torch 2.9.0`, `libggml-cuda.so`, or `device code of the image`. */
  readonly owner: string;
  readonly framework?: FrameworkView;
  readonly entries: readonly CodeEntry[];
  /** A stated lowest compute capability instead of a list of targets. */
  readonly lowest?: ComputeCapability;
  readonly from: string;
  /** Not read from the image: concluded from the official builds of that release. */
  readonly derived: boolean;
  /** There may be more than was read, so that a lack of code proves nothing. */
  readonly partial?: boolean;
}

export interface CodeFile {
  readonly path: string;
  readonly entries: readonly CodeEntry[];
  readonly partial: boolean;
}

export interface ImageCode {
  /** What the image stands or falls with on a GPU. */
  readonly code: Known<readonly CodeSet[]>;
  /** Files of their own beside it: where one has nothing for a GPU, what uses it fails there, and the rest does not. */
  readonly single: readonly CodeFile[];
  /** What of the image's own files has code: a main one, other programs, or neither. */
  readonly own: 'main' | 'program' | 'none';
  /** One main library lies in several folders: the program picks the one that fits, as Ollama does. */
  readonly variants: boolean;
}

/** @param cuda the image's, which dates PTX whose ISA is not known. */
export function codeOf(
  image: ImageFacts,
  frameworks: readonly FrameworkView[],
  cuda: Known<CudaVersion>,
  tables: Tables,
): ImageCode {
  const isa = isaOf(cuda.known ? cuda.value : undefined, tables);
  const placed = (image.deviceCode ?? []).map((file) => ({
    ...placeOf(file, image),
    place: file.path,
    file: fileOf(file, isa),
  }));
  const inRole = (role: (typeof placed)[number]['role']) =>
    placed.filter((one) => one.role === role && (one.file.entries.length > 0 || one.file.partial));
  const listed = listedSets(frameworks, cuda, tables);
  const mains = mainSets(inRole('main'), listed, frameworks);
  const beside = [...inRole('program'), ...inRole('extension')].map(({ file }) => file);
  // What a file without a path belongs to cannot be told.
  const other = inRole('program').some(({ place = '' }) => place !== '') ? 'program' : 'none';
  const own = mains.some((set) => !isOfCpuBuild(set, frameworks)) ? 'main' : other;
  const variants = hasVariants(inRole('main').map(({ file }) => file.path));
  const rest = { own, variants } as const;
  const sure = [...listed, ...mains];
  if (sure.length > 0) return { code: known(sure, sure[0]?.from ?? ''), single: beside, ...rest };
  // Without a main one, what the image has of its own is what it is about; and a base image has NVIDIA's libraries alone.
  const loose = inRole('loose').map(({ file }) => file);
  const vendor = inRole('vendor').map(({ file }) => file);
  const withLoaded = [...beside, ...loose.filter(({ path }) => !LINKED.test(path))];
  const files =
    (hasCode(beside) ? [withLoaded, loose, vendor] : [loose, vendor]).find(hasCode) ?? [];
  // An extension does not speak for the framework that loads it: the code of that one is not known.
  const loader =
    inRole('program').length > 0
      ? undefined
      : frameworks.find(({ facts, cpuOnly }) => !cpuOnly && hasMainLibrary(facts.name));
  const isExtensionOnly = loader !== undefined && beside.length > 0;
  const isOwn = beside.length > 0 && !isExtensionOnly;
  const derivable = isExtensionOnly
    ? frameworks.filter(({ facts }) => hasMainLibrary(facts.name))
    : frameworks;
  const derived = isOwn ? [] : derivedSets(image, derivable, cuda, tables);
  if (derived.length > 0) {
    const single = isExtensionOnly ? beside : [];
    return { code: known(derived, derived[0]?.from ?? ''), single, ...rest };
  }
  if (isExtensionOnly)
    return {
      code: unknown(`no device code of ${loader.label} was found`),
      single: beside,
      ...rest,
    };
  if (files.length === 0) return { code: unknown(whyUnknown(image)), single: [], ...rest };
  const set = setOf('device code of the image', files, image.files?.complete === false);
  return { code: known([set], set.from), single: files.length > 1 ? beside : [], ...rest };
}

/** Of code outside a program, what is there to be linked into one: no program loads it as it is. */
const LINKED = /\.(?:a|o)$/;

/** A CPU build of a framework and its file contradict each other, so that the file speaks for no program beside it. */
function isOfCpuBuild({ framework }: CodeSet, frameworks: readonly FrameworkView[]): boolean {
  if (framework === undefined) return false;
  return frameworks
    .filter(({ facts }) => isSameFramework(facts.name, framework.facts.name))
    .every(({ cpuOnly }) => cpuOnly);
}

function hasVariants(paths: readonly string[]): boolean {
  const names = paths.map(baseName);
  return new Set(names).size < names.length;
}

const hasCode = (files: readonly CodeFile[]): boolean =>
  files.some(({ entries }) => entries.length > 0);

function whyUnknown(image: ImageFacts): string {
  if (image.deviceCode !== undefined) return 'no device code was found in the image';
  return image.files === undefined
    ? "the device code of the image's files was not read"
    : "no device code was found in that part of the image's files that was read";
}

/** What a framework says of itself: it knows which of its file's targets its kernels are built for. */
function listedSets(
  frameworks: readonly FrameworkView[],
  cuda: Known<CudaVersion>,
  tables: Tables,
): CodeSet[] {
  return frameworks.flatMap((framework): CodeSet[] => {
    const targets = framework.facts.targets ?? [];
    if (targets.length === 0) return [];
    const isa = isaOf(framework.cuda ?? (cuda.known ? cuda.value : undefined), tables);
    const entries = targets.flatMap((text) => codeEntry(text, isa));
    return [
      {
        owner: framework.label,
        framework,
        entries: usable(framework, entries),
        from: 'framework',
        derived: false,
      },
    ];
  });
}

/** One set for each owner: variants of one library in several folders are for several CUDA versions, and a program picks one. */
function mainSets(
  mains: readonly { readonly owner: string; readonly file: CodeFile }[],
  listed: readonly CodeSet[],
  frameworks: readonly FrameworkView[],
): CodeSet[] {
  const owners = [...new Set(mains.map(({ owner }) => owner))];
  return owners.flatMap((owner): CodeSet[] => {
    const isOwners = (view: FrameworkView | undefined) =>
      view !== undefined && isSameFramework(view.facts.name, owner);
    if (listed.some((set) => isOwners(set.framework))) return [];
    const files = mains.filter((one) => one.owner === owner).map(({ file }) => file);
    const framework = frameworks.find(isOwners);
    const set = setOf(framework?.label ?? owner, files, false);
    if (framework === undefined) return [set];
    return [{ ...set, framework, entries: usable(framework, set.entries) }];
  });
}

const setOf = (owner: string, files: readonly CodeFile[], inPart: boolean): CodeSet => ({
  owner,
  entries: files.flatMap((file) => file.entries),
  from: 'image files',
  derived: false,
  ...(inPart || files.some(({ partial }) => partial) ? { partial: true } : {}),
});

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

function fileOf({ path, cubins, ptx, malformed }: DeviceCode, isa: PtxIsa | undefined): CodeFile {
  return {
    path: path ?? 'a file',
    entries: [
      ...(cubins ?? []).flatMap((text) => codeEntry(text, undefined)),
      ...(ptx ?? []).flatMap((one) =>
        codeEntry(one.target, one.isa === undefined ? isa : parsePtxIsa(one.isa)),
      ),
    ],
    partial: malformed !== undefined,
  };
}

function derivedSets(
  image: ImageFacts,
  frameworks: readonly FrameworkView[],
  cuda: Known<CudaVersion>,
  tables: Tables,
): CodeSet[] {
  return frameworks.flatMap((framework) => {
    if (framework.cpuOnly) return [];
    const build = officialBuild(framework, cuda.known ? cuda.value : undefined, tables.knowledge);
    const code = build && derivedCode(build, image.platform, tables);
    if (code === undefined) return [];
    return [{ owner: framework.label, framework, ...code, from: code.source, derived: true }];
  });
}

const isaOf = (cuda: CudaVersion | undefined, tables: Tables): PtxIsa | undefined =>
  cuda === undefined ? undefined : tables.ptxIsaOf(cuda);

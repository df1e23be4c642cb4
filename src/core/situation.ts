import { containerHost } from './container-host.js';
import { type CodeLimits, type Coverage, coverage } from './device-code.js';
import { type DriverSide, hostService, type Service, serviceOf } from './driver-support.js';
import type { Facts, HostFacts, ImageFacts, ProbeFacts } from './facts.js';
import { type CompatVerdict, chooseLibcuda, judgeCompat, type Libcuda } from './forward-compat.js';
import { type GpuView, type HostView, viewHost } from './host-view.js';
import type { CodeFile, CodeSet } from './image-code.js';
import { type CompatView, type ImageNeed, type ImageView, viewImage } from './image-view.js';
import { type Known, known } from './known.js';
import { judgeRequirements, type Refusal, type RequirementJudgement } from './requirement-gate.js';
import { type Seen, seenIn } from './seen.js';
import type { ServedCuda, Tables } from './tables.js';
import { compareCapability } from './target.js';
import { type CudaVersion, parseCudaVersion } from './version.js';

/** How the code of one set serves one GPU. */
export interface GpuCoverage {
  readonly gpu: GpuView;
  readonly set: CodeSet;
  readonly coverage: Coverage;
}

export interface CudaNeed extends ImageNeed {
  readonly service: Service;
}

/** One image on one host: the facts parsed once, and what follows from them, each worked out on first use. */
export interface Situation {
  readonly facts: Facts;
  /** The host of the container, with the GPUs that the container had. */
  readonly host: HostView;
  readonly image: ImageView;
  readonly probe: ProbeFacts | undefined;
  /** The facts of the host are another machine's than the one that ran the container. */
  readonly foreignHost: boolean;
  /** The GPU of `host` that CUDA counts as this one in the container; undefined where nothing tells which it is. */
  gpuInContainer(index: number): GpuView | undefined;
  /** All GPUs of the runner, also those that the container did not have. */
  runnerGpus(): Known<readonly GpuView[]>;
  readonly seen: Seen;
  readonly tables: Tables;
  /** The CUDA version of the image, also when only its running libcudart told it. */
  readonly cuda: Known<CudaVersion>;
  libcuda(): Libcuda;
  /** What happens with the image's compat library, whether it is loaded or not; null without one. */
  compat(): CompatVerdict | null;
  /** The CUDA version of the libcuda that programs get. */
  servedCuda(): Known<ServedCuda>;
  /** How the libcuda in use serves each CUDA version that the image needs. */
  needs(): readonly CudaNeed[];
  /** How the host's own libcuda would serve them. */
  hostNeeds(): readonly CudaNeed[];
  coverages(): readonly GpuCoverage[];
  /** The same with the image's compat library in place of the host's. */
  coveragesWithCompat(): readonly GpuCoverage[];
  requirements(): RequirementJudgement;
  /** Single files beside the image's main code that a GPU cannot use, see `ImageCode`. */
  bareFiles(): readonly BareFile[];
}

export interface BareFile {
  readonly gpu: GpuView;
  readonly file: CodeFile;
  readonly kind: 'none' | 'ptx-too-new';
}

export interface Views {
  host(facts: HostFacts | undefined): HostView;
  image(facts: ImageFacts | undefined): ImageView;
}

/** Parses each host and each image once for as long as its facts live: a fleet repeats them in every pair. */
export function createViews(tables: Tables): Views {
  const hosts = new WeakMap<HostFacts, HostView>();
  const images = new WeakMap<ImageFacts, ImageView>();
  return {
    host: (facts) => remembered(hosts, facts, () => viewHost(facts, tables)),
    image: (facts) => remembered(images, facts, () => viewImage(facts, tables)),
  };
}

function remembered<K extends object, V>(map: WeakMap<K, V>, key: K | undefined, make: () => V): V {
  if (key === undefined) return make();
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** @param refusal the container stack was seen to refuse the container over a requirement */
export function createSituation(
  facts: Facts,
  views: Views,
  tables: Tables,
  refusal?: Refusal,
): Situation {
  return new Pair(facts, views, tables, refusal);
}

/** Each answer is worked out when it is first asked for: most pairs need few of them. */
class Pair implements Situation {
  readonly facts: Facts;
  readonly host: HostView;
  readonly image: ImageView;
  readonly probe: ProbeFacts | undefined;
  readonly foreignHost: boolean;
  readonly seen: Seen;
  readonly tables: Tables;
  readonly cuda: Known<CudaVersion>;
  readonly #views: Views;
  readonly #refusal: Refusal | undefined;
  readonly #places: ReadonlyMap<number, number> | undefined;
  #libcuda: Libcuda | undefined;
  #compat: CompatVerdict | null | undefined;
  #servedCuda: Known<ServedCuda> | undefined;
  #needs: readonly CudaNeed[] | undefined;
  #hostNeeds: readonly CudaNeed[] | undefined;
  #coverages: readonly GpuCoverage[] | undefined;
  #coveragesWithCompat: readonly GpuCoverage[] | undefined;
  #requirements: RequirementJudgement | undefined;
  #bareFiles: readonly BareFile[] | undefined;

  constructor(facts: Facts, views: Views, tables: Tables, refusal: Refusal | undefined) {
    const { probe } = facts;
    const { facts: hostFacts, foreign, places } = containerHost(facts.host, probe);
    this.facts = facts;
    this.host = views.host(hostFacts);
    this.image = views.image(facts.image);
    this.probe = probe;
    this.foreignHost = foreign;
    this.tables = tables;
    this.#views = views;
    this.#refusal = refusal;
    this.#places = places;
    const { cuda } = this.image;
    this.cuda = cuda.known ? cuda : (runtimeCuda(probe) ?? this.#runtimeForHost() ?? cuda);
    this.seen = seenIn(probe, this.image, (index) => this.gpuInContainer(index));
  }

  gpuInContainer(index: number): GpuView | undefined {
    const gpus = gpusOf(this);
    if (this.#places === undefined) return gpus.find((gpu) => gpu.index === index);
    return gpus[this.#places.get(index) ?? -1];
  }

  runnerGpus(): Known<readonly GpuView[]> {
    return (this.foreignHost ? this.host : this.#views.host(this.facts.host)).gpus;
  }

  libcuda(): Libcuda {
    this.#libcuda ??= chooseLibcuda(this.host, this.image, this.probe, this.tables);
    return this.#libcuda;
  }

  compat(): CompatVerdict | null {
    if (this.#compat === undefined) {
      const choice = this.libcuda();
      const view = choice.from === 'compat' ? choice.compat : compatOf(this.image);
      this.#compat =
        view === null || this.host.windows ? null : judgeCompat(view, this.host, this.tables);
    }
    return this.#compat;
  }

  servedCuda(): Known<ServedCuda> {
    this.#servedCuda ??= servedBy(this.libcuda(), this.host);
    return this.#servedCuda;
  }

  needs(): readonly CudaNeed[] {
    this.#needs ??= this.#needsOn(this.libcuda());
    return this.#needs;
  }

  hostNeeds(): readonly CudaNeed[] {
    this.#hostNeeds ??= this.#needed().map((need) =>
      withService(need, hostService(this.host, need.cuda, this.tables)),
    );
    return this.#hostNeeds;
  }

  coverages(): readonly GpuCoverage[] {
    this.#coverages ??= this.#coveragesOn(this.servedCuda());
    return this.#coverages;
  }

  coveragesWithCompat(): readonly GpuCoverage[] {
    this.#coveragesWithCompat ??= this.#coveragesOnCompat(compatOf(this.image));
    return this.#coveragesWithCompat;
  }

  requirements(): RequirementJudgement {
    this.#requirements ??= judgeRequirements(this.host, this.image, this.probe, this.#refusal);
    return this.#requirements;
  }

  bareFiles(): readonly BareFile[] {
    if (this.#bareFiles === undefined) {
      const limits = this.#limitsOn(this.servedCuda());
      this.#bareFiles = findBareFiles(this.host, this.image, limits, this.tables);
    }
    return this.#bareFiles;
  }

  /**
   * Of several libcudart the newest, if the driver serves it, and the oldest, if it serves none: then it does not matter which of
   * them the program loads. In between, the newest that it serves where the program is known to choose.
   */
  #runtimeForHost(): Known<CudaVersion> | undefined {
    const { runtimes, variants } = this.image;
    if (runtimes.length < 2) return undefined;
    const kinds = runtimes.map((cuda) => hostService(this.host, cuda, this.tables).kind);
    const served = runtimes.filter(
      (_, at) => kinds[at] === 'full' || kinds[at] === 'minor-version',
    );
    const newest = served.at(-1);
    const decided = kinds.every((kind) => kind === 'too-old')
      ? runtimes[0]
      : newest === runtimes.at(-1) || variants
        ? newest
        : undefined;
    return decided && known(decided, "libcudart of the image's files");
  }

  #needed(): readonly ImageNeed[] {
    const { image, cuda } = this;
    return image.cuda.known || !cuda.known ? image.needs : [{ cuda: cuda.value, owner: cuda.from }];
  }

  #needsOn(choice: Libcuda): readonly CudaNeed[] {
    if (choice.from === 'host') return this.hostNeeds();
    const side: DriverSide = {
      driver: choice.compat.version,
      cuda: { version: choice.compat.cuda, atLeast: false, from: 'compat library' },
      family: this.host.family,
    };
    return this.#needed().map((need) => withService(need, serviceOf(side, need.cuda, this.tables)));
  }

  #coveragesOn(served: Known<ServedCuda>): readonly GpuCoverage[] {
    return coverAll(this.host, this.image, this.#limitsOn(served), this.tables);
  }

  #coveragesOnCompat(compat: CompatView | null): readonly GpuCoverage[] {
    if (compat === null) return [];
    const { cuda, from } = compat;
    return this.#coveragesOn(known({ version: cuda, atLeast: false, from }, from));
  }

  #limitsOn(served: Known<ServedCuda>): CodeLimits {
    const jit = jitLimits(this.image, this.probe);
    const isa = served.known ? this.tables.ptxIsaOf(served.value.version) : undefined;
    if (isa === undefined) return jit;
    // A driver that no table has reads at least this, and perhaps more.
    return { ...jit, ptxIsa: isa, mayReadMore: served.known && served.value.atLeast };
  }
}

const withService = ({ cuda, owner, framework }: ImageNeed, service: Service): CudaNeed => ({
  cuda,
  owner,
  framework,
  service,
});

const compatOf = ({ compat }: ImageView): CompatView | null => (compat.known ? compat.value : null);

function runtimeCuda(probe: ProbeFacts | undefined): Known<CudaVersion> | undefined {
  const version = parseCudaVersion(probe?.runtime?.version);
  return version && known(version, "the image's libcudart");
}

function servedBy(libcuda: Libcuda, host: HostView): Known<ServedCuda> {
  if (libcuda.from === 'host') return host.cuda;
  return known(
    { version: libcuda.compat.cuda, atLeast: false, from: 'compat library' },
    'compat library',
  );
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== '0';

const NO_LIMITS: CodeLimits = {};

/** Source: CUDA programming guide, environment variables CUDA_DISABLE_PTX_JIT and CUDA_FORCE_PTX_JIT. */
function jitLimits(image: ImageView, probe: ProbeFacts | undefined): CodeLimits {
  const read = (name: string) =>
    probe?.env?.[name] ?? (image.env.known ? image.env.value[name] : undefined);
  const jitDisabled = isSet(read('CUDA_DISABLE_PTX_JIT'));
  const jitForced = isSet(read('CUDA_FORCE_PTX_JIT'));
  return jitDisabled || jitForced ? { jitDisabled, jitForced } : NO_LIMITS;
}

function coverAll(
  host: HostView,
  image: ImageView,
  limits: CodeLimits,
  tables: Tables,
): readonly GpuCoverage[] {
  if (!host.gpus.known || !image.code.known) return [];
  const found: GpuCoverage[] = [];
  for (const gpu of host.gpus.value) {
    if (!gpu.capability.known) continue;
    for (const set of image.code.value) {
      found.push({ gpu, set, coverage: coverSet(gpu, set, limits, tables) });
    }
  }
  return found;
}

/** More than this many files say no more than that the image mixes builds. */
const MOST_FILES = 256;

function findBareFiles(
  { gpus }: HostView,
  { files }: ImageView,
  limits: CodeLimits,
  tables: Tables,
): readonly BareFile[] {
  if (files.length === 0 || !gpus.known) return NO_FILES;
  const found: BareFile[] = [];
  for (const gpu of gpus.value) {
    if (!gpu.capability.known) continue;
    for (const file of files.slice(0, MOST_FILES)) {
      if (file.partial || file.entries.length === 0) continue;
      const { kind } = coverage(gpu.capability.value, file.entries, limits, tables);
      if (kind === 'none' || kind === 'ptx-too-new') found.push({ gpu, file, kind });
    }
  }
  return found;
}

const NO_FILES: readonly BareFile[] = [];

function coverSet(gpu: GpuView, set: CodeSet, limits: CodeLimits, tables: Tables): Coverage {
  if (!gpu.capability.known) return { kind: 'none' };
  if (set.lowest !== undefined) {
    return compareCapability(gpu.capability.value, set.lowest) >= 0
      ? { kind: 'exact', targets: [] }
      : { kind: 'none' };
  }
  return coverage(gpu.capability.value, set.entries, limits, tables);
}

export const gpusOf = (situation: Situation): readonly GpuView[] =>
  situation.host.gpus.known ? situation.host.gpus.value : [];

/** The GPUs whose compute capability is known, or the reason why there is none. */
export const gpusWithCapability = (situation: Situation): Known<readonly GpuView[]> =>
  situation.host.capableGpus;

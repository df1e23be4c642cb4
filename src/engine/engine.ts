import type { CommandOutcome } from '../platform/ports.js';

export type EngineName = 'docker' | 'podman' | 'nerdctl';

export const ENGINE_NAMES: readonly EngineName[] = ['docker', 'podman', 'nerdctl'];

/** What the program asks of a container engine. No call throws for what the engine answers. */
export interface ContainerEngine {
  readonly name: EngineName;
  /** Version and info documents, JSON text each. */
  info(options?: CallOptions): Promise<EngineResult<string>>;
  inspectImage(image: string, options?: CallOptions): Promise<EngineResult<string>>;
  /** The registry's manifest or index of an image, JSON text; nothing is pulled. */
  manifest(
    image: string,
    options?: CallOptions & { readonly plainHttp?: boolean },
  ): Promise<EngineResult<string>>;
  pull(image: string, options?: PullOptions): Promise<EngineResult<void>>;
  /** Creates a container and does not start it. */
  create(spec: ContainerSpec, options?: CallOptions): Promise<EngineResult<void>>;
  /** Puts an executable file into `/` of a container that need not have been started. */
  copyIn(
    container: string,
    name: string,
    program: Uint8Array,
    options?: CallOptions,
  ): Promise<EngineResult<void>>;
  /** Starts a container and stays attached until it ends. The exit code of the command is that of the container. */
  start(container: string, options: StartOptions): Promise<CommandOutcome>;
  inspectContainer(
    container: string,
    options?: CallOptions,
  ): Promise<EngineResult<ContainerState | undefined>>;
  /**
   * What the engine's list says of a container: `Created`, `Up 5 seconds`; undefined where it is not in it. Docker's list, unlike its
   * inspection, answers while a start holds the container.
   */
  listedStatus(container: string, options?: CallOptions): Promise<EngineResult<string | undefined>>;
  /** Ends and removes a container; one that is not there counts as removed. */
  remove(container: string, options?: CallOptions): Promise<EngineResult<void>>;
  /** Ids of all containers with a label, running or not. */
  listByLabel(label: string, options?: CallOptions): Promise<EngineResult<string[]>>;
  /**
   * All containers that have a label of this name, running or not, with its value and those of others. Undefined where the engine's listing
   * cannot keep a value apart from what an image wrote into it.
   */
  readonly listLabelled?: (
    label: string,
    others: readonly string[],
    options?: CallOptions,
  ) => Promise<EngineResult<LabelledContainer[]>>;
}

export interface LabelledContainer {
  readonly id: string;
  readonly name: string;
  /** By name; empty where the container does not have it, cut where it is long. May be an image's own. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface PullOptions extends CallOptions {
  readonly onLine?: (line: string) => void;
}

export interface StartOptions extends CallOptions {
  readonly onStdout: (chunk: Uint8Array) => void;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly labels: readonly string[];
  /** GPUs in the engine's own words after `parseGpus`; undefined for none. */
  readonly gpus?: GpuRequest;
  /** Replaces the image's entry point; undefined keeps it. */
  readonly entrypoint?: string;
  readonly command: readonly string[];
  /** Keep the right to read files whatever their mode says, as root has it in an ordinary container. */
  readonly keepDacOverride: boolean;
  /** Further options of the user, from the allowed list, split into words. */
  readonly options: readonly string[];
}

export type GpuRequest =
  | { readonly kind: 'all' }
  | { readonly kind: 'count'; readonly count: number }
  /** Indexes, UUIDs or MIG names. */
  | { readonly kind: 'devices'; readonly devices: readonly string[] }
  /** Devices of the Container Device Interface by their whole names, `nvidia.com/gpu=0`, whatever the engine would do with `--gpus`. */
  | { readonly kind: 'cdi'; readonly names: readonly string[] };

/** State of a container after it ran, as the engine tells it. */
export interface ContainerState {
  /** `created`, `running`, `exited`, `dead`, … */
  readonly status?: string;
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** Why the engine could not start it. */
  readonly error?: string;
}

export type EngineResult<T> =
  | { readonly ok: true; readonly value: T; readonly command: string }
  | { readonly ok: false; readonly failure: EngineFailure };

/** An engine's command that did not do its work, with the engine's own words, whole. */
export interface EngineFailure {
  /** `under-way`: the engine was already at it, and still is. */
  readonly reason: 'refused' | 'not-found' | 'timed-out' | 'aborted' | 'under-way';
  readonly command: string;
  readonly exitCode?: number;
  readonly text: string;
}

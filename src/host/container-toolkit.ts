import type { EngineInfo } from './engine-info.js';

/** Where the NVIDIA Container Toolkit keeps its settings. */
export const TOOLKIT_CONFIG = '/etc/nvidia-container-runtime/config.toml';

/** Programs that tell the toolkit's version, likeliest first; the base package has only the first. */
export const TOOLKIT_PROGRAMS = [
  'nvidia-ctk',
  'nvidia-container-runtime-hook',
  'nvidia-container-cli',
] as const;

/**
 * The version in `nvidia-ctk --version` (`NVIDIA Container Toolkit CLI version 1.17.8`), `nvidia-container-runtime-hook
 * --version` or `nvidia-container-cli --version` (`cli-version: 1.17.8`).
 */
export const parseToolkitVersion = (text: string): string | undefined =>
  /\bversion:?\s+v?(\d+\.\d+\.\d+[\w.~+-]*)/i.exec(text)?.[1];

/** What the toolkit's config.toml sets; a setting that is absent there keeps its default. */
export interface ToolkitConfig {
  /** `[nvidia-container-runtime] mode`: `auto`, `legacy`, `cdi`, `jit-cdi`, `csv`. */
  readonly mode?: string;
  /** `disable-require = true`: the hook of the legacy mode evaluates no NVIDIA_REQUIRE_*. */
  readonly disableRequire?: true;
}

/** Reads those settings; a line in another form than the toolkit writes is passed over. */
export function parseToolkitConfig(text: string): ToolkitConfig {
  let table = '';
  let mode: string | undefined;
  let disableRequire = false;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)?.[1];
    if (header !== undefined) table = header;
    const set = /^\s*mode\s*=\s*["']([\w-]+)["']/.exec(line)?.[1];
    if (table === 'nvidia-container-runtime' && set !== undefined) mode = set;
    const flag = /^\s*disable-require\s*=\s*(true|false)\b/.exec(line)?.[1];
    if (table === '' && flag !== undefined) disableRequire = flag === 'true';
  }
  return { ...(mode === undefined ? {} : { mode }), ...(disableRequire ? { disableRequire } : {}) };
}

/** What decides how GPUs get into a container; what is absent is not known. */
export interface InjectionFacts {
  readonly engine: EngineInfo;
  /** The GPUs are asked for by the names of CDI devices. */
  readonly cdiNames?: boolean | undefined;
  /** Runtime that the user asks for by `--runtime`. */
  readonly runtime?: string | undefined;
  readonly toolkitVersion?: string | undefined;
  readonly toolkitMode?: string | undefined;
  /** The machine says that it is a Tegra (Jetson). */
  readonly tegra?: boolean | undefined;
  /** nvidia-smi, and so NVML, answered. */
  readonly nvml?: boolean | undefined;
}

/**
 * How the engine injects GPUs: `legacy`, `cdi`, `jit-cdi`, `csv`; undefined where the facts do not decide it.
 * - Names of CDI devices are resolved by the engine itself, and Podman asks by them alone.
 * - Through the NVIDIA runtime, its configured mode decides; `auto`, the default, is csv on a Tegra without NVML, elsewhere legacy before toolkit
 *   1.18 and just-in-time CDI from it on. On a Tegra with NVML the kinds of its GPUs decide.
 *   https://github.com/NVIDIA/nvidia-container-toolkit/releases/tag/v1.18.0, internal/info/auto.go
 * - Docker's `--gpus` runs the prestart hook up to 28; from 29 on it prefers CDI where it knows an NVIDIA device and the
 *   toolkit's CDI hook is there, which `info` does not tell. https://github.com/moby/moby/pull/50228
 */
export function gpuMode({
  engine,
  cdiNames,
  runtime,
  toolkitVersion,
  toolkitMode,
  tegra,
  nvml,
}: InjectionFacts): string | undefined {
  const { name, version } = engine.engine;
  if (cdiNames || name === 'podman') return 'cdi';
  const chosen = runtime ?? engine.defaultRuntime;
  if (chosen?.includes('nvidia')) {
    if (toolkitMode !== undefined && toolkitMode !== 'auto') return toolkitMode;
    if (tegra === true) return nvml === true ? undefined : 'csv';
    const minor = /^1\.(\d+)\./.exec(toolkitVersion ?? '')?.[1];
    return minor === undefined ? undefined : Number(minor) >= 18 ? 'jit-cdi' : 'legacy';
  }
  if (name !== 'docker') return undefined;
  const major = /^(\d+)\./.exec(version ?? '')?.[1];
  if (major === undefined) return undefined;
  if (Number(major) < 29) return 'legacy';
  return engine.cdiDevices?.some((device) => device.startsWith('nvidia.com/gpu='))
    ? undefined
    : 'legacy';
}

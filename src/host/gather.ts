import type { HostFacts } from '../core/facts.js';
import type { ContainerEngine, GpuRequest } from '../engine/engine.js';
import type { Files, Shell } from '../platform/ports.js';
import { CDI_FOLDERS, cdiDeviceNames, isCdiSpec } from './cdi.js';
import {
  gpuMode,
  parseToolkitConfig,
  parseToolkitVersion,
  TOOLKIT_CONFIG,
  TOOLKIT_PROGRAMS,
} from './container-toolkit.js';
import { type EngineInfo, parseEngineInfo } from './engine-info.js';
import type { SmiFacts } from './nvidia-smi.js';
import { PROC_DRIVER, parseProcDriver } from './proc-driver.js';
import { SMI_COLUMNS, SMI_COLUMNS_OLD } from './smi-columns.js';
import { parseTegraRelease, TEGRA_RELEASE } from './tegra.js';

/** nvidia-smi answers within a second or two, with eight GPUs and no persistence daemon within ten. */
const SMI_MS = 45_000;
const TOOLKIT_MS = 10_000;
/** The release of the running kernel. */
const KERNEL = '/proc/sys/kernel/osrelease';

export interface HostSources {
  readonly shell: Shell;
  readonly files: Files;
  readonly engine: ContainerEngine;
  /** The GPUs that are asked for; without them, how they would get into a container is judged for `--gpus`. */
  readonly gpus?: GpuRequest | undefined;
  /** Runtime that the user asks for by `--runtime`. */
  readonly runtime?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Host {
  readonly facts: HostFacts;
  /** Folder of the engine's images, when it is on this machine. */
  readonly storage?: string;
}

/** Asks the machine and the engine, all at once. What does not answer stays absent; nothing here ends the run. */
export async function gatherHost(sources: HostSources): Promise<Host> {
  const { shell, files } = sources;
  const [info, kernel, ...local] = await Promise.all([
    engineInfo(sources),
    files.readText(KERNEL),
    smiFacts(shell, sources.signal),
    files.readText(PROC_DRIVER),
    toolkit(shell, sources.signal),
    files.readText(TOOLKIT_CONFIG),
    cdiFromSpecs(files),
    files.readText(TEGRA_RELEASE),
  ]);
  const remote = isElsewhere(info.kernel, kernel);
  const [smi, proc, toolkitVersion, toolkitConfig, cdiDevices, tegra] = remote ? NOTHING : local;
  const procDriver = proc === undefined ? undefined : parseProcDriver(proc);
  const driver = { ...procDriver, ...smi.driver };
  const config = parseToolkitConfig(toolkitConfig ?? '');
  const mode = gpuMode({
    engine: info,
    cdiNames: sources.gpus?.kind === 'cdi',
    runtime: sources.runtime,
    toolkitVersion,
    toolkitMode: config.mode,
    tegra: tegra !== undefined,
    nvml: smi.driver !== undefined,
  });
  const os = [info.os, tegra === undefined ? undefined : parseTegraRelease(tegra)]
    .filter((part) => part !== undefined)
    .join(', ');
  const containerToolkit = {
    ...(toolkitVersion === undefined ? {} : { version: toolkitVersion }),
    ...(config.disableRequire === undefined ? {} : { disableRequire: true }),
  };
  const devices = [...new Set([...cdiDevices, ...(info.cdiDevices ?? [])])];
  return {
    facts: {
      ...(info.platform === undefined ? {} : { platform: info.platform }),
      ...(os === '' ? {} : { os }),
      ...(Object.keys(driver).length === 0 ? {} : { driver }),
      ...(smi.gpus === undefined ? {} : { gpus: smi.gpus }),
      engine: {
        ...info.engine,
        ...(remote ? { remote } : {}),
        ...(mode === undefined ? {} : { gpuMode: mode }),
      },
      ...(Object.keys(containerToolkit).length === 0 ? {} : { containerToolkit }),
      ...(devices.length === 0 ? {} : { cdiDevices: devices }),
    },
    ...(info.storage === undefined || remote ? {} : { storage: info.storage }),
  };
}

/** What this machine says of another one. */
const NOTHING: readonly [SmiFacts, undefined, undefined, undefined, readonly string[], undefined] =
  [{}, undefined, undefined, undefined, [], undefined];

/**
 * Whether the engine's containers run under another kernel than this process: on a remote host, or in a virtual machine. A
 * runner that is itself in a container has the kernel of its host. Not known where either kernel is not.
 */
const isElsewhere = (engine: string | undefined, here: string | undefined): boolean =>
  engine !== undefined && here !== undefined && engine !== here.trim();

async function engineInfo({ engine, signal }: HostSources): Promise<EngineInfo> {
  const info = await engine.info({ signal });
  return parseEngineInfo(engine.name, info.ok ? info.value : '');
}

async function smiFacts(shell: Shell, signal: AbortSignal): Promise<SmiFacts> {
  if ((await shell.find('nvidia-smi')) === undefined) return {};
  /** Undefined where there was no end: asking again would take as long again. */
  const ask = async (...args: string[]): Promise<string | undefined> => {
    const outcome = await shell.run('nvidia-smi', args, { timeoutMs: SMI_MS, signal });
    // Whatever its exit code: with 14 (a corrupted infoROM) and others it warns and prints everything all the same
    // (https://docs.nvidia.com/deploy/nvidia-smi/index.html#return-value). The parsers refuse what is not theirs.
    return outcome.kind === 'exited' ? outcome.stdout : undefined;
  };
  const table = (columns: readonly string[]) =>
    ask(`--query-gpu=${columns.join(',')}`, '--format=csv,noheader,nounits');
  // The parsers are loaded while nvidia-smi works.
  const [{ parseSmiXml, parseSmiCsv, mergeSmi }, xmlText, csvText] = await Promise.all([
    import(/* webpackIgnore: true */ './parsers.js'),
    ask('-q', '-x'),
    table(SMI_COLUMNS),
  ]);
  const xml = parseSmiXml(xmlText ?? '');
  const csv = parseSmiCsv(csvText ?? '', SMI_COLUMNS);
  if (xml.gpus !== undefined || csv.gpus !== undefined) return mergeSmi(xml, csv);
  if (csvText === undefined) return mergeSmi(xml, csv);
  return parseSmiCsv((await table(SMI_COLUMNS_OLD)) ?? '', SMI_COLUMNS_OLD);
}

async function toolkit(shell: Shell, signal: AbortSignal): Promise<string | undefined> {
  for (const program of TOOLKIT_PROGRAMS) {
    if ((await shell.find(program)) === undefined) continue;
    const outcome = await shell.run(program, ['--version'], { timeoutMs: TOOLKIT_MS, signal });
    const version = parseToolkitVersion(outcome.stdout || outcome.stderr);
    if (version !== undefined) return version;
  }
  return undefined;
}

async function cdiFromSpecs(files: Files): Promise<string[]> {
  const found = await Promise.all(
    CDI_FOLDERS.map(async (folder) => {
      const names = (await files.list(folder)).filter(isCdiSpec).sort();
      const devices = await Promise.all(
        names.map(async (name) => {
          const text = await files.readText(`${folder}/${name}`);
          if (text === undefined) return [];
          if (name.endsWith('.json')) return cdiDeviceNames(text, JSON.parse);
          const { parseYaml } = await import(/* webpackIgnore: true */ './parsers.js');
          return cdiDeviceNames(text, parseYaml);
        }),
      );
      return devices.flat();
    }),
  );
  return found.flat();
}

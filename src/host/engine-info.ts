import type { HostEngine } from '../core/facts.js';

/** What an engine's `info` says of the machine that it runs containers on, which need not be this one. */
export interface EngineInfo {
  readonly engine: HostEngine;
  /** With ` (WSL)` where the kernel is that of the Windows Subsystem for Linux: the distribution's own name does not tell. */
  readonly os?: string;
  /** Release of the kernel, `6.8.0-45-generic`. */
  readonly kernel?: string;
  /** `linux/amd64` */
  readonly platform?: string;
  readonly defaultRuntime?: string;
  readonly runtimes?: readonly string[];
  /** CDI devices that the engine found, `nvidia.com/gpu=all`. */
  readonly cdiDevices?: readonly string[];
  /** Folder of images and containers. */
  readonly storage?: string;
}

type Json = Record<string, unknown>;

/** JSON of `docker info`, `nerdctl info` or `podman info`. Pure; an unreadable document yields the name alone. */
export function parseEngineInfo(name: string, text: string): EngineInfo {
  const info = object(parseJson(text));
  if (info === undefined) return { engine: { name } };
  // Podman can stand in PATH as `docker`.
  return object(info['host']) === undefined ? dockerInfo(name, info) : podmanInfo(info);
}

function dockerInfo(name: string, info: Json): EngineInfo {
  const version = text(info['ServerVersion']);
  // Without an answering daemon, Docker's client still prints the document, all empty.
  if (version === undefined) return { engine: { name } };
  const security = list(info['SecurityOptions']);
  const runtimes = object(info['Runtimes']);
  const discovered = list(info['DiscoveredDevices'])
    .map((device) => object(device))
    .filter((device) => device?.['Source'] === 'cdi')
    .map((device) => text(device?.['ID']))
    .filter((id) => id !== undefined);
  return {
    engine: {
      name,
      version,
      rootless: security.some((one) => typeof one === 'string' && one.includes('name=rootless')),
    },
    ...system(text(info['OperatingSystem']), text(info['KernelVersion'])),
    ...optional('platform', platform(text(info['OSType']), text(info['Architecture']))),
    ...optional('defaultRuntime', text(info['DefaultRuntime'])),
    ...optional('runtimes', runtimes === undefined ? undefined : Object.keys(runtimes)),
    ...optional('cdiDevices', Array.isArray(info['DiscoveredDevices']) ? discovered : undefined),
    ...optional('storage', text(info['DockerRootDir'])),
  };
}

function podmanInfo(info: Json): EngineInfo {
  const host = object(info['host']) ?? {};
  const distribution = object(host['distribution']);
  const os = [text(distribution?.['distribution']), text(distribution?.['version'])]
    .filter((part) => part !== undefined)
    .join(' ');
  const rootless = object(host['security'])?.['rootless'];
  return {
    engine: {
      name: 'podman',
      ...optional('version', text(object(info['version'])?.['Version'])),
      ...optional('rootless', typeof rootless === 'boolean' ? rootless : undefined),
    },
    ...system(os === '' ? undefined : os, text(host['kernel'])),
    ...optional('platform', platform(text(host['os']), text(host['arch']))),
    ...optional('defaultRuntime', text(object(host['ociRuntime'])?.['name'])),
    ...optional('storage', text(object(info['store'])?.['graphRoot'])),
  };
}

/** Operating system and kernel; `…-microsoft-standard-WSL2` is what Microsoft calls its own kernel. */
function system(
  os: string | undefined,
  kernel: string | undefined,
): Pick<EngineInfo, 'os' | 'kernel'> {
  const wsl = /microsoft/i.test(kernel ?? '') && !/\bWSL/i.test(os ?? '');
  return {
    ...optional('os', wsl ? `${os ?? 'Linux'} (WSL)` : os),
    ...optional('kernel', kernel),
  };
}

/** Kernel names of machines, where an engine uses them, as registries name them. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
]);

const platform = (os: string | undefined, architecture: string | undefined): string | undefined =>
  architecture === undefined || (os !== undefined && os !== 'linux')
    ? undefined
    : `linux/${ARCHITECTURES.get(architecture) ?? architecture}`;

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : undefined;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const optional = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: Value });

import type { Files } from '../platform/ports.js';

/** Where a registry's API is, in the order in which the engine asks. */
export interface Endpoint {
  /** `https://registry-1.docker.io` */
  readonly origin: string;
  /** A pull-through cache of Docker Hub: no login is sent to it, and what fails there is asked of Docker Hub. */
  readonly mirror: boolean;
}

const DOCKER_HUB = 'https://registry-1.docker.io';
/** Registries that engines talk to without TLS unless told otherwise. */
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** What this tool reads of Docker's `daemon.json`. https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file */
export interface DaemonConfig {
  readonly mirrors: readonly string[];
  /** Hosts that are talked to without TLS. */
  readonly insecure: readonly string[];
}

export const DAEMON_CONFIG = '/etc/docker/daemon.json';

export async function readDaemonConfig(files: Pick<Files, 'readText'>): Promise<DaemonConfig> {
  try {
    const document: unknown = JSON.parse((await files.readText(DAEMON_CONFIG)) ?? '{}');
    const config = (document ?? {}) as Record<string, unknown>;
    const texts = (value: unknown): string[] =>
      Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    return {
      mirrors: texts(config['registry-mirrors']).filter(isAddress),
      insecure: texts(config['insecure-registries']),
    };
  } catch {
    return { mirrors: [], insecure: [] };
  }
}

const isAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** @param domain as in `ImageReference` */
export function endpointsOf(domain: string, daemon: DaemonConfig): Endpoint[] {
  if (domain !== 'docker.io') {
    const plain = isLoopback(domain) || daemon.insecure.includes(domain);
    return [{ origin: `${plain ? 'http' : 'https'}://${domain}`, mirror: false }];
  }
  const mirrors = daemon.mirrors.map((address) => {
    const { protocol, host, pathname } = new URL(address);
    return { origin: `${protocol}//${host}${pathname.replace(/\/+$/, '')}`, mirror: true };
  });
  return [...mirrors, { origin: DOCKER_HUB, mirror: false }];
}

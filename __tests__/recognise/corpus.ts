import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Facts, HostEngine, HostGpu } from '../../src/core/facts.js';

/** One labelled report of `__tests__/recorded/failures.json`. */
export interface Case {
  readonly id: string;
  readonly source: string;
  readonly stage: string;
  readonly host?: Readonly<Record<string, unknown>>;
  readonly image?: Readonly<Record<string, unknown>>;
  readonly command?: string;
  readonly output?: string;
  readonly expect: {
    readonly finding: string;
    readonly also_right: readonly string[];
    readonly blame: string;
    readonly verdict: string;
    readonly decidable_from: 'output' | 'facts' | 'neither';
  };
}

export function readCases(): Case[] {
  const file = new URL('../recorded/failures.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases;
}

/** Stable half of a case: the entries were first written against half 0 only. */
export const half = (id: string): number =>
  (createHash('sha256').update(id).digest()[0] as number) % 2;

const word = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** What a report says about host, image and command, as a facts document; its free wording stays in `os` and `engine.version`. */
export function factsOf(given: Case): Facts {
  const host = given.host ?? {};
  const image = given.image ?? {};
  const driver = /(\d{3}(?:\.\d{1,3}){1,2})|\b(\d{3})\.x|\bR(\d{3})\b/
    .exec(word(host['driver']) ?? '')
    ?.slice(1)
    .find(Boolean);
  const driverCuda = /^(\d{1,2}\.\d)/.exec(word(host['nvidia_smi_cuda']) ?? '')?.[1];
  const kernelModule = /open|proprietary/.exec(word(host['kernel_module']) ?? '')?.[0];
  const reference = word(image['ref']);
  const framework = word(image['framework']);
  const architectures = image['arch_list'];
  const command = given.command;
  const cuda = /^(\d{1,2}\.\d(?:\.\d)?)/.exec(word(image['cuda']) ?? '')?.[1];
  const requirement = word(image['NVIDIA_REQUIRE_CUDA']);
  const compat = /cuda-compat-[\d-]{3,6} \(?(\d{3}\.[\d.]+)/.exec(framework ?? '')?.[1];
  const toolkit = word(host['toolkit']);
  const os = word(host['os']);
  return {
    schema: 'cuda-image-check/facts@1',
    host: {
      ...(os === undefined ? {} : { os }),
      driver: {
        ...(driver === undefined ? {} : { version: driver }),
        ...(driverCuda === undefined ? {} : { cuda: driverCuda }),
        ...(kernelModule === undefined ? {} : { kernelModule }),
      },
      ...(Array.isArray(host['gpus']) ? { gpus: (host['gpus'] as string[]).flatMap(gpusOf) } : {}),
      ...engineOf(word(host['container_runtime'])),
      ...(toolkit === undefined ? {} : { containerToolkit: { version: toolkit } }),
    },
    image: {
      ...(reference === undefined ? {} : { reference }),
      ...(cuda === undefined ? {} : { cuda }),
      ...(compat === undefined ? {} : { compatDriver: { version: compat } }),
      ...(requirement === undefined ? {} : { env: { NVIDIA_REQUIRE_CUDA: requirement } }),
      ...(framework === undefined ? {} : { frameworks: frameworkOf(framework, architectures) }),
    },
    ...(command === undefined ? {} : { failure: { command, text: given.output ?? '' } }),
  };
}

function engineOf(text: string | undefined): { engine?: HostEngine } {
  if (text === undefined) return {};
  const name =
    /docker|podman|containerd|nerdctl|enroot|microk8s|kubernetes|cri-o|singularity|apptainer/i.exec(
      text,
    )?.[0];
  const rootless = /rootless/i.test(text);
  return {
    engine: {
      ...(name === undefined ? {} : { name: name.toLowerCase() }),
      version: text,
      ...(/\bcdi\b/i.test(text) ? { gpuMode: 'cdi' } : {}),
      ...(rootless ? { rootless } : {}),
    },
  };
}

/** `Tesla P100-PCIE-16GB x8` is eight GPUs. */
function gpusOf(text: string): HostGpu[] {
  const [, name = text, count = '1'] = /^(.*?)(?: x(\d+))?$/.exec(text) ?? [];
  const target = / ?\(sm_(\d{1,2})(\d)\)$/.exec(name);
  const gpu =
    target === null
      ? { name }
      : { name: name.slice(0, target.index), computeCapability: `${target[1]}.${target[2]}` };
  return Array.from({ length: Number(count) }, () => gpu);
}

function frameworkOf(text: string, architectures: unknown) {
  const targets = Array.isArray(architectures)
    ? { targets: architectures as string[] }
    : listedTargets(text);
  const torch = /(?:PyTorch|torch) ?(\d+\.\d+(?:\.\d+)?)?/i.exec(text);
  const build = /(?:\+|\()cu(\d{2})(\d)/.exec(text);
  return [
    {
      name: torch === null ? text : 'torch',
      ...(torch?.[1] === undefined ? {} : { version: torch[1] }),
      ...(build === null ? {} : { cuda: `${build[1]}.${build[2]}` }),
      ...targets,
    },
  ];
}

const listedTargets = (text: string): { targets?: string[] } => {
  const targets = text.replace(/,? none with.*/, '').match(/\b(?:sm|compute)_\d{2,3}[af]?\b/g);
  return targets === null ? {} : { targets };
};

import type { FindingId } from '../core/catalogue.js';
import type { Facts } from '../core/facts.js';
import type { Finding, FindingData } from '../core/finding.js';
import { l4tDiffers, l4tOfHost, l4tOfImage } from '../core/l4t.js';
import { createContext } from './context.js';

/**
 * What host, image and command show when no text says anything: asked last, and only by `explain`, because each of these is the
 * likely cause of a failure that was reported, not a proof that there will be one.
 */
export function recogniseCircumstances(facts: Facts, textGiven: boolean): Finding[] {
  const looks = [jetsonRelease, windowsBuild, startedWithoutGpu, defaultWheelOnArm];
  // A text that nobody understands speaks of some failure: then a remark on what works is no answer.
  if (!textGiven) looks.push(codeOfTheSameMajor);
  for (const look of looks) {
    const found = look(facts);
    if (found !== undefined) return [found];
  }
  return [];
}

type Circumstance = (facts: Facts) => Finding | undefined;

/** An image for one L4T major does not run on another: driver libraries of the host are mounted into it. */
const jetsonRelease: Circumstance = (facts) => {
  const host = l4tOfHost(facts.host);
  const image = l4tOfImage(facts.image);
  if (host === undefined || image === undefined || !l4tDiffers(host, image)) return undefined;
  return finding('jetson-l4t-mismatch', 'L4T of host and image', `R${host} and R${image}`, {
    platform: `L4T R${image}`,
    hostPlatform: `L4T R${host}`,
  });
};

/** GPU access came with Windows 10 21H2 (build 19044); builds between it and Windows 11 (22000) were previews. */
const windowsBuild: Circumstance = (facts) => {
  const os = facts.host?.os ?? '';
  if (!/windows|wsl/i.test(os)) return undefined;
  const build = Number(/(?:build |10\.0\.)(\d{5})\b/i.exec(os)?.[1]);
  const supported = Number.isNaN(build) || (build >= 19044 && build < 20000) || build >= 22000;
  return supported ? undefined : finding('wsl-unsupported', 'Windows build', String(build), {});
};

/** A GPU image that was run without asking for GPUs, or an image build, where there are none. */
const startedWithoutGpu: Circumstance = (facts) => {
  const os = facts.host?.os ?? '';
  const command = facts.failure?.command ?? '';
  const isBuild = /\b(?:docker|buildx|podman|nerdctl) build\b|\bbuildah\b/i.test(
    `${os} ${command}`,
  );
  const isGpuImage =
    facts.image?.cuda !== undefined ||
    facts.image?.env?.['CUDA_VERSION'] !== undefined ||
    /gpu|cuda|nvidia/i.test(facts.image?.reference ?? '');
  const notAsked = createContext(new Map(), facts).gpuRequested === false && isGpuImage;
  if (!isBuild && !notAsked) return undefined;
  return finding('gpu-not-requested', 'command', command === '' ? os : command, {});
};

/** The default package index has CPU builds only for 64-bit ARM: https://pytorch.org/get-started/locally/ */
const defaultWheelOnArm: Circumstance = (facts) => {
  const arm = /aarch64|arm64/i.test(`${facts.host?.os ?? ''} ${facts.host?.platform ?? ''}`);
  const command = facts.failure?.command ?? '';
  if (!arm || !/\bpip3? install\b[^\n]{0,200}\btorch\b/.test(command) || /index-url/.test(command))
    return undefined;
  return finding('framework-cpu-only', 'command', command, { framework: 'torch' });
};

/**
 * Machine code for a lower minor number of the same major runs, except on the integrated GPUs of Jetson:
 * https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#binary-compatibility
 */
const codeOfTheSameMajor: Circumstance = (facts) => {
  const [gpu] = facts.host?.gpus ?? [];
  const [, major, minor] = /^(\d{1,2})\.(\d)$/.exec(gpu?.computeCapability ?? '') ?? [];
  const targets = facts.image?.frameworks?.flatMap((framework) => framework.targets ?? []) ?? [];
  const integrated = ['5.3', '6.2', '7.2', '8.7', '10.1', '11.0'].includes(
    gpu?.computeCapability ?? '',
  );
  if (major === undefined || minor === undefined || integrated) return undefined;
  const near = targets.filter((target) => {
    const [, its, least] = /^sm_(\d{1,2})(\d)$/.exec(target) ?? [];
    return its === major && Number(least) < Number(minor);
  });
  if (near.length === 0 || targets.includes(`sm_${major}${minor}`)) return undefined;
  return {
    ...finding('binary-compatible-kernels', 'device code', near.join(' '), {
      computeCapability: `${major}.${minor}`,
      targets: near,
    }),
    severity: 'notice',
  };
};

const finding = (id: FindingId, what: string, value: string, data: FindingData): Finding => ({
  id,
  severity: 'error',
  evidence: [{ what, value, from: 'facts' }],
  data,
});

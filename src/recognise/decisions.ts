import type { FindingId } from '../core/catalogue.js';
import type { FindingData } from '../core/finding.js';
import type { Context, Match } from './context.js';
import { decideUnknownTarget } from './decisions-compiler.js';
import {
  decideDriverAbsent,
  decideInsufficientDriver,
  decideNoDevice,
} from './decisions-driver.js';
import { decideOutOfMemory } from './decisions-memory.js';
import type { Rank } from './entry.js';

/** What a decision changes of its entry; `null` says that the text means nothing here. */
export interface Outcome {
  readonly finding?: FindingId;
  readonly rank?: Rank;
  readonly data?: FindingData;
}

export type Decide = (context: Context, match: Match) => Outcome | null;

const KEEP: Outcome = {};
/** The CDI device that stands for all GPUs, as `nvidia-ctk cdi generate` names it. */
const ALL_GPUS = 'nvidia.com/gpu=all';
const to = (finding: FindingId, rank: Rank = 'cause'): Outcome => ({ finding, rank });
const text = (match: Match): string => match.lines.map((line) => line.text).join('\n');

const isWindows = (context: Context): boolean =>
  context.has('hint/wsl') || /\bwsl|windows|microsoft/.test(context.about);
const isSnap = (context: Context): boolean =>
  context.has('hint/snap') || /\bsnap\b|\bsnapd?\b/.test(context.about);
const isJetson = (context: Context): boolean =>
  context.has('hint/jetson') || /jetson|jetpack|tegra|l4t|xavier|\borin\b/.test(context.about);
const isNested = (context: Context): boolean =>
  context.has('hint/nested') ||
  /\bdind\b|docker[- ]in[- ]docker|\bkind\b|\bk3d\b|inside (?:a )?container|runner container|nested|\blxc\b|\blxd\b|sysbox/.test(
    context.about,
  );
const isVirtualEngine = (context: Context): boolean =>
  context.has('hint/desktop-context-active', 'hint/docker-desktop') ||
  /docker desktop|desktop-linux|docker for (?:windows|mac)|\bcolima\b|rancher desktop|\bmacos\b|darwin/.test(
    context.about,
  );
const hasBlackwell = (context: Context): boolean =>
  /rtx ?50\d\d|rtx pro \d{4}|\bb[1236]00\b|gb[12]0\d|blackwell|\bgb10\b/.test(context.about);

/** One entry for each ambiguity: the default is the entry's own finding, the facts and the other texts may say otherwise. */
export const DECISIONS = {
  'pull-access-denied': () => to('registry-access-denied', 'cause'),
  'disk-full': (context, match) =>
    context.has('nccl/shm', 'pytorch/shm-dataloader') ||
    /\/dev\/shm|\bshm|shared memory|\/sys\/fs\/cgroup|inotify/i.test(text(match))
      ? null
      : KEEP,
  'no-gpu-driver': (context) => {
    if (isSnap(context)) return to('engine-confined', 'named');
    if (isVirtualEngine(context) || /windows/.test(context.about))
      return to('engine-confined', 'named');
    if (isNested(context)) return to('nested-engine-without-gpu', 'named');
    // An engine without the hook still injects by CDI what is asked for by name.
    return context.facts?.host?.cdiDevices?.includes(ALL_GPUS)
      ? { data: { device: ALL_GPUS } }
      : KEEP;
  },
  'cdi-unresolvable': (context, match) => {
    if (/=\s?mig|\/mig=/i.test(text(match))) return to('mig-device-invalid', 'usual');
    return specTooNewForPodman(context) ? to('cdi-spec-unsupported') : KEEP;
  },
  'hook-missing': (context) => {
    if (/alpine|musl|void linux/.test(hostOs(context))) return to('host-libc-unsupported', 'named');
    if (isSnap(context)) return to('engine-confined', 'named');
    return isNested(context) ? to('nested-engine-without-gpu') : KEEP;
  },
  'wsl-blocked': (context) =>
    context.has('hint/no-cgroups') || /no-cgroups/.test(context.about)
      ? to('container-toolkit-misconfigured', 'named')
      : KEEP,
  'persistenced-socket': (context) =>
    /\bcdi\b/.test(context.about) || context.has('cdi/stale-device', 'cdi/stale-mount')
      ? to('cdi-spec-stale')
      : KEEP,
  // Only the container's own environment, printed whole, shows that the variable is not set.
  'environment-dump': (context) =>
    /(?:^|[ |])(?:env|printenv|export)\b/.test(context.facts?.failure?.command ?? '') &&
    !context.has('hint/driver-capabilities')
      ? KEEP
      : null,
  'gpu-count': (context, match) =>
    match.data.expected !== undefined && match.data.expected === match.data.seen
      ? null
      : /only has: \[\]/.test(text(match)) && context.gpuRequested !== true
        ? to('gpu-not-requested')
        : KEEP,
  // Jetson's driver has none of the files that --nv looks for.
  'no-nv-files': (context) => (isJetson(context) ? to('engine-build-unsupported') : KEEP),
  // Under emulation a program may run; a hook or a runtime that then fails follows from the wrong platform.
  'platform-warning': (context) =>
    context.hasFrom('nvidia-container', 'nvidia-runtime', 'podman', 'cdi')
      ? to('platform-mismatch', 'named')
      : KEEP,
  'nvenc-driver': (context) =>
    context.has('nvml/driver-feature-library', 'graphics/video-library') &&
    !context.has('graphics/nvenc-api')
      ? null
      : KEEP,
  // Configuring a build asks for what it can go on without.
  'toolkit-asked-for': (context, match) => {
    const line = text(match);
    if (context.has('hint/build-succeeded')) return null;
    if (/\bconftest\b|^\s*-- Could not find|warn/i.test(line)) return null;
    return KEEP;
  },
  'no-graphics': (context, match) => {
    if (context.gpuRequested === false) return to('gpu-not-requested');
    // A browser tries one way to draw after the other.
    if (/trying next display/i.test(text(match))) return null;
    const declared = context.facts?.image?.env?.['NVIDIA_DRIVER_CAPABILITIES'];
    return declared !== undefined && !lacksCapability(context, 'graphics') ? null : KEEP;
  },
  'extension-build': (_context, match) =>
    /\+cpu\)/.test(text(match)) ? to('framework-cpu-only', 'named') : KEEP,
  // What the toolkit's own programs lack has an entry of its own.
  'driver-symbol': (context, match) => {
    if (context.has('nvidia-runtime/undefined-symbol')) return null;
    return /nvidia-container-(?:cli|runtime|toolkit)/.test(text(match))
      ? to('container-toolkit-misconfigured', 'named')
      : KEEP;
  },
  // That a framework sees no GPU decides nothing, except where an image is built: there is none to be seen.
  'no-gpu-in-build': (context) => (context.has('hint/image-build') ? KEEP : null),
  // The range's lower end stands first.
  'julia-driver-range': (_context, match) =>
    Number.parseInt(match.data.driverCuda ?? '', 10) < Number(match.data.cuda)
      ? to('driver-too-old', 'named')
      : KEEP,
  'no-opencl': (context) =>
    context.gpuRequested === true ? to('driver-capabilities-missing') : KEEP,
  'unexpected-error': (context) => (isWindows(context) ? KEEP : null),
  // The engine asks for a device node by name before any spec is read: without it the driver is not loaded.
  'stale-mount': (context, match) =>
    context.has('nvidia-container/file-exists') ||
    /lstat ["'`]?\/dev\/nvidia(?:\d{1,3}|ctl|-uvm)\b/.test(text(match))
      ? null
      : KEEP,
  'nvml-library-absent': (context, match) => {
    if (context.gpuRequested === false) return to('gpu-not-requested');
    if (isKubernetes(context)) return to('nvidia-runtime-not-registered');
    if (isSnap(context) || isVirtualEngine(context)) return to('engine-confined');
    const inContainer =
      context.gpuRequested === true && context.facts?.host?.driver?.version !== undefined;
    if (inContainer && lacksCapability(context, 'utility'))
      return to('driver-capabilities-missing');
    if (inContainer) return to('container-toolkit-misconfigured');
    return /NCCL/.test(text(match)) ? to('driver-capabilities-missing', 'usual') : KEEP;
  },
  'empty-driver-file': (context, match) =>
    context.has('hint/image-build') || /file not recognized/i.test(text(match))
      ? to('gpu-not-requested')
      : to('driver-files-in-image'),
  requirement: KEEP_ALWAYS,
  'host-library-absent': (context, match) => {
    if (isSnap(context)) return to('engine-confined', 'named');
    if (isNested(context)) return to('nested-engine-without-gpu');
    if (isVirtualEngine(context)) return to('engine-confined');
    if (/libcuda/.test(text(match))) return KEEP;
    const driverIsThere =
      context.facts?.host?.driver?.version !== undefined ||
      context.has('hint/smi-works') ||
      /operator|microk8s|\bdriver installed/.test(context.about);
    return driverIsThere ? to('container-toolkit-misconfigured') : KEEP;
  },
  'host-libc': (context, match) =>
    /gnu_get_libc_version|relocating|musl|glibc/i.test(text(match)) ||
    /alpine|musl/.test(context.about) ||
    context.has('hint/alpine')
      ? to('host-libc-unsupported', 'named')
      : KEEP,
  'driver-service': (context) => {
    if (context.has('nvidia-container/library-absent')) return { rank: 'consequence' };
    if (isWindows(context)) return to('wsl-unsupported');
    if (isNested(context)) return to('nested-engine-without-gpu');
    return KEEP;
  },
  'nvml-unknown': (context) => {
    if (context.has('hint/daemon-reload') || /systemd|cpu manager/.test(context.about))
      return to('gpu-device-access-lost', 'cause');
    if (context.has('hint/no-cgroups') || /no-cgroups/.test(context.about))
      return to('container-toolkit-misconfigured');
    if (context.has('hint/selinux') || /selinux/.test(context.about))
      return to('gpu-device-permission-denied');
    if (context.facts?.host?.engine?.rootless === true || /rootless|\blxc\b/.test(context.about))
      return to('gpu-device-permission-denied');
    return KEEP;
  },
  'unknown-device': (context, match) => {
    const mig =
      /MIG|\b\d{1,2}:\d{1,2}\b/i.test(text(match)) ||
      context.facts?.host?.gpus?.some((gpu) => gpu.mig === true);
    return mig === true ? to('mig-device-invalid', 'named') : KEEP;
  },
  'mig-text': KEEP_ALWAYS,
  'file-exists': (context, match) =>
    isJetson(context) || /tegra|visionworks|l4t/i.test(text(match))
      ? to('jetson-l4t-mismatch', 'named')
      : KEEP,
  'device-node-absent': (context) => {
    if (isJetson(context)) return to('container-toolkit-misconfigured');
    return context.has('cdi/stale-device') ? to('cdi-spec-stale') : KEEP;
  },
  bpf: (_context, match) =>
    /function not implemented/i.test(text(match)) ? to('kernel-feature-missing') : KEEP,
  ldcache: KEEP_ALWAYS,
  'smi-no-driver': (context) => (isWindows(context) ? to('wsl-unsupported') : KEEP),
  'smi-not-found': (context, match) => {
    // A build that went on after it only looked whether there is a GPU.
    if (context.has('hint/build-succeeded')) return null;
    if (isSnap(context)) return to('engine-confined');
    if (/required file not found/i.test(text(match)) || isMuslImage(context))
      return to('libc-incompatible');
    if (context.gpuRequested === true && lacksCapability(context, 'utility'))
      return to('driver-capabilities-missing');
    return KEEP;
  },
  'no-devices': (context) => {
    if (hasBlackwell(context) && /proprietary/.test(context.about))
      return to('open-kernel-module-required', 'named');
    return context.has('kernel/rm-init-failed') ? { rank: 'consequence' } : KEEP;
  },
  'cuda-version-na': KEEP_ALWAYS,
  'gpu-unsupported': KEEP_ALWAYS,
  'rm-init': (context, match) => {
    if (hasBlackwell(context) && /proprietary/.test(context.about))
      return to('open-kernel-module-required', 'named');
    // 0x61 is RM_INIT_FIRMWARE_FETCH_FAILED: the module is there, its GSP firmware file is not.
    return /RmInitAdapter failed! \(0x61:/.test(text(match)) ? to('driver-not-loaded') : KEEP;
  },
  'kernel-module': KEEP_ALWAYS,
  // Any module can be unsigned or fail to build: only one of NVIDIA's is a finding.
  'module-build': (context) =>
    context.has('hint/nvidia-module', 'hint/cuda-kernel-log', 'nvml/not-communicating')
      ? KEEP
      : null,
  'lxc-hook': (context) => (context.has('hint/lxc-nvidia') ? KEEP : null),
  'fabric-status': (context) => (context.has('hint/nvlink-fabric') ? KEEP : null),
  'nvml-init-without-reason': (context) =>
    isKubernetes(context) ? to('nvidia-runtime-not-registered', 'consequence') : KEEP,
  // Without the driver's own module there is nothing that unified memory could be loaded into.
  'uvm-module': (context) =>
    context.has('nvml/not-communicating', 'install/module-absent', 'install/module-in-use')
      ? { rank: 'consequence' }
      : KEEP,
  fabric: (context) => (context.has('fabric/nothing-to-do') ? null : KEEP),
  nvlink: KEEP_ALWAYS,
  stub: KEEP_ALWAYS,
  'insufficient-driver': decideInsufficientDriver,
  'out-of-memory': decideOutOfMemory,
  'no-device': decideNoDevice,
  'no-driver': decideDriverAbsent,
  'unknown-target': decideUnknownTarget,
  // The framework falls back and says so in other words where only the GPU is absent.
  'no-gpu-backend': (context) =>
    context.gpuRequested === false || context.has('cuda/100') ? to('gpu-not-requested') : KEEP,
  'no-kernel': KEEP_ALWAYS,
  'invalid-ptx': KEEP_ALWAYS,
  'ptx-too-new': KEEP_ALWAYS,
  'unknown-cuda-error': KEEP_ALWAYS,
  // From a launch or NCCL it is a kernel that has no code for this GPU; from the initialisation, a driver newer than the toolkit.
  'symbol-not-found': (_context, match) =>
    /NCCL|enqueue\.cc|cudaFunc|cuModuleGetFunction|launch/i.test(text(match))
      ? to('no-kernel-for-gpu', 'usual')
      : KEEP,
  'not-supported': (context) => (context.has('nccl/nvls') ? null : KEEP),
  'system-not-ready': KEEP_ALWAYS,
  'driver-mismatch-803': KEEP_ALWAYS,
  'forward-compat': KEEP_ALWAYS,
  'driver-text-too-old': (context) => (context.has('nvidia-container/requirement') ? null : KEEP),
  'libcuda-link': (context, match) => {
    const linked = match.data.driver;
    const host =
      context.facts?.host?.driver?.version ?? context.dataOf('hint/libcuda-mount').driver;
    if (linked === undefined || host === undefined || linked === host) return null;
    const hostIsVersion = /^(\d{3})\./.exec(host);
    if (hostIsVersion === null) return null;
    return Number(linked.slice(0, 3)) > Number(hostIsVersion[1])
      ? {
          finding: 'forward-compatibility-in-use',
          rank: 'usual',
          data: { compatDriver: linked, driver: host },
        }
      : { finding: 'driver-files-in-image', rank: 'cause', data: { driver: host } };
  },
  'cuda-library-absent': (context, match) => {
    const library = match.data.library ?? '';
    if (
      /nvinfer|nvonnx|tensorrt/i.test(library) &&
      /Could not load dynamic library|TF-TRT/i.test(text(match))
    )
      return null;
    if (context.has('jetson/l4t-mismatch') || /undefined symbol/i.test(text(match)))
      return { rank: 'consequence' };
    const wanted = /^lib(?:cudart|cublas(?:Lt)?|nvrtc|nvJitLink)\.so\.(\d{1,2})/.exec(library)?.[1];
    const present = context.facts?.image?.cuda ?? context.facts?.image?.env?.['CUDA_VERSION'];
    if (wanted !== undefined && present !== undefined && present.split('.')[0] !== wanted)
      return {
        finding: 'framework-cuda-mismatch',
        rank: 'named',
        data: { cuda: present, frameworkCuda: wanted },
      };
    return KEEP;
  },
  glibc: (context, match) =>
    /nvidia-container-(?:cli|runtime|toolkit)[^\n]{0,120}(?:GLIBC|relocating)/i.test(text(match)) ||
    /alpine/.test(hostOs(context))
      ? to('host-libc-unsupported', 'named')
      : KEEP,
  'torch-cpu-build': KEEP_ALWAYS,
  'torch-arch-warning': (_context, match) => {
    const [major, minor] = (match.data.computeCapability ?? '').split('.').map(Number);
    if (major === undefined || minor === undefined) return KEEP;
    const served = match.data.targets?.some((target) => {
      const digits = /^sm_(\d{1,2})(\d)$/.exec(target);
      return digits !== null && Number(digits[1]) === major && Number(digits[2]) <= minor;
    });
    return served === true ? to('binary-compatible-kernels', 'usual') : KEEP;
  },
  'tf-missing-libraries': KEEP_ALWAYS,
  'dso-mismatch': KEEP_ALWAYS,
  'cudnn-handle': KEEP_ALWAYS,
  bitsandbytes: KEEP_ALWAYS,
  memlock: KEEP_ALWAYS,
  p2p: (_context, match) =>
    /custom[ _]all-?reduce is disabled|NCCL INFO/i.test(text(match)) ? null : KEEP,
  jetson: KEEP_ALWAYS,
} as const satisfies Record<string, Decide>;

export type DecisionName = keyof typeof DECISIONS;

function KEEP_ALWAYS(): Outcome {
  return KEEP;
}

function lacksCapability(context: Context, capability: string): boolean {
  const declared = context.facts?.image?.env?.['NVIDIA_DRIVER_CAPABILITIES'];
  if (declared === undefined) return false;
  return !declared.split(',').some((name) => name.trim() === capability || name.trim() === 'all');
}

const isMuslImage = (context: Context): boolean =>
  context.facts?.image?.libc?.family === 'musl' ||
  /alpine/.test(context.facts?.image?.reference ?? '');

const hostOs = (context: Context): string => (context.facts?.host?.os ?? '').toLowerCase();

const isKubernetes = (context: Context): boolean =>
  context.has('kubernetes/plugin-no-nvml', 'hint/kubernetes') ||
  /kubernetes|k8s|\bk3s\b|openshift/.test(context.about);

/** Podman before 4.1 has no CDI, and the 4.x releases read only older spec versions than current toolkits write. */
function specTooNewForPodman(context: Context): boolean {
  const engine = context.facts?.host?.engine;
  const release = /(\d{1,2})\.(\d{1,2})/.exec(engine?.version ?? '');
  if (release === null || !/podman/i.test(`${engine?.name} ${engine?.version}`)) return false;
  const number = Number(release[1]) * 100 + Number(release[2]);
  const toolkit = /(\d)\.(\d{1,2})/.exec(context.facts?.host?.containerToolkit?.version ?? '');
  const toolkitMinor = toolkit === null ? 0 : Number(toolkit[1]) * 100 + Number(toolkit[2]);
  return number < 401 || (number < 500 && toolkitMinor >= 114);
}

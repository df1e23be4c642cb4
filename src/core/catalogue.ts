/**
 * The catalogue of findings. An id is public (report, outputs, annotations, docs page, tests) and never renamed once released.
 * `blame` says who has to act; `verdict` is the one that the finding leads to when it is the primary one.
 */
export type Verdict = 'works' | 'fails' | 'unknown';

/** `image` its author, `runner` the machine's owner, `pair` either side, `registry` neither, `workflow` how the container was asked for. */
export type Blame = 'image' | 'runner' | 'pair' | 'registry' | 'workflow' | 'none';

export type Severity = 'error' | 'warning' | 'notice';

interface CatalogueEntry {
  readonly blame: Blame;
  readonly verdict: Verdict;
  readonly meaning: string;
}

export const CATALOGUE = {
  'image-reference-invalid': {
    blame: 'workflow',
    verdict: 'unknown',
    meaning: 'not a valid image reference',
  },
  'image-not-found': {
    blame: 'image',
    verdict: 'unknown',
    meaning:
      'tag, digest or repository does not exist (any more): manifest unknown, not found, deleted end-of-life tags',
  },
  'registry-login-required': {
    blame: 'registry',
    verdict: 'unknown',
    meaning: 'unauthorized / no basic auth credentials / 401',
  },
  'registry-access-denied': {
    blame: 'registry',
    verdict: 'unknown',
    meaning: 'logged in, but no access: denied, 403, private package',
  },
  'registry-rate-limited': {
    blame: 'registry',
    verdict: 'unknown',
    meaning: 'toomanyrequests / 429',
  },
  'registry-unreachable': {
    blame: 'registry',
    verdict: 'unknown',
    meaning: 'DNS, TLS, time-out, 5xx',
  },
  'registry-answer-invalid': {
    blame: 'registry',
    verdict: 'unknown',
    meaning:
      'the registry, or a proxy before it, answers what cannot be right: bytes that do not match their digest, redirects without end, a page in place of a manifest',
  },
  'image-manifest-invalid': {
    blame: 'image',
    verdict: 'unknown',
    meaning:
      'what the registry has under this name is no usable container image: another kind of artifact, schema 1, a configuration that is missing or too large',
  },
  'disk-full': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'no space left on device while pulling, unpacking or running',
  },
  'platform-mismatch': {
    blame: 'image',
    verdict: 'fails',
    meaning: "image has no variant for the machine's architecture; exec format error",
  },
  'package-repository-key-rotated': {
    blame: 'image',
    verdict: 'unknown',
    meaning: 'derived build fails: NO_PUBKEY of a rotated repository key',
  },
  'engine-unreachable': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'no docker/podman, daemon not running, socket permission denied',
  },
  'engine-confined': {
    blame: 'runner',
    verdict: 'unknown',
    meaning:
      'snap-packaged or VM-backed engine (wrong context, Docker Desktop) that cannot see the driver or the toolkit',
  },
  'nested-engine-without-gpu': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'dind / runner-in-container: the inner engine has no GPU support',
  },
  'container-toolkit-missing': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'could not select device driver "" with capabilities: [[gpu]]',
  },
  'nvidia-runtime-not-registered': {
    blame: 'runner',
    verdict: 'unknown',
    meaning:
      'unknown or invalid runtime name: nvidia; configuration not reloaded, invalid or of another engine',
  },
  'container-toolkit-misconfigured': {
    blame: 'runner',
    verdict: 'unknown',
    meaning:
      'driver root, ldconfig path, no-cgroups, seccomp, library search of the toolkit; rpc error',
  },
  'container-toolkit-outdated': {
    blame: 'runner',
    verdict: 'unknown',
    meaning:
      'the toolkit does not know a newer driver, requirement grammar, cgroup v2 or WSL library',
  },
  'cgroup-device-rules': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'hook may not edit device cgroups (rootless, nested, bpf)',
  },
  'cdi-device-unresolved': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'no CDI spec (found) for nvidia.com/gpu=…',
  },
  'cdi-spec-unsupported': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: "the engine cannot parse the spec's version or fields, or predates CDI",
  },
  'cdi-spec-stale': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'spec names files or devices of an earlier driver or boot',
  },
  'driver-not-installed': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'libnvidia-ml.so.1 / libcuda.so.1 not on the host',
  },
  'driver-not-loaded': {
    blame: 'runner',
    verdict: 'unknown',
    meaning:
      'kernel module absent or not loaded; nvidia-smi cannot communicate with the driver; nouveau; kernel updated without the module',
  },
  'driver-library-mismatch': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'loaded module and user-space libraries differ: upgrade without reboot',
  },
  'open-kernel-module-required': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'Blackwell and later with the proprietary module flavour',
  },
  'gpu-lost': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'fell off the bus, Xid, hardware or BIOS set-up',
  },
  'gpu-device-access-lost': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'NVML Unknown Error after daemon-reload or cgroup update',
  },
  'gpu-device-permission-denied': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'device nodes not accessible: groups, non-root, SELinux, insufficient permissions',
  },
  'uvm-unavailable': {
    blame: 'runner',
    verdict: 'unknown',
    meaning:
      'cuInit 999 with libraries in place: nvidia-uvm node missing or in a bad state (suspend)',
  },
  'fabric-manager-not-running': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'cuInit 802 on NVSwitch systems; version differs from the driver',
  },
  'mig-device-invalid': {
    blame: 'workflow',
    verdict: 'unknown',
    meaning: 'MIG name or layout does not resolve',
  },
  'wsl-unsupported': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'Windows build or driver without working WSL GPU access',
  },
  'jetson-l4t-mismatch': {
    blame: 'pair',
    verdict: 'fails',
    meaning: 'L4T/JetPack release of image and host differ',
  },
  'gpu-not-requested': {
    blame: 'workflow',
    verdict: 'unknown',
    meaning:
      'container started without --gpus / CDI device / NVIDIA_VISIBLE_DEVICES; also image builds',
  },
  'driver-capabilities-missing': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'NVIDIA_DRIVER_CAPABILITIES lacks compute (or video, graphics)',
  },
  'visible-devices-mismatch': {
    blame: 'workflow',
    verdict: 'fails',
    meaning: 'CUDA_VISIBLE_DEVICES / device index names a GPU that is not in the container',
  },
  'driver-too-old': {
    blame: 'pair',
    verdict: 'fails',
    meaning:
      "driver older than the image's CUDA needs, minor-version and forward compatibility considered",
  },
  'requirement-unmet': {
    blame: 'pair',
    verdict: 'fails',
    meaning:
      'a declared NVIDIA_REQUIRE_* clause (name it) is not met and is enforced here (legacy mode, not disabled): the engine refuses to start the container, even if CUDA would run',
  },
  'requirement-too-strict': {
    blame: 'image',
    verdict: 'works',
    meaning:
      'a declared requirement is not met and not enforced here (CDI, or NVIDIA_DISABLE_REQUIRE), and CUDA itself works there (seen, or sure by minor-version compatibility). Never together with requirement-unmet. Not enforced and below the floor: driver-too-old',
  },
  'minor-version-compatibility': {
    blame: 'pair',
    verdict: 'works',
    meaning: 'runs on an older driver of the same major: state the limits',
  },
  'forward-compatibility-unsupported': {
    blame: 'pair',
    verdict: 'fails',
    meaning: 'cuInit 804: compat libcuda on a GPU or driver branch that does not support it',
  },
  'compat-library-shadows-driver': {
    blame: 'image',
    verdict: 'fails',
    meaning: "cuInit 803: the image's compat libcuda is loaded although the host driver is newer",
  },
  'compat-library-not-used': {
    blame: 'pair',
    verdict: 'fails',
    meaning: "forward compatibility would serve, but the host's libcuda was loaded",
  },
  'forward-compatibility-in-use': {
    blame: 'pair',
    verdict: 'works',
    meaning: 'the compat libcuda is in use and supported',
  },
  'no-kernel-for-gpu': {
    blame: 'pair',
    verdict: 'fails',
    meaning: '209: no cubin or PTX in the image for this compute capability',
  },
  'ptx-too-new': {
    blame: 'pair',
    verdict: 'fails',
    meaning: '222: only PTX for this GPU, newer than the driver can compile',
  },
  'ptx-compiled-at-first-use': {
    blame: 'pair',
    verdict: 'works',
    meaning: 'only PTX for this GPU: slow first start',
  },
  'gpu-architecture-dropped': {
    blame: 'pair',
    verdict: 'fails',
    meaning: 'this CUDA major has no code generation for the GPU any more (e.g. Volta and CUDA 13)',
  },
  'gpu-unsupported-by-driver': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'driver branch predates, or has dropped, this GPU',
  },
  'runtime-compiler-too-old': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'ptxas / NVRTC / Triton in the image does not know the GPU',
  },
  'stub-driver-library-loaded': {
    blame: 'image',
    verdict: 'fails',
    meaning: "error 34: the toolkit's stub libcuda is found first",
  },
  'driver-files-in-image': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'image contains driver files: mount … file exists, zero-byte libcuda, stale links',
  },
  'cuda-library-missing': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'libcudart, libcublas, libcudnn, NVRTC … cannot be opened',
  },
  'cuda-library-conflict': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'wrong library wins: LD_LIBRARY_PATH, nvJitLink symbol, mixed minor versions',
  },
  'cudnn-mismatch': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'cuDNN older than, or of another major than, what the framework was built with',
  },
  'framework-cpu-only': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'the framework in the image is a CPU build',
  },
  'framework-cuda-mismatch': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'framework or extension built for another CUDA major than the image has',
  },
  'libc-incompatible': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'musl, or glibc too old for the injected driver libraries',
  },
  'gpu-count-mismatch': {
    blame: 'runner',
    verdict: 'fails',
    meaning: 'fewer GPUs in the container than on the runner, or than required',
  },
  'gpu-partly-covered': {
    blame: 'pair',
    verdict: 'fails',
    meaning: 'works on some GPUs of the runner only',
  },
  'shared-memory-too-small': {
    blame: 'workflow',
    verdict: 'fails',
    meaning: '/dev/shm too small for NCCL or data loaders',
  },
  'locked-memory-limit': {
    blame: 'workflow',
    verdict: 'fails',
    meaning: 'memlock too low for RDMA',
  },
  'peer-to-peer-broken': {
    blame: 'runner',
    verdict: 'fails',
    meaning: 'IOMMU / ACS / no P2P support',
  },
  'nvls-unavailable': {
    blame: 'runner',
    verdict: 'fails',
    meaning: 'NVLink SHARP / multicast set-up, fabric manager restarted',
  },
  'host-libc-unsupported': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'host system whose libc the driver and toolkit binaries do not support (Alpine hosts)',
  },
  'kernel-feature-missing': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: "the host's kernel lacks what the engine or toolkit needs (seccomp, bpf, …)",
  },
  'ulimit-refused': {
    blame: 'runner',
    verdict: 'unknown',
    meaning:
      'the engine may not raise a limit (ulimit) as far as the container was asked to get it: rootless, or without CAP_SYS_RESOURCE',
  },
  'driver-proc-entries-missing': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: '/proc/driver/nvidia entries that the toolkit mounts are not there',
  },
  'engine-build-unsupported': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'this build or edition of the engine has no GPU support on this system',
  },
  'nvlink-not-exposed': {
    blame: 'runner',
    verdict: 'fails',
    meaning: 'NVSwitches or capability nodes are not visible in the guest or container',
  },
  'vgpu-feature-disabled': {
    blame: 'runner',
    verdict: 'fails',
    meaning: 'the vGPU profile switches off what the image needs (unified memory, …)',
  },
  'fabric-manager-not-needed': {
    blame: 'runner',
    verdict: 'works',
    meaning: 'fabric manager reports nothing to do: no NVSwitch, harmless',
  },
  'image-tag-misleading': {
    blame: 'image',
    verdict: 'works',
    meaning: 'the tag names another CUDA version than the image has, or moves and names none',
  },
  'binary-compatible-kernels': {
    blame: 'pair',
    verdict: 'works',
    meaning: 'no exact target, but code of the same major or family runs',
  },
  'gpu-result-wrong': {
    blame: 'runner',
    verdict: 'fails',
    meaning: 'a kernel ran and its result is wrong on a GPU',
  },
  'gpu-busy': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'out of memory or exclusive-process mode: another process holds the GPU (error 2, 46)',
  },
  'framework-cpu-fallback': {
    blame: 'image',
    verdict: 'fails',
    meaning: 'the framework silently uses the CPU although CUDA works in the container',
  },
  'waiver-expired': {
    blame: 'workflow',
    verdict: 'fails',
    meaning: 'a waiver for this finding has passed its date',
  },
  'container-start-timed-out': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'the engine, or a hook that it runs, did not come back from starting the container',
  },
  'probe-not-reached': {
    blame: 'image',
    verdict: 'unknown',
    meaning:
      'the container ran to its limit, and its own entry point or linker never let the probe begin',
  },
  'probe-timed-out': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'the probe did not end within its limit',
  },
  'probe-killed': {
    blame: 'runner',
    verdict: 'unknown',
    meaning: 'out of memory or killed from outside',
  },
  unrecognised: {
    blame: 'none',
    verdict: 'unknown',
    meaning: 'failed with a text no rule knows: the text is shown whole',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type FindingId = keyof typeof CATALOGUE;

export const FINDING_IDS = Object.keys(CATALOGUE) as FindingId[];
